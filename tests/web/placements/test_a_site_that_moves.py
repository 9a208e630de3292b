"""A provider moves to another address, or gives a site up, while a pupil is placed there."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row

from apflow.core.people.actor import Actor
from apflow.records.door import change
from apflow.records.providers.sites import SITE, answers_of_site
from apflow.rounds.signals import hear_all
from apflow.store.outbox import messages_of
from apflow.store.records.sites import site as site_record
from apflow.testing import MONDAY, OLIVE, StoppedClock
from apflow.web.site import Site
from tests.placing import Between, a_running_placement
from tests.records.council import by
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def one(site: Site, clock: StoppedClock) -> Between:
    """Pip of Hill School, placed at 1 Made Up Lane."""
    running = a_running_placement(site)
    row = at(running)
    said = {**answers_of_site(row), "address": "1 Made Up Lane, Bath"}
    change(site.store, SITE, row.id, row.version, said, by(site.handler))
    hear_all(site.handler, machine_now=lambda: MONDAY)
    clock.at = MONDAY + timedelta(weeks=2)
    return running


def at(one: Between) -> Row[Any]:
    with one.site.store.reading() as connection:
        row = site_record(connection, one.case().fields["site"])
    assert row is not None
    return row


def saved(one: Between, client_as: ClientAs, **typed: str) -> None:
    """Type this into the form of the site, and let whoever it reaches hear of it."""
    officer = client_as(OLIVE)
    form = Page(officer.get(f"/sites/{at(one).id}/change")).forms[-1]
    assert form.send(officer, **typed).status_code == 303
    hear_all(one.site.handler, machine_now=one.site.now)


def told(one: Between) -> list[str]:
    with one.site.store.reading() as connection:
        rows = messages_of(connection, one.reference)
    return [row.to_email for row in rows if row.notice == "placement/site_changed"]


def work(one: Between) -> list[str]:
    return [task.name for task in one.case().tasks if task.name == "site_changed"]


def test_an_address_that_is_written_down_for_the_first_time_is_no_move(one: Between) -> None:
    assert (told(one), work(one)) == ([], [])


def test_a_move_is_told_and_the_placement_says_where_it_is_now(one: Between, client_as: ClientAs) -> None:
    saved(one, client_as, address="99 Elsewhere Lane, Bath")

    assert told(one) == ["sally@hill-school.example"]
    assert work(one) == ["site_changed"]
    assert "99 Elsewhere Lane" in client_as(one.school).get(f"/cases/{one.reference}").text


def test_that_a_site_is_given_up_is_told_once(one: Between, client_as: ClientAs) -> None:
    last = {"ended_on-day": "16", "ended_on-month": "11", "ended_on-year": "2026"}
    saved(one, client_as, **last)
    saved(one, client_as, tuesday="9am to 3pm")

    assert told(one) == ["sally@hill-school.example"]
    assert work(one) == ["site_changed"]


def test_other_hours_or_another_name_are_no_move(one: Between, client_as: ClientAs) -> None:
    saved(one, client_as, address="1 Made Up Lane, Bath", name="The barn", monday="9am to 3pm")

    assert (told(one), work(one)) == ([], [])
    assert one.case().fields["site_name"] == "The barn"
