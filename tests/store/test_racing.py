"""People who act on one case, or from one address, at the same moment: nothing is lost, and nothing happens twice."""

from collections.abc import Callable, Sequence
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from apflow.core.errors import Stale
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Saved
from apflow.store.driver.engine import Store
from apflow.store.reading.history import history_of
from apflow.store.tables.cases import case_parties
from apflow.store.tables.history import history
from apflow.store.tables.people import people
from apflow.store.tables.uploads import uploads
from apflow.testing import MONDAY, OLIVE, OSCAR, PAT, a_document, enquire
from tests.brought import bring_to
from tests.store.witness import after_the_same_look, at_once, case_of, count, faults, rows

THREADS = 6
EACH = 4


def test_of_two_officers_who_fire_the_same_event_one_wins_and_the_other_is_told_it_is_no_longer_open(
    store: Store, handler: Handler
) -> None:
    reference = enquire(handler)
    results = after_the_same_look(
        store,
        lambda: handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY),
        lambda: handler.fire(reference, "invite", {}, actor=OSCAR, now=MONDAY),
    )
    assert _kinds(results) == ["NotOpen", "Saved"]
    assert case_of(store, reference).version == 2
    assert count(store, history, history.c.name == "invite") == 1


def test_whoever_acts_on_a_page_that_has_just_changed_is_told_that_it_is_out_of_date(
    store: Store, handler: Handler
) -> None:
    reference = enquire(handler)
    close = {"reasons": "Not what we need."}
    results = after_the_same_look(
        store,
        lambda: handler.fire(reference, "close_enquiry", close, actor=OLIVE, now=MONDAY, seen=1),
        lambda: handler.fire(reference, "close_enquiry", close, actor=OSCAR, now=MONDAY, seen=1),
    )
    assert _kinds(results) == ["Saved", "Stale"]
    (stale,) = (result for result in results if isinstance(result, Stale))
    assert len(stale.changes) == 1


def test_two_documents_sent_at_the_same_moment_are_both_taken(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    before = case_of(store, reference).version
    results = after_the_same_look(
        store, *[_supply(handler, reference, key) for key in ("public_liability", "registration_status")]
    )
    assert sorted(result.version for result in results) == [before + 1, before + 2]
    assert set(case_of(store, reference).items["evidence"]) == {"public_liability", "registration_status"}


def test_of_many_documents_sent_at_once_by_many_threads_none_is_lost(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    before = case_of(store, reference).version
    keys = list(handler.library.catalogues["evidence"].items)[: THREADS * EACH]
    sends = [_supply(handler, reference, key) for key in keys]
    at_once(*[_in_turn(sends[thread::THREADS]) for thread in range(THREADS)])
    case = case_of(store, reference)
    assert {key: item.status for key, item in case.items["evidence"].items()} == dict.fromkeys(keys, "supplied")
    assert case.version == before + len(keys)
    assert count(store, uploads, uploads.c.case_id == case.id) == len(keys)
    assert faults(store) == []


def test_the_same_document_sent_twice_at_once_is_taken_once(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    document = a_document(handler, PAT, "public_liability")

    def send() -> Saved:
        return handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="public_liability")

    results = after_the_same_look(store, send, send)
    assert sum(isinstance(result, Saved) for result in results) == 1
    assert count(store, history, history.c.name == "supply") == 1


def test_two_officers_who_take_the_same_task_do_not_both_have_it(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    (task,) = case_of(store, reference).tasks
    results = after_the_same_look(
        store,
        lambda: handler.claim(reference, task.id, actor=OLIVE, now=MONDAY),
        lambda: handler.claim(reference, task.id, actor=OSCAR, now=MONDAY),
    )
    assert _kinds(results) == ["NotOpen", "Saved"]
    case = case_of(store, reference)
    assert case.assigned_to in (OLIVE.id, OSCAR.id)
    assert case.tasks[0].claimed_by == case.assigned_to


def test_two_enquiries_at_once_from_an_address_we_do_not_know_are_one_persons(store: Store, handler: Handler) -> None:
    results = after_the_same_look(
        store,
        lambda: enquire(handler, contact_email="new@elsewhere.example"),
        lambda: enquire(handler, contact_email="New@Elsewhere.example"),
        lambda: enquire(handler, contact_email="NEW@ELSEWHERE.EXAMPLE"),
    )
    assert len(set(results)) == 3
    assert count(store, people, people.c.email == "new@elsewhere.example") == 1
    assert count(store, case_parties) == 3
    assert len({party for reference in results for party in case_of(store, reference).parties}) == 1


def test_contacts_that_change_at_once_on_many_cases_do_not_stand_in_each_others_way(
    store: Store, handler: Handler
) -> None:
    references = [enquire(handler) for _ in range(2)]
    changes = [
        _change_contact(handler, reference, f"{name}@elsewhere.example")
        for name in ("ann", "bea", "cat")
        for reference in references
    ]
    results = at_once(*changes, *[lambda: enquire(handler, contact_email="ann@elsewhere.example")] * 2)
    assert not [result for result in results if isinstance(result, Exception)]
    assert [case_of(store, reference).version for reference in references] == [4, 4]
    assert count(store, people, people.c.email.endswith("@elsewhere.example")) == 4  # Dan is another


def test_what_one_reader_sees_is_of_one_moment(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    with store.reading() as connection:
        before = load_case(connection, reference)
        handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
        assert load_case(connection, reference) == before
        assert len(history_of(connection, reference)) == 1
    assert case_of(store, reference).state == "gathering_evidence"


def test_a_constraint_nobody_expected_to_fail_is_reported_and_not_tried_again(store: Store, handler: Handler) -> None:
    with store.writing() as connection:
        connection.execute(text("CREATE UNIQUE INDEX too_strict ON messages (notice)"))
    enquire(handler)
    before = rows(store)
    with pytest.raises(IntegrityError):
        enquire(handler)
    assert rows(store) == before


def _supply(handler: Handler, reference: str, key: str) -> Callable[[], Saved]:
    document = a_document(handler, PAT, key)
    return lambda: handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item=key)


def _change_contact(handler: Handler, reference: str, email: str) -> Callable[[], Saved]:
    answers = {"contact_name": "Someone New", "contact_email": email, "how_known": "They rang."}
    return lambda: handler.fire(reference, "change_contact", answers, actor=OLIVE, now=MONDAY)


def _in_turn(calls: Sequence[Callable[[], Any]]) -> Callable[[], list[Any]]:
    return lambda: [call() for call in calls]


def _kinds(results: list[Any]) -> list[str]:
    return sorted(type(result).__name__ for result in results)
