"""What a provider and a school are told to do: each in words for themselves, on the page and by e-mail."""

from collections.abc import Callable

import pytest

from apflow.handler import Handler
from apflow.store import outbox
from apflow.testing import PAT, StoppedClock
from apflow.web.site import Site
from tests.brought import bring_to
from tests.placing import (
    ANOTHER_PROGRAMME,
    Between,
    a_listed_site,
    a_prepared_placement,
    a_pupil_of,
    a_school_with_an_account,
    refer,
)
from tests.quality import A_YEAR_ON, do, newest, pass_to
from tests.web.browsing import Client
from tests.web.provider import between
from tests.web.reading import Page

ClientAs = Callable[..., Client]


@pytest.fixture
def prepared(site: Site) -> Between:
    return a_prepared_placement(site)


def test_a_provider_with_a_referral_is_told_what_to_do_and_the_school_who_does_it(
    handler: Handler, client_as: ClientAs
) -> None:
    _, place = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), place)

    theirs, waiting = (Page(client_as(who).get(f"/cases/{reference}")) for who in (PAT, school))

    assert "Read what the pupil needs. Then offer a place" in theirs.below("Do now")
    assert "The provider reads" not in theirs.text
    assert "The provider reads what the pupil needs" in waiting.text


def test_while_a_placement_is_prepared_each_side_reads_its_own_part(prepared: Between, client_as: ClientAs) -> None:
    prepared.fire(PAT, "set_programme", **ANOTHER_PROGRAMME)  # so that both sign anew

    provider, school = (Page(client_as(who).get(f"/cases/{prepared.reference}")) for who in (PAT, prepared.school))

    assert "Set out the plan." in school.below("Do now")
    assert "Read the agreement that your programme and the commissioner's plan make up" in provider.below("Do now")


def test_when_a_placement_starts_the_provider_is_told_of_its_induction_and_by_when(
    site: Site, prepared: Between
) -> None:
    prepared.fire(prepared.school, "start_placement")

    with site.store.reading() as connection:
        letters = outbox.recent_messages(connection, to_email="pat@made-up-farm.example", limit=50, offset=0)
    (said,) = [letter.text for letter in letters if letter.notice.startswith("placement/starts")]
    assert (
        "Give the pupil an induction on the first days, with health and safety, and record it on the page by " in said
    )
    assert "the provider" not in said


def test_a_self_assessment_leads_on_to_the_first_question_that_is_not_answered(
    handler: Handler, clock: StoppedClock, client_as: ClientAs
) -> None:
    provider = bring_to(handler, "approved")
    pass_to(handler, A_YEAR_ON)
    clock.at = A_YEAR_ON
    assessment, pat = newest(handler, provider, "self_assessment"), client_as(PAT)

    first = Page(pat.get(f"/cases/{assessment}")).link("Go on: What you are for, and how you know that it works")
    do(handler, assessment, "answer", PAT, item="aims", now=A_YEAR_ON, judgement="in_place", answer="We count.")
    then = Page(pat.get(f"/cases/{assessment}")).link("Go on: Who runs the organisation, and who checks on them")

    assert first == f"/cases/{assessment}/do/answer?item=aims"
    assert then == f"/cases/{assessment}/do/answer?item=oversight"


def test_no_document_on_the_list_is_named_as_if_the_reader_were_the_provider(handler: Handler, client: Client) -> None:
    bring_to(handler, "approved")

    entry = Page(client.get(Page(client.get("/approved-list")).link("Made Up Farm")))

    checked = between(entry, "What the council has checked", "The council has made its")
    assert "Safeguarding arrangements" in checked
    assert not {"you", "your"}.intersection(checked.lower().split())
