"""One command that tells five hundred: written ahead of the lock, committed whole, and nobody left out of it."""

import sqlite3
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, func, select

from apflow.beyond.keys import Key
from apflow.core.errors import Blocked, NotAllowed
from apflow.handler import Handler
from apflow.letters.messages import Batch, Letters
from apflow.rounds.signals import hear_all
from apflow.sending.mailer import send_due
from apflow.sending.transports import MailboxTransport
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.places import commissioners
from apflow.store.tables.pupils import placements
from apflow.testing import MAGDA, MONDAY, OLIVE, a_handler, shipped_library
from tests.records.council import a_school
from tests.removal import (
    ALL_TOLD,
    CONFIRMED,
    a_provider_with_pupils,
    a_register,
    a_second_manager,
    all_told,
    propose,
)

LIBRARY = shipped_library()
A_MINUTE_LATER = MONDAY + timedelta(minutes=1)  # Until then whoever confirmed it can take the e-mails back.
PLACED_BY = ("Hill School", "Invented School 020", "Invented School 020")


@pytest.fixture
def handler(store: Store) -> Handler:
    return a_handler(store, LIBRARY)


class Watched(Letters):
    """Letters that let a test look on while they are being written."""

    look: Callable[[], None] = staticmethod(lambda: None)

    def write(self, *args: Any, **options: Any) -> Batch:
        batch = super().write(*args, **options)
        if len(batch.messages) > 10:
            self.look()
        return batch


def watched(handler: Handler, look: Callable[[], None]) -> Handler:
    letters = Watched(handler.letters.notices, handler.letters.base_url, handler.letters.mail_from)
    object.__setattr__(letters, "look", look)
    return Handler(handler.store, handler.library, letters)


def proposed(handler: Handler, how_many: int) -> str:
    a_register(handler, how_many)
    reference = a_provider_with_pupils(handler, *PLACED_BY)
    propose(handler, reference)
    return reference


def confirm(handler: Handler, reference: str, **more: Any) -> None:
    morgan = a_second_manager(handler)
    handler.fire(reference, "confirm_removal", CONFIRMED, actor=morgan, now=MONDAY, **more)


def test_five_hundred_are_told_by_one_command_those_with_pupils_there_first(handler: Handler) -> None:
    reference = proposed(handler, 500)

    confirm(handler, reference)

    told = all_told(handler)
    assert len(told) == 500
    assert [(row.to_email, row.pupils_there) for row in told[:3]] == [
        ("office20@schools.example", 2),
        ("office1@schools.example", 1),
        ("office2@schools.example", 0),
    ]
    assert "You have 2 placements there." in told[0].text
    assert "As far as we know, you have no placement there." in told[2].text
    assert {row.status for row in told} == {"queued"}
    with handler.store.reading() as connection:
        query = select(history.c.name, history.c.payload).order_by(history.c.id.desc()).limit(1)
        last = connection.execute(query).one()
    assert (last.name, len(last.payload["notices"])) == ("confirm_removal", 501)


def test_no_email_of_a_removal_names_a_child(handler: Handler) -> None:
    reference = proposed(handler, 40)
    confirm(handler, reference)
    hear_all(handler, machine_now=lambda: MONDAY)

    with handler.store.reading() as connection:
        said = " ".join(connection.execute(select(messages.c.text + messages.c.subject)).scalars())

    assert "Sparrow" not in said
    assert "Pip" not in said
    assert "2012" not in said


def test_nobody_waits_while_the_emails_are_written(store: Store) -> None:
    if not store.is_sqlite:
        pytest.skip("only SQLite has one writer at a time")
    handler, free = a_handler(store, LIBRARY), []
    reference = proposed(handler, 30)

    def look() -> None:
        with sqlite3.connect(store.url.removeprefix("sqlite:///"), timeout=0, isolation_level=None) as other:
            other.execute("BEGIN IMMEDIATE")
            free.append(True)
            other.execute("ROLLBACK")

    confirm(watched(handler, look), reference)

    assert free == [True]
    assert len(all_told(handler)) == 30


def test_a_school_that_comes_while_the_emails_are_written_is_told_too(handler: Handler) -> None:
    reference, come = proposed(handler, 20), list[int]()

    def look() -> None:
        if not come:
            come.append(a_school(handler, name="Newcomer School", urn="999999", email="new@schools.example"))

    confirm(watched(handler, look), reference)

    assert [row.to_email for row in all_told(handler)].count("new@schools.example") == 1
    assert len(all_told(handler)) == 21


def test_a_command_that_is_given_again_tells_nobody_twice(handler: Handler) -> None:
    reference = proposed(handler, 20)

    confirm(handler, reference, key=Key("once"))
    confirm(handler, reference, key=Key("once"))

    assert len(all_told(handler)) == 20


def test_however_many_are_told_it_takes_no_more_statements(store: Store) -> None:
    handler = a_handler(store, LIBRARY)
    reference, seen = proposed(handler, 500), list[str]()
    event.listen(store.engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    confirm(handler, reference)

    assert len(seen) < 60


def test_whoever_proposed_it_cannot_confirm_it_nor_can_an_officer(handler: Handler) -> None:
    reference = proposed(handler, 20)

    with pytest.raises(Blocked, match="somebody else"):
        handler.fire(reference, "confirm_removal", CONFIRMED, actor=MAGDA, now=MONDAY)
    with pytest.raises(NotAllowed):
        handler.fire(reference, "confirm_removal", CONFIRMED, actor=OLIVE, now=MONDAY)

    assert all_told(handler) == []


def test_every_live_placement_is_reviewed_by_its_commissioner_and_none_ends(handler: Handler) -> None:
    reference = proposed(handler, 40)
    confirm(handler, reference)
    hear_all(handler, machine_now=lambda: MONDAY)

    with handler.store.reading() as connection:
        case = load_case(connection, reference)
        assert case is not None
        reviews = [load_case(connection, one.reference) for one in case.children if one.kind == "placement_review"]
        last_days = connection.execute(select(placements.c.ends_on)).scalars().all()

    assert [review.fields["commissioner"] for review in reviews if review] == list(PLACED_BY)
    assert {review.state for review in reviews if review} == {"to_decide"}
    assert last_days == [None, None, None]
    assert len(all_told(handler, "placement_review/review_wanted")) == 3


def test_who_has_no_address_is_an_officers_task_that_says_how_to_reach_them(handler: Handler) -> None:
    reference = proposed(handler, 40)
    for name in ("Unreachable School", "Silent School"):
        a_school(handler, name=name, urn=None, phone="01632 960123")
    confirm(handler, reference)

    send_due(handler.store, MailboxTransport(), handler, lambda: A_MINUTE_LATER, lambda: MONDAY)

    assert [row.status for row in all_told(handler)].count("sent") == 40
    tasks = _not_reached(handler, reference)
    assert len(tasks) == 2
    assert all("Tell them otherwise: 01632 960123." in task.note for task in tasks)


def test_who_was_told_otherwise_is_no_task_any_more_and_the_others_are(handler: Handler) -> None:
    reference = proposed(handler, 40)
    silent = a_school(handler, name="Silent School", urn=None, phone="01632 960123")
    a_school(handler, name="Unreachable School", urn=None)
    confirm(handler, reference)
    send_due(handler.store, MailboxTransport(), handler, lambda: A_MINUTE_LATER, lambda: MONDAY)

    said = {"how_told": "By phone on 2 November, by Olive"}
    handler.fire(reference, "told_otherwise", said, actor=OLIVE, now=MONDAY, item=str(silent))

    assert [task.item for task in _not_reached(handler, reference)] == [str(silent + 1)]


def test_a_school_that_has_closed_is_not_told(handler: Handler) -> None:
    reference = proposed(handler, 40)
    with handler.store.writing() as connection:
        closed = commissioners.update().where(commissioners.c.name == "Invented School 007")
        connection.execute(closed.values(ended_on=MONDAY.date()))

    confirm(handler, reference)

    assert "office7@schools.example" not in {row.to_email for row in all_told(handler)}
    with handler.store.reading() as connection:
        query = select(func.count()).where(messages.c.notice == ALL_TOLD)
        assert connection.execute(query).scalar_one() == 39


def _not_reached(handler: Handler, reference: str) -> list[Any]:
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return [task for task in case.tasks if task.name == "not_reached"]
