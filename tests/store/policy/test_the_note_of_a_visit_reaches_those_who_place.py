"""The note of a visit reaches those who have pupils there, once the provider has answered and if an officer says so."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, PAT, a_handler, add_people
from tests.quality import a_visit_made, do, newest
from tests.removal import a_provider_with_pupils, a_register

SENT = "visit/note_to_commissioners"
NOTE: dict[str, Any] = {"note": "Lessons were lively.", "no_surprise": True, "to_raise": "Look at references again."}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    a_register(handler, 3)
    return a_provider_with_pupils(handler, "Hill School")


def sent(handler: Handler) -> list[tuple[str, str]]:
    with handler.store.reading() as connection:
        rows = connection.execute(select(messages).where(messages.c.notice == SENT).order_by(messages.c.id)).all()
    return [(row.to_email, f"{row.subject} {row.text} {row.html}") for row in rows]


def answered(handler: Handler, visit: str) -> None:
    do(handler, visit, "circulate", now=MONDAY, **NOTE)
    do(handler, visit, "acknowledge", PAT, now=MONDAY, comment="The reference came.")


def test_those_with_pupils_there_have_what_was_found_and_what_the_provider_says_of_it(
    handler: Handler, provider: str
) -> None:
    visit = a_visit_made(handler, provider, MONDAY)
    answered(handler, visit)
    assert sent(handler) == [], "the provider reads it first"
    do(handler, visit, "file_and_send", now=MONDAY, retention="six_years")
    ((email, said),) = sent(handler)
    assert email == "office1@schools.example"
    assert "Lessons were lively." in said
    assert "The reference came." in said
    assert "Look at references again." not in said, "that is for the team"
    assert f"/cases/{visit}" not in said, "they have no part in the case"


def test_an_officer_can_file_it_for_the_provider_alone_and_send_it_later(handler: Handler, provider: str) -> None:
    visit = a_visit_made(handler, provider, MONDAY)
    answered(handler, visit)
    do(handler, visit, "file_note", now=MONDAY, retention="six_years")
    assert sent(handler) == []
    do(handler, visit, "send_note", now=MONDAY + timedelta(days=1))
    assert [email for email, _ in sent(handler)] == ["office1@schools.example"]


def test_the_note_of_a_spot_check_about_safeguarding_is_sent_to_nobody_else(handler: Handler, provider: str) -> None:
    today = MONDAY.date().isoformat()
    told: dict[str, Any] = {"what_happened": "A door was locked.", "told_by": "school", "how_told": "By telephone"}
    do(handler, provider, "log_concern_here", now=MONDAY, **told)
    hear_all(handler, machine_now=lambda: MONDAY)
    concern = newest(handler, provider, "concern")
    about: dict[str, Any] = {"category": "safeguarding", "organisation": "Made Up Farm", "in_care": False}
    do(handler, concern, "triage_safeguarding", now=MONDAY, **about)
    do(handler, concern, "record_lado", now=MONDAY, lado_contacted_on=today, lado_advice="Go on.")
    do(handler, concern, "begin_spot_check", now=MONDAY, visit_by=today)
    hear_all(handler, machine_now=lambda: MONDAY)
    visit = newest(handler, concern, "spot_check")
    settled: dict[str, Any] = {"answered_on": today, "answer": "She comes along."}
    do(handler, visit, "settle", now=MONDAY, item="lado_support", **settled)
    meeting: dict[str, Any] = {
        "visit_on": today,
        "visit_time": "10:30",
        "visit_place": "The farm",
        "visitors": "Olive Officer",
    }
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting)
    do(handler, visit, "took_place", now=MONDAY, visited_on=today, visitors="Olive Officer")
    for key, item in handler.library.catalogues["visit_checklist"].items.items():
        if item.required:
            do(handler, visit, "find_in_order", now=MONDAY, item=key)
    answered(handler, visit)
    with pytest.raises(Blocked, match="as the LADO advises"):
        do(handler, visit, "file_and_send", now=MONDAY, retention="six_years")
    do(handler, visit, "file_note", now=MONDAY, retention="six_years")
    with pytest.raises(Blocked, match="as the LADO advises"):
        do(handler, visit, "send_note", now=MONDAY)
    assert sent(handler) == []
