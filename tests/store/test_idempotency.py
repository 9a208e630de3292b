"""A command with a key does its work once, whatever becomes of the answer and however often it is asked again."""

from collections.abc import Callable
from typing import Any

import pytest

from apflow.beyond.keys import Key
from apflow.core.errors import Blocked, Invalid, KeyReused, NotFound
from apflow.core.people.actor import THE_PUBLIC
from apflow.handler import Handler
from apflow.store.cases.unit import Saved
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.store.tables.history import command_results, history
from apflow.testing import ENQUIRY, MONDAY, OLIVE, OSCAR, PAT, a_document, enquire
from tests.brought import bring_to
from tests.store.witness import after_the_same_look, at_once, case_of, count, rows

KEY = Key("6f1c")


def test_the_same_command_with_the_same_key_gives_the_same_answer_and_does_nothing_more(
    store: Store, handler: Handler
) -> None:
    reference = enquire(handler)
    first = _invite(handler, reference)
    before = rows(store)
    assert _invite(handler, reference) == first
    assert rows(store) == before


def test_a_repeated_enquiry_opens_no_second_case(store: Store, handler: Handler) -> None:
    first = _enquire(handler)
    before = rows(store)
    assert _enquire(handler) == first
    assert rows(store) == before


def test_a_repeat_is_answered_as_it_was_though_the_case_has_moved_on(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    first = _invite(handler, reference)
    handler.fire(reference, "allow_more_time", {"why": "Snow."}, actor=OLIVE, now=MONDAY)
    assert _invite(handler, reference) == first


def test_a_repeat_of_a_document_is_answered_though_its_file_is_in_use_by_now(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    document = a_document(handler, PAT, "public_liability")
    first, again = [
        handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="public_liability", key=KEY)
        for _ in range(2)
    ]
    assert first == again


@pytest.mark.parametrize("change", [{"answers": {"message": "Another."}}, {"event": "close_enquiry"}])
def test_a_key_with_another_body_is_refused(store: Store, handler: Handler, change: dict[str, Any]) -> None:
    reference = enquire(handler)
    _invite(handler, reference)
    before = rows(store)
    with pytest.raises(KeyReused):
        _invite(handler, reference, **change)
    assert rows(store) == before


def test_a_key_used_on_one_case_is_refused_on_another(handler: Handler) -> None:
    one, other = enquire(handler), enquire(handler)
    _invite(handler, one)
    with pytest.raises(KeyReused):
        _invite(handler, other)


def test_two_people_may_use_the_same_key(store: Store, handler: Handler) -> None:
    one, other = enquire(handler), enquire(handler)
    handler.fire(one, "invite", {}, actor=OLIVE, now=MONDAY, key=KEY)
    handler.fire(other, "invite", {}, actor=OSCAR, now=MONDAY, key=KEY)
    assert count(store, command_results) == 2


def test_a_refusal_is_not_kept_so_that_the_same_key_works_once_nothing_stands_against_it(
    store: Store, handler: Handler
) -> None:
    reference = bring_to(handler, "gathering_evidence")

    def submit() -> Saved:
        return handler.fire(reference, "submit", {"declaration": True}, actor=PAT, now=MONDAY, key=KEY)

    with pytest.raises(Blocked):
        submit()
    assert count(store, command_results) == 0
    for key, item in handler.library.catalogues["evidence"].items.items():
        if item.required:
            handler.fire(reference, "supply", a_document(handler, PAT, key), actor=PAT, now=MONDAY, item=key)
    submit()
    assert case_of(store, reference).state == "checking_evidence"


def test_the_same_key_used_at_once_does_its_work_once(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    results = after_the_same_look(store, *[lambda: _invite(handler, reference)] * 4)
    assert results == [Saved(reference, 2)] * 4
    assert count(store, history, history.c.name == "invite") == 1


def test_one_enquiry_sent_many_times_at_once_opens_one_case(store: Store, handler: Handler) -> None:
    results = after_the_same_look(store, *[lambda: _enquire(handler)] * 4)
    assert len(set(results)) == 1
    assert count(store, cases) == 1


def test_one_key_used_at_once_for_two_things_does_one_and_refuses_the_other(store: Store, handler: Handler) -> None:
    one, other = enquire(handler), enquire(handler)
    results = at_once(lambda: _invite(handler, one), lambda: _invite(handler, other))
    assert sorted(type(result).__name__ for result in results) == ["KeyReused", "Saved"]
    assert count(store, history, history.c.name == "invite") == 1


def test_a_repeat_by_someone_who_may_no_longer_see_the_case_is_not_found(handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    supply = _supply_with_key(handler, reference)
    supply()
    moved = {"contact_name": "New Contact", "contact_email": "new@elsewhere.example", "how_known": "They rang."}
    handler.fire(reference, "change_contact", moved, actor=OLIVE, now=MONDAY)
    with pytest.raises(NotFound):
        supply()


@pytest.mark.parametrize("value", ["", "k" * 121, "a\x00b", "a\nb"])
def test_a_key_that_cannot_be_kept_is_refused(value: str) -> None:
    with pytest.raises(Invalid):
        Key(value)


def _invite(handler: Handler, reference: str, event: str = "invite", **changes: Any) -> Saved:
    answers = changes.get("answers", {"message": "Welcome."})
    return handler.fire(reference, event, answers, actor=OLIVE, now=MONDAY, key=KEY)


def _enquire(handler: Handler) -> Saved:
    return handler.open_case("provider", "enquire", ENQUIRY, actor=THE_PUBLIC, now=MONDAY, key=KEY)


def _supply_with_key(handler: Handler, reference: str) -> Callable[[], Saved]:
    document = a_document(handler, PAT, "public_liability")
    return lambda: handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="public_liability", key=KEY)
