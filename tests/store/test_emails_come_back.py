"""A mail server takes an e-mail, and says by mail later that it could not be delivered: an officer is told."""

from datetime import timedelta
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from apflow.handler import Handler
from apflow.loader import Library
from apflow.sending.bounces import read_bounce
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport, SmtpTransport
from apflow.store.bounces import mark_bounced
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, a_handler, a_message
from tests.removal import CONFIRMED, a_provider_with_pupils, a_register, a_second_manager, all_told, propose
from tests.shell.commands import Ran, apflow
from tests.shell.looking import a_case_message, alerts, last_message, mail_alerts, queue
from tests.smtp import Inbox, smtp_settings

LATER = MONDAY + timedelta(hours=2)
NO_SUCH_ADDRESS = "550 5.1.1 <pat@made-up-farm.example>: there is no such address"

ITS_HEADERS = ("text/rfc822-headers", "Message-ID: <one@council.example>\n")


@pytest.fixture
def handler(store: Store, library: Library) -> Handler:
    return a_handler(store, library)


def drain(handler: Handler, inbox: Inbox) -> int:
    transport = SmtpTransport(smtp_settings(inbox.port))
    return send_due(handler.store, transport, handler, lambda: LATER, lambda: LATER)


def report(*parts: tuple[str, str], action: str = "failed", said: str = NO_SUCH_ADDRESS, headers: str = "") -> bytes:
    """What a mail server writes to whoever sent an e-mail, with these parts beside it."""
    status = f"""Reporting-MTA: dns; mail.example

Final-Recipient: rfc822; pat@made-up-farm.example
Action: {action}
Status: 5.1.1
{f"Diagnostic-Code: smtp; {said}" if said else "Remote-MTA: dns; made-up-farm.example"}
"""
    bodies = [("text/plain", "I am sorry to have to inform you."), ("message/delivery-status", status), *parts]
    inside = "".join(f"--part\nContent-Type: {kind}\n\n{text}\n" for kind, text in bodies)
    kind = 'Content-Type: multipart/report; report-type=delivery-status; boundary="part"'
    return f"From: MAILER-DAEMON@mail.example\n{headers}{kind}\n\n{inside}--part--\n".encode()


def come_back(inbox: Inbox) -> bytes:
    """The last e-mail that arrived, as it comes back."""
    return report(("message/rfc822", inbox.raw[-1].decode()))


def bounced(raw: bytes, url: str, folder: Path) -> Ran:
    (folder / "came.eml").write_bytes(raw)
    return apflow("bounced", "came.eml", folder=folder, APFLOW_DATABASE=url)


def test_what_came_back_is_an_officers_task_once(handler: Handler, inbox: Inbox, url: str, tmp_path: Path) -> None:
    a_case_message(handler)
    assert drain(handler, inbox) == 1
    assert mail_alerts(handler.store) == []

    first = bounced(come_back(inbox), url, tmp_path)
    drain(handler, inbox)
    again = bounced(come_back(inbox), url, tmp_path)
    drain(handler, inbox)

    row = last_message(handler.store)
    assert (row.status, row.error) == ("failed", f"It came back: {NO_SUCH_ADDRESS}")
    assert row.sent_at == LATER
    (task,) = mail_alerts(handler.store)
    assert task.note == (
        "The email “Your enquiry: we have received it” (provider/enquiry_received) to Pat Provider, "
        f"pat@made-up-farm.example did not arrive. It came back: {NO_SUCH_ADDRESS}"
    )
    assert (first.returncode, first.stdout) == (0, f"Marked as come back: e-mail {row.id}.\n")
    assert (again.returncode, again.stdout) == (0, "None of our e-mails that went is meant: nothing is changed.\n")
    assert len(inbox.messages) == 1


def test_a_school_that_a_removal_did_not_reach_after_all_is_to_be_told_otherwise(handler: Handler) -> None:
    a_register(handler, 2)
    reference = a_provider_with_pupils(handler, "Hill School")
    propose(handler, reference)
    handler.fire(reference, "confirm_removal", CONFIRMED, actor=a_second_manager(handler), now=MONDAY)
    send_due(handler.store, MailboxTransport(), handler, lambda: LATER, lambda: LATER)

    mark_bounced(handler.store, all_told(handler)[0].message_id, NO_SUCH_ADDRESS)
    send_due(handler.store, MailboxTransport(), handler, lambda: LATER, lambda: LATER)

    (task,) = alerts(handler.store, "not_reached")
    assert f"did not arrive. It came back: {NO_SUCH_ADDRESS} Tell them otherwise: " in task.note


def test_one_that_may_have_arrived_and_comes_back_is_told_of_again(handler: Handler, url: str, tmp_path: Path) -> None:
    a_case_message(handler, message_id="<one@council.example>", status="uncertain", alerted_at=MONDAY)

    bounced(report(ITS_HEADERS), url, tmp_path)

    row = last_message(handler.store)
    assert (row.status, row.alerted_at) == ("failed", None)


def test_one_that_comes_back_before_it_is_marked_as_sent_is_asked_for_again(
    handler: Handler, url: str, tmp_path: Path
) -> None:
    queue(handler.store, a_message(message_id="<one@council.example>", status="sending"))

    early = bounced(report(ITS_HEADERS), url, tmp_path)

    assert (early.returncode, early.stderr) == (75, "Error: The e-mail it speaks of is still being sent.\n")
    assert last_message(handler.store).status == "sending"


def test_while_the_database_cannot_be_used_the_mail_server_tries_again(tmp_path: Path) -> None:
    raw = report(ITS_HEADERS)

    refused = bounced(raw, "sqlite:///nowhere/apflow.db", tmp_path)

    assert refused.returncode == 75
    assert refused.stderr.startswith("Error: The database that APFLOW_DATABASE names cannot be opened.")


def an_answer() -> EmailMessage:
    answer = EmailMessage(policy=SMTP)
    answer["In-Reply-To"] = "<one@council.example>"
    answer.set_content("Thank you. Action: failed")
    return answer


@pytest.mark.parametrize(
    "other",
    [
        report(ITS_HEADERS, action="delayed"),
        report(ITS_HEADERS, action="relayed"),
        an_answer().as_bytes(),
        b"",
        b"\xff\x00 no e-mail at all",
        b"Content-Type: multipart/mixed; boundary=a\n\n" + b"--a\nContent-Type: message/rfc822\n\n" * 20_000,
    ],
    ids=["only late", "handed on", "an answer", "nothing", "bytes", "parts without end"],
)
def test_any_other_email_changes_nothing(other: bytes, tmp_path: Path) -> None:
    ended = bounced(other, f"sqlite:///{tmp_path}/none.db", tmp_path)

    assert (ended.returncode, list(tmp_path.glob("none.db*"))) == (0, [])
    assert ended.stdout == "It does not say that an e-mail could not be delivered: nothing is changed.\n"


def test_a_report_that_brings_nothing_back_says_what_it_answers() -> None:
    found = read_bounce(report(said="", headers="In-Reply-To: <one@council.example>\n"))

    assert found is not None
    assert (found.message_ids, found.why) == (("<one@council.example>",), "5.1.1")


def test_a_report_that_somebody_sends_on_is_read_too() -> None:
    begins = b'Content-Type: multipart/mixed; boundary="on"\n\n--on\nContent-Type: message/rfc822\n\n'

    found = read_bounce(begins + report(ITS_HEADERS) + b"--on--\n")

    assert found is not None
    assert found.message_ids == ("<one@council.example>",)
