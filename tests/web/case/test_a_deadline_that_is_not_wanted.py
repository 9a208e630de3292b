"""What a page says of a deadline that has a condition: when it does not run, and nothing of it while it does not."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, MONDAY
from apflow.web.site import Site
from tests.breaches import DECIDED, TOLD_ICO, a_data_protection_officer, report, weigh
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ASKED = "It should be decided whether the people concerned are told"
WHEN = (
    "It does not run while “Risk to people” is “A risk is unlikely” or there is at least 1 item of “The people "
    "concerned”."
)


@pytest.fixture
def followed(site: Site) -> str:
    """A breach of which the ICO knows, and nobody has decided about the people yet."""
    dora, reference = a_data_protection_officer(site.store), report(site.handler)
    site.handler.fire(reference, "take_on", {}, actor=dora, now=MONDAY)
    weigh(site.handler, reference, dora)
    site.handler.fire(reference, "decide_to_tell_ico", DECIDED, actor=dora, now=MONDAY)
    site.handler.fire(reference, "ico_told", TOLD_ICO, actor=dora, now=MONDAY)
    return reference


def test_it_is_said_when_it_does_not_run(followed: str, client_as: ClientAs) -> None:
    said = Page(client_as(MAGDA).get(f"/cases/{followed}")).text

    assert ASKED in said
    assert WHEN in said


def test_it_is_not_on_the_page_once_it_is_decided(site: Site, followed: str, client_as: ClientAs) -> None:
    told = {"whom": "The parents", "why_told": "The risk is high."}
    site.handler.fire(followed, "people_to_tell", told, actor=MAGDA, now=MONDAY)

    assert ASKED not in Page(client_as(MAGDA).get(f"/cases/{followed}")).text
