"""A small policy about mending toys, for every way a deadline can be counted, stand still and come round."""

from datetime import UTC, datetime

from apflow.core.checks import check_definition
from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import Actor
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import MONDAY, OLIVE
from tests.core.journey import a_play

WORKFLOW = """\
workflow: repair
title: Mending toys
version: 1
reference: RE
called: toy
party: {role: provider, name: owner, email: email}
seen_by: {officer: all, manager: all, provider: own}
fields:
  toy: {type: text, label: Which toy?}
  owner: {type: text, label: Your name}
  email: {type: email, label: Your email address}
start:
  bring: {label: Bring a toy, by: officer, to: waiting, form: {toy: , owner: , email: }}
deadlines:
  mended:
    label: The toy should be mended
    within: 20 working days
    while_in: [waiting, parts_ordered, on_the_bench]
    paused_in: {states: parts_ordered, at_most: 10 working days}
    remind: {at: 5 working days left, who: officer, notice: due_soon}
    then: {escalate: manager}
    assumed: x
states:
  waiting:
    label: Waiting
    awaiting: officer
    tasks: {mend: {title: Mend the toy, for: officer, deadline: mended, assumed: x}}
    deadlines: {look: {label: Someone should look, within: 5 working days, then: {escalate: manager}, assumed: x}}
    events:
      order: {label: Order parts, by: officer, to: parts_ordered}
      take: {label: Take it to the bench, by: officer, to: on_the_bench}
  parts_ordered:
    label: Waiting for parts
    awaiting: officer
    deadlines: {ask: {label: Ask where they are, every: 1 week, then: {escalate: officer}, assumed: x}}
    events:
      arrive: {label: The parts arrived, by: officer, to: on_the_bench}
  on_the_bench:
    label: On the bench
    awaiting: officer
    deadlines:
      dry: {label: The glue is dry, after: glue, within: 2 calendar days, then: {event: note_dry}, assumed: x}
      paint: {label: Paint it, after_deadline: dry, within: 3 working days, then: {escalate: manager}, assumed: x}
      dust: {label: It should be dusted, every: 1 month, then: {event: dust}, assumed: x}
    events:
      glue: {label: Glue it, by: officer}
      note_dry: {label: The glue is dry, by: clock}
      dust: {label: Dust it, by: clock}
      give_back: {label: Give it back, by: officer, to: done}
  done: {label: Done, final: true, outcome: good}
"""


def a_repair(library: Library, *changes: tuple[str, str], now: datetime = MONDAY, actor: Actor = OLIVE) -> Play:
    """A toy that has just been brought, with some of the policy's words written differently."""
    play = a_play(definition_of(library, *changes), now=now)
    play.open(actor, "bring", toy="A made-up bear", owner="Olga Owner", email="olga@made-up.example")
    return play


def definition_of(library: Library, *changes: tuple[str, str]) -> Definition:
    text = WORKFLOW
    for old, new in changes:
        assert old in text
        text = text.replace(old, new)
    return library.pinned(text, text)


def problems_of(library: Library, *changes: tuple[str, str]) -> list[tuple[str, str]]:
    """What a check says of the policy so changed: the place and the code."""
    found = check_definition(definition_of(library, *changes), None)
    return [(".".join(map(str, finding.path)), finding.code) for finding in found]


def at(day: int, hour: int = 23, minute: int = 59, *, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=UTC)
