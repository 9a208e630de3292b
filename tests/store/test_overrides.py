"""Overrides, and who did what, are kept with the case and told in its history."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select, update

from apflow.beyond.keys import Key
from apflow.core.errors import Blocked, KeyReused, NotAllowed, Stale
from apflow.core.snapshot import SetAside
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.reading.history import HistoryView, history_of
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.testing import ENTRY, MAGDA, MONDAY, OLIVE, OSCAR, a_handler
from tests.brought import bring_to
from tests.store.witness import case_of, faults
from tests.versions import shipped_with

GUARD = "evidence_is_in_date"
UNTIL = date(2027, 9, 20)
LATER = MONDAY + timedelta(days=305)  # By then the insurances of `bring_to` have run out.
VISIT = {"visit_on": "2026-11-02", "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive Officer"}
FOUND = {"visited_on": "2026-11-02", "seen": "Goats.", "visit_outcome": "satisfied", "no_surprise": True}
FOUR_EYES = (
    "      approve:\n        label: Approve\n        by: officer\n",
    "      approve:\n        label: Approve\n        by: officer\n        not_by: record_visit\n",
)


def visited(handler: Handler) -> str:
    reference = bring_to(handler, "visit")
    handler.fire(reference, "arrange_visit", VISIT, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "describe_entry", ENTRY, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "record_visit", FOUND, actor=OLIVE, now=MONDAY)
    return reference


def set_aside(handler: Handler, reference: str, *, until: date = UNTIL, key: str | None = None) -> int:
    saved = handler.set_aside(
        reference, GUARD, until, "Renewal is paid.", actor=MAGDA, now=LATER, key=Key(key) if key else None
    )
    return saved.version


def told(store: Store, reference: str) -> list[HistoryView]:
    with store.reading() as connection:
        return history_of(connection, reference)


def test_a_case_passes_a_guard_while_it_is_set_aside(store: Store, handler: Handler) -> None:
    reference = visited(handler)
    with pytest.raises(Blocked, match="These have run out"):
        handler.fire(reference, "approve", {"ready": True}, actor=OLIVE, now=LATER)
    set_aside(handler, reference)
    handler.fire(reference, "approve", {"ready": True}, actor=OLIVE, now=LATER)
    assert case_of(store, reference).state == "approved"


def test_history_says_who_set_it_aside_until_when_and_why_and_what_happened_under_it(
    store: Store, handler: Handler
) -> None:
    reference = visited(handler)
    set_aside(handler, reference)
    handler.fire(reference, "approve", {"ready": True}, actor=OLIVE, now=LATER)
    override, approval = told(store, reference)[-2:]
    mark = {GUARD: {"until": "2027-09-20", "by": "Magda Manager"}}
    assert (override.kind, override.name, override.actor_id) == ("override", f"set aside {GUARD}", MAGDA.id)
    assert (override.payload["note"], override.payload["set_aside"]) == ("Renewal is paid.", mark)
    assert (approval.payload["set_aside"], approval.payload["note"]) == (mark, "")
    assert "set_aside" not in told(store, reference)[-3].payload


def test_the_history_still_verifies_and_rewriting_an_override_is_found_out(store: Store, handler: Handler) -> None:
    reference = visited(handler)
    set_aside(handler, reference)
    handler.take_back(reference, GUARD, actor=MAGDA, now=LATER)
    assert faults(store) == []
    version = case_of(store, reference).version - 1
    with store.writing() as connection:
        entry = connection.execute(select(history).where(history.c.version == version)).one()
        until = {GUARD: {"until": "2028-09-20", "by": "Magda Manager"}}
        changed = update(history).where(history.c.id == entry.id).values(payload={**entry.payload, "set_aside": until})
        connection.execute(changed)
    assert faults(store) == [f"{reference}: what was said in entry {version}, or by whom, has been changed"]


def test_whoever_has_the_case_is_written_to_with_the_reason(store: Store, handler: Handler) -> None:
    reference = visited(handler)
    set_aside(handler, reference)
    with store.reading() as connection:
        sent = connection.execute(select(messages).where(messages.c.notice == "provider/guard_set_aside")).all()
    ((to, subject, text),) = [(row.to_name, row.subject, row.text) for row in sent]
    assert to == "Olive Officer"
    assert subject == f"Set aside until Monday 20 September 2027: evidence is in date, Made Up Farm ({reference})"
    assert 'Magda Manager has set aside "evidence is in date" for Made Up Farm' in text
    assert "Renewal is paid." in text


def test_an_outsider_who_is_told_is_not_told_why(store: Store) -> None:
    told = "at_most: 30 calendar days\n      tell: {%s: guard_set_aside}"
    handler = a_handler(store, shipped_with((told % "officer", told % "provider")))
    reference = visited(handler)
    set_aside(handler, reference)
    with store.reading() as connection:
        (row,) = connection.execute(select(messages).where(messages.c.notice == "provider/guard_set_aside")).all()
    assert row.to_name == "Pat Provider"
    assert "Renewal" not in row.text + row.html


def test_setting_aside_with_the_same_key_is_done_once(store: Store, handler: Handler) -> None:
    reference = visited(handler)
    assert set_aside(handler, reference, key="one") == set_aside(handler, reference, key="one")
    with pytest.raises(KeyReused):
        set_aside(handler, reference, until=date(2027, 9, 10), key="one")
    assert case_of(store, reference).overrides == {GUARD: SetAside(UNTIL, "Magda Manager", "Renewal is paid.")}


def test_a_refused_override_leaves_nothing(store: Store, handler: Handler) -> None:
    reference = visited(handler)
    before = case_of(store, reference)
    with pytest.raises(NotAllowed):
        handler.set_aside(reference, GUARD, UNTIL, "In a hurry.", actor=OLIVE, now=LATER)
    versions = frozenset({before.version - 1})
    with pytest.raises(Stale):
        handler.set_aside(reference, GUARD, UNTIL, "In a hurry.", actor=MAGDA, now=LATER, versions=versions)
    assert case_of(store, reference) == before


def test_what_happens_next_leaves_an_override_standing(store: Store, handler: Handler) -> None:
    reference = visited(handler)
    set_aside(handler, reference)
    handler.fire(reference, "correct_details", _details(store, reference), actor=OLIVE, now=LATER)
    assert list(case_of(store, reference).overrides) == [GUARD]


def test_who_did_a_step_is_kept_with_the_case(store: Store) -> None:
    handler = a_handler(store, shipped_with(FOUR_EYES))
    reference = visited(handler)
    assert case_of(store, reference).doers == {"record_visit": OLIVE.id}
    with pytest.raises(Blocked, match="somebody else must do “Approve”"):
        handler.fire(reference, "approve", {"ready": True}, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "approve", {"ready": True}, actor=OSCAR, now=MONDAY)
    assert case_of(store, reference).doers == {"record_visit": OLIVE.id}


def test_nobody_is_remembered_where_no_step_is_kept_apart(store: Store, handler: Handler) -> None:
    reference = visited(handler)
    with store.reading() as connection:
        kept = connection.execute(select(cases.c.doers, cases.c.overrides).where(cases.c.reference == reference)).one()
    assert kept == ({}, {})


def _details(store: Store, reference: str) -> dict[str, object]:
    fields = case_of(store, reference).fields
    return {
        name: fields[name] for name in ("organisation", "contact_name", "postcode", "what_is_offered", "registration")
    }
