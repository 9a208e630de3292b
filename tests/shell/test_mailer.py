"""Mail: what arrives at a server, and what becomes of a message that does not."""

from datetime import timedelta

import pytest

from apflow.handler import Handler
from apflow.sending.mailer import RETRY_AFTER, TRIED_FOR, UNWELCOME_TRIES, send_due
from apflow.sending.transports import MailboxTransport, SmtpTransport
from apflow.store import outbox
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE
from apflow.testing import MONDAY, a_message
from tests.shell.looking import (
    LONGER_THAN_ANY_BUFFER,
    a_case_message,
    last_message,
    mail_alerts,
    message_rows,
    queue,
)
from tests.smtp import HangUp, Sink, Step, free_port, listening, smtp_settings

MACHINE = MONDAY - timedelta(days=100)  # The demo's policy clock is ahead of the machine's.
AN_HOUR = timedelta(hours=1)


def send(handler: Handler, port: int, later: timedelta = timedelta(0)) -> int:
    """One drain, `later` than MONDAY by either clock."""
    transport = SmtpTransport(smtp_settings(port))
    return send_due(handler.store, transport, handler, lambda: MONDAY + later, lambda: MACHINE + later)


def hang_up_at(step: Step) -> Sink:
    """A sink that leaves without a word at this step."""

    def watch(reached: Step) -> None:
        if reached is step:
            raise HangUp

    return Sink(watch)


def test_a_message_that_is_refused_for_now_is_sent_again_under_the_same_message_id(handler: Handler) -> None:
    a_case_message(handler, message_id="<one@council.example>")

    with listening(Sink()) as sink:
        sink.says(Step.ACCEPTED, "451 Try again later")
        first = send(handler, sink.port)
        waiting = last_message(handler.store)
        too_soon = send(handler, sink.port, timedelta(seconds=59))
        second = send(handler, sink.port, timedelta(minutes=1))

    assert (first, too_soon, second) == (0, 0, 1)
    assert (waiting.status, waiting.attempts, waiting.error) == ("queued", 1, "451 Try again later")
    assert waiting.next_at == MONDAY + timedelta(minutes=1)
    assert sink.message_ids == ["<one@council.example>"]
    row = last_message(handler.store)
    assert (row.status, row.error, row.doubted_at) == ("sent", None, None)
    assert row.sent_at == MONDAY + timedelta(minutes=1)


@pytest.mark.parametrize(
    ("step", "answer"),
    [
        (Step.CONNECTED, "554 Not here"),
        (Step.EHLO, "451 Busy"),
        (Step.MAIL, "552 Not from you"),
        (Step.RCPT, "450 Mailbox busy"),
        (Step.DATA, "421 Closing"),
    ],
)
def test_what_may_pass_by_itself_is_tried_again(handler: Handler, step: Step, answer: str) -> None:
    a_case_message(handler)

    with listening(Sink()) as sink:
        sink.says(step, answer, answer)  # EHLO refused is followed by HELO, and that by nothing.
        send(handler, sink.port)

    row = last_message(handler.store)
    assert (row.status, row.doubted_at) == ("queued", None)
    assert answer[:3] in row.error
    assert mail_alerts(handler.store) == []


def test_a_server_that_cannot_be_reached_is_tried_for_days_and_then_an_officer_has_a_task(handler: Handler) -> None:
    a_case_message(handler)
    nobody, later = free_port(), timedelta(0)

    while last_message(handler.store).status == "queued":
        send(handler, nobody, later)
        later += AN_HOUR / 2

    assert timedelta(days=3) < TRIED_FOR < later < timedelta(days=5)
    assert last_message(handler.store).status == "failed"
    (task,) = mail_alerts(handler.store)
    assert task.name == "mail_failed"
    assert "ConnectionRefusedError" in task.note


def test_what_was_to_go_days_after_it_was_written_is_not_given_up_at_its_first_try(handler: Handler) -> None:
    after_easter = timedelta(days=5)
    a_case_message(handler, next_at=MONDAY + after_easter)

    send(handler, free_port(), after_easter)
    assert last_message(handler.store).status == "queued"
    with listening(Sink()) as sink:
        assert send(handler, sink.port, after_easter + AN_HOUR / 2) == 1


def test_while_there_is_no_server_one_message_is_tried_and_the_others_wait_for_it(handler: Handler) -> None:
    a_case_message(handler)
    queue(handler.store, a_message(), a_message())

    send(handler, free_port())

    assert sorted(row.token for row in message_rows(handler.store)[-3:]) == [0, 0, 1]


def test_what_waits_for_a_server_goes_soon_after_it_is_back_however_long_it_was_away(handler: Handler) -> None:
    a_case_message(handler)
    nobody, later = free_port(), timedelta(0)
    for wait in RETRY_AFTER[:-1]:
        send(handler, nobody, later)
        later += wait
    assert (last_message(handler.store).status, last_message(handler.store).attempts) == ("queued", 0)

    with listening(Sink()) as sink:
        assert send(handler, sink.port, later + timedelta(minutes=30)) == 1


def test_a_server_that_relays_nothing_for_us_is_tried_for_most_of_a_day_and_then_an_officer_is_told(
    handler: Handler,
) -> None:
    a_case_message(handler)
    refused = "550 5.7.1 Unable to relay"

    with listening(Sink()) as sink:
        sink.says(Step.RCPT, *[refused] * (UNWELCOME_TRIES + 1))
        later = timedelta(0)
        for wait in RETRY_AFTER[:UNWELCOME_TRIES]:
            send(handler, sink.port, later)
            assert (last_message(handler.store).status, mail_alerts(handler.store)) == ("queued", [])
            later += wait
        send(handler, sink.port, later)

    assert timedelta(hours=6) < later < timedelta(hours=12)
    assert last_message(handler.store).status == "failed"
    (task,) = mail_alerts(handler.store)
    assert refused in task.note


def test_one_that_is_put_right_meanwhile_takes_the_message(handler: Handler) -> None:
    a_case_message(handler)

    with listening(Sink()) as sink:
        sink.says(Step.RCPT, "550 5.7.1 Unable to relay")
        sent = [send(handler, sink.port), send(handler, sink.port, RETRY_AFTER[0])]

    assert sent == [0, 1]


@pytest.mark.parametrize("step", [Step.RCPT, Step.DATA, Step.ACCEPTED])
def test_a_message_refused_for_good_becomes_an_officers_task_once(handler: Handler, step: Step) -> None:
    a_case_message(handler)

    with listening(Sink()) as sink:
        sink.says(step, "550 No such mailbox")
        sent = [send(handler, sink.port, days * timedelta(days=1)) for days in range(3)]

    assert sent == [0, 0, 0]
    assert sink.taken == []
    assert sink.steps.count(Step.CONNECTED) == 1
    assert last_message(handler.store).status == "failed"
    (task,) = mail_alerts(handler.store)
    assert task.name == "mail_failed"
    for words in ("enquiry_received", "Pat Provider", "pat@made-up-farm.example", "550 No such mailbox"):
        assert words in task.note


def test_an_officer_is_told_though_the_process_died_after_marking_the_message_failed(handler: Handler) -> None:
    a_case_message(handler)
    letter = outbox.claim_message(handler.store, MONDAY, MACHINE)
    assert letter is not None
    outbox.mark_failed(handler.store, letter, "550 No such mailbox")

    send(handler, free_port())
    send(handler, free_port(), AN_HOUR)

    (task,) = mail_alerts(handler.store)
    assert "550 No such mailbox" in task.note


def test_an_officer_is_told_once_though_the_process_died_after_opening_the_task(handler: Handler) -> None:
    a_case_message(handler)
    with listening(Sink()) as sink:
        sink.says(Step.RCPT, "550 No such mailbox")
        send(handler, sink.port)
    with handler.store.writing() as connection:
        connection.exec_driver_sql("UPDATE messages SET alerted_at = NULL")

    send(handler, free_port(), AN_HOUR)

    assert len(mail_alerts(handler.store)) == 1
    assert last_message(handler.store).alerted_at == MONDAY + AN_HOUR


def test_a_sign_in_message_that_fails_belongs_to_no_case_and_opens_no_task(handler: Handler) -> None:
    queue(handler.store, a_message())

    with listening(Sink()) as sink:
        sink.says(Step.RCPT, "550 No such mailbox")
        send(handler, sink.port)

    assert last_message(handler.store).status == "failed"
    assert mail_alerts(handler.store) == []


def test_a_message_is_not_marked_sent_before_the_server_has_said_so(handler: Handler) -> None:
    a_case_message(handler)
    seen: list[str] = []
    with listening(Sink(lambda _step: seen.append(last_message(handler.store).status))) as sink:
        send(handler, sink.port)

    by_step = dict(zip(sink.steps, seen, strict=True))
    assert by_step[Step.ACCEPTED] == "sending"
    assert by_step[Step.QUIT] == "sent"


def test_nothing_is_locked_while_a_message_is_on_its_way(handler: Handler) -> None:
    a_case_message(handler)
    other = Store(handler.store.url + "?timeout=0")

    def write(step: Step) -> None:
        if step is Step.ANSWERED:  # The sender does not wait here, but writes down that it was sent.
            return
        with other.writing() as connection:
            connection.exec_driver_sql("UPDATE cases SET title = title")

    with listening(Sink(write)) as sink:
        assert send(handler, sink.port) == 1
    other.close()


def test_a_server_that_leaves_without_an_answer_puts_the_message_in_doubt_and_it_is_sent_again(
    handler: Handler,
) -> None:
    a_case_message(handler)

    with listening(hang_up_at(Step.ACCEPTED)) as rude:
        send(handler, rude.port)
    doubted = last_message(handler.store)
    with listening(Sink()) as sink:
        send(handler, sink.port, AN_HOUR)

    assert (doubted.status, doubted.doubted_at) == ("queued", MACHINE)
    assert rude.message_ids == sink.message_ids
    assert last_message(handler.store).status == "sent"


def test_a_message_in_doubt_that_must_not_arrive_twice_is_left_to_an_officer(handler: Handler) -> None:
    a_case_message(handler, at_most_once=True)

    with listening(hang_up_at(Step.ACCEPTED)) as rude:
        send(handler, rude.port)
    with listening(Sink()) as sink:
        send(handler, sink.port, AN_HOUR)

    assert sink.steps == []
    assert last_message(handler.store).status == "uncertain"
    (task,) = mail_alerts(handler.store)
    assert task.name == "mail_uncertain"


@pytest.mark.parametrize("step", [Step.DATA, Step.HALFWAY])
def test_a_message_that_was_not_handed_over_whole_is_not_in_doubt(handler: Handler, step: Step) -> None:
    a_case_message(handler, at_most_once=True, text=LONGER_THAN_ANY_BUFFER)

    with listening(hang_up_at(step)) as rude:
        send(handler, rude.port)

    row = last_message(handler.store)
    assert (row.status, row.attempts, row.doubted_at) == ("queued", 1, None)


def test_a_goodbye_that_goes_wrong_changes_nothing(handler: Handler) -> None:
    a_case_message(handler)

    with listening(hang_up_at(Step.QUIT)) as rude:
        assert send(handler, rude.port) == 1

    assert last_message(handler.store).status == "sent"


def test_a_message_that_another_process_took_over_is_not_sent(handler: Handler) -> None:
    a_case_message(handler)

    def take_over(step: Step) -> None:
        if step is Step.RCPT:
            assert outbox.claim_message(handler.store, MONDAY, MACHINE + 2 * LEASE) is not None

    with listening(Sink(take_over)) as sink:
        assert send(handler, sink.port) == 0

    assert Step.DATA not in sink.steps
    row = last_message(handler.store)
    assert (row.status, row.token, row.attempts) == ("sending", 2, 0)


def test_a_message_nobody_could_send_does_not_stop_the_others(handler: Handler) -> None:
    two_addresses = "pat@made-up-farm.example, dan@elsewhere.example"
    a_case_message(handler, to_email=two_addresses)
    queue(handler.store, a_message())

    with listening(Sink()) as sink:
        assert send(handler, sink.port) == 1

    assert len(sink.taken) == 1
    assert [row.status for row in message_rows(handler.store)[-2:]] == ["failed", "sent"]
    assert len(mail_alerts(handler.store)) == 1


def test_mail_that_must_be_encrypted_is_never_sent_in_the_clear(handler: Handler) -> None:
    a_case_message(handler)
    with listening(Sink()) as sink:
        settings = smtp_settings(sink.port).model_copy(update={"smtp_starttls": True})
        transport = SmtpTransport(settings)
        send_due(handler.store, transport, handler, lambda: MONDAY, lambda: MACHINE)

    assert Step.MAIL not in sink.steps
    assert last_message(handler.store).status == "queued"


def test_the_demos_mailbox_has_a_message_at_once(handler: Handler) -> None:
    a_case_message(handler)

    send_due(handler.store, MailboxTransport(), handler, lambda: MONDAY, lambda: MACHINE)

    row = last_message(handler.store)
    assert (row.status, row.sent_at, row.doubted_at) == ("sent", MONDAY, None)


def test_leases_run_by_the_machines_clock_though_policy_time_is_far_ahead(handler: Handler) -> None:
    a_case_message(handler)

    letter = outbox.claim_message(handler.store, MONDAY, MACHINE)
    again = outbox.claim_message(handler.store, MONDAY + timedelta(days=30), MACHINE + LEASE)
    lapsed = outbox.claim_message(handler.store, MONDAY, MACHINE + LEASE + timedelta(seconds=1))

    assert letter is not None
    assert again is None
    assert lapsed is not None
    assert lapsed.message_id == letter.message_id
