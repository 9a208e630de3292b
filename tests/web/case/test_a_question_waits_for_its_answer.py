"""A provider's questions about a referral: the school finds each at home and answers it by itself."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import PAT
from apflow.web.site import Site
from tests.placing import Between, a_listed_site, a_prepared_placement, a_pupil_of, a_school_with_an_account, refer
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
BUS, LUNCH = "Which bus does the pupil take?", "Does the pupil eat with others?"
WAITING = "Waiting for Made Up Farm"


@pytest.fixture
def referral(site: Site) -> Between:
    """A referral that the provider considers, with nothing asked yet."""
    _, place = a_listed_site(site.handler)
    hill = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    return Between(site, refer(site.handler, hill, pupil, place), hill, pupil)


def is_awaited(referral: Between) -> bool:
    """Whether the time to answer runs."""
    deadline = referral.case().deadlines.get("question_unanswered")
    return deadline is not None and not deadline.ended


def page_of(client: Client, referral: Between) -> Page:
    return Page(client.get(f"/cases/{referral.reference}"))


def test_a_school_has_nothing_to_answer_before_it_is_asked(referral: Between, client_as: ClientAs) -> None:
    page = page_of(client_as(referral.school), referral)

    assert WAITING in page.text
    assert "Answer" not in page.text


def test_a_school_that_is_asked_finds_it_under_what_to_do(referral: Between, client_as: ClientAs) -> None:
    referral.fire(PAT, "ask", question=BUS)
    school = client_as(referral.school)

    page = page_of(school, referral)
    assert BUS in page.below("Do now")
    asked = Page(school.get(page.link("Answer the question")))
    assert BUS in asked.text
    sent = asked.form("Answer the question").send(school, reply="Number 3.")
    assert sent.status_code == 303

    assert WAITING in page_of(school, referral).text
    provider = page_of(client_as(PAT), referral).text
    assert provider.index(BUS) < provider.index("Answered") < provider.index("Number 3.")


def test_each_question_keeps_its_own_answer(referral: Between, client_as: ClientAs) -> None:
    referral.fire(PAT, "ask", question=BUS)
    referral.fire(referral.school, "answer", "1", reply="Number 3.")
    referral.fire(PAT, "ask", question=LUNCH)

    text = page_of(client_as(PAT), referral).below("Questions about the referral")
    assert text.index(BUS) < text.index("Answered") < text.index("Number 3.") < text.index(LUNCH)
    assert "Not answered yet" in text[text.index(LUNCH) :]


def test_several_questions_are_counted_and_lead_to_where_they_stand(referral: Between, client_as: ClientAs) -> None:
    for question in (BUS, LUNCH):
        referral.fire(PAT, "ask", question=question)

    page = page_of(client_as(referral.school), referral)
    assert "Questions about the referral: 2 wait for you" in page.below("Do now")
    assert page.link("Questions about the referral") == "#questions"


def test_home_lists_a_case_to_do_for_one_question_of_it(referral: Between, site: Site, client_as: ClientAs) -> None:
    _, place = a_listed_site(site.handler)
    refer(site.handler, referral.school, a_pupil_of(site.handler, "Hill School", "Robin"), place)
    school = client_as(referral.school)
    assert "Do now" not in Page(school.get("/home")).text

    referral.fire(PAT, "ask", question=BUS)
    listed = Page(school.get("/home")).text
    assert listed.index("Do now") < listed.index(referral.reference) < listed.index("Waiting for others")
    assert "Next: Answer the question" in listed

    referral.fire(referral.school, "answer", "1", reply="Number 3.")
    assert "Do now" not in Page(school.get("/home")).text


def test_home_says_to_each_side_by_when_it_is_to_do_its_own(referral: Between, site: Site, client_as: ClientAs) -> None:
    _, place = a_listed_site(site.handler)
    refer(site.handler, referral.school, a_pupil_of(site.handler, "Hill School", "Robin"), place)
    referral.fire(PAT, "ask", question=BUS)

    assert "by 11:59pm on Wednesday 4 November 2026" in Page(client_as(referral.school).get("/home")).below("Do now")
    of_provider = Page(client_as(PAT).get("/home")).below("Do now")
    assert "Wednesday 4 November" not in of_provider
    assert "by 11:59pm on Monday 9 November 2026" in of_provider


def test_an_answer_can_be_corrected_and_the_provider_is_told(referral: Between, client_as: ClientAs) -> None:
    referral.fire(PAT, "ask", question=BUS)
    referral.fire(referral.school, "answer", "1", reply="Number 3.")
    school = client_as(referral.school)

    form = Page(school.get(page_of(school, referral).link("Correct the answer"))).form("Correct the answer")
    assert form.value("reply") == "Number 3."
    assert form.send(school, reply="Number 5.").status_code == 303

    assert "Number 5." in page_of(client_as(PAT), referral).text


def test_a_question_that_is_taken_back_waits_for_nobody(referral: Between, client_as: ClientAs) -> None:
    referral.fire(PAT, "ask", question=BUS)
    assert is_awaited(referral)
    provider = client_as(PAT)

    form = Page(provider.get(page_of(provider, referral).link("Take the question back"))).form("Take the question back")
    assert form.send(provider).status_code == 303

    assert not is_awaited(referral)
    assert WAITING in page_of(client_as(referral.school), referral).text


def test_an_answer_ends_what_was_due(referral: Between) -> None:
    referral.fire(PAT, "ask", question=BUS)
    referral.fire(referral.school, "answer", "1", reply="Number 3.")

    assert not is_awaited(referral)


def test_a_change_to_be_read_is_to_do_for_whoever_must_read_it(site: Site, client_as: ClientAs) -> None:
    placement = a_prepared_placement(site)
    placement.fire(placement.school, "start_placement")
    placement.fire(PAT, "tell_of_change", what_changed="A new key worker", says="She is called Wren Thistle.")

    page = page_of(client_as(placement.school), placement)
    assert "A new key worker" in page.below("Do now")
    assert "?item=1" in page.link("Confirm that you have read it")
    assert "A new key worker" not in page_of(client_as(PAT), placement).below("Do now")
