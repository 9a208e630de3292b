"""A placement that is started after its first day as agreed begins on the day that whoever starts it says."""

from datetime import date, timedelta

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked, Invalid
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.outbox import messages_of
from apflow.store.tables.pupils import placements
from apflow.testing import MONDAY, a_handler, add_people
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, plan, prepare, refer

AGREED = plan()["starts_on"]  # A week after Monday.
TWO_WEEKS_LATER = MONDAY + timedelta(weeks=3)


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def school(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


@pytest.fixture
def reference(handler: Handler, school: Actor) -> str:
    """Prepared and signed, and nobody has started it."""
    _, site = a_listed_site(handler)
    found = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, found, school)
    return found


def start(handler: Handler, reference: str, school: Actor, **said: str) -> None:
    handler.fire(reference, "start_placement", said, actor=school, now=TWO_WEEKS_LATER)


def first_day_on_record(handler: Handler) -> str:
    with handler.store.reading() as connection:
        return str(connection.execute(select(placements.c.starts_on)).scalar_one())


def test_it_is_asked_on_which_day_the_pupil_began(handler: Handler, reference: str, school: Actor) -> None:
    with pytest.raises(Invalid) as refusal:
        start(handler, reference, school)

    assert "has passed" in refusal.value.errors["starts_on"]


@pytest.mark.parametrize("first_day", [AGREED, TWO_WEEKS_LATER.date().isoformat(), "2026-11-25"])
def test_the_placement_is_on_record_from_that_day_and_everybody_is_told_it(
    handler: Handler, reference: str, school: Actor, first_day: str
) -> None:
    start(handler, reference, school, starts_on=first_day)

    assert first_day_on_record(handler) == first_day
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
        told = [row.text for row in messages_of(connection, reference) if row.notice == "placement/starts_with_you"]
    assert case is not None
    assert case.fields["starts_on"] == first_day
    assert f"Its first day is {date.fromisoformat(first_day):%A %-d %B %Y}" in told[0]


def test_a_day_after_the_first_review_needs_the_plan_anew(handler: Handler, reference: str, school: Actor) -> None:
    with pytest.raises(Blocked) as refusal:
        start(handler, reference, school, starts_on="2026-12-14")

    assert any("after the day of the next review" in reason for reason in refusal.value.reasons)


def test_a_day_before_the_one_that_was_agreed_is_refused(handler: Handler, reference: str, school: Actor) -> None:
    with pytest.raises(Blocked) as refusal:
        start(handler, reference, school, starts_on="2025-11-09")

    assert any("before the first day that was agreed" in reason for reason in refusal.value.reasons)


def test_on_the_day_that_was_agreed_and_before_it_nothing_is_asked(
    handler: Handler, reference: str, school: Actor
) -> None:
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY + timedelta(weeks=1))

    assert first_day_on_record(handler) == AGREED
