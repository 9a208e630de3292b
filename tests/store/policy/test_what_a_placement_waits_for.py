"""What a referral and a start wait for at the provider and at home: each as its own refusal, on the days around it."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT
from tests.placing import (
    CHECKED,
    DESCRIBED,
    REFERRAL,
    a_listed_site,
    a_pupil_of,
    a_school_with_an_account,
    prepare,
    refer,
)

PAPERS = "A required document of the provider has run out or is missing"
PAPERS_HAVE_RUN_OUT = MONDAY + timedelta(days=500)
INDUCTED = {"given_by": "Pat", "health_and_safety": True, "who_to_tell": True}
NOTICE = {"says_where": True, "says_why": True, "says_when": True}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


@pytest.fixture
def pip(handler: Handler, hill: Actor) -> int:
    return a_pupil_of(handler, "Hill School", "Pip")


def test_nobody_is_referred_where_a_required_paper_has_run_out(handler: Handler, hill: Actor, pip: int) -> None:
    """Source: guidance, Key checks that commissioners must carry out prior to placement."""
    _, site = a_listed_site(handler)
    answers = {**REFERRAL, "pupil": pip, "site": site}
    reference = handler.open_case("placement", "refer_a_pupil", answers, actor=hill, now=MONDAY).reference
    handler.fire(reference, "describe", DESCRIBED, actor=hill, now=MONDAY)
    handler.fire(reference, "confirm_checks", CHECKED, actor=hill, now=MONDAY)

    with pytest.raises(Blocked, match=PAPERS):
        handler.fire(reference, "refer", {}, actor=hill, now=PAPERS_HAVE_RUN_OUT)
    handler.fire(reference, "refer", {}, actor=hill, now=MONDAY)


def test_nobody_starts_where_a_required_paper_has_run_out(handler: Handler, hill: Actor, pip: int) -> None:
    """Source: guidance, Key checks that commissioners must carry out prior to placement."""
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, pip, site)
    prepare(handler, reference, hill)

    with pytest.raises(Blocked, match=PAPERS):
        handler.fire(reference, "start_placement", {}, actor=hill, now=PAPERS_HAVE_RUN_OUT)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)


def test_the_council_is_not_asked_for_sessions_that_the_plan_has_brought(
    handler: Handler, hill: Actor, pip: int
) -> None:
    """Source: guidance: a clear plan around reporting and oversight of daily attendance."""
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, pip, site)
    prepare(handler, reference, hill)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)

    with handler.store.reading() as connection:
        query = select(messages.c.text, messages.c.html).where(messages.c.notice == "placement/starts_staff")
        told = connection.execute(query).one()
    for body in told:
        assert "marked from the first day on" in body
        assert "Put its sessions" not in body


@pytest.mark.parametrize(("days", "is_in_time"), [(1, False), (2, True)])
def test_notice_of_a_direction_is_in_time_two_school_days_before(
    handler: Handler, hill: Actor, pip: int, *, days: int, is_in_time: bool
) -> None:
    """Source: SI 2010/1156: no later than two school days before the direction begins."""
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, pip, site, kind="directed")
    prepare(handler, reference, hill, starts_on=day(MONDAY, days))
    handler.fire(reference, "give_notice", {"notice_on": day(MONDAY), **NOTICE}, actor=hill, now=MONDAY)

    if is_in_time:
        handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    else:
        with pytest.raises(Blocked, match="at least two school days before the first day"):
            handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)


@pytest.mark.parametrize(
    ("role", "event", "refused"),
    [
        ("officer", "parents_ask", "You can still call one"),
        ("parent", "ask_for_review", "You can still give your view"),
    ],
)
def test_parents_cannot_require_a_review_within_ten_weeks_of_one(
    handler: Handler, hill: Actor, pip: int, *, role: str, event: str, refused: str
) -> None:
    """Source: SI 2010/1156 as amended by SI 2012/2532: unless one took place in the previous ten weeks."""
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, pip, site)
    prepare(handler, reference, hill)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    handler.fire(reference, "record_induction", {"inducted_on": day(MONDAY), **INDUCTED}, actor=PAT, now=MONDAY)
    parent = {"parent_name": "Bea Sparrow", "relation": "mother", "responsible": True}
    parent |= {"parent_email": "bea@home.example", "is_safe": True}
    handler.fire(reference, "write_by_email", parent, actor=hill, now=MONDAY)
    handler.fire(reference, "call_review_now", {}, actor=hill, now=MONDAY)
    review: dict[str, Any] = dict.fromkeys(("found", "pupil_says", "parents_say"), "Well.")
    review |= {"reviewed_on": day(MONDAY), "next_report_on": day(MONDAY, 21), "first_review_on": day(MONDAY, 35)}
    handler.fire(reference, "continue_it", review, actor=hill, now=MONDAY)
    asks = OLIVE if role == "officer" else Actor(None, "Bea Sparrow", frozenset({"parent"}), by_link=(reference, "1"))

    said = {} if role == "officer" else {"who_says": "Mother"}
    with pytest.raises(Blocked, match=refused):
        handler.fire(reference, event, said, actor=asks, now=MONDAY + timedelta(weeks=10))
    handler.fire(reference, event, said, actor=asks, now=MONDAY + timedelta(weeks=10, days=1))


def day(now: datetime, later: int = 0) -> str:
    return (date(now.year, now.month, now.day) + timedelta(days=later)).isoformat()
