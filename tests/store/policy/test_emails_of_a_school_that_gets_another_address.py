"""What is written once a school gets another address, what waited for whoever was written to, and what had gone."""

import pytest
from sqlalchemy import select, update

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.rounds.undelivered import tell_officers
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, PAT
from tests.handing import NORA, SALLY, case, change_school, running, sent, written
from tests.placing import a_listed_site, a_school_with_an_account


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
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    with store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))
    tells = {"matter": "He said that he was hit at home.", "in_short": "A bruise"}
    handler.fire(placement, "safeguarding_matter", tells, actor=PAT, now=MONDAY)
    change_school(handler, None)
    tell_officers(store, handler, MONDAY)

    assert "mail_stopped" in {task.name for task in case(handler, placement).tasks}


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
