"""The page that tells the staff what has been published, and what runs taking up a new edition at once."""

from collections.abc import Callable
from dataclasses import replace

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.live import Live
from apflow.loader.folders import read_policy
from apflow.settings import shipped
from apflow.store.editions import Publisher
from apflow.testing import MAGDA, OLIVE, PAT
from apflow.versions.publishing import Proposal, publish
from apflow.web.site import Site
from tests.web.browsing import Client

COUNCIL = "workflows/council.yaml"


def go_live(site: Site, *sentences: str, after: int | None = None, why: str = "", mailbox: str = "") -> None:
    """Publish the shipped policy, perhaps with another mailbox."""
    files = read_policy(shipped("workflows"), shipped("notifications"))
    if mailbox:
        files[COUNCIL] = files[COUNCIL].replace("mailbox: EOTAS@bathnes.gov.uk\n", mailbox)
    proposal = Proposal(files, {}, after, sentences)
    by = Publisher(MAGDA.name, MAGDA.id)
    publish(site.store, proposal, by=by, why=why, now=machine_now())


def test_before_anything_is_published_the_page_says_so(client_as: Callable[[Actor], Client]) -> None:
    assert "Nothing has been published yet." in client_as(OLIVE).get("/policy").text


def test_each_edition_says_who_made_it_why_and_what_changed(site: Site, client_as: Callable[[Actor], Client]) -> None:
    go_live(site, "The beginning.")
    go_live(site, "The panel must be sooner.", after=1, why="Providers waited <too> long.")

    page = client_as(OLIVE).get("/policy").text

    assert page.index("Edition 2") < page.index("The panel must be sooner.") < page.index("The beginning.")
    assert "by Magda Manager. Providers waited &lt;too&gt; long." in page
    assert page.count("Live</strong>") == 1


def test_an_edition_that_changes_only_comments_says_so(site: Site, client_as: Callable[[Actor], Client]) -> None:
    go_live(site)

    assert "only its layout or comments do" in client_as(OLIVE).get("/policy").text


def test_a_provider_is_not_shown_it(client_as: Callable[[Actor], Client]) -> None:
    assert client_as(PAT).get("/policy").headers["location"] == "/home"


def test_staff_find_it_at_the_foot_of_every_page(client_as: Callable[[Actor], Client]) -> None:
    assert 'href="/policy"' in client_as(OLIVE).get("/work").text
    assert 'href="/policy"' not in client_as(PAT).get("/home").text


def test_pages_show_a_new_edition_without_a_restart(site: Site, sign_in_to: Callable[[Site, Actor], Client]) -> None:
    go_live(site)
    live = Live(replace(site, edition=1))
    browser = sign_in_to(live.site(), OLIVE)
    assert "manage-everything@council.example" not in browser.get("/work").text

    go_live(site, after=1, mailbox="mailbox: manage-everything@council.example\n")

    assert "manage-everything@council.example" in browser.get("/work").text
