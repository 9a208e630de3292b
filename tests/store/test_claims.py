"""A deadline acts only for whoever holds its claim, and a warning counts only once it has really gone out."""

from datetime import datetime, timedelta

import pytest

from apflow.core.errors import NotOpen
from apflow.handler import Handler
from apflow.sending.reminders import AT_MOST, gather
from apflow.store import outbox
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE
from apflow.store.timers import Claimed, claim_due
from apflow.testing import MONDAY, OLIVE, a_handler, enquire, leave
from tests.brought import bring_to
from tests.store.witness import after_the_same_look, case_of, rows
from tests.versions import shipped_with

LATER = MONDAY + timedelta(days=60)


def test_whoever_has_lost_the_claim_to_another_cannot_let_the_deadline_act(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    lost = _claim(store, MONDAY)
    held = _claim(store, MONDAY + LEASE + timedelta(seconds=1))
    assert (lost.deadline, lost.token, held.token) == ("answer_due", 1, 2)
    before = rows(store)
    with pytest.raises(NotOpen):
        handler.ring(reference, lost.deadline, token=lost.token, now=LATER)
    assert rows(store) == before
    handler.ring(reference, held.deadline, token=held.token, now=LATER)
    assert case_of(store, reference).deadlines["answer_due"].ended


def test_a_deadline_rung_twice_at_once_under_one_claim_acts_once(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    held = _claim(store, MONDAY)

    def ring() -> object:
        return handler.ring(reference, held.deadline, token=held.token, now=LATER)

    results = after_the_same_look(store, ring, ring)
    assert sorted(type(result).__name__ for result in results) == ["NotOpen", "Saved"]
    assert case_of(store, reference).version == 2


def test_a_warning_counts_from_when_it_was_sent_and_not_while_it_waits(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    due = case_of(store, reference).deadlines["evidence_due"].next_at or LATER
    handler.ring(reference, "evidence_due", token=0, now=due)
    assert case_of(store, reference).deadlines["evidence_due"].warned_at is None
    _send_all(handler, due + timedelta(minutes=5))
    assert case_of(store, reference).deadlines["evidence_due"].warned_at == due + timedelta(minutes=5)


def test_a_warning_of_a_day_to_come_counts_though_it_is_sent_before_that_day(store: Store) -> None:
    the_members = "who: panel_member, notice: panel_view_wanted"
    the_provider = "who: provider, notice: evidence_reminder"
    handler = a_handler(store, shipped_with((the_members, the_provider)))
    reference = bring_to(handler, "panel")
    moved = {"panel_on": "2026-12-01", "why": "Snow."}
    handler.fire(reference, "move_panel", moved, actor=OLIVE, now=MONDAY)
    deadline = case_of(store, reference).deadlines["views_due"]
    due = deadline.next_at or LATER
    assert due < deadline.anchor_at
    handler.ring(reference, "views_due", token=0, now=due)
    _send_all(handler, due)
    assert case_of(store, reference).deadlines["views_due"].warned_at == due


def test_a_reminder_to_colleagues_is_no_warning(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "panel")
    moved = {"panel_on": "2026-12-01", "why": "Snow."}
    handler.fire(reference, "move_panel", moved, actor=OLIVE, now=MONDAY)
    due = case_of(store, reference).deadlines["views_due"].next_at or LATER
    handler.ring(reference, "views_due", token=0, now=due)
    _send_all(handler, due)
    assert case_of(store, reference).deadlines["views_due"].warned_at is None


def test_a_warning_given_before_more_time_was_allowed_does_not_count(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    due = case_of(store, reference).deadlines["evidence_due"].next_at or LATER
    handler.ring(reference, "evidence_due", token=0, now=due)
    _send_all(handler, due)
    later = due + timedelta(days=1)
    handler.fire(reference, "allow_more_time", {"why": "Half term."}, actor=OLIVE, now=later)
    running = case_of(store, reference).deadlines["evidence_due"]
    assert (running.warned_at, running.extended) == (None, 1)


def test_a_warning_given_in_an_earlier_round_does_not_count_in_this_one(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    due = case_of(store, reference).deadlines["evidence_due"].next_at or LATER
    handler.ring(reference, "evidence_due", token=0, now=due)
    _send_all(handler, due)
    later = due + timedelta(days=1)
    leave(handler, reference, "gathering_evidence", now=later)
    _ask_again(handler, reference, later)
    assert case_of(store, reference).deadlines["evidence_due"].warned_at is None


def _claim(store: Store, machine_now: datetime) -> Claimed:
    claimed = claim_due(store, LATER, machine_now)
    assert claimed is not None
    return claimed


def _ask_again(handler: Handler, reference: str, now: datetime) -> None:
    for key in case_of(handler.store, reference).items["evidence"]:
        handler.fire(reference, "accept", {}, actor=OLIVE, now=now, item=key)
    wanted = {"what_we_need": "A timetable."}
    handler.fire(reference, "ask_for_information", wanted, actor=OLIVE, now=now + timedelta(hours=1))


def _send_all(handler: Handler, now: datetime) -> None:
    gather(handler, now + AT_MOST)  # Whatever else of the morning has not been rung.
    while letter := outbox.claim_message(handler.store, now, now):
        outbox.mark_sent(handler.store, letter, now)
