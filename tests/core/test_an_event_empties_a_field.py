"""What belonged to something that is over says nothing any more: an event empties fields of the case."""

from typing import Any

import pytest

from apflow.core.definition.compiled import Definition
from apflow.core.explore.exploring import Exploration, explore
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import Play
from apflow.core.rehearsing import a_play
from apflow.loader import library_of
from apflow.testing import OLIVE
from tests.core.story_of_a_placement import Story
from tests.core.test_items_that_are_added import COUNCIL

POLICY = """\
workflow: list
title: Lists
version: 1
reference: LI
called: name
seen_by: {officer: all, manager: all}
fields:
  name: {type: text, label: Name}
  due_on: {type: date, label: When, optional: true}
  size: {type: choice, label: Size, options: {large: Large, small: Small}, optional: true}
guards:
  has_a_day: {when: {fact: due_on, is_present: true}, reason: It has no day., assumed: x}
start: {begin: {label: Begin, by: officer, to: open, form: {name: , due_on: , size: }}}
states:
  open:
    label: Open
    awaiting: officer
    deadlines:
      look: {label: Look at it, every: 12 months, then: {escalate: manager}, assumed: x}
      due: {label: It is due, of: due_on, within: 0 calendar days, then: {escalate: manager}, assumed: x}
    events:
      forget: {label: Forget the day, by: [officer, clock], empties: due_on}
      go: {label: Go on, by: officer, to: later, empties: [due_on, size]}
  later:
    label: Later
    awaiting: officer
    deadlines:
      look: {label: Look at it, every: 12 months, then: {escalate: manager}, assumed: x}
      due: {label: It is due, of: due_on, within: 0 calendar days, then: {escalate: manager}, assumed: x}
    events:
      close: {label: Close, by: officer, to: closed, requires: has_a_day}
      set: {label: Set a day, by: officer, form: {due_on: }}
      leave: {label: Leave it, by: officer, to: closed}
  closed: {label: Closed, final: true}
"""
SET = "      set: {label: Set a day, by: officer, form: {due_on: }}\n"
BEGUN: dict[str, Any] = {"name": "Beans", "due_on": "2026-11-12", "size": "large"}


def definition(*changes: tuple[str, str]) -> Definition:
    text = POLICY
    for was, now in changes:
        assert text.count(was) == 1, was
        text = text.replace(was, now)
    return library_of({"council.yaml": COUNCIL, "list.yaml": text}).current("list")


def begun() -> Play:
    play = a_play(definition())
    play.open(OLIVE, "begin", **BEGUN)
    return play


def followed(*changes: tuple[str, str]) -> Exploration:
    return explore(definition(*changes))


@pytest.mark.parametrize("who", [OLIVE, THE_CLOCK], ids=["an officer", "the clock"])
def test_what_it_empties_is_gone_with_the_deadline_that_was_counted_from_it(who: Any) -> None:
    play = begun()
    assert "due" in play.case.deadlines

    play.fire(who, "forget")

    assert play.case.fields == {"name": "Beans", "size": "large"}
    assert list(play.case.deadlines) == ["look"]
    assert play.outcomes[-1].entry.changed == {"due_on": None}


def test_a_deadline_of_the_state_that_it_leads_to_does_not_run_from_the_old_day() -> None:
    play = begun()
    play.fire(OLIVE, "go")

    assert play.case.fields == {"name": "Beans"}
    assert list(play.case.deadlines) == ["look"]


def test_what_said_nothing_before_is_no_change() -> None:
    play = begun()
    play.fire(OLIVE, "forget")
    play.fire(OLIVE, "forget")

    assert play.outcomes[-1].entry.changed == {}


def test_the_checker_knows_that_nothing_is_there_until_it_is_answered_again() -> None:
    assert ("later", "close") in followed().fired
    assert ("later", "close") not in followed((SET, "")).fired
    assert ("later", "close") in followed((SET, ""), ("empties: [due_on, size]", "empties: size")).fired


def test_cases_need_not_be_told_apart_by_what_is_emptied_before_it_is_asked_about() -> None:
    def days(exploration: Exploration) -> set[object]:
        place = exploration.steps.frame.fields.index("due_on")
        return {found.values[place] for found in exploration.within("open")}

    due = "      due: {label: It is due, of: due_on, within: 0 calendar days, then: {escalate: manager}, assumed: x}\n"
    asked_later_only = (f"{due}    events:\n      forget", "    events:\n      forget")

    assert days(followed(asked_later_only)) == {None}
    assert len(days(followed(asked_later_only, ("empties: [due_on, size]", "empties: size")))) > 1


def test_what_the_council_asked_about_a_placement_once_is_not_asked_again_when_it_is_called_for_something_else(
    library: Any,
) -> None:
    story = Story(library).referred().started()
    story.does(story.provider, "record_induction")
    story.play.fire(THE_CLOCK, "called_to_decide", called_because="The meeting says so.", called_for="end")
    story.does(story.school, "it_goes_on")
    assert {"called_because", "called_for"}.isdisjoint(story.play.case.fields)

    story.does(story.provider, "safeguarding_matter")
    assert story.state == "urgent_review"
    assert {"called_because", "called_for"}.isdisjoint(story.play.case.fields), "what it was called for is over"
