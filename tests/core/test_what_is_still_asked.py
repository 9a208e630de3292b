"""Cases that differ only in what nothing asks about any more are one situation to the checker."""

import pytest

from apflow.core.explore.exploring import Exploration, explore
from apflow.loader import library_of
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
  size: {type: choice, label: Size, options: {large: Large, small: Small}}
  due_on: {type: date, label: When, optional: true}
guards:
  is_large: {when: {fact: size, is: large}, reason: It is small., assumed: x}
  is_given: {when: {count: views, at_least: 1}, reason: Nobody has said., assumed: x}
collections:
  views: {label: Views, keyed_by: actor, statuses: {given: {label: Given}}}
start: {begin: {label: Begin, by: officer, to: weighed, form: {name: , size: , due_on: }}}
states:
  weighed:
    label: Weighed
    awaiting: officer
    deadlines: {look: {label: Look at it, every: 12 months, then: {escalate: manager}, assumed: x}}
    events:
      say: {label: Say, by: officer, item: {of: views, from: none, to: given}}
      keep: {label: Keep, by: officer, to: kept, requires: is_large}
      give: {label: Give, by: officer, to: kept, requires: is_given}
  kept:
    label: Kept
    awaiting: officer
    deadlines: {look: {label: Look at it, every: 12 months, then: {escalate: manager}, assumed: x}}
    events:
      close: {label: Close, by: officer, to: closed}
  closed: {label: Closed, final: true}
"""
CLOSE = "close: {label: Close, by: officer, to: closed"
FORM = ", form: {size: }"
PROMISE = "invariants: {{a: {{says: Large., assumed: x, {}, holds: {{fact: size, is: large}}}}}}\nstates:\n"


def followed(*changes: tuple[str, str]) -> Exploration:
    text = POLICY
    for was, now in changes:
        assert text.count(was) == 1, was
        text = text.replace(was, now)
    return explore(library_of({"council.yaml": COUNCIL, "list.yaml": text}).current("list"))


def sizes(exploration: Exploration, state: str) -> set[object]:
    """The sizes by which the cases of the state are told apart."""
    place = exploration.steps.frame.fields.index("size")
    return {found.values[place] for found in exploration.within(state)}


def test_where_a_guard_still_asks_about_a_field_it_tells_cases_apart() -> None:
    assert sizes(followed(), "weighed") == {"large", "small"}


def test_what_nothing_asks_about_any_more_tells_no_cases_apart() -> None:
    exploration = followed()

    assert len(list(exploration.within("kept"))) == 1
    assert exploration.fired >= {("weighed", "keep"), ("weighed", "give"), ("kept", "close")}


@pytest.mark.parametrize(
    "asks",
    [
        (CLOSE, f"{CLOSE}, requires: is_large"),
        (CLOSE, f"{CLOSE}, form: {{why: {{type: text, label: Why, asked_if: {{fact: size, is: small}}}}}}"),
        (CLOSE, f"{CLOSE}, if_changed: [notify]{FORM}"),
        ("states:\n", PROMISE.format("on_entry_to: closed")),
        ("states:\n", PROMISE.format("always: true")),
    ],
    ids=["a guard", "a question", "what depends on a change", "a promise on entry", "a promise for always"],
)
def test_what_is_asked_later_on_is_kept_until_then(asks: tuple[str, str]) -> None:
    assert sizes(followed(asks), "kept") == {"large", "small"}


def test_what_is_answered_anew_before_it_is_asked_about_need_not_be_kept() -> None:
    again = "again: {label: Weigh again, by: officer, to: weighed, form: {size: "
    anew = (CLOSE, f"{again}}}}}\n      {CLOSE}")
    perhaps = (CLOSE, f"{again}{{optional: true}}}}}}\n      {CLOSE}")
    by_clock = (
        CLOSE,
        f"{again}}}}}\n      {CLOSE}".replace("by: officer, to: weighed", "by: [officer, clock], to: weighed"),
    )

    assert sizes(followed(anew), "kept") == {None}
    assert sizes(followed(perhaps), "kept") == {"large", "small", None}
    assert sizes(followed(by_clock), "kept") == {"large", "small"}


KEPT = "  kept:\n    label: Kept\n    awaiting: officer\n    deadlines: {"
DUE = "due: {label: Due, within: 1 week, of: due_on, then: {escalate: manager}, assumed: x}"
CHASE = "chase: {label: Chase, within: 1 week, after_deadline: due, then: {escalate: manager}, assumed: x}"
LOOK = "look: {label: Look at it, every: 12 months, then: {escalate: manager}, assumed: x}"


@pytest.mark.parametrize(
    ("deadlines", "days"),
    [
        (DUE, {None, "2026-06-15"}),  # Whether anything runs depends on whether there is a day.
        (f"{DUE}, {CHASE}", {None, "2026-06-15"}),
        (f"{DUE}, {LOOK}", {None}),  # The other runs in any case.
    ],
)
def test_whether_there_is_a_day_is_kept_where_it_decides_whether_a_deadline_runs(
    deadlines: str, days: set[str | None]
) -> None:
    exploration = followed((f"{KEPT}{LOOK}", f"{KEPT}{deadlines}"))
    place = exploration.steps.frame.fields.index("due_on")

    assert {found.values[place] for found in exploration.within("kept")} == days


def test_how_many_there_are_is_kept_while_it_is_asked() -> None:
    only_given = ("      keep: {label: Keep, by: officer, to: kept, requires: is_large}\n", "")
    still_asked = (CLOSE, f"{CLOSE}, requires: is_given")

    (known,) = followed(only_given, still_asked).within("kept")
    (forgotten,) = followed(only_given).within("kept")

    assert (known.tallies, forgotten.tallies) == ((frozenset({True}),), (frozenset({True, False}),))
