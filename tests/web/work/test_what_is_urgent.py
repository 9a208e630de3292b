"""What the nightly check calls urgent is called so in one's work, and stands first among what is listed with it."""

from collections.abc import Callable
from datetime import timedelta

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.scheduler import fire_due
from apflow.testing import MAGDA, MONDAY, OLIVE, StoppedClock
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


def test_a_concern_that_nobody_has_read_stands_above_what_else_is_late(
    site: Site, client_as: ClientAs, clock: StoppedClock
) -> None:
    bring_to(site.handler, "checking_evidence", organisation="Late Barn")
    clock.at = MONDAY + timedelta(days=30)
    fire_due(site.handler, clock.at, machine_now=machine_now)
    told = {"organisation": "Made Up Farm", "what_happened": "A child was left alone.", "told_by": "school"}
    said = {**told, "how_told": "By telephone"}
    site.handler.open_case("concern", "log_concern", said, actor=OLIVE, now=clock.at)
    clock.at += timedelta(days=3)
    fire_due(site.handler, clock.at, machine_now=machine_now)

    listed = Page(client_as(MAGDA).get("/work")).text.split("To claim 1")[1]

    assert "Late Barn" in listed
    assert listed.index("Urgent Overdue: somebody should have read it") < listed.index("Late Barn")
    assert "Urgent Overdue: the evidence" not in listed
