"""Somebody's own part of a case is taken back: it is as if they had said nothing, and they can say it again."""

from pathlib import Path

import pytest
from msgspec.structs import replace

from apflow.core.errors import Blocked, Invalid, NotOpen
from apflow.core.play import Play
from apflow.core.rehearsing import a_play
from apflow.core.snapshot import Item
from apflow.loader import find_problems
from apflow.testing import MAGDA, OLIVE, OSCAR, library_from
from tests.core.test_items_that_are_added import COUNCIL

POLICY = """\
workflow: list
title: Lists
version: 1
reference: LI
called: name
seen_by: {officer: all, manager: all}
fields: {name: {type: text, label: Name}}
collections:
  actions: {label: Actions, keyed_by: number, statuses: {open: {label: Open}}}
  views: {label: Views, keyed_by: actor, statuses: {given: {label: Given}, aside: {label: Stands aside}}}
guards:
  somebody_spoke: {when: {count: views, at_least: 1}, reason: Nobody has said anything., assumed: x}
  nobody_stands_aside:
    when: {not: {count: views, where: {fact: item.status, is: aside}, at_least: 1}}
    reason: Somebody stands aside.
    assumed: x
start: {begin: {label: Begin, by: officer, to: running, form: {name: }}}
states:
  running:
    label: Running
    awaiting: officer
    tasks: {speak: {title: Speak, for: officer, each: views, assumed: x}}
    deadlines: {look: {label: Look at it, every: 12 months, then: {escalate: manager}, assumed: x}}
    events:
      say:
        label: Say
        by: officer
        item: {of: views, from: [none, given], to: given}
        form: {comment: {type: text, label: Comment, optional: true}}
      take_back: {label: Take back, by: officer, item: {of: views, from: given, to: none}}
      stand_aside:
        label: Stand aside
        by: manager
        item: {of: views, whose: who, from: [none, given], to: aside}
        form: {who: {type: person, role: officer, label: Who?}}
      let_back:
        label: Let back
        by: manager
        item: {of: views, whose: who, from: aside, to: none}
        form: {who: {type: person, role: officer, label: Who?}}
      add: {label: Add, by: officer, item: {of: actions, from: none, to: open}}
      close: {label: Close, by: officer, requires: [somebody_spoke, nobody_stands_aside], to: closed}
  closed: {label: Closed, final: true}
"""


def policy_in(folder: Path, text: str = POLICY) -> Path:
    (folder / "council.yaml").write_text(COUNCIL, encoding="utf-8")
    (folder / "list.yaml").write_text(text, encoding="utf-8")
    return folder


@pytest.fixture
def play(tmp_path: Path) -> Play:
    play = a_play(library_from(policy_in(tmp_path)).current("list"))
    play.open(OLIVE, "begin", name="Made Up Farm")
    return play


def test_nothing_is_left_of_it_and_others_keep_theirs(play: Play) -> None:
    play.fire(OLIVE, "say", comment="Yes.")
    play.fire(OSCAR, "say")

    outcome = play.fire(OLIVE, "take_back")

    assert outcome.dropped == (("views", str(OLIVE.id)),)
    assert outcome.items == ()
    assert list(play.case.items["views"]) == [str(OSCAR.id)]
    with pytest.raises(NotOpen, match="Not started"):
        play.fire(OLIVE, "take_back")


def test_what_is_said_again_has_nothing_of_what_was_said_before(play: Play) -> None:
    play.fire(OLIVE, "say", comment="Yes.")
    play.fire(OLIVE, "take_back")
    play.fire(OLIVE, "say")

    item = play.case.item("views", str(OLIVE.id))
    assert item is not None
    assert "comment" not in item.data


def test_it_no_longer_counts(play: Play) -> None:
    play.fire(OLIVE, "say")
    play.fire(OLIVE, "take_back")
    with pytest.raises(Blocked, match=r"^Nobody has said anything\.$"):
        play.fire(OLIVE, "close")


def test_what_somebody_recorded_of_another_is_taken_back_of_them_alone(play: Play) -> None:
    (officer,) = play.people["officer"]
    play.fire(MAGDA, "stand_aside", who=officer)
    play.fire(OLIVE, "say")
    play.fire(MAGDA, "let_back", who=officer)

    assert list(play.case.items["views"]) == [str(OLIVE.id)]


def test_it_is_taken_back_of_nobody_who_has_none(play: Play) -> None:
    (officer,) = play.people["officer"]
    with pytest.raises(NotOpen, match="There is nobody of whom this could be done"):
        play.fire(MAGDA, "let_back", who=officer)

    play.case = replace(play.case, items={"views": {"1": Item("views", "1", "aside")}})
    with pytest.raises(Invalid) as refused:
        play.fire(MAGDA, "let_back", who=officer)
    assert refused.value.errors == {"who": "Nothing of the kind is recorded of them."}


def test_only_a_part_that_is_somebodys_own_can_be_taken_back(tmp_path: Path) -> None:
    wrong = POLICY.replace("item: {of: actions, from: none, to: open}", "item: {of: actions, from: open, to: none}")
    assert "to: none" in wrong

    found = [problem.message for problem in find_problems(policy_in(tmp_path, wrong))]

    assert 'there is no status called "none"' in found
