"""What somebody has to read to decide stands near the top; a list in which nothing wants doing is folded below it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import MAGDA, MONDAY, OLIVE, StoppedClock, enquire
from tests.brought import bring_to
from tests.removal import REASONS, a_provider_with_pupils, a_second_manager, propose
from tests.web.browsing import Client
from tests.web.provider import a_case_sent_back
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
FOLDED = '<details class="govuk-details app-whole-on-paper">'


def test_what_is_offered_stands_above_documents_that_nobody_has_sent(handler: Handler, client_as: ClientAs) -> None:
    answer = client_as(OLIVE).get(f"/cases/{enquire(handler)}")
    page = Page(answer)

    assert FOLDED in answer.text
    assert page.text.index("What do you offer, and to which ages?") < page.text.index("28 not supplied.")
    assert "Public liability insurance" in page.below("Evidence"), "and all of them are on the page"


def test_documents_to_check_are_open_and_first(handler: Handler, client_as: ClientAs) -> None:
    answer = client_as(OLIVE).get(f"/cases/{bring_to(handler, 'checking_evidence')}")

    assert FOLDED not in answer.text
    assert answer.text.index('id="documents"') < answer.text.index('id="details"')


def test_one_that_was_sent_back_keeps_them_open(handler: Handler, client_as: ClientAs) -> None:
    assert FOLDED not in client_as(OLIVE).get(f"/cases/{a_case_sent_back(handler, asked=True)}").text


def test_one_that_has_run_out_opens_them(handler: Handler, client_as: ClientAs, clock: StoppedClock) -> None:
    olive, reference = client_as(OLIVE), bring_to(handler, "approved")
    assert FOLDED in olive.get(f"/cases/{reference}").text

    clock.at = MONDAY + timedelta(days=310)

    assert FOLDED not in olive.get(f"/cases/{reference}").text


def test_a_second_manager_reads_why_it_should_be_removed_before_deciding(handler: Handler, client_as: ClientAs) -> None:
    reference = a_provider_with_pupils(handler)
    propose(handler, reference)

    shown = Page(client_as(a_second_manager(handler)).get(f"/cases/{reference}"))

    assert REASONS in shown.below("What to do next")


@pytest.mark.parametrize("actor", [OLIVE, MAGDA])
def test_what_one_person_decided_alone_is_not_said_twice(handler: Handler, client_as: ClientAs, actor: Actor) -> None:
    reference = enquire(handler)
    handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)

    page = Page(client_as(actor).get(f"/cases/{reference}"))

    assert "What do you offer" not in page.below("What to do next")
