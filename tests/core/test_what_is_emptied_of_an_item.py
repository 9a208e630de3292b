"""What an event takes away from an item: an answer that its form had in it and that came back empty, and no other."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest
from msgspec.structs import replace

from apflow.core.errors import Invalid
from apflow.core.explore.exploring import explore
from apflow.core.play import Play
from apflow.core.rehearsing import a_play
from apflow.testing import MAGDA, OLIVE, OSCAR, library_from
from tests.core.test_items_that_are_added import COUNCIL

POLICY = """\
workflow: list
title: Lists
version: 1
reference: LI
called: name
seen_by: {officer: all, manager: all}
fields: {name: {type: text, label: Name}, budget: {type: number, label: Budget, optional: true}}
collections:
  papers: {label: Papers, catalogue: papers, starts: needed, statuses: {needed: {label: Needed}, there: {label: There}}}
  actions:
    label: Actions
    keyed_by: number
    called: what
    statuses: {open: {label: Open}, marked: {label: Marked}, done: {label: Done}}
  views: {label: Views, keyed_by: actor, statuses: {given: {label: Given}, against: {label: Against}}}
guards:
  noted: {when: {fact: item.note, is_present: true}, reason: There is no note., assumed: x}
  not_noted: {when: {fact: item.note, is_present: false}, reason: There is a note., assumed: x}
start: {begin: {label: Begin, by: officer, to: running, form: {name: }}}
states:
  running:
    label: Running
    awaiting: officer
    deadlines: {look: {label: Look at it, every: 12 months, then: {escalate: manager}, assumed: x}}
    events:
      add:
        label: Add
        by: officer
        item: {of: actions, from: none, to: open}
        form: {what: {type: text, label: What}}
      change:
        label: Change
        by: [officer, manager]
        item: {of: actions, from: [open, done], to: open}
        form:
          what: {type: text, label: What}
          note: {type: text, label: Note, optional: true}
          tags: {type: many, label: Tags, options: {a: A, b: B}, optional: true}
          agreed: {type: confirm, label: Agreed, optional: true}
          late: {type: yes/no, label: Is it late?, optional: true}
          why_late: {type: text, label: Why?, asked_if: {fact: answer.late, is: true}}
          for_managers: {type: text, label: For managers, optional: true, read: [manager]}
          set_by_managers: {type: text, label: Set by managers, optional: true, write: [manager]}
          sheet: {type: file, label: Sheet, optional: true}
          private: {type: file, label: Private, optional: true, read: [manager]}
          needed: {type: file, label: Needed, asked_if: {fact: answer.note, is: There is one}}
          budget:
      rename:
        label: Rename
        by: officer
        item: {of: actions, from: open, to: open}
        form: {what: {type: text, label: What}}
      finish:
        label: Finish
        by: officer
        item: {of: actions, from: open, to: done}
        form: {note: {type: text, label: Note, optional: true}}
      mark: {label: Mark, by: officer, requires: noted, item: {of: actions, from: open, to: marked}}
      amend:
        label: Amend
        by: officer
        item: {of: actions, from: marked, to: marked}
        form: {note: {type: text, label: Note, optional: true}}
      unmark: {label: Unmark, by: officer, requires: not_noted, item: {of: actions, from: marked, to: open}}
      add_line:
        label: Add a line
        by: officer
        item: {of: actions, from: [open, done], to: open, adds_to: note}
        form: {note: {type: long text, label: Note, optional: true}}
      say:
        label: Say
        by: officer
        item: {of: views, from: [none, given, against], to: given}
        form: {comment: {type: text, label: Comment, optional: true}}
      say_against:
        label: Say against
        by: officer
        item: {of: views, from: [none, given], to: against}
        form: {comment: {type: text, label: Comment, optional: true}}
      send:
        label: Send
        by: officer
        item: {of: papers, from: [needed, there], to: there}
        form: {dated_on: {type: date, label: Dated, optional: true}, where: {type: text, label: Where, optional: true}}
      close: {label: Close, by: officer, to: closed}
  closed: {label: Closed, final: true}
"""
PAPERS = """\
catalogue: papers
title: Papers
sections: {all: All}
items: {plan: {label: Plan, section: all, required: true, expires: 12 months, good: x, assumed: x}}
"""
SAID = {
    "what": "Mend the fence",
    "note": "By the gate",
    "tags": ["a"],
    "agreed": True,
    "late": True,
    "why_late": "It rained",
}
ALL = SAID | {"for_managers": "Dear", "set_by_managers": "Low", "budget": 5}  # By a manager, who is asked everything.


@pytest.fixture
def play(tmp_path: Path) -> Play:
    (tmp_path / "council.yaml").write_text(COUNCIL, encoding="utf-8")
    (tmp_path / "list.yaml").write_text(POLICY, encoding="utf-8")
    (tmp_path / "papers.yaml").write_text(PAPERS, encoding="utf-8")
    play = a_play(library_from(tmp_path).current("list"))
    play.open(OLIVE, "begin", name="Made Up Farm")
    play.fire(OLIVE, "add", what="Something")
    play.fire(MAGDA, "change", "1", **ALL)
    return play


def said(play: Play, collection: str, key: str) -> dict[str, Any]:
    item = play.case.item(collection, key)
    return dict(item.data) if item else {}


@pytest.mark.parametrize(
    ("empty", "gone"),
    [
        ({"note": ""}, {"note"}),
        ({"note": "  \n"}, {"note"}),
        ({"tags": []}, {"tags"}),
        ({"agreed": False}, {"agreed"}),
        ({"late": "", "why_late": ""}, {"late", "why_late"}),
        ({"late": False, "why_late": "It rained"}, {"why_late"}),  # Another answer rules it out.
        ({"note": "", "tags": [], "for_managers": ""}, {"note", "tags", "for_managers"}),
        ({"budget": ""}, {"budget"}),  # One of the case's own, which an item that is asked it has as well.
        ({}, set()),
    ],
)
def test_what_comes_back_empty_is_gone_and_the_history_says_so(
    play: Play, empty: dict[str, Any], gone: set[str]
) -> None:
    outcome = play.fire(MAGDA, "change", "1", **{**ALL, **empty})

    changed = {"late": False} if empty.get("late") is False else {}
    assert said(play, "actions", "1") == {name: value for name, value in (ALL | changed).items() if name not in gone}
    assert set(outcome.entry.emptied) == gone
    assert outcome.entry.changed == ({"budget": None} if "budget" in gone else {})


def test_what_a_form_leaves_out_is_empty_as_what_comes_back_empty_is(play: Play) -> None:
    outcome = play.fire(MAGDA, "change", "1", what="Mend the fence")

    assert said(play, "actions", "1") == {"what": "Mend the fence"}
    assert set(outcome.entry.emptied) == ALL.keys() - {"what"}


def test_what_was_empty_before_is_not_said_to_be_emptied(play: Play) -> None:
    play.fire(MAGDA, "change", "1", what="Mend the fence")

    assert play.fire(MAGDA, "change", "1", what="Mend the gate").entry.emptied == ()


def test_whoever_is_not_shown_or_not_asked_an_answer_takes_it_from_nobody(play: Play) -> None:
    outcome = play.fire(OLIVE, "change", "1", what="Mend the fence")

    assert said(play, "actions", "1") == {"what": "Mend the fence", "for_managers": "Dear", "set_by_managers": "Low"}
    assert {"for_managers", "set_by_managers"}.isdisjoint(outcome.entry.emptied)


@pytest.mark.parametrize(
    ("event", "answers", "left"),
    [
        ("rename", {"what": "Mend the gate"}, {"what": "Mend the gate"}),  # It asks for nothing else.
        ("finish", {"note": ""}, {}),  # What somebody says as it is finished was not said before, nor shown.
        ("finish", {"note": "Done well"}, {"note": "Done well"}),
        ("add_line", {"note": ""}, {}),  # It adds a line, or none.
        ("add_line", {"note": "And more"}, {"note": "By the gate\nAnd more"}),
        ("mark", {}, {}),
    ],
)
def test_an_event_that_did_not_begin_with_what_was_said_loses_nothing(
    play: Play, event: str, answers: dict[str, Any], left: dict[str, Any]
) -> None:
    outcome = play.fire(OLIVE, event, "1", **answers)

    assert said(play, "actions", "1") == ALL | left
    assert outcome.entry.emptied == ()


FILES = {"sheet": "a-file", "private": "another"}


def with_files(play: Play) -> None:
    item = replace(play.case.items["actions"]["1"], data={**ALL, **FILES})
    play.case = replace(play.case, items={"actions": {"1": item}})


def test_a_file_stays_until_another_is_sent(play: Play) -> None:
    with_files(play)

    assert play.fire(MAGDA, "change", "1", **ALL).entry.emptied == ()
    assert said(play, "actions", "1") == {**ALL, **FILES}


def test_a_file_that_is_said_to_be_none_is_taken_out_and_the_history_says_so(play: Play) -> None:
    with_files(play)

    entry = play.fire(MAGDA, "change", "1", **ALL, sheet=None).entry

    assert said(play, "actions", "1") == {**ALL, "private": "another"}
    assert (entry.emptied, "sheet" in entry.answers) == (("sheet",), False)
    assert play.fire(MAGDA, "change", "1", **ALL, sheet=None).entry.emptied == ()  # There was none any more.


def test_nobody_takes_out_a_file_that_they_may_not_read_or_that_is_needed(play: Play) -> None:
    with_files(play)

    assert "private" not in play.fire(OLIVE, "change", "1", what="Mend the fence", private=None).entry.emptied
    assert said(play, "actions", "1")["private"] == "another"
    with pytest.raises(Invalid) as refused:
        play.fire(MAGDA, "change", "1", **{**ALL, "note": "There is one"}, needed=None)
    assert set(refused.value.errors) == {"needed"}


def test_other_items_lose_nothing(play: Play) -> None:
    play.fire(OLIVE, "add", what="Train the staff")
    play.fire(MAGDA, "change", "2", what="Train the staff", note="In May")
    play.fire(MAGDA, "change", "1", what="Mend the fence")

    assert said(play, "actions", "2") == {"what": "Train the staff", "note": "In May"}


@pytest.mark.parametrize("event", ["say", "say_against"])
def test_of_ones_own_item_whatever_is_said_next_was_shown_what_was_said_before(play: Play, event: str) -> None:
    play.fire(OLIVE, "say", comment="Well done")
    play.fire(OSCAR, "say", comment="So so")
    outcome = play.fire(OLIVE, event, comment="")

    assert "comment" not in said(play, "views", "1")
    assert said(play, "views", "2")["comment"] == "So so"
    assert outcome.entry.emptied == ("comment",)


def test_without_the_date_on_a_paper_nobody_knows_when_it_runs_out(play: Play) -> None:
    play.fire(OLIVE, "send", "plan", dated_on="2026-10-01", where="In the folder")
    assert date.fromisoformat(said(play, "papers", "plan")["expires_on"]) == date(2027, 10, 1)

    outcome = play.fire(OLIVE, "send", "plan", where="In the folder")

    assert said(play, "papers", "plan") == {"where": "In the folder"}
    assert outcome.entry.emptied == ("dated_on",)


def test_whoever_follows_a_policy_knows_that_an_answer_may_be_emptied(play: Play) -> None:
    assert ("running", "unmark") in explore(play.definition).fired
    play.fire(OLIVE, "mark", "1")
    play.fire(OLIVE, "amend", "1")

    play.fire(OLIVE, "unmark", "1")
