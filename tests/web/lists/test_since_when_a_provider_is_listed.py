"""Since when a provider is on the approved list, whatever has become of it there."""

from collections.abc import Callable
from datetime import timedelta

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import MAGDA, MONDAY, PAT
from tests.brought import bring_to
from tests.removal import SUSPENDED
from tests.web.browsing import Client
from tests.web.reading import Page

LIST = "/approved-list"


def suspended_later(handler: Handler) -> str:
    """A provider that was suspended forty days after it came onto the list."""
    reference = bring_to(handler, "approved")
    later = MONDAY + timedelta(days=40)
    suspended = {**SUSPENDED, "suspension_review_on": (later + timedelta(days=7)).date().isoformat()}
    handler.fire(reference, "suspend", suspended, actor=MAGDA, now=later)
    return reference


def test_its_own_page_says_the_same(handler: Handler, client_as: Callable[[Actor], Client]) -> None:
    reference = suspended_later(handler)

    assert "Since 2 Nov 2026" in Page(client_as(PAT).get(f"/cases/{reference}")).text


def test_whoever_was_suspended_is_on_the_list_since_the_day_on_which_it_came_onto_it(
    handler: Handler, client: Client
) -> None:
    suspended_later(handler)

    (entry,) = client.get(f"{LIST}.json").json()["items"]

    assert (entry["status"], entry["on_the_list_since"]) == ("Not taking placements", MONDAY.date().isoformat())
    assert f"On the list since {MONDAY.day} " in Page(client.get(LIST)).text
