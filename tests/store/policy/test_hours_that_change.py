"""The hours and the cost of a placement change from a day on: the law, reports and returns go by each day's own."""

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest

from apflow.core.errors import Blocked, Invalid
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.provision.provided import Provided
from apflow.provision.registration import Light
from apflow.records.door import change
from apflow.records.figures.provision import provided_between
from apflow.records.figures.returned import facts_between
from apflow.records.people.pupils import PUPIL, answers_of
from apflow.records.placements.places import PLACEMENT, answers_of_placement
from apflow.records.providers.lights import lights
from apflow.store.cases.loading import load_case
from apflow.store.records.commissioned import commissioned
from apflow.store.records.placements import placement
from apflow.store.records.pupils import pupil
from apflow.store.records.records import changes_of
from apflow.store.records.weekly import agreed_of
from apflow.testing import MONDAY, PAT, TODAY
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, changed, prepare, refer
from tests.records.council import a_placement, a_pupil, a_school, a_site, an_approved_provider, by

FIRST = TODAY + timedelta(days=7)
LATER = FIRST + timedelta(days=14)
LAST = FIRST + timedelta(days=27)


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def under_way(handler: Handler, school: Actor, *, said: Mapping[str, Any] | None = None, **planned: Any) -> str:
    """A placement whose induction is over; its reference."""
    _, site = a_listed_site(handler)
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip", **(said or {})), site)
    prepare(handler, reference, school, **planned)
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    inducted = {"inducted_on": TODAY.isoformat(), "given_by": "Pat", "health_and_safety": True, "who_to_tell": True}
    handler.fire(reference, "record_induction", inducted, actor=PAT, now=MONDAY)
    return reference


def change_by_hand(handler: Handler, number: int, **said: Any) -> bool:
    with handler.store.reading() as connection:
        row = placement(connection, number)
        assert row is not None
        since = agreed_of(connection, [row])[number].since
    answers = {name: one for name, one in answers_of_placement(row, since=since).items() if one is not None}
    return change(handler.store, PLACEMENT, number, row.version, {**answers, **said}, by(handler))


def provided(handler: Handler, first: date = FIRST, last: date = LAST) -> Provided:
    with handler.store.reading() as connection:
        (one,) = provided_between(connection, handler.library, first, last)
    return one


def returned(handler: Handler, on: date) -> tuple[Any, ...]:
    with handler.store.reading() as connection:
        (facts,) = facts_between(connection, handler.library, on, on)
    return tuple(facts[f"placement.{name}"] for name in ("hours", "sessions", "cost"))


def light_on(handler: Handler, day: date) -> Light:
    assert handler.library.registration is not None
    with handler.store.reading() as connection:
        (lit,) = lights(connection, handler.library.registration, day)
    return lit.assessment.light


def test_a_report_counts_the_hours_and_the_cost_of_each_day_as_they_were_then(handler: Handler, hill: Actor) -> None:
    reference = under_way(handler, hill, cost="200")

    answers = changed(sessions_from=LATER.isoformat(), hours=10, cost="300")
    handler.fire(reference, "change_hours", answers, actor=hill, now=MONDAY)

    one = provided(handler)
    assert (one.hours_provided, one.cost_provided) == (Decimal(15 * 2 + 10 * 2), Decimal(200 * 2 + 300 * 2))
    assert provided(handler, last=LATER - timedelta(days=1)).hours_provided == 30
    assert provided(handler, first=LATER).cost_provided == 600


def test_a_return_has_what_holds_on_its_day(handler: Handler, hill: Actor) -> None:
    reference = under_way(handler, hill, cost="200")

    answers = changed(sessions_from=LATER.isoformat(), hours=10, which_sessions=["monday am", "friday pm"], cost="300")
    handler.fire(reference, "change_hours", answers, actor=hill, now=MONDAY)

    assert returned(handler, LATER - timedelta(days=1)) == (15, 4, 200)
    assert returned(handler, LATER) == (10, 2, 300)


def test_what_another_event_keeps_of_the_placement_changes_none_of_its_hours(handler: Handler, hill: Actor) -> None:
    reference = under_way(handler, hill)
    handler.fire(reference, "change_hours", changed(sessions_from=LATER.isoformat(), hours=10), actor=hill, now=MONDAY)

    moved = {"sessions_from": FIRST.isoformat(), "setting": "dual_registered", "is_supervised": False}
    handler.fire(reference, "change_supervision", moved, actor=hill, now=MONDAY)

    assert [returned(handler, day)[0] for day in (FIRST, LATER)] == [15, 10]


def test_fewer_hours_count_for_the_registration_of_the_provider_from_their_day(handler: Handler) -> None:
    """Source: Education Act 1996, section 463: full-time education for one pupil in care, by the hours of the time."""
    a_school(handler)
    a_site(handler, an_approved_provider(handler))
    number = a_placement(handler, a_pupil(handler, true_of=["looked_after"]), "20")
    red = light_on(handler, TODAY)

    assert change_by_hand(handler, number, hours="10", sessions_from=LATER.isoformat())

    assert [light_on(handler, day) for day in (LATER - timedelta(days=1), LATER)] == [red, Light.GREEN]
    assert red is Light.RED


def test_more_hours_are_held_to_the_threshold_on_the_day_from_which_they_hold(handler: Handler, hill: Actor) -> None:
    reference = under_way(handler, hill, said={"true_of": ["ehcp"]}, hours=18)

    with pytest.raises(Blocked, match="would have to be registered"):
        handler.fire(
            reference, "change_hours", changed(sessions_from=LATER.isoformat(), hours=20), actor=hill, now=MONDAY
        )

    assert returned(handler, LATER)[0] == 18


def test_a_new_stay_is_held_against_hours_that_are_only_to_come(handler: Handler, hill: Actor) -> None:
    """For one pupil in care 9 hours beside 6 are not full-time; beside the 12 that were agreed for later they are."""
    reference = under_way(handler, hill, said={"true_of": ["looked_after"]}, hours=6, which_sessions=["monday am"])
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    second = refer(handler, hill, case.fields["pupil"], case.fields["site"])
    begins = (FIRST + timedelta(days=1)).isoformat()
    prepare(handler, second, hill, hours=9, which_sessions=["friday pm"], starts_on=begins)

    def agree_later(hours: int) -> None:
        answers = changed(sessions_from=LATER.isoformat(), hours=hours, which_sessions=["monday am"])
        handler.fire(reference, "change_hours", answers, actor=hill, now=MONDAY)

    agree_later(12)
    with pytest.raises(Blocked, match="would have to be registered"):
        handler.fire(second, "start_placement", {}, actor=hill, now=MONDAY)
    agree_later(7)
    handler.fire(second, "start_placement", {}, actor=hill, now=MONDAY)


def test_by_hand_a_mistake_is_put_right_and_a_change_holds_from_its_own_day(handler: Handler) -> None:
    a_school(handler)
    a_site(handler, an_approved_provider(handler))
    number = a_placement(handler, a_pupil(handler), "15")

    assert change_by_hand(handler, number, hours="14")
    assert [returned(handler, day)[0] for day in (TODAY, LATER)] == [14, 14]
    assert change_by_hand(handler, number, hours="6", sessions_from=LATER.isoformat())
    assert change_by_hand(handler, number, hours="7")
    assert [returned(handler, day)[0] for day in (TODAY, LATER)] == [14, 7]
    assert not change_by_hand(handler, number, hours="7", sessions_from=LATER.isoformat()), "nothing differs"
    assert change_by_hand(handler, number, sessions_from=FIRST.isoformat())
    assert [returned(handler, day)[0] for day in (TODAY, FIRST)] == [14, 7]

    with handler.store.reading() as connection:
        moved, _, came, _ = changes_of(connection, "placement", number, limit=4)
    assert moved.fields == {"sessions_from": [LATER.isoformat(), FIRST.isoformat()]}
    assert came.fields["minutes"] == [14 * 60, 6 * 60]
    assert came.fields["sessions_from"] == [None, LATER.isoformat()]


def test_a_new_placement_by_hand_has_its_hours_from_the_first_day(handler: Handler) -> None:
    a_school(handler)
    a_site(handler, an_approved_provider(handler))

    with pytest.raises(Invalid) as refusal:
        a_placement(handler, a_pupil(handler), "15", sessions_from=LATER.isoformat())

    assert "they hold from the first day" in refusal.value.errors["sessions_from"]


def test_whoever_is_told_of_what_is_placed_there_reads_the_hours_of_the_day(handler: Handler) -> None:
    a_school(handler)
    case = an_approved_provider(handler)
    a_site(handler, case)
    number = a_placement(handler, a_pupil(handler), "15")
    change_by_hand(handler, number, hours="6", sessions_from=LATER.isoformat())

    with handler.store.reading() as connection:
        reference = connection.exec_driver_sql(f"SELECT reference FROM cases WHERE id = {case}").scalar_one()
        said = [commissioned(connection, reference, day).drawn() for day in (TODAY, LATER)]

    assert [one["hours"] for each in said for one in each["live_placements"].values()] == ["15 hours", "6 hours"]


def test_whoever_is_over_the_threshold_by_now_can_go_below_it_from_a_later_day(handler: Handler, hill: Actor) -> None:
    """A pupil comes into care meanwhile: what has been so since then is no reason to refuse that it ends."""
    reference = under_way(handler, hill, hours=20)
    with handler.store.reading() as connection:
        number = connection.exec_driver_sql("SELECT id FROM pupils").scalar_one()
        row = pupil(connection, number)
    assert row is not None
    change(
        handler.store,
        PUPIL,
        number,
        row.version,
        {**answers_of(row, MONDAY.date()), "true_of": ["looked_after"]},
        by(handler),
    )

    for hours in (21, 20):
        with pytest.raises(Blocked, match="would have to be registered"):
            handler.fire(
                reference, "change_hours", changed(sessions_from=LATER.isoformat(), hours=hours), actor=hill, now=MONDAY
            )
    handler.fire(reference, "change_hours", changed(sessions_from=LATER.isoformat(), hours=10), actor=hill, now=MONDAY)

    moved = {"sessions_from": FIRST.isoformat(), "setting": "dual_registered", "is_supervised": False}
    handler.fire(reference, "change_supervision", moved, actor=hill, now=MONDAY)
    assert [returned(handler, day)[0] for day in (FIRST, LATER)] == [20, 10]
