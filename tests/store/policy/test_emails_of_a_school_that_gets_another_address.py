"""What is written once a school gets another address, what waited for whoever was written to, and what had gone."""

from typing import Any

import pytest
from sqlalchemy import Row, select, update

from apflow.core.errors import Blocked, NotOpen
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.letters import To, Writing
from apflow.rounds.undelivered import tell_officers
from apflow.store.driver.engine import Store
from apflow.store.people.sign_in import queue_letter
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT
from tests.handing import NORA, SALLY, case, change_school, running, sent, written
from tests.placing import a_listed_site, a_school_with_an_account

PAT_AT_THE_FARM = "pat@made-up-farm.example"


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", SALLY)


def test_what_comes_after_is_written_to_the_new_one(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    change_school(handler)
    tells = {"matter": "He said that he was hit at home.", "in_short": "A bruise"}
    handler.fire(placement, "safeguarding_matter", tells, actor=PAT, now=MONDAY)

    assert written(store, "placement/read_today")[-2:] == [NORA, "pat@made-up-farm.example"]


def test_an_email_that_waits_for_the_one_before_is_written_to_the_new_one_instead(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    tells = {"matter": "He said that he was hit at home.", "in_short": "A bruise"}
    handler.fire(placement, "safeguarding_matter", tells, actor=PAT, now=MONDAY)
    change_school(handler)

    rows = sent(store, "placement/read_today")
    assert [(row.to_email, row.status) for row in rows if row.to_email != "pat@made-up-farm.example"] == [
        (SALLY, "failed"),
        (NORA, "queued"),
    ]
    assert not [row for row in rows if row.to_email == SALLY and row.alerted_at is None]
    assert "/continue/" in rows[-1].text


def test_an_email_that_has_gone_is_not_written_again(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    running(handler, hill, site)
    with store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))
    before = len(sent(store, "placement/%"))
    change_school(handler)

    assert len(sent(store, "placement/%")) == before


def test_where_nobody_is_written_to_any_more_what_waits_is_an_officers_to_tell_otherwise(
    store: Store, handler: Handler, hill: Actor
) -> None:
    placement, _ = stopped_for_nobody(store, handler, hill)

    assert "mail_stopped" in {task.name for task in case(handler, placement).tasks}


def test_what_waited_while_nobody_was_written_to_can_be_sent_to_whoever_is_later(
    store: Store, handler: Handler, hill: Actor
) -> None:
    placement, stopped = stopped_for_nobody(store, handler, hill)
    with pytest.raises(Blocked, match="writes to nobody in their place"):
        handler.send_again(placement, stopped.id, actor=OLIVE, now=MONDAY)
    change_school(handler)
    handler.send_again(placement, stopped.id, actor=OLIVE, now=MONDAY)

    old, new = (row for row in sent(store, "placement/read_today") if row.to_email != PAT_AT_THE_FARM)
    assert (old.to_email, old.status, old.error) == (SALLY, "failed", "Sent again by Olive Officer.")
    assert (new.to_email, new.to_name, new.status) == (NORA, "Nora New", "queued")
    assert "mail_stopped" not in {task.name for task in case(handler, placement).tasks}
    with pytest.raises(NotOpen):
        handler.send_again(placement, old.id, actor=OLIVE, now=MONDAY)


def test_what_was_written_to_the_new_one_can_be_sent_again_as_often_as_it_fails(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    tells = {"matter": "He said that he was hit at home.", "in_short": "A bruise"}
    handler.fire(placement, "safeguarding_matter", tells, actor=PAT, now=MONDAY)
    change_school(handler)
    for _ in range(2):
        newest = sent(store, "placement/read_today")[-1]
        with store.writing() as connection:
            gone_wrong = {"status": "failed", "error": "550 No such user"}
            connection.execute(update(messages).where(messages.c.id == newest.id).values(gone_wrong))
        handler.send_again(placement, newest.id, actor=OLIVE, now=MONDAY)

    last = sent(store, "placement/read_today")[-1]
    assert (last.to_email, last.status) == (NORA, "queued")
    assert written(store, "placement/read_today").count(NORA) == 3


def stopped_for_nobody(store: Store, handler: Handler, hill: Actor) -> tuple[str, Row[Any]]:
    """A placement, and its e-mail to the school that nobody was written to any more."""
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    with store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))
    tells = {"matter": "He said that he was hit at home.", "in_short": "A bruise"}
    handler.fire(placement, "safeguarding_matter", tells, actor=PAT, now=MONDAY)
    change_school(handler, None)
    tell_officers(store, handler, MONDAY)
    return placement, next(row for row in sent(store, "placement/read_today") if row.to_email == SALLY)


def test_the_new_one_is_told_how_much_is_theirs_and_of_no_child(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    running(handler, hill, site)
    running(handler, hill, site, "Bea")
    change_school(handler)

    with store.reading() as connection:
        letter = connection.execute(select(messages).where(messages.c.notice == "commissioners/now_yours")).one()
    assert (letter.to_email, letter.to_name, letter.error) == (NORA, "Nora New", None)
    for body in (letter.text, letter.html):
        assert "2 cases of it are yours from now on" in body
        assert "Sparrow" not in body
    assert SALLY not in {letter.to_email}


@pytest.mark.parametrize(("email", "went"), [(NORA, (NORA, "queued")), (None, (SALLY, "failed"))])
def test_a_letter_about_attendance_that_waits_goes_to_the_new_one(
    store: Store, handler: Handler, hill: Actor, email: str | None, went: tuple[str, str]
) -> None:
    provider, _ = a_listed_site(handler)
    letter_about_attendance(handler, provider, "/attendance/schools/1")
    letter_about_attendance(handler, provider, "/attendance/schools/12")
    change_school(handler, email)
    tell_officers(store, handler, MONDAY)

    theirs, of_another = sent(store, "attendance/missing")
    assert (theirs.to_email, theirs.status) == went
    assert (of_another.to_email, of_another.status) == (SALLY, "queued")
    told = {task.name for task in case(handler, provider).tasks}
    assert ("mail_stopped" in told) is (email is None)


def letter_about_attendance(handler: Handler, provider: str, page: str) -> None:
    writing = Writing(handler.letters, handler.library.council, MONDAY)
    letter = writing.letter("missing", To("Hill School", SALLY), page)
    with handler.store.writing() as connection:
        queue_letter(connection, {**letter, "case_id": case(handler, provider).id})
