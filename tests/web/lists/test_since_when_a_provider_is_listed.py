"""Since when a provider is on the approved list, whatever has become of it there."""

from datetime import timedelta

from apflow.handler import Handler
from apflow.testing import MAGDA, MONDAY
from tests.brought import bring_to
from tests.removal import SUSPENDED
from tests.web.browsing import Client
from tests.web.reading import Page

LIST = "/approved-list"


def test_whoever_was_suspended_is_on_the_list_since_the_day_on_which_it_came_onto_it(
    handler: Handler, client: Client
) -> None:
    reference = bring_to(handler, "approved")
    (before,) = client.get(f"{LIST}.json").json()["items"]
    later = MONDAY + timedelta(days=40)
    suspended = {**SUSPENDED, "suspension_review_on": (later + timedelta(days=7)).date().isoformat()}
    handler.fire(reference, "suspend", suspended, actor=MAGDA, now=later)

    (entry,) = client.get(f"{LIST}.json").json()["items"]

    assert (entry["status"], entry["on_the_list_since"]) == ("Not taking placements", before["on_the_list_since"])
    assert f"On the list since {MONDAY.day} " in Page(client.get(LIST)).text
