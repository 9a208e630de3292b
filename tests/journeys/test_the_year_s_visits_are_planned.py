"""The year's routine visits are planned on one page and spread; each becomes a case in time to arrange it."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest

from apflow.testing import EMAILS, OLIVE, bring_to
from tests.journeys.live import Live
from tests.journeys.people import Person
from tests.journeys.steps import open_the_case, subjects
from tests.quality import case, newest

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
NAMES = ("Made Up Farm", "Made Up Forge", "Made Up Kitchen", "Made Up Theatre")


def test_the_year_s_visits_are_planned(live: Live, arrive: Arrive) -> None:
    approved = live.site.now() - timedelta(days=300)
    providers = [bring_to(live.site.handler, "approved", now=approved, organisation=name) for name in NAMES]
    live.settle()
    olive = arrive(OLIVE.name, EMAILS[OLIVE])

    she_sees_whose_turn_it_is(olive)
    she_takes_the_plan_on_but_for_one(olive, NAMES[3])
    they_are_spread_over_the_year(live, providers[:3])
    the_first_is_announced_and_becomes_a_case(live, olive, providers)


def she_sees_whose_turn_it_is(olive: Person) -> None:
    olive.signs_in()
    olive.follows("Visits")
    olive.is_at("Routine visits")
    olive.sees("4 to plan", *NAMES, "None since approval", "Week proposed")


def she_takes_the_plan_on_but_for_one(olive: Person, left_out: str) -> None:
    olive.page.get_by_role("checkbox", name=left_out).uncheck()
    olive.presses("Plan these visits")
    olive.is_told("3 routine visits are planned")
    olive.sees("1 to plan", "3 planned or under way")


def they_are_spread_over_the_year(live: Live, providers: list[str]) -> None:
    days = [date.fromisoformat(case(live.site.handler, one).fields["routine_by"]) for one in providers]
    assert len({day.replace(day=1) for day in days}) == 3
    assert all(live.site.library.calendar.school.is_school_day(day) for day in days)


def the_first_is_announced_and_becomes_a_case(live: Live, olive: Person, providers: list[str]) -> None:
    planned = [one for one in providers if "routine_from" in case(live.site.handler, one).fields]
    last = max(planned, key=lambda one: case(live.site.handler, one).fields["routine_from"])
    title, start = case(live.site.handler, last).fields["organisation"], case(live.site.handler, last).fields
    live.pass_to(live.site.now() + (date.fromisoformat(start["routine_from"]) - live.site.now().date()))
    live.pass_days(1)
    assert any(f"A routine visit should soon be arranged: {title}" in one for one in subjects(olive.mail()))
    visit = newest(live.site.handler, last, "visit")
    olive.opens("/work")
    olive.sees("Arrange the visit")
    open_the_case(olive, visit)
    olive.sees("A routine visit", "To arrange", "The visit should be made")
