"""The yearly review: it waits for the visit, brings all together, opens an action plan and tells the provider."""

from collections.abc import Callable

import pytest

from apflow.testing import EMAILS, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.quality_steps import a_reviewed_self_assessment, newest
from tests.journeys.steps import do_to, it_is_blocked, open_the_case, open_the_linked
from tests.quality import a_filed_visit, case

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
POINTS = (
    "The self-assessment",
    "What the visit confirmed, and what it did not",
    "Concerns and action plans of the year",
    "Value for money",
    "Financial sustainability",
)


def test_a_review_opens_an_action_plan(live: Live, arrive: Arrive) -> None:
    provider, _ = a_reviewed_self_assessment(live)
    review = newest(live, provider, "quality_review")
    olive, pat = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(PAT.name, EMAILS[PAT])

    it_began_by_itself_and_waits_for_the_visit(olive, review)
    the_visit_is_filed_and_it_goes_on(live, olive, provider, review)
    every_point_is_judged(olive, review)
    it_takes_an_action_plan(olive, review)
    the_provider_is_told_the_findings(olive, pat, review)


def it_began_by_itself_and_waits_for_the_visit(olive: Person, review: str) -> None:
    olive.signs_in()
    open_the_case(olive, review)
    olive.sees("Waiting for the visit that validates the self-assessment", "Beside this case")
    olive.unfolds("What it says")
    olive.sees("All is well.")
    it_is_blocked_before(olive, review)


def it_is_blocked_before(olive: Person, review: str) -> None:
    olive.opens(f"/cases/{review}/do/conclude")
    olive.is_at("this cannot be done now")


def the_visit_is_filed_and_it_goes_on(live: Live, olive: Person, provider: str, review: str) -> None:
    visit = a_filed_visit(live.site.handler, provider, now=live.site.now())
    live.settle()
    assert case(live.site.handler, visit).state == "filed"
    olive.opens("/work")
    olive.sees("Conclude the quality assurance review")
    open_the_case(olive, review)
    olive.sees("To conclude", visit)


def every_point_is_judged(olive: Person, review: str) -> None:
    it_is_blocked(olive, review, "conclude", "Judge these first")
    open_the_case(olive, review)
    for point in POINTS:
        do_to(olive, "Sound", point)
        olive.types("What shows it?", "As it should be.")
        olive.presses("Sound")
        olive.is_told("Noted, sound")
    do_to(olive, "To improve", "Outcomes for children and young people")
    olive.types("What is wanting, and what shows it?", "Nobody tracks progress in maths.")
    olive.presses("To improve")
    olive.is_told("Noted, to improve")


def it_takes_an_action_plan(olive: Person, review: str) -> None:
    conclude(olive, review)
    olive.is_asked_to_mend("Begin the action plan first")
    open_the_case(olive, review)
    olive.presses("Begin an action plan")
    olive.types("What must change, and why, in words for the provider", "Progress in maths must be tracked.")
    olive.presses("Begin an action plan")
    olive.is_told("An action plan is begun")
    open_the_linked(olive, "Action plan")
    olive.sees("Being written", "Progress in maths must be tracked.")


def conclude(olive: Person, review: str) -> None:
    olive.opens(f"/cases/{review}/do/conclude")
    olive.chooses("Quality falls short: an action plan is needed")
    draft = olive.page.get_by_label("Findings, in words for the provider", exact=True).input_value()
    assert "Outcomes for children and young people: to improve. Nobody tracks progress in maths." in draft
    olive.types("What happens next, in words for the provider (optional)", "We agree an action plan with you.")
    olive.types("Anything for the team only (optional)", "Talk to the SEND service.")
    olive.ticks("Nothing in these findings will be a surprise to the provider")
    olive.presses("Continue")


def the_provider_is_told_the_findings(olive: Person, pat: Person, review: str) -> None:
    conclude(olive, review)
    olive.is_at("Check your answers")
    olive.presses("Conclude, and tell the provider")
    olive.is_told("The review is concluded")
    letter = pat.reads("Our yearly review of your quality")
    said = text_of(letter)
    assert "Nobody tracks progress in maths." in said
    assert "We agree an action plan with you." in said
    assert "SEND service" not in said
    pat.follows_the_link_in(letter)
    pat.presses("Continue")
    pat.is_at("Our yearly review of your quality")
    pat.sees("Nobody tracks progress in maths.")
    pat.sees_no("SEND service", "Quality falls short")
