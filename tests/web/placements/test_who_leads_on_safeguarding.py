"""While nobody is named who leads on safeguarding, both sides and officers see it, and can put it right."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.placing import a_prepared_placement
from tests.web.browsing import Client
from tests.web.reading import Page

NOBODY = "Nobody is named who leads on safeguarding at the "


def test_that_nobody_leads_on_safeguarding_stands_there_until_it_is_said(
    site: Site, client_as: Callable[[Actor], Client]
) -> None:
    placed = a_prepared_placement(site)
    address = f"/cases/{placed.reference}"

    def missing(actor: Actor) -> list[str]:
        text = Page(client_as(actor).get(address)).text
        return [side for side in ("school", "provider") if f"{NOBODY}{side}" in text]

    for actor in (placed.school, PAT, OLIVE):
        assert missing(actor) == ["school", "provider"]
    placed.fire(PAT, "say_who_leads_at_provider", leads_at_provider="Lea Lead, 01632 960160")
    placed.fire(OLIVE, "say_who_leads_at_school", leads_at_school="Dee Deputy, 01632 960150")
    for actor in (placed.school, PAT, OLIVE):
        assert missing(actor) == []
        assert "Dee Deputy, 01632 960150" in Page(client_as(actor).get(address)).text
