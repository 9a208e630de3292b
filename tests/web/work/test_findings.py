"""The page of the nightly check: who sees it, what stands on it, and the figures that IT watches."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from prometheus_client.parser import text_string_to_metric_families
from sqlalchemy import delete, update

from apflow.core.people.actor import Actor
from apflow.rounds.nightly import checking
from apflow.settings import Settings
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks, timers
from apflow.testing import MONDAY, OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.browsing import Client, a_browser_on
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
TOKEN = "a-made-up-token"


def check(site: Site, days: int = 0) -> None:
    now = MONDAY + timedelta(days=days)
    with site.store.writing() as connection:
        connection.execute(delete(messages))  # As if they had been sent.
    list(checking(site.handler, lambda: now, lambda: now))


def forget(site: Site) -> str:
    reference = bring_to(site.handler, "checking_evidence")
    with site.store.writing() as connection:
        connection.execute(update(timers).values(next_at=None))
        connection.execute(delete(tasks))
    return reference


def figures(site: Site) -> dict[str, float]:
    site = replace(site, settings=Settings(metrics_token=TOKEN))
    with a_browser_on(site) as browser:
        text = browser.get("/metrics", headers={"authorization": f"Bearer {TOKEN}"}).text
    samples = [sample for family in text_string_to_metric_families(text) for sample in family.samples]
    kinds = {sample.labels["kind"]: sample.value for sample in samples if sample.name == "apflow_findings"}
    return kinds | {sample.name: sample.value for sample in samples if sample.name == "apflow_check_age_seconds"}


def test_before_the_first_night_it_says_so(client_as: ClientAs) -> None:
    page = Page(client_as(OLIVE).get("/findings"))

    assert "Not every case has been looked at yet. The check runs each night at 4am." in page.text


def test_a_night_that_finds_nothing_says_so(client_as: ClientAs, site: Site) -> None:
    bring_to(site.handler, "checking_evidence")
    check(site)

    page = Page(client_as(OLIVE).get("/findings"))

    assert "1 case was looked at, last 2 November 2026 at 10am." in page.text
    assert "Every case stands as it should, and the history is whole." in page.text


def test_what_was_found_stands_there_with_who_sees_to_it(client_as: ClientAs, site: Site) -> None:
    reference = forget(site)
    check(site)

    page = Page(client_as(OLIVE).get("/findings"))

    assert "1 thing to put right" in page.text
    assert "Nothing brings a case up again: no deadline runs in “Checking evidence”" in page.text
    assert f'href="/cases/{reference}"' in client_as(OLIVE).get("/findings").text
    assert "Somebody is asked to, in FI-" in page.text


@pytest.mark.parametrize("person", [PAT, PETRA])
def test_to_whoever_keeps_no_records_there_is_no_such_page(client_as: ClientAs, person: Actor) -> None:
    assert client_as(person).get("/findings").status_code == 404


def test_the_figures_say_how_many_stand_and_how_long_ago_it_was_looked(site: Site) -> None:
    forget(site)
    before = figures(site)
    check(site)

    after = figures(site)

    assert before["apflow_check_age_seconds"] == float("inf")
    assert after["apflow_check_age_seconds"] == 0
    assert (before["nothing_brings_it_up"], after["nothing_brings_it_up"], after["history"]) == (0, 1, 0)
