"""What the log says: each command by its case, and nothing by which anybody could be known."""

import io
import json
import logging
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
import structlog

from apflow.core.errors import Blocked, NotAllowed, NotFound, NotOpen, Refusal
from apflow.core.people.actor import THE_PUBLIC
from apflow.handler import Handler
from apflow.scheduler import fire_due
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport, SmtpTransport
from apflow.testing import EMAILS, ENQUIRY, MONDAY, OLIVE, PAT, add_people, bring_to
from apflow.watching import logs
from apflow.watching.telling import watched_by
from tests.shell.looking import an_enquiry
from tests.smtp import Sink, Step, listening, smtp_settings

A_YEAR = timedelta(days=365)


class Written:
    """What `apflow serve` writes to its log meanwhile."""

    def __init__(self) -> None:
        self.stream = io.StringIO()

    @property
    def lines(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    log, root = Written(), logging.getLogger()
    handlers, level = list(root.handlers), root.level
    root.handlers.clear()  # pytest's own, which are to hear of nothing here.
    monkeypatch.setattr("sys.stderr", log.stream)
    logs.configure("json")
    with watched_by(logs.write):
        yield log
    structlog.reset_defaults()
    root.handlers[:], root.level = handlers, level


def test_each_command_is_a_line_with_its_case_and_how_long_it_took(handler: Handler, written: Written) -> None:
    reference = handler.open_case("provider", "enquire", ENQUIRY, actor=THE_PUBLIC, now=MONDAY).reference

    (line,) = written.lines

    assert line.pop("ms") > 0
    assert line.pop("timestamp").endswith("Z")
    assert line == {
        "event": "case changed",
        "level": "info",
        "case": reference,
        "workflow": "provider",
        "kind": "event",
        "name": "enquire",
        "version": 1,
    }


def test_a_refusal_is_a_line_with_its_code(handler: Handler, written: Written) -> None:
    reference = an_enquiry(handler)
    with pytest.raises(Refusal) as refused:
        handler.fire(reference, "close_enquiry", {}, actor=PAT, now=MONDAY)

    line = written.lines[-1]

    assert (line["event"], line["code"]) == ("refused", refused.value.code)


def test_what_somebody_made_up_for_a_reference_is_not_written_down(handler: Handler, written: Written) -> None:
    with pytest.raises(NotFound):
        handler.fire("pat@made-up-farm.example", "close_enquiry", {}, actor=OLIVE, now=MONDAY)

    (line,) = written.lines

    assert "made-up-farm" not in str(line)


def test_nobodys_name_address_or_answer_is_in_the_log_of_a_whole_journey(handler: Handler, written: Written) -> None:
    add_people(handler.store)
    reference = bring_to(handler, "panel")
    send_all(handler)
    fire_due(handler, MONDAY + A_YEAR, machine_now=lambda: MONDAY)
    for refused in ("submit", "close_enquiry"):
        with pytest.raises((NotAllowed, NotOpen, Blocked)):
            handler.fire(reference, refused, {}, actor=OLIVE, now=MONDAY + A_YEAR)
    refusing = Sink()
    refusing.says(Step.RCPT, *["550 There is no pat@made-up-farm.example here"] * 50)
    with listening(refusing) as sink:
        transport = SmtpTransport(smtp_settings(sink.port))
        send_due(handler.store, transport, handler, lambda: MONDAY + A_YEAR, lambda: MONDAY)

    said = written.lines
    assert len(said) > 20
    assert {line.get("outcome") for line in said} >= {"sent", "failed"}
    assert all(line["case"] for line in said if line["event"] == "case changed")
    personal = {*EMAILS.values(), *(person.name for person in EMAILS), *map(str, ENQUIRY.values()), "made-up-farm"}
    assert [word for word in personal if word in json.dumps(said)] == []


def test_of_what_libraries_say_the_values_are_left_out(written: Written) -> None:
    library = logging.getLogger("some.library")
    try:
        raise ValueError("pat@made-up-farm.example")
    except ValueError:
        library.exception("could not read %s", "Pat Provider")
    library.warning(ValueError("pat@made-up-farm.example"))
    library.info("not worth a line")

    first, second = written.lines

    assert (first["event"], first["logger"], first["error"]) == ("could not read %s", "some.library", "ValueError")
    assert second["event"] == "ValueError"
    assert "Pat" not in json.dumps([first, second])
    assert "made-up-farm" not in json.dumps([first, second])


def test_somebody_who_reads_along_has_plain_lines(
    handler: Handler, written: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stderr", written.stream)
    logs.configure("plain")
    reference = an_enquiry(handler)

    said = written.stream.getvalue()

    assert "case changed" in said
    assert reference in said
    assert not said.startswith("{")


def send_all(handler: Handler) -> None:
    send_due(handler.store, MailboxTransport(), handler, lambda: MONDAY + A_YEAR, lambda: MONDAY)
