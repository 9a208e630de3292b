"""A slip in an e-mail stops that e-mail and nothing else: the event or deadline counts, and an officer hears of it."""

import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Row, select
from structlog.testing import capture_logs

from apflow.core.people.actor import THE_PUBLIC
from apflow.handler import Handler
from apflow.loader import Library
from apflow.scheduler import fire_due
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport
from apflow.settings import shipped
from apflow.store.driver.engine import Store
from apflow.store.reading.history import history_of
from apflow.store.tables.messages import messages
from apflow.store.tables.people import sign_in_links
from apflow.store.tables.work import tasks
from apflow.testing import ENQUIRY, MONDAY, a_handler, enquire
from tests.loader.folder import rewrite
from tests.removal import a_second_manager
from tests.store.witness import case_of

PHONE = "contact_phone"
ASKS = '{% if fields.registration == "We are not sure" %}Ring {{ fields.contact_phone.strip() }}.{% endif %}\n'
NOT_SURE = {name: value for name, value in ENQUIRY.items() if name != PHONE} | {"registration": "not_sure"}
REMINDED = MONDAY + timedelta(days=5)
OVERDUE = MONDAY + timedelta(days=8)


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    """A copy of the shipped e-mails."""
    return Path(shutil.copytree(shipped("notifications"), tmp_path / "notifications"))


def with_a_slip(notices: Path, notice: str, slip: str = ASKS) -> None:
    begins = "{% block happened %}\n"
    rewrite(notices / "provider" / f"{notice}.txt", (begins, f"{begins}{slip}"))


def queued(store: Store) -> dict[str, Row[Any]]:
    """Each message by its notice."""
    with store.reading() as connection:
        return {row.notice: row for row in connection.execute(select(messages).order_by(messages.c.id))}


def told_officers(handler: Handler) -> list[str]:
    """What officers are told of mail that failed, once the outbox has been drained."""
    send_due(handler.store, MailboxTransport(), handler, lambda: REMINDED, lambda: REMINDED)
    with handler.store.reading() as connection:
        return list(connection.execute(select(tasks.c.note).where(tasks.c.name == "mail_failed")).scalars())


def test_an_event_counts_though_an_email_of_it_cannot_be_written(store: Store, library: Library, notices: Path) -> None:
    with_a_slip(notices, "enquiry_received")
    door = a_handler(store, library, notifications=notices)

    reference = door.open_case("provider", "enquire", NOT_SURE, actor=THE_PUBLIC, now=MONDAY).reference

    assert case_of(store, reference).state == "enquiry"
    unwritten, other = (queued(store)[f"provider/{name}"] for name in ("enquiry_received", "enquiry_to_answer"))
    assert (unwritten.status, other.status) == ("failed", "queued")
    assert unwritten.error == (
        "It could not be written: there is a slip in notifications/provider/enquiry_received.txt, line 3, "
        "which has to be mended before the next is due."
    )
    assert unwritten.subject == f"Your enquiry: we have received it ({reference})"
    assert unwritten.error in unwritten.text
    with store.reading() as connection:
        assert list(connection.execute(select(sign_in_links.c.person_id))) == []


def test_a_deadline_acts_once_though_its_email_cannot_be_written(store: Store, library: Library, notices: Path) -> None:
    with_a_slip(notices, "work_due_soon")
    door = a_handler(store, library, notifications=notices)
    reference = door.open_case("provider", "enquire", NOT_SURE, actor=THE_PUBLIC, now=MONDAY).reference

    at_once = fire_due(door, REMINDED, machine_now=lambda: MONDAY)
    again = fire_due(door, REMINDED, machine_now=lambda: OVERDUE)

    assert (at_once, again) == (1, 0)
    with store.reading() as connection:
        assert [entry.kind for entry in history_of(connection, reference)] == ["event", "reminder"]
    assert queued(store)["provider/work_due_soon"].status == "failed"
    (note,) = told_officers(door)
    assert "provider/work_due_soon" in note
    assert "Until then tell them otherwise, and whoever looks after our emails." in note


def test_of_several_readers_only_the_one_whose_email_cannot_be_written_goes_without(
    store: Store, library: Library, notices: Path
) -> None:
    slip = '{% if to.name == "Morgan Manager" %}{{ fields.contact_phone.nothing }}{% endif %}\n'
    with_a_slip(notices, "work_overdue", slip)
    door = a_handler(store, library, notifications=notices)
    a_second_manager(door)
    enquire(door)

    fire_due(door, OVERDUE, machine_now=lambda: MONDAY)

    with store.reading() as connection:
        query = select(messages.c.to_name, messages.c.status).where(messages.c.notice == "provider/work_overdue")
        assert {tuple(row) for row in connection.execute(query)} == {
            ("Magda Manager", "queued"),
            ("Morgan Manager", "failed"),
        }
    (note,) = told_officers(door)
    assert "to Morgan Manager, morgan@council.example did not go." in note


def test_what_is_kept_and_logged_says_nothing_of_the_case(store: Store, library: Library, notices: Path) -> None:
    with_a_slip(notices, "enquiry_received", "{{ fields[fields.organisation] }}\n")
    door = a_handler(store, library, notifications=notices)

    with capture_logs() as logged:
        reference = enquire(door)

    (line,) = logged
    assert (line["notice"], line["case"]) == ("provider/enquiry_received", reference)
    assert line["where"] == "notifications/provider/enquiry_received.txt, line 3"
    unwritten = queued(store)["provider/enquiry_received"]
    for said in (str(line), unwritten.error, unwritten.text, unwritten.html, unwritten.subject):
        assert ENQUIRY["organisation"] not in said


def test_one_whose_subject_has_the_slip_is_told_all_the_same(store: Store, library: Library, notices: Path) -> None:
    (notices / "provider" / "enquiry_received.subject.txt").write_text("{{ nobody.knows.this }}", encoding="utf-8")
    door = a_handler(store, library, notifications=notices)

    enquire(door)

    assert queued(store)["provider/enquiry_received"].subject == "An email that could not be written"
    (note,) = told_officers(door)
    assert "notifications/provider/enquiry_received.subject.txt, line 1" in note


def test_those_written_after_it_is_mended_go(store: Store, library: Library, notices: Path) -> None:
    with_a_slip(notices, "enquiry_received")
    door = a_handler(store, library, notifications=notices)
    door.open_case("provider", "enquire", NOT_SURE, actor=THE_PUBLIC, now=MONDAY)

    a_handler(store, library).open_case("provider", "enquire", NOT_SURE, actor=THE_PUBLIC, now=MONDAY)

    assert queued(store)["provider/enquiry_received"].status == "queued"
