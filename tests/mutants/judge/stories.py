"""Scenarios told step by step through the interpreter, with people and answers of this judge's own making."""

from collections.abc import Iterator
from datetime import UTC, datetime, time, timedelta
from typing import Any

from apflow.core.commands import Fire, Open
from apflow.core.definition.compiled import Definition
from apflow.core.definition.promises import Does, Scenario
from apflow.core.errors import ApflowError
from apflow.core.people.actor import CLOCK, PUBLIC, THE_CLOCK, THE_PUBLIC, Actor
from apflow.core.play import Play, unborn

PARTY = 7
START = "start"


def told(definition: Definition) -> Iterator[str]:
    for name, scenario in definition.workflow.scenarios.items():
        surprise = _surprise(definition, scenario)
        if surprise:
            yield f"the scenario {name} comes out otherwise: {surprise}"


def _surprise(definition: Definition, scenario: Scenario) -> str:
    now = _a_morning(definition)
    play = Play(definition, unborn(definition, now), now, PARTY)
    for number, step in enumerate(scenario.steps, 1):
        if isinstance(step, Does):
            why = _step(play, step)
            if (why is None) != (step.refused is None):
                return f"step {number}, {step.does}: {why or 'it is not refused'}"
            if why is not None and str(step.refused).lower() not in why.lower():
                return f"step {number}, {step.does}, is refused because: {why}"
        else:
            play.wait_until(definition.calendar.due(play.now, step.wait).at)
    if play.case.state != scenario.ends:
        return f"it ends in {play.case.state}"
    sent = [send.notice for outcome in play.outcomes for send in outcome.sends]
    if scenario.emails is not None and sent != list(scenario.emails):
        return f"these go out: {', '.join(sent)}"
    return ""


def _a_morning(definition: Definition) -> datetime:
    """A working morning from which any story stays within the holidays that are known."""
    day = definition.calendar.known_until - timedelta(days=600)
    while not definition.calendar.is_working(day):
        day += timedelta(days=1)
    return datetime.combine(day, time(10), UTC)


def _step(play: Play, step: Does) -> str | None:
    """Why it is refused, or None."""
    try:
        for number in range(step.people):
            actor = _person(play, step, number)
            for item in _items(play, step):
                _do(play, actor, step, item)
    except ApflowError as error:
        return error.message
    return None


def _items(play: Play, step: Does) -> list[str | None]:
    if step.item != "every required":
        return [step.item]
    spec = play.definition.events[play.case.state].get(step.does)
    papers = play.definition.catalogue_of(spec.item.of) if spec and spec.item else {}
    return [key for key, paper in papers.items() if paper.required]


def _person(play: Play, step: Does, number: int) -> Actor:
    """The one of this number, or somebody who has not done what keeps them from it."""
    if step.who in (CLOCK, PUBLIC):
        return THE_CLOCK if step.who == CLOCK else THE_PUBLIC
    parties = [party.role for party in play.definition.workflow.parties]
    if step.who in parties:
        return Actor((play.party, play.other_party)[parties.index(step.who)], "A party", frozenset({step.who}))
    by_link = play.definition.workflow.read_by_link
    if by_link and step.who == by_link.role:
        return Actor(None, "A reader by link", frozenset({step.who}), by_link=(play.case.reference, "1"))
    spec = play.definition.events[play.case.state].get(step.does)
    if spec and step.who in spec.only:
        named = play.case.fields.get(spec.only[step.who])
        if isinstance(named, list | tuple):
            named = next(iter(named), None)
        return Actor(named, "The one it names", frozenset({step.who}))
    busy = {play.case.doers.get(name) for name in (spec.not_by if spec else ())}
    agencies: list[str | None] = [*play.definition.council.agencies] or [None]
    roles = sorted(play.definition.council.roles)
    first = 1000 * (1 + roles.index(step.who)) if step.who in roles else 500
    people = [
        Actor(first + n, f"{step.who} {n}", frozenset({step.who}), agencies[n % len(agencies)]) for n in range(30)
    ]
    return people[number] if step.people > 1 else next(one for one in people if one.id not in busy)


def _do(play: Play, actor: Actor, step: Does, item: str | None) -> None:
    state = play.case.state
    is_there = step.does in play.definition.events[state]
    answers: dict[str, Any] = dict(step.answers)
    form = play.definition.forms[state, step.does] if is_there else {}
    if actor.is_clock and state != START and form:  # Another case tells it, and copies what is asked.
        made_up = play.answers(step.does, **step.answers)
        needed = {name: one for name, one in made_up.items() if name in step.answers or not form[name].optional}
        everybody = Actor(90, "Somebody at another case", frozenset(play.definition.council.roles))
        play.do(Fire(step.does, everybody, needed, item, told_by="XX-OTHER"))
        return
    is_asked = not actor.is_clock or state == START  # What begins a child is given answers, which its parent copies.
    if is_there and is_asked:
        answers = play.answers(step.does, **step.answers) or answers
    elif not is_asked:
        answers = {}
    play.do(Open(step.does, actor, answers) if state == START else Fire(step.does, actor, answers, item))
