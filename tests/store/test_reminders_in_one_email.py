"""What one person is reminded of on one morning is one e-mail, if it is still to be done when that goes."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, insert, select, update

from apflow.clock import machine_now
from apflow.core.days.duration import Duration
from apflow.core.outcome import Entry, Outcome, Send
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import RunningDeadline, Snapshot
from apflow.handler import Handler
from apflow.letters.messages import goes_at
from apflow.loader import Library
from apflow.scheduler import fire_due
from apflow.sending.mailer import send_due
from apflow.sending.reminders import gather
from apflow.sending.transports import MailboxTransport, Permanent
from apflow.store import outbox, reminded
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.people.sign_in import link
from apflow.store.reading.lateness import lateness
from apflow.store.reading.letters import is_letter_shown
from apflow.store.records.retention import erase_case
from apflow.store.tables.cases import cases
from apflow.store.tables.history import workflow_texts
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks, timers
from apflow.testing import EMAILS, MONDAY, OLIVE, PAT, PAVEL, PETRA, POPPY, a_handler, add_people
from tests.brought import bring_to
from tests.store.witness import at_once

TEAM = "EOTAS@bathnes.gov.uk"
SEVERAL = "reminders/several"
NIA = "nia@made-up-farm.example"
# An enquiry of Monday the 2nd is to be answered by the 9th, and the team is reminded a working day before.
FRIDAY = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)


class Refusing:
    """A mail server that takes nothing."""

    def send(self, email: Any, *, before_data: Any, accepted: Any) -> None:
        raise Permanent("550 No such user")


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


def an_enquiry(handler: Handler, email: str) -> str:
    return bring_to(handler, "enquiry", contact_email=email)


def drain(handler: Handler, now: datetime, transport: Any = None) -> None:
    send_due(handler.store, transport or MailboxTransport(), handler, lambda: now, lambda: now)


@pytest.fixture
def two(handler: Handler) -> list[str]:
    """Two enquiries of which the team is reminded on Friday morning; what was written before has gone."""
    references = [an_enquiry(handler, f"{name}@made-up.example") for name in ("ann", "ben")]
    drain(handler, MONDAY)
    return references


def ring(handler: Handler, now: datetime = FRIDAY) -> None:
    fire_due(handler, now, machine_now=lambda: now)


def since(handler: Handler, notice: str = "", after: datetime = MONDAY + timedelta(hours=1)) -> list[Row[Any]]:
    """What was written since, of any notice or of this one, oldest first."""
    query = select(messages).where(messages.c.queued_at >= after, messages.c.notice.contains(notice))
    with handler.store.reading() as connection:
        return list(connection.execute(query.order_by(messages.c.id)))


def test_two_reminders_of_a_morning_to_one_person_are_one_email_that_lists_them(
    handler: Handler, two: list[str]
) -> None:
    ring(handler)
    drain(handler, FRIDAY)

    (whole,) = since(handler, SEVERAL)
    parts = since(handler, "work_due_soon")
    assert (whole.to_email, whole.status, whole.case_id) == (TEAM, "sent", None)
    assert whole.subject == "2 reminders of your work"
    assert all(f"({reference})" in whole.text for reference in two)
    assert all(f"https://apflow.example/cases/{reference}" in whole.html for reference in two)
    assert [(part.told_in, part.status, part.sent_at) for part in parts] == [(whole.id, "sent", FRIDAY)] * 2


def test_a_case_that_cannot_be_read_any_more_stops_no_email(handler: Handler, two: list[str]) -> None:
    ring(handler)
    with handler.store.writing() as connection:
        known = connection.execute(select(workflow_texts)).mappings().first()
        connection.execute(insert(workflow_texts), {**(known or {}), "digest": "poison", "text": "states: ["})
        connection.execute(update(cases).where(cases.c.reference == two[0]).values(digest="poison"))

    drain(handler, FRIDAY)

    (whole,) = since(handler, SEVERAL)
    assert (whole.status, all(f"({reference})" in whole.text for reference in two)) == ("sent", True)


def test_a_reminder_that_is_alone_goes_in_its_own_words(handler: Handler) -> None:
    an_enquiry(handler, "ann@made-up.example")
    drain(handler, MONDAY)
    ring(handler)
    drain(handler, FRIDAY)

    (row,) = since(handler)
    assert (row.notice, row.status, row.told_in) == ("provider/work_due_soon", "sent", None)


def test_it_waits_until_every_deadline_of_the_morning_has_acted_but_not_for_long(
    handler: Handler, two: list[str]
) -> None:
    ring(handler)
    with handler.store.writing() as connection:  # One that cannot act, and is tried again and again.
        stuck = select(timers.c.id).where(timers.c.stopped_at.is_(None)).limit(1).scalar_subquery()
        connection.execute(update(timers).where(timers.c.id == stuck).values(next_at=FRIDAY))
    drain(handler, FRIDAY)
    assert [row.status for row in since(handler)] == ["queued", "queued"]

    drain(handler, FRIDAY + timedelta(minutes=10))

    assert [row.status for row in since(handler, SEVERAL)] == ["sent"]
    assert two


def test_what_is_done_before_it_goes_is_not_reminded_of(handler: Handler, two: list[str]) -> None:
    ring(handler)
    handler.fire(two[0], "close_enquiry", {"reasons": "It is a farm shop."}, actor=OLIVE, now=FRIDAY)
    drain(handler, FRIDAY)

    done, waits = since(handler, "work_due_soon")
    assert (done.status, done.error.startswith(reminded.SETTLED), done.sent_at) == ("failed", True, None)
    assert (waits.status, waits.told_in) == ("sent", None)
    with handler.store.reading() as connection:
        assert connection.execute(select(tasks.c.id).where(tasks.c.name == "mail_failed")).all() == []


def test_an_outsider_is_led_to_their_page_by_one_link_that_signs_them_in(handler: Handler) -> None:
    asked = [bring_to(handler, "gathering_evidence") for _ in range(2)]
    drain(handler, MONDAY)
    with handler.store.reading() as connection:
        case = load_case(connection, asked[0])
    assert case is not None
    morning = case.deadlines["evidence_due"].rungs[0].at
    ring(handler, morning)
    drain(handler, morning)

    (whole,) = since(handler, SEVERAL)
    assert whole.to_person == PAT.id
    assert "/cases/" not in whole.text + whole.html
    assert whole.text.count("/continue/") == 1
    token = whole.text.partition("/continue/")[2].split()[0]
    with handler.store.reading() as connection:
        led_by = link(connection, token, machine_now())
    assert led_by is not None
    assert (led_by.next_path, led_by.person_id) == ("/home", PAT.id)
    with handler.store.reading() as connection:
        warned = load_case(connection, asked[1])
    assert warned is not None
    assert warned.deadlines["evidence_due"].warned_at == morning


@pytest.fixture
def asked(handler: Handler) -> tuple[list[str], datetime]:
    """Three providers with one contact, who are reminded of their evidence in one e-mail; it waits to go."""
    references = [bring_to(handler, "gathering_evidence") for _ in range(3)]
    drain(handler, MONDAY)
    with handler.store.reading() as connection:
        case = load_case(connection, references[0])
    assert case is not None
    morning = case.deadlines["evidence_due"].rungs[0].at
    ring(handler, morning)
    gather(handler, morning)
    return references, morning


def change_contact(handler: Handler, reference: str, now: datetime) -> None:
    said = {"contact_name": "Nia New", "contact_email": NIA, "how_known": "They rang."}
    handler.fire(reference, "change_contact", said, actor=OLIVE, now=now)


def test_a_line_of_one_that_waits_goes_to_whoever_is_written_to_when_it_goes(
    handler: Handler, asked: tuple[list[str], datetime]
) -> None:
    (first, *_), morning = asked
    change_contact(handler, first, morning)
    drain(handler, morning + timedelta(minutes=2))

    to_pat, anew = since(handler, SEVERAL)
    assert (to_pat.status, to_pat.sent_at, f"({first})" in to_pat.text) == ("failed", None, True)
    assert (anew.to_email, anew.status, f"({first})" in anew.text) == (EMAILS[PAT], "sent", False)
    assert anew.subject == to_pat.subject.replace("3", "2")
    to_nia = [row for row in since(handler, "evidence_reminder") if row.to_email == NIA]
    assert [(row.status, row.told_in) for row in to_nia] == [("sent", None)]


def test_a_line_of_one_that_is_on_its_way_is_not_written_again(
    handler: Handler, asked: tuple[list[str], datetime]
) -> None:
    (first, *_), morning = asked
    (whole,) = since(handler, SEVERAL)
    with handler.store.writing() as connection:
        begun = {"status": "sending", "data_begun_at": morning, "claimed_until": morning}
        connection.execute(update(messages).where(messages.c.id == whole.id).values(begun))
    change_contact(handler, first, morning)

    assert [row.to_email for row in since(handler, "evidence_reminder")] == [EMAILS[PAT]] * 3
    assert {row.told_in for row in since(handler, "evidence_reminder")} == {whole.id}


def test_where_it_cannot_be_delivered_an_officer_has_each_case_to_see_to(handler: Handler, two: list[str]) -> None:
    ring(handler)
    drain(handler, FRIDAY, Refusing())

    assert [(row.status, row.error) for row in since(handler, "work_due_soon")] == [("failed", "550 No such user")] * 2
    with handler.store.reading() as connection:
        told = connection.execute(select(tasks.c.note).where(tasks.c.name == "mail_failed")).scalars().all()
    assert len(told) == len(two)


def test_one_that_was_stopped_is_in_no_email_with_others(handler: Handler, two: list[str]) -> None:
    ring(handler)
    first, second = since(handler)
    assert outbox.stop_message(handler.store, first.id, OLIVE.name, "Rang them")
    gather(handler, FRIDAY)

    assert [(row.status, row.together, row.told_in) for row in since(handler, "work_due_soon")] == [
        ("failed", "staff", None),
        ("queued", None, None),
    ]
    assert outbox.stop_message(handler.store, second.id, OLIVE.name, "Rang them")
    assert two


def test_a_line_of_an_email_is_neither_stopped_nor_counted_as_one_that_waits(handler: Handler, two: list[str]) -> None:
    ring(handler)
    gather(handler, FRIDAY)

    first, _ = since(handler, "work_due_soon")
    assert not outbox.stop_message(handler.store, first.id, OLIVE.name, "Rang them")
    with handler.store.reading() as connection:
        assert lateness(connection, FRIDAY).messages.count == 1
    assert two


def test_of_any_number_of_mailers_one_puts_them_together(handler: Handler) -> None:
    for name in ("ann", "ben", "cem"):
        an_enquiry(handler, f"{name}@made-up.example")
    drain(handler, MONDAY)
    ring(handler)

    at_once(*[lambda: drain(handler, FRIDAY)] * 3)

    (whole,) = since(handler, SEVERAL)
    assert {(row.told_in, row.status) for row in since(handler, "work_due_soon")} == {(whole.id, "sent")}


def test_a_case_hidden_from_whoever_looks_is_in_no_email_that_they_see(handler: Handler, two: list[str]) -> None:
    """The e-mail that lists them belongs to no case: who may see one of them need not see the others."""
    ring(handler)
    drain(handler, FRIDAY)
    (whole,) = since(handler, SEVERAL)
    with handler.store.reading() as connection:
        assert not is_letter_shown(connection, whole.id, OLIVE.id or 0)
    assert two


def test_what_the_clock_sends_at_midnight_waits_for_the_morning(handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    drain(handler, MONDAY)
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    due_at = case.deadlines["evidence_due"].due_at  # The end of a Monday.
    for rung in case.deadlines["evidence_due"].rungs:
        ring(handler, rung.at)
        drain(handler, rung.at)
    ring(handler, due_at)
    morning = due_at + timedelta(hours=9, minutes=1)

    drain(handler, morning - timedelta(minutes=1))
    assert {row.status for row in since(handler, "application_lapsed")} == {"queued"}
    drain(handler, morning)

    assert [(row.notice, row.sent_at) for row in since(handler, "application_lapsed")] == [
        ("provider/application_lapsed", morning),
        ("provider/application_lapsed_staff", morning),
    ]


def test_what_is_due_by_the_morning_does_not_wait_for_it(library: Library) -> None:
    definition = library.current("self_assessment")
    night = datetime(2026, 11, 5, 23, 59, tzinfo=UTC)
    entry = Entry("event", "open", THE_CLOCK, night, "", "to_fill_in")
    outcome = Outcome("to_fill_in", night, {}, entry)
    goes = {}
    for due_at in (night + timedelta(days=1), night + timedelta(days=2)):
        due = RunningDeadline(None, "hand_in_due", night, Duration.parse("1 calendar day"), due_at, due_at)
        case = Snapshot(1, "SA-1", "self_assessment", "", "to_fill_in", night, 1, {}, deadlines={"hand_in_due": due})
        goes[due_at.day] = goes_at(definition, case, outcome, Send("opened", "provider"), night)

    assert goes == {6: night, 7: datetime(2026, 11, 6, 9, 0, tzinfo=UTC)}


def test_erasing_a_case_empties_the_email_that_it_was_a_line_of(handler: Handler, two: list[str]) -> None:
    ring(handler)
    drain(handler, FRIDAY)
    with handler.store.writing() as connection:
        case = connection.execute(select(cases).where(cases.c.reference == two[0])).one()
        erase_case(connection, case, {})

    (whole,) = since(handler, SEVERAL)
    kept = since(handler, "work_due_soon")
    assert (whole.text, whole.html) == ("", "")
    assert [bool(row.text) for row in kept] == [False, True]


def test_a_member_who_has_given_a_view_by_the_time_it_goes_is_not_chased(handler: Handler) -> None:
    reference = bring_to(handler, "panel")
    moved = {"panel_on": "2026-11-20", "why": "Snow."}
    handler.fire(reference, "move_panel", moved, actor=OLIVE, now=MONDAY)
    drain(handler, MONDAY)
    handler.fire(reference, "give_view", {"view": "visit", "comments": "Yes."}, actor=PETRA, now=MONDAY)
    morning = datetime(2026, 11, 17, 9, 0, tzinfo=UTC)
    ring(handler, morning)
    handler.fire(reference, "give_view", {"view": "visit", "comments": "Yes."}, actor=PAVEL, now=morning)
    drain(handler, morning)

    chased = {row.to_name: row.status for row in since(handler, "panel_view_wanted")}
    assert chased == {PAVEL.name: "failed", POPPY.name: "sent"}
