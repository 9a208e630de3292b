"""What people do in the stories of a year of quality assurance."""

from datetime import datetime, timedelta

from apflow.store.cases.loading import load_case
from apflow.testing import OLIVE, PAT, bring_to
from tests import quality
from tests.journeys.live import Live
from tests.journeys.people import Person
from tests.journeys.steps import do_to, in_days, open_the_case, open_the_linked, today

IN_PLACE = "In place and working"


def a_provider_a_year_on(live: Live) -> str:
    """PAT's, on the list for a year and a day; its reference."""
    reference = bring_to(live.site.handler, "approved", now=live.site.now())
    live.pass_to(live.site.now() + timedelta(days=366))
    return reference


def newest(live: Live, provider: str, kind: str) -> str:
    live.settle()
    with live.site.store.reading() as connection:
        case = load_case(connection, provider)
    assert case is not None
    return [child.reference for child in case.children if child.kind == kind][-1]


def answers(provider: Person, question: str, judgement: str, words: str, *, mended: str = "") -> None:
    """One question of the self-assessment that is open in front of them; `mended` after the first is refused."""
    do_to(provider, "Answer or change this", question)
    provider.chooses(judgement)
    provider.types("Your answer", words)
    provider.presses("Answer or change this")
    if mended:
        provider.is_asked_to_mend("take out what looks like a pupil's number")
        provider.types("Your answer", mended)
        provider.presses("Answer or change this")
    provider.is_told("Your answer is kept")


def the_rest_is_answered(live: Live, assessment: str, *, but: str = "") -> None:
    """All questions but those answered so far, without a browser."""
    questions = live.site.library.catalogues["self_assessment_questions"].items
    done = quality.case(live.site.handler, assessment).items.get("answers", {})
    for key, item in questions.items():
        standing = done.get(key)
        if item.required and key != but and (standing is None or standing.status != "answered"):
            said = {"judgement": "in_place", "answer": f"In order: {item.label.lower()}."}
            quality.do(live.site.handler, assessment, "answer", PAT, now=live.site.now(), item=key, **said)
    live.settle()


def a_reviewed_self_assessment(live: Live) -> tuple[str, datetime]:
    """PAT's provider with this year's self-assessment reviewed; and when that was."""
    provider, now = a_provider_a_year_on(live), live.site.now()
    quality.reviewed(live.site.handler, provider, now=now)
    live.settle()
    return provider, now


def hands_it_in(provider: Person) -> None:
    provider.presses("Hand it in")
    provider.ticks("Everything here is true and complete to the best of my knowledge")
    provider.presses("Continue")
    provider.is_at("Check your answers")
    provider.presses("Hand it in")
    provider.is_told("We have your self-assessment")


def makes_a_visit(officer: Person, provider: str) -> None:
    """A routine visit is planned, arranged for today and made; its page stays open."""
    open_the_case(officer, provider)
    officer.presses("Plan a visit")
    officer.chooses("A routine visit")
    officer.dates("By when should the visit be made?", in_days(officer, 10))
    officer.presses("Plan a visit")
    officer.is_told("The visit is planned")
    open_the_linked(officer, "To arrange")
    officer.presses("Arrange the visit")
    officer.dates("Date of the visit", today(officer))
    officer.types("Time of the visit", "10:30")
    officer.types("Where the visit takes place", "The farm, Made Up Lane")
    officer.ticks(OLIVE.name)
    officer.presses("Arrange the visit")
    officer.is_told("The visit is arranged")
    officer.presses("The visit took place")
    officer.dates("Date you visited", today(officer))
    officer.presses("The visit took place")
    officer.is_told("Go through the checklist next")
