"""The workflows as staff see them, in a picture and in words; nobody else does."""

from collections.abc import Callable

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, OLIVE, PAT, POPPY
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


def test_staff_find_a_workflow_and_see_it_as_a_picture_and_in_words(client_as: ClientAs) -> None:
    client = client_as(MAGDA)
    listed = Page(client.get("/workflows"))
    assert listed.link("The approved provider list") == "/workflows/provider"

    answer = client.get("/workflows/provider")

    assert answer.status_code == 200
    assert 'role="img" aria-labelledby="diagram-title diagram-about"' in answer.text
    assert 'data-state="checking_evidence"' in answer.text
    page = Page(answer)
    words = page.below("In words")
    assert "The evidence should be checked: within 10 working days, then the manager is told." in words
    assert "Refer to panel" in words
    assert "Stays here" in words


def test_a_workflow_that_is_not_there_is_not_found(client_as: ClientAs) -> None:
    assert client_as(OLIVE).get("/workflows/nothing").status_code == 404


@pytest.mark.parametrize("path", ["/workflows", "/workflows/provider", "/cases/{reference}/diagram"])
def test_to_a_provider_these_pages_do_not_exist(site: Site, client_as: ClientAs, path: str) -> None:
    reference = bring_to(site.handler, "checking_evidence")

    assert client_as(PAT).get(path.format(reference=reference)).status_code == 404


def test_whoever_is_not_signed_in_is_asked_to(client: Client) -> None:
    assert client.get("/workflows").headers["location"].startswith("/sign-in")


def test_a_case_leads_to_where_it_is_and_the_way_it_came(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    client = client_as(OLIVE)
    case = Page(client.get(f"/cases/{reference}"))
    address = case.link("Where this case is in its journey")
    assert address == f"/cases/{reference}/diagram"

    answer = client.get(address)

    page = Page(answer)
    assert page.heading.endswith("Where this case is in its journey")
    assert "Submit for checking, to Checking evidence" in page.below("The way it came")
    assert "The case is here" in answer.text
    assert "style=" not in answer.text


def test_a_case_that_one_may_not_see_has_no_diagram(site: Site, client_as: ClientAs) -> None:
    reference = bring_to(site.handler, "checking_evidence")

    assert client_as(POPPY).get(f"/cases/{reference}/diagram").status_code == 404
