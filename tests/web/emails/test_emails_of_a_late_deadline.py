"""What a deadline sent stands with it in the history, also where it acted after it was due, as it mostly does."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import OLIVE, enquire
from apflow.web.site import Site
from tests.web.browsing import Client
from tests.web.reading import Page

MORNING = datetime(2026, 11, 6, 9, 0, tzinfo=UTC)
SUBJECT = "Due in 1 working day: the enquiry should be answered"


@pytest.mark.parametrize("late", [timedelta(0), timedelta(seconds=7), timedelta(hours=5)])
def test_its_email_stands_with_the_reminder(site: Site, client_as: Callable[[Actor], Client], late: timedelta) -> None:
    reference = enquire(site.handler)
    site.handler.ring(reference, "answer_due", token=0, now=MORNING + late)

    told = Page(client_as(OLIVE).get(f"/cases/{reference}")).text

    assert SUBJECT in told
