"""A provider that took no pupil goes on seeing what it answered, and nothing of the child any longer."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import MONDAY, OLIVE, PAT
from apflow.web.site import Site
from tests.brought import again
from tests.placing import DESCRIBED, a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.web.browsing import Client

ClientAs = Callable[[Actor], Client]
QUESTION = "How far can the pupil walk?"
DECLINED = {"declined_because": "full", "standing_because": "We are full."}
WITHDRAWN = {"standing_because": "The pupil stays with us.", "meanwhile": "The school."}
ADDRESSES = ("/cases/{}", "/api/v1/cases/{}", "/api/v1/cases/{}/history")


def _referred(handler: Handler) -> tuple[str, Actor]:
    _, place = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), place)
    return reference, school


@pytest.fixture
def referred(site: Site) -> tuple[str, Actor]:
    reference, school = again(site.handler, _referred)
    site.handler.fire(reference, "ask", {"question": QUESTION}, actor=PAT, now=MONDAY)
    return reference, school


def said_to(actor: Actor, reference: str, client_as: ClientAs, api_as: ClientAs) -> str:
    pages = []
    for address in ADDRESSES:
        client = api_as(actor) if address.startswith("/api") else client_as(actor)
        answer = client.get(address.format(reference))
        assert answer.status_code == 200, address
        pages.append(answer.text)
    return "\n".join(pages)


@pytest.mark.parametrize(("event", "by_school"), [("decline", False), ("withdraw", True)])
def test_it_reads_what_the_child_needs_no_longer(
    site: Site, referred: tuple[str, Actor], client_as: ClientAs, api_as: ClientAs, event: str, by_school: bool
) -> None:
    reference, school = referred
    child = (DESCRIBED["needs"], DESCRIBED["why_it_suits"], QUESTION)
    before = said_to(PAT, reference, client_as, api_as)
    assert all(said in before for said in child)
    answers = WITHDRAWN if by_school else DECLINED
    site.handler.fire(reference, event, answers, actor=school if by_school else PAT, now=MONDAY)

    after = said_to(PAT, reference, client_as, api_as)
    assert not [said for said in child if said in after]
    assert "Made Up Farm" in after
    for other in (school, OLIVE):
        assert DESCRIBED["needs"] in said_to(other, reference, client_as, api_as)
