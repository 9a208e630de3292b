"""The history is only ever added to, and whoever rewrites it in the database is found out."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Connection, bindparam, delete, insert, select, update

from apflow.core import chain
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.reading.history import broken_chains, history_of, milestones_of
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, enquire
from tests.brought import bring_to
from tests.store.witness import case_of, faults

Tampering = Callable[[Connection, int], None]


def test_an_honest_history_has_no_faults(store: Store, handler: Handler) -> None:
    bring_to(handler, "approved")
    reference = enquire(handler)
    handler.alert(reference, "mail_failed", "No such mailbox.", now=MONDAY)
    handler.ring(reference, "answer_due", token=0, now=MONDAY + timedelta(days=30))
    handler.fire(reference, "close_enquiry", {"reasons": "“Sorry” – naïve, 🙂"}, actor=OLIVE, now=MONDAY)
    assert faults(store) == []


def test_each_command_adds_one_entry_numbered_with_the_version_it_made(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "approved")
    with store.reading() as connection:
        entries = history_of(connection, reference)
    assert [entry.version for entry in entries] == list(range(1, len(entries) + 1))
    moves = [(entry.from_state, entry.to_state) for entry in entries if entry.from_state != entry.to_state]
    assert [to for _, to in moves] == [
        "enquiry",
        "gathering_evidence",
        "checking_evidence",
        "panel",
        "visit",
        "approved",
    ]
    assert [start for start, _ in moves[1:]] == [to for _, to in moves[:-1]]


def test_earlier_entries_stay_as_they_were_whatever_happens_next(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    before = _entries(store)
    handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    assert _entries(store)[: len(before)] == before


def test_history_is_read_a_page_at_a_time(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    with store.reading() as connection:
        whole = history_of(connection, reference)
        pages = [history_of(connection, reference, after=after, limit=10) for after in range(0, len(whole), 10)]
    assert [entry for page in pages for entry in page] == whole


def test_an_entry_tells_who_did_what_to_which_item_and_who_was_written_to(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")
    with store.reading() as connection:
        entries = history_of(connection, reference)
    supplied = next(entry for entry in entries if entry.name == "supply")
    assert (supplied.actor_id, supplied.actor_name, supplied.actor_audience) == (7, "Pat Provider", "provider")
    assert supplied.payload["item"] == ["evidence", "registration_status"]
    submitted = entries[-1]
    assert {(one["notice"], one["to"]) for one in submitted.payload["notices"]} == {
        ("provider/evidence_received", "Pat Provider"),
        ("provider/evidence_to_check", "Olive Officer"),
    }


# --- Tampering ----------------------------------------------------------------------------------------


def _edit(**changes: Any) -> Tampering:
    def tamper(connection: Connection, case_id: int) -> None:
        connection.execute(update(history).where(_entry(case_id, 2)).values(**changes))

    return tamper


def _delete(version: int) -> Tampering:
    return lambda connection, case_id: _run(connection, delete(history).where(_entry(case_id, version)))


def _cut_tail(connection: Connection, case_id: int) -> None:
    connection.execute(delete(history).where(history.c.case_id == case_id, history.c.version >= 3))


def _swap(connection: Connection, case_id: int) -> None:
    for old, new in ((2, 1000), (3, 2), (1000, 3)):
        connection.execute(update(history).where(_entry(case_id, old)).values(version=new))


def _swap_with_another_case(connection: Connection, case_id: int) -> None:
    other = connection.execute(select(cases.c.id).where(cases.c.id != case_id)).scalar_one()
    for old, new in (((case_id, 2), (case_id, 1000)), ((other, 2), (case_id, 2)), ((case_id, 1000), (other, 2))):
        moved = update(history).where(_entry(*old)).values(case_id=new[0], version=new[1])
        connection.execute(moved)


def _add(connection: Connection, case_id: int) -> None:
    entry = connection.execute(select(history).where(_entry(case_id, 3))).one()
    forged = {**entry._mapping, "id": None, "version": 4}
    del forged["id"]
    connection.execute(insert(history), forged)


def _rewrite_from_the_third(connection: Connection, case_id: int) -> None:
    """A forger who knows how entries are hashed, but forgets that the case holds the last of them."""
    third = connection.execute(select(history).where(_entry(case_id, 3))).one()
    second = connection.execute(select(history).where(_entry(case_id, 2))).one()
    reference = connection.execute(select(cases.c.reference).where(cases.c.id == case_id)).scalar_one()
    payload = {**third.payload, "note": "It never happened"}
    committed = chain.commitment(chain.statement(third.actor_name, payload), third.salt)
    hashed = chain.link(second.hash, chain.structure(third, reference), committed)
    _edit_third = update(history).where(_entry(case_id, 3))
    connection.execute(_edit_third.values(payload=payload, committed=committed, hash=hashed))


def _move_the_case(connection: Connection, case_id: int) -> None:
    connection.execute(update(cases).where(cases.c.id == case_id).values(state="approved"))


def _wind_the_case_back(connection: Connection, case_id: int) -> None:
    connection.execute(update(cases).where(cases.c.id == case_id).values(version=2))


TAMPERINGS: dict[str, tuple[Tampering, str]] = {
    "what was said": (_edit(payload={"answers": {"message": "Come at once"}}), "what was said in entry 2"),
    "who did it": (_edit(actor_id=MAGDA.id), "entry 2 has been changed"),
    "their name": (_edit(actor_name="Magda Manager"), "what was said in entry 2, or by whom"),
    "their side": (_edit(actor_audience="provider"), "entry 2 has been changed"),
    "what they did": (_edit(name="close_enquiry"), "entry 2 has been changed"),
    "what kind it is": (_edit(kind="task"), "entry 2 has been changed"),
    "where from": (_edit(from_state="panel"), "entry 2 has been changed"),
    "where to": (_edit(to_state="declined"), "entry 2 has been changed"),
    "when": (_edit(at=MONDAY + timedelta(microseconds=1)), "entry 2 has been changed"),
    "when it was written": (_edit(recorded_at=MONDAY), "entry 2 has been changed"),
    "under which rules": (_edit(digest="0" * 64), "entry 2 has been changed"),
    "the salt": (_edit(salt="0" * 32), "what was said in entry 2"),
    "the commitment": (_edit(committed="0" * 64), "what was said in entry 2"),
    "the hash": (_edit(hash="0" * 64), "entry 2 has been changed"),
    "the first deleted": (_delete(1), "entry 1 is missing"),
    "one in the middle deleted": (_delete(2), "entry 2 is missing"),
    "the last deleted": (_delete(3), "do not agree"),
    "the tail cut": (_cut_tail, "do not agree"),
    "two swapped": (_swap, "entry 2 has been changed"),
    "two swapped between cases": (_swap_with_another_case, "entry 2 has been changed"),
    "one added": (_add, "entry 4 has been changed"),
    "a forged end": (_rewrite_from_the_third, "do not agree"),
    "the case moved": (_move_the_case, "do not agree"),
    "the case wound back": (_wind_the_case_back, "do not agree"),
}


@pytest.mark.parametrize("kind", TAMPERINGS)
def test_tampering_is_reported(store: Store, handler: Handler, kind: str) -> None:
    references = [_with_three_entries(handler), _with_three_entries(handler)]
    tamper, report = TAMPERINGS[kind]
    with store.writing() as connection:
        tamper(connection, _id_of(connection, references[0]))
    found = faults(store)
    assert report in found[0]
    assert found[0].startswith(references[0])


def test_the_cases_nobody_touched_are_not_reported(store: Store, handler: Handler) -> None:
    touched, untouched = _with_three_entries(handler), _with_three_entries(handler)
    with store.writing() as connection:
        _move_the_case(connection, _id_of(connection, touched))
        found = list(broken_chains(connection))
    assert len(found) == 1
    assert untouched not in found[0]


def test_what_was_said_can_be_erased_and_everything_still_verifies(store: Store, handler: Handler) -> None:
    reference = _with_three_entries(handler)
    with store.writing() as connection:
        case_id = _id_of(connection, reference)
        erased = update(history).where(_entry(case_id, bindparam("nth")))
        connection.execute(erased.values(payload=None, actor_name="Erased"), {"nth": 2})
    assert faults(store) == []
    with store.reading() as connection:
        assert history_of(connection, reference)[1].payload == {}


def _with_three_entries(handler: Handler) -> str:
    reference = enquire(handler)
    handler.fire(reference, "invite", {"message": "Welcome."}, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "allow_more_time", {"why": "Snow."}, actor=OSCAR, now=MONDAY)
    return reference


def _id_of(connection: Connection, reference: str) -> int:
    return int(connection.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar_one())


def _entry(case_id: int, version: Any) -> Any:
    return (history.c.case_id == case_id) & (history.c.version == version)


def _entries(store: Store) -> list[Any]:
    with store.reading() as connection:
        return list(connection.execute(select(history).order_by(history.c.id)))


def _run(connection: Connection, statement: Any) -> None:
    connection.execute(statement)


def test_the_milestones_of_a_case_are_the_last_of_each_move_and_of_each_event_asked_for(
    store: Store, handler: Handler
) -> None:
    reference = bring_to(handler, "approved")
    with store.reading() as connection:
        whole = history_of(connection, reference)
        found = milestones_of(connection, case_of(store, reference).id or 0, ("record_visit", "supply"))
    moves = [entry for entry in whole if entry.from_state != entry.to_state]
    left, entered = ({getattr(entry, end): entry for entry in moves} for end in ("from_state", "to_state"))
    asked = {entry.name: entry for entry in whole if entry.name in ("record_visit", "supply")}
    wanted = {entry.version: entry for one in (left, entered, asked) for entry in one.values()}
    assert found == [wanted[version] for version in sorted(wanted)]
    assert len(found) < len(whole)
