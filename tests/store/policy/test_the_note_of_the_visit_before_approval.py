"""The note of the visit before approval: what the provider reads of it, and what it says back."""

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import ENTRY, MONDAY, OLIVE, PAT
from tests.brought import bring_to
from tests.store.witness import case_of

VISIT = {"visit_on": "2026-11-02", "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive Officer"}
FOUND = {
    "visited_on": "2026-11-02",
    "seen": "Goats, and a warm classroom.",
    "strengths": "Every learner knew what comes next.",
    "to_raise": "Ask the fire service about the barn.",
    "visit_outcome": "satisfied",
    "note_kept_for": "longer",
    "no_surprise": True,
}


def visited(handler: Handler) -> str:
    reference = bring_to(handler, "visit")
    handler.fire(reference, "arrange_visit", VISIT, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "record_visit", FOUND, actor=OLIVE, now=MONDAY)
    return reference


def written(store: Store, notice: str) -> list[str]:
    with store.reading() as connection:
        return list(connection.scalars(select(messages.c.text).where(messages.c.notice == f"provider/{notice}")))


def test_the_provider_reads_what_to_celebrate_and_not_what_is_to_be_taken_further(
    store: Store, handler: Handler
) -> None:
    visited(handler)

    (note,) = written(store, "note_of_visit")
    assert "Every learner knew what comes next." in note
    assert "barn" not in note


def test_the_note_and_how_long_it_is_kept_stand_on_the_case(store: Store, handler: Handler) -> None:
    fields = case_of(store, visited(handler)).fields
    kept = ("visited_on", "seen", "strengths", "to_raise", "visit_outcome", "note_kept_for")
    assert [fields[name] for name in kept] == [FOUND[name] for name in kept]


def test_after_another_visit_the_newer_note_stands_there_alone(store: Store, handler: Handler) -> None:
    reference = visited(handler)
    again = {"visited_on": "2026-11-02", "seen": "The barn is safe.", "visit_outcome": "satisfied", "no_surprise": True}
    handler.fire(reference, "record_visit", again, actor=OLIVE, now=MONDAY)

    fields = case_of(store, reference).fields
    assert fields["seen"] == "The barn is safe."
    assert not {"agreed", "strengths", "to_raise"} & fields.keys()


@pytest.mark.parametrize("approved_first", [False, True])
def test_the_provider_says_that_it_has_read_the_note_and_the_officers_hear_it(
    store: Store, handler: Handler, approved_first: bool
) -> None:
    reference = visited(handler)
    if approved_first:
        handler.fire(reference, "describe_entry", ENTRY, actor=PAT, now=MONDAY)
        handler.fire(reference, "approve", {"ready": True}, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "answer_note", {"note_comment": "We have sheep, not goats."}, actor=PAT, now=MONDAY)

    (heard,) = written(store, "note_answered")
    assert "We have sheep, not goats." in heard
    case = case_of(store, reference)
    assert case.state == ("approved" if approved_first else "visit")
    assert case.fields["note_comment"] == "We have sheep, not goats."


def test_there_is_nothing_to_answer_before_the_visit_is_recorded(handler: Handler) -> None:
    reference = bring_to(handler, "visit")

    with pytest.raises(Blocked, match="Record what the visit found first"):
        handler.fire(reference, "answer_note", {}, actor=PAT, now=MONDAY)
