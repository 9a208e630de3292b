"""What a page of a case reads beside its snapshot: no more of it than the page shows."""

from datetime import timedelta

from sqlalchemy import select

from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.outbox import messages_between, messages_of, messages_to
from apflow.store.reading.files import files_named, files_of
from apflow.store.reading.history import history_of, newest_of
from apflow.store.reading.news import latest_from_outside
from apflow.store.tables.history import OUTSIDE, history
from apflow.testing import MONDAY, OLIVE, OSCAR, PAT, a_document, enquire
from tests.brought import bring_to
from tests.store.witness import case_of

DAY = timedelta(days=1)


def test_pages_of_the_newest_history_hold_every_entry_once(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "visit")
    with store.reading() as connection:
        whole = history_of(connection, reference)
        read, before = [], None
        while page := newest_of(connection, reference, before=before, limit=7):
            assert len(page) <= 7
            read += page
            before = page[-1].version
    assert read == whole[::-1]
    assert len(whole) > 14


def test_the_messages_of_a_time_are_those_queued_in_it_oldest_first(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY + DAY)
    enquire(handler, organisation="Second Barn", now=MONDAY + DAY)
    case_id = case_of(store, reference).id or 0
    with store.reading() as connection:
        every = [(row.queued_at, row.notice, row.to_name) for row in messages_of(connection, reference)]
        times = [(MONDAY, MONDAY), (MONDAY + DAY, MONDAY + DAY), (MONDAY, MONDAY + DAY)]
        found = [messages_between(connection, case_id, *time) for time in times]
    first, second, both = ([(row.queued_at, row.notice, row.to_name) for row in rows] for rows in found)
    assert first + second == both == every
    assert first
    assert second


def test_the_messages_to_somebody_are_those_to_them_or_to_their_address_newest_first(
    store: Store, handler: Handler
) -> None:
    reference = bring_to(handler, "checking_evidence")
    case_id = case_of(store, reference).id or 0
    with store.reading() as connection:
        every = messages_of(connection, reference)
        found = messages_to(connection, case_id, PAT.id, "pat@made-up-farm.example")
        by_address = messages_to(connection, case_id, None, "pat@made-up-farm.example")
        assert messages_to(connection, case_id, None, "dan@elsewhere.example") == []
    expected = [row.subject for row in reversed(every) if row.to_person == PAT.id]
    assert [row.subject for row in found] == [row.subject for row in by_address] == expected
    assert 0 < len(expected) < len(every)


def test_the_files_that_are_named_are_found_if_the_case_holds_them(store: Store, handler: Handler) -> None:
    reference, other = bring_to(handler, "gathering_evidence"), bring_to(handler, "gathering_evidence")
    for case in (reference, other):
        handler.fire(
            case, "supply", a_document(handler, PAT, "public_liability"), actor=PAT, now=MONDAY, item="public_liability"
        )
    ours, theirs = (case_of(store, case).id or 0 for case in (reference, other))
    with store.reading() as connection:
        held, elsewhere = files_of(connection, ours), files_of(connection, theirs)
        assert files_named(connection, ours, [*held, *elsewhere, "no-such-file"]) == held
        assert files_named(connection, ours, []) == {}
    assert held
    assert elsewhere


def test_the_latest_from_outside_is_the_last_entry_of_nobody_of_the_staff(store: Store, handler: Handler) -> None:
    enquired, inside = bring_to(handler, "checking_evidence"), enquire(handler)
    handler.fire(inside, "invite", {}, actor=OSCAR, now=MONDAY)
    with store.reading() as connection:
        latest = latest_from_outside(connection, [enquired, inside, "AP-NONE-SUCH"])
        assert latest_from_outside(connection, []) == {}
        expected = {
            reference: [entry for entry in history_of(connection, reference) if entry.actor_audience == "provider"][-1]
            for reference in (enquired, inside)
        }
    assert latest == expected


def test_outside_are_all_but_staff_and_the_clock(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    handler.ring(reference, "answer_due", token=0, now=MONDAY + timedelta(days=30))
    handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY + timedelta(days=30))
    with store.reading() as connection:
        audiences = connection.execute(select(history.c.actor_audience).where(OUTSIDE)).scalars().all()
        everyone = set(connection.execute(select(history.c.actor_audience)).scalars())
    assert everyone == {"provider", "clock", "staff"}
    assert set(audiences) == {"provider"}
