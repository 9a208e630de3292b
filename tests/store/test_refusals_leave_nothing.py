"""A command that is refused, for whatever reason, leaves no row behind."""

from datetime import UTC, datetime
from typing import Any

import pytest

from apflow.beyond.keys import Key
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen, Refusal, Stale, UnknownEvent
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.reading.history import history_of
from apflow.testing import DAN, MONDAY, OLIVE, PAT, a_document, a_staged_file, enquire
from tests.brought import bring_to
from tests.store.witness import case_of, rows

A_MOMENT = datetime(2026, 11, 5, 9, 30, 15, 123456, tzinfo=UTC)
WITHDRAWAL: dict[str, Any] = {"why": "We have changed our minds.", "sure": True}

REFUSED: dict[str, tuple[type[Refusal], Actor, str, dict[str, Any], str | None]] = {
    "a stranger": (NotFound, DAN, "withdraw", WITHDRAWAL, None),
    "no such event": (UnknownEvent, OLIVE, "sing", {}, None),
    "not their event": (NotAllowed, PAT, "accept", {}, None),
    "not in this state": (NotOpen, OLIVE, "approve", {"ready": True}, None),
    "a guard": (Blocked, PAT, "submit", {"declaration": True}, None),
    "a wrong answer": (Invalid, OLIVE, "allow_more_time", {"why": ""}, None),
    "a file of nobody's": (Invalid, PAT, "supply", {"file": "f" * 32}, "registration_status"),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_a_refusal_leaves_no_row_behind(store: Store, handler: Handler, refused: str) -> None:
    refusal, actor, event, answers, item = REFUSED[refused]
    reference = bring_to(handler, "gathering_evidence")
    before = rows(store)
    with pytest.raises(refusal):
        handler.fire(reference, event, answers, actor=actor, now=A_MOMENT, item=item, key=Key("once"))
    assert rows(store) == before


def test_a_refused_enquiry_leaves_no_row_behind(store: Store, handler: Handler) -> None:
    before = rows(store)
    with pytest.raises(Invalid):
        enquire(handler, contact_email="not an address")
    assert rows(store) == before


def test_an_event_on_a_page_out_of_date_leaves_no_row_behind(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    seen = case_of(store, reference).version - 1
    before = rows(store)
    with pytest.raises(Stale):
        handler.fire(reference, "allow_more_time", {"why": "Snow."}, actor=OLIVE, now=A_MOMENT, seen=seen)
    assert rows(store) == before


def test_someone_elses_file_cannot_be_supplied(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    theirs = a_staged_file(store, DAN)
    before = rows(store)
    with pytest.raises(Invalid):
        handler.fire(reference, "supply", {"file": theirs}, actor=PAT, now=MONDAY, item="registration_status")
    assert rows(store) == before


def test_a_file_cannot_be_supplied_twice(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    document = a_document(handler, PAT, "registration_status")
    handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="registration_status")
    before = rows(store)
    with pytest.raises(Invalid):
        handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="registration_status")
    assert rows(store) == before


@pytest.mark.parametrize("strange", ["AP-NONE-HERE", "", "\x00", "AP-\ud800", "' OR 1=1 --", "A" * 500])
def test_a_reference_that_names_no_case_is_not_found(handler: Handler, strange: str) -> None:
    with pytest.raises(NotFound):
        handler.fire(strange, "withdraw", WITHDRAWAL, actor=OLIVE, now=MONDAY)


@pytest.mark.parametrize("strange", ["\x00", "f\x00f", "\ud800"])
def test_an_answer_no_database_can_hold_is_refused_or_cleaned(store: Store, handler: Handler, strange: str) -> None:
    reference = bring_to(handler, "gathering_evidence")
    with pytest.raises(Refusal):
        handler.fire(reference, "supply", {"file": strange}, actor=PAT, now=MONDAY, item="registration_status")
    handler.fire(reference, "allow_more_time", {"why": f"Snow{strange}"}, actor=OLIVE, now=MONDAY)
    with store.reading() as connection:
        entry = history_of(connection, reference)[-1]
    assert strange not in entry.payload["answers"]["why"]
