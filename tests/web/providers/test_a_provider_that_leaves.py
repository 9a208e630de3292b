"""What a provider reads on its page while it leaves the list by its own wish."""

from collections.abc import Callable

from apflow.core.people.actor import Actor
from apflow.testing import MONDAY, PAT
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client


def test_its_page_says_what_happens_to_those_who_are_with_it(site: Site, client_as: Callable[[Actor], Client]) -> None:
    reference = bring_to(site.handler, "approved")
    page = client_as(PAT).get(f"/cases/{reference}").text
    assert "Say that you leave the list, and from which day" in page
    leaves = {"leaves_on": "2026-12-18", "why_it_leaves": "The lease of the farm ends."}
    site.handler.fire(reference, "leave_list", leaves, actor=PAT, now=MONDAY)

    page = client_as(PAT).get(f"/cases/{reference}").text
    assert "You are leaving the approved list" in page
    assert "Learners who are with you stay with you until your last day on the list" in page
    assert "decide what comes next" not in page
    assert "Change your last day on the list" in page
