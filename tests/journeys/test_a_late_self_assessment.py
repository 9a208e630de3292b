"""A self-assessment that does not come: provider, officer and manager hear of it in turn, and at last it is closed."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.testing import EMAILS, MAGDA, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.quality_steps import a_provider_a_year_on, newest
from tests.journeys.steps import open_the_case, subjects

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]


def test_a_late_self_assessment(live: Live, arrive: Arrive) -> None:
    provider = a_provider_a_year_on(live)
    assessment = newest(live, provider, "self_assessment")
    olive, magda, pat = (arrive(one.name, EMAILS[one]) for one in (OLIVE, MAGDA, PAT))

    it_is_asked_for_three_times(live, pat)
    the_officer_hears_that_it_is_late_and_gives_no_more_time(live, olive, assessment)
    a_manager_hears_when_it_is_much_too_late(live, magda, pat, assessment)
    it_is_closed_before_the_next_and_the_manager_decides(live, magda, pat, provider, assessment)
    the_next_one_opens_all_the_same(live, provider, assessment)


def it_is_asked_for_three_times(live: Live, pat: Person) -> None:
    live.pass_days(45)
    reminders = [one for one in subjects(pat.mail()) if one.startswith("Your annual self-assessment is due")]
    assert [one.removeprefix("Your annual self-assessment is due ") for one in reminders] == [
        "in 15 working days",
        "in 5 working days",
        "in 1 working day",
    ]


def the_officer_hears_that_it_is_late_and_gives_no_more_time(live: Live, olive: Person, assessment: str) -> None:
    assert any("Overdue: the self-assessment should be handed in" in one for one in subjects(olive.mail()))
    olive.signs_in()
    open_the_case(olive, assessment)
    olive.sees("Overdue: the self-assessment should be handed in", "What you did about it")
    olive.opens(f"/cases/{assessment}/do/allow_more_time")
    olive.is_at("not yet")


def a_manager_hears_when_it_is_much_too_late(live: Live, magda: Person, pat: Person, assessment: str) -> None:
    late = [one for one in pat.mail() if "Your annual self-assessment is late" in one["Subject"]]
    assert "a manager is told" in text_of(late[0])
    live.pass_days(15)
    assert any("Overdue: the self-assessment should have been handed in" in one for one in subjects(magda.mail()))
    magda.signs_in()
    magda.opens("/work")
    magda.sees("Overdue: the self-assessment should have been handed in")
    open_the_case(magda, assessment)
    magda.sees("With the provider", "Overdue: the self-assessment should have been handed in")


def it_is_closed_before_the_next_and_the_manager_decides(
    live: Live, magda: Person, pat: Person, provider: str, assessment: str
) -> None:
    live.pass_to(live.site.now() + timedelta(days=285))
    letter = [one for one in pat.mail() if "self-assessment is closed unfinished" in one["Subject"]]
    assert "A manager decides what follows" in text_of(letter[-1])
    open_the_case(magda, assessment)
    magda.sees("Closed unfinished, before the next")
    open_the_case(magda, provider)
    magda.sees("Decide what follows when no self-assessment came all year", "Quality assurance review")


def the_next_one_opens_all_the_same(live: Live, provider: str, assessment: str) -> None:
    live.pass_to(live.site.now() + timedelta(days=30))
    assert newest(live, provider, "self_assessment") != assessment
