"""What a message looks like when a real mail server has it."""

from dataclasses import fields
from datetime import timedelta
from email.message import EmailMessage
from typing import Any

import icalendar
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from apflow.core.definition.events import Meeting
from apflow.handler import Handler
from apflow.letters.invitations import invitation
from apflow.sending.mailer import Letterhead, compose, send_due
from apflow.sending.transports import SmtpTransport
from apflow.store.outbox import Letter
from apflow.store.tables.base import metadata
from apflow.testing import MONDAY, a_message
from tests.shell.looking import message_rows, queue
from tests.smtp import Inbox, parsed, smtp_settings

LONG = "Every word of this line matters, and there is no end to it. " * 100
ZOE = "Zoë Ó Dálaigh-Čapek"
LETTERHEAD = Letterhead("Made Up Team", "team@council.example", "mailbox@council.example")


def sent(handler: Handler, inbox: Inbox, **changes: Any) -> EmailMessage:
    """The message as it arrived."""
    queue(handler.store, a_message(**changes))
    transport = SmtpTransport(smtp_settings(inbox.port))
    assert send_due(handler.store, transport, handler, lambda: MONDAY, lambda: MONDAY) == 1
    return inbox.messages[-1]


def a_letter(**changes: Any) -> Letter:
    """A message as the mailer claims it."""
    claim = {"id": 1, "token": 1, "reference": None, "invitation": None, "attempts": 0, "at_most_once": False}
    row = {**a_message(**changes), **claim}
    return Letter(**{field.name: row[field.name] for field in fields(Letter)})


def a_page(body: str, head: str = "") -> str:
    return f"<html><head>{head}</head><body>{body}</body></html>"


def part(message: EmailMessage, media_type: str) -> EmailMessage:
    """The one part of this type."""
    (found,) = (part for part in message.walk() if part.get_content_type() == media_type)
    assert isinstance(found, EmailMessage)
    return found


def words(message: EmailMessage, media_type: str) -> str:
    """What the part of this type says, its line ends as ours."""
    said = part(message, media_type).get_content()
    assert isinstance(said, str)
    return said.replace("\r\n", "\n")


def an_invitation(*, cancel: bool) -> str:
    meeting = Meeting(on="visit_on", at="visit_time", title="Visit by the council: {case}", cancel=cancel)
    text = invitation(
        meeting,
        {"visit_on": "2026-11-20", "visit_time": "10:30"},
        reference="AP-TEST-CASE",
        title="Ferme Inventée",
        sequence=4,
        organiser="team@council.example",
        attendee="pat@made-up-farm.example",
        length=timedelta(hours=2),
        now=MONDAY,
    )
    assert text is not None
    return text


def test_a_message_says_the_same_in_plain_words_and_in_html(handler: Handler, inbox: Inbox) -> None:
    message = sent(handler, inbox, text=f"Dear {ZOE}\n\n{LONG}\n", html=a_page(f"<p>Dear {ZOE}</p><p>{LONG}</p>"))

    assert message.get_content_type() == "multipart/alternative"
    assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
    assert words(message, "text/plain") == f"Dear {ZOE}\n\n{LONG}\n"
    assert words(message, "text/html") == a_page(f"<p>Dear {ZOE}</p><p>{LONG}</p>") + "\n"


def test_styles_stand_on_the_elements_where_every_mail_program_heeds_them(handler: Handler, inbox: Inbox) -> None:
    message = sent(handler, inbox, html=a_page("<p>Dear you</p>", "<style>p { color: #0b0c0c; }</style>"))

    assert words(message, "text/html") == a_page('<p style="color: #0b0c0c;">Dear you</p>') + "\n"


def test_a_message_is_from_the_team_and_says_that_a_machine_wrote_it(handler: Handler, inbox: Inbox) -> None:
    message = sent(
        handler, inbox, to_name=ZOE, subject=f"Your enquiry, {ZOE}: {LONG[:200]}", message_id="<one@council.example>"
    )

    assert message["From"] == "Alternative Learning Team <team@council.example>"
    assert message["Reply-To"].addresses[0].addr_spec == handler.library.council.mailbox
    assert message["To"].addresses[0].display_name == ZOE
    assert message["Subject"] == f"Your enquiry, {ZOE}: {LONG[:200].strip()}"
    assert message["Message-ID"] == "<one@council.example>"
    assert message["Date"].datetime == MONDAY
    assert message["Auto-Submitted"] == "auto-generated"
    assert inbox.envelopes[0].mail_from == "team@council.example"
    assert inbox.envelopes[0].rcpt_tos == ["pat@made-up-farm.example"]


def test_every_line_on_the_wire_is_short_and_in_seven_bits(handler: Handler, inbox: Inbox) -> None:
    long_id = f"<{'0123456789abcdef' * 2}@{'a-very-long-name.' * 4}council.example>"
    message = sent(
        handler,
        inbox,
        message_id=long_id,
        to_name=f"{ZOE} {ZOE} {ZOE}",
        subject=f"{ZOE} {LONG[:200]}",
        text=f"{LONG}{ZOE}\n.\n.. dots\nFrom here on\n",
        html=f"<p>{LONG}{ZOE}</p>",
        invitation=an_invitation(cancel=False),
    )

    (raw,) = inbox.raw
    assert raw.isascii()
    assert max(len(line) for line in raw.split(b"\r\n")) <= 130  # The Message-ID cannot be folded.
    assert b"\n" not in raw.replace(b"\r\n", b"")
    assert message["Message-ID"] == long_id
    assert words(message, "text/plain") == f"{LONG}{ZOE}\n.\n.. dots\nFrom here on\n"


@pytest.mark.parametrize(("cancel", "method"), [(False, "REQUEST"), (True, "CANCEL")])
def test_an_invitation_travels_as_a_calendar_part_and_as_a_file(
    handler: Handler, inbox: Inbox, cancel: bool, method: str
) -> None:
    text = an_invitation(cancel=cancel)

    message = sent(handler, inbox, invitation=text)

    calendar = part(message, "text/calendar")
    (attached,) = message.iter_attachments()
    assert calendar["Content-Type"].params["method"] == method
    assert attached.get_filename() == "invitation.ics"
    for words in (calendar.get_content(), attached.get_content().decode()):
        (event,) = icalendar.Calendar.from_ical(words).events
        assert event["SUMMARY"] == "Visit by the council: Ferme Inventée"
        assert event["UID"] == "ap-test-case-visit_on@apflow"
    assert attached.get_content() == text.encode()


def test_a_name_cannot_add_a_header_or_a_recipient(handler: Handler, inbox: Inbox) -> None:
    trick = 'Pat"\r\nBcc: dan@elsewhere.example\r\n\r\n<dan@elsewhere.example>, Dan'

    message = sent(handler, inbox, to_name=trick, subject=f"Hello\r\nBcc: dan@elsewhere.example\n {trick}")

    assert message["Bcc"] is None
    assert inbox.envelopes[0].rcpt_tos == ["pat@made-up-farm.example"]
    (to,) = message["To"].addresses
    assert to.addr_spec == "pat@made-up-farm.example"
    assert message["Subject"].startswith("Hello Bcc: dan@elsewhere.example Pat")


@pytest.mark.parametrize(
    "address",
    [
        "pat@made-up-farm.example, dan@elsewhere.example",
        "pat@made-up-farm.example\r\nRCPT TO:<dan@elsewhere.example>",
        "pat@made-up-farm.example\nBcc: dan@elsewhere.example",
        "<pat@made-up-farm.example> SIZE=1",
        "zoë@made-up-farm.example",
        "pat",
        "",
    ],
)
def test_an_address_that_is_not_one_address_gets_nothing(handler: Handler, inbox: Inbox, address: str) -> None:
    queue(handler.store, a_message(to_email=address))

    transport = SmtpTransport(smtp_settings(inbox.port))
    sent = send_due(handler.store, transport, handler, lambda: MONDAY, lambda: MONDAY)

    assert sent == 0
    assert inbox.envelopes == []
    assert [row.status for row in message_rows(handler.store)] == ["failed"]


def test_a_repeat_says_the_same_as_the_first_try(handler: Handler, inbox: Inbox) -> None:
    first = sent(handler, inbox, message_id="<one@council.example>", text=LONG)
    with handler.store.writing() as connection:
        connection.execute(metadata.tables["messages"].delete())

    transport = SmtpTransport(smtp_settings(inbox.port))
    later = MONDAY + timedelta(days=2)
    queue(handler.store, a_message(message_id="<one@council.example>", text=LONG))
    send_due(handler.store, transport, handler, lambda: later, lambda: later)

    second = inbox.messages[-1]
    names = ("From", "To", "Reply-To", "Subject", "Date", "Message-ID")
    assert [first[name] for name in names] == [second[name] for name in names]
    assert words(first, "text/plain") == words(second, "text/plain")


NASTY = st.text(
    st.one_of(st.sampled_from('\r\n\0\x0b\x1e\u2028\u0085 \t:<>@,;"()\\=?_.'), st.characters()), max_size=120
)
HEADERS = ["From", "To", "Reply-To", "Subject", "Date", "Message-ID", "Auto-Submitted", "MIME-Version", "Content-Type"]


@settings(max_examples=200, deadline=None)
@given(name=NASTY, subject=NASTY)
def test_no_name_and_no_subject_changes_what_headers_there_are_or_who_it_is_to(name: str, subject: str) -> None:
    letter = a_letter(to_name=name, subject=subject)

    raw = compose(letter, LETTERHEAD).as_bytes()

    assert parsed(raw).keys() == HEADERS
    assert [to.addr_spec for to in parsed(raw)["To"].addresses] == [letter.to_email]
    assert raw.isascii()
    assert not set(b"\r\n") & set(raw.replace(b"\r\n", b""))
