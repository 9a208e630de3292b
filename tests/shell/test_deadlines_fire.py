"""Deadlines: each acts once, in due order, whoever else is at it and whatever is wrong with another."""

from collections import Counter
from datetime import timedelta

import pytest
from sqlalchemy import event, insert, select, update
from structlog.testing import capture_logs

from apflow.core.errors import NotOpen
from apflow.handler import Handler
from apflow.loader import Library
from apflow.scheduler import POSTPONED_FOR, fire_due
from apflow.store import timers
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE
from apflow.store.tables.cases import cases
from apflow.store.tables.history import workflow_texts
from apflow.store.tables.work import timers as timer_table
from apflow.testing import MONDAY, OLIVE, a_handler
from tests.shell.drain import PATIENCE, drainers
from tests.shell.looking import alerts, an_enquiry, entries, timer_rows

REMINDED = MONDAY + timedelta(days=5)  # On Saturday: the reminder was due on Friday, the answer is on Monday.
OVERDUE = MONDAY + timedelta(days=8)
MACHINE = MONDAY - timedelta(days=100)
A_MINUTE = timedelta(minutes=1)


def ring_all(handler: Handler, later: timedelta = timedelta(0)) -> int:
    """One drain of everything overdue, at this machine time."""
    return fire_due(handler, OVERDUE, machine_now=lambda: MACHINE + later)


def test_two_processes_at_once_fire_every_deadline_once(either_store: Store, library: Library) -> None:
    handler = a_handler(either_store, library)
    references = [an_enquiry(handler, MONDAY + n * A_MINUTE) for n in range(60)]

    job = ("timers", OVERDUE, MACHINE, 0)
    with drainers(either_store, job, job) as (barrier, both):
        barrier.wait(PATIENCE)
        counts = [drainer.count() for drainer in both]

    assert sum(counts) == 60
    assert Counter(reference for reference, _ in entries(either_store, "escalation")) == Counter(references)
    assert len(alerts(either_store, "overdue_answer_due")) == 60
    assert {row.token for row in timer_rows(either_store)} == {1}


def test_deadlines_fire_in_the_order_they_fell_due(handler: Handler) -> None:
    days = [3, 0, 2, 1]
    references = {day: an_enquiry(handler, MONDAY - timedelta(weeks=4) + timedelta(days=day)) for day in days}

    assert fire_due(handler, MONDAY, machine_now=lambda: MACHINE) == 4

    fired = entries(handler.store, "escalation")
    assert [reference for reference, _ in fired] == [references[day] for day in range(4)]
    assert [at for _, at in fired] == sorted(row.due_at for row in timer_rows(handler.store))


def test_a_deadline_that_is_due_twice_over_fires_again_at_its_end(handler: Handler) -> None:
    an_enquiry(handler)

    reminded = fire_due(handler, REMINDED, machine_now=lambda: MACHINE)
    again = fire_due(handler, REMINDED, machine_now=lambda: MACHINE)
    ended = fire_due(handler, OVERDUE, machine_now=lambda: MACHINE)

    assert (reminded, again, ended) == (1, 0, 1)
    assert len(entries(handler.store, "reminder")) == len(entries(handler.store, "escalation")) == 1


def test_a_claim_that_was_lost_cannot_commit(either_store: Store, library: Library) -> None:
    handler = a_handler(either_store, library)
    reference = an_enquiry(handler)
    lost = timers.claim_due(either_store, OVERDUE, MACHINE)
    held = timers.claim_due(either_store, OVERDUE, MACHINE + LEASE + A_MINUTE)
    assert lost is not None
    assert held is not None

    with pytest.raises(NotOpen):
        handler.ring(reference, "answer_due", token=lost.token, now=OVERDUE)
    before = entries(either_store, "escalation")
    handler.ring(reference, "answer_due", token=held.token, now=OVERDUE)

    assert before == []
    assert len(entries(either_store, "escalation")) == 1


def test_a_claim_holds_for_its_lease_and_no_longer(handler: Handler) -> None:
    an_enquiry(handler)

    first = timers.claim_due(handler.store, OVERDUE, MACHINE)
    meanwhile = timers.claim_due(handler.store, OVERDUE, MACHINE + LEASE)
    afterwards = timers.claim_due(handler.store, OVERDUE, MACHINE + LEASE + timedelta(seconds=1))

    assert first is not None
    assert meanwhile is None
    assert afterwards is not None
    assert afterwards.token == first.token + 1


def poison(store: Store, reference: str) -> None:
    """Let the case pin a text that no workflow can be read from."""
    with store.writing() as connection:
        known = connection.execute(select(workflow_texts)).mappings().first()
        connection.execute(insert(workflow_texts), {**(known or {}), "digest": "poison", "text": "states: ["})
        connection.execute(update(cases).where(cases.c.reference == reference).values(digest="poison"))


def mend(store: Store, reference: str, digest: str) -> None:
    with store.writing() as connection:
        connection.execute(update(cases).where(cases.c.reference == reference).values(digest=digest))


def test_a_poisoned_deadline_does_not_block_the_others_and_is_tried_again(handler: Handler) -> None:
    store = handler.store
    first = an_enquiry(handler, MONDAY - timedelta(days=1))
    second = an_enquiry(handler, MONDAY - timedelta(weeks=4))  # Long overdue: escalated.
    poison(store, first)

    at_once = fire_due(handler, REMINDED, machine_now=lambda: MACHINE)
    mend(store, first, handler.library.current("provider").digest)
    too_soon = fire_due(handler, REMINDED, machine_now=lambda: MACHINE + POSTPONED_FOR)
    mended = fire_due(handler, REMINDED, machine_now=lambda: MACHINE + POSTPONED_FOR + A_MINUTE)

    assert (at_once, too_soon, mended) == (1, 0, 1)
    assert [reference for reference, _ in entries(store, "escalation")] == [second]
    assert [reference for reference, _ in entries(store, "reminder")] == [first]


def test_what_is_logged_of_a_failure_names_the_case_and_nobody(handler: Handler) -> None:
    reference = an_enquiry(handler)
    poison(handler.store, reference)

    with capture_logs() as logged:
        fire_due(handler, REMINDED, machine_now=lambda: MACHINE)

    (line,) = logged
    assert (line["case"], line["deadline"], line["error"]) == (reference, "answer_due", "DefinitionError")
    assert line["place"].startswith("library.py:")
    assert "made-up-farm" not in str(line)


def test_a_deadline_dealt_with_between_the_claim_and_the_firing_does_nothing(handler: Handler) -> None:
    reference = an_enquiry(handler)
    elsewhere = a_handler(Store(handler.store.url), handler.library)
    answers = {"reasons": "Made up.", "what_next": ""}

    @event.listens_for(handler.store.engine, "checkin", once=True)  # The claim has been committed.
    def close(*_: object) -> None:
        elsewhere.fire(reference, "close_enquiry", answers, actor=OLIVE, now=OVERDUE)

    assert ring_all(handler) == 0

    assert entries(handler.store, "escalation") == []
    assert [row.stopped_at for row in timer_rows(handler.store)] == [OVERDUE]
    elsewhere.store.close()


def test_the_deadlines_of_one_case_fire_one_after_the_other(handler: Handler) -> None:
    an_enquiry(handler)
    later_on = an_enquiry(handler, MONDAY + A_MINUTE)
    with handler.store.writing() as connection:
        (row, _) = connection.execute(select(timer_table).order_by(timer_table.c.id)).mappings()
        second = {**row, "id": None, "name": "second_due", "next_at": row["next_at"] + timedelta(seconds=1)}
        connection.execute(insert(timer_table), second)

    first = timers.claim_due(handler.store, OVERDUE, MACHINE)
    other_case = timers.claim_due(handler.store, OVERDUE, MACHINE)
    nothing = timers.claim_due(handler.store, OVERDUE, MACHINE)
    assert first is not None
    timers.postpone(handler.store, first, MACHINE + POSTPONED_FOR)
    second_of_first = timers.claim_due(handler.store, OVERDUE, MACHINE)

    assert first.deadline == "answer_due"
    assert other_case is not None
    assert other_case.reference == later_on
    assert nothing is None
    assert second_of_first is not None
    assert second_of_first.deadline == "second_due"
