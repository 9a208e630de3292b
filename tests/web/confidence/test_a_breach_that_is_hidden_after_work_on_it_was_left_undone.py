"""A breach that turns out to be about a manager after the nightly check has asked her to see to it: no page says so."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import update

from apflow.core.people.actor import Actor
from apflow.core.standing import URGENT_UNDONE
from apflow.rounds.nightly import checking
from apflow.store.findings import standing_findings
from apflow.store.tables.people import people
from apflow.testing import MAGDA, MONDAY, StoppedClock
from apflow.web.case.undone import undone_of
from apflow.web.site import Site
from tests.breaches import a_data_protection_officer, report
from tests.quality import pass_to
from tests.removal import a_second_manager
from tests.web.api.client import ApiAs
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
NIGHT = datetime(2026, 11, 4, 4, 0, tzinfo=UTC)
SEE_TO_IT = "See today that urgent work is done"


@pytest.fixture
def morgan(site: Site) -> Actor:
    return a_second_manager(site.handler)


@pytest.fixture
def breach(site: Site, clock: StoppedClock, morgan: Actor) -> str:
    """One on which urgent work is left undone, said after that to be about MAGDA."""
    dora = a_data_protection_officer(site.store)
    breach = report(site.handler)
    pass_to(site.handler, MONDAY + timedelta(days=2))
    list(checking(site.handler, lambda: NIGHT, lambda: NIGHT))
    clock.at = NIGHT + timedelta(days=2)
    site.handler.fire(breach, "whom_it_is_about", {"about_managers": [MAGDA.id]}, actor=dora, now=NIGHT)
    return breach


def asking(site: Site) -> str:
    with site.store.reading() as connection:
        found = standing_findings(connection, limit=20, offset=0)
    return next(str(row.task_case) for row in found if row.kind == URGENT_UNDONE)


def test_nothing_in_the_queue_the_team_or_the_lists_speaks_of_it_to_her_and_the_other_manager_reads_it(
    site: Site, client_as: ClientAs, breach: str, morgan: Actor
) -> None:
    magda, other = client_as(MAGDA), client_as(morgan)

    for path in ("/work", "/work?only=overdue", "/findings", "/cases?kind=finding"):
        hers, others = magda.get(path), other.get(path)
        assert hers.status_code == 200
        assert breach not in hers.text
        assert asking(site) not in hers.text
        assert breach in others.text or asking(site) in others.text
    assert SEE_TO_IT in other.get("/work").text
    assert magda.get(f"/cases/{asking(site)}").status_code == 404
    assert other.get(f"/cases/{asking(site)}").status_code == 200


def test_the_team_page_and_its_file_neither_name_nor_count_what_officers_are_asked_to_put_right_on_it(
    site: Site, client_as: ClientAs, clock: StoppedClock, morgan: Actor
) -> None:
    dora = a_data_protection_officer(site.store)
    breach = report(site.handler)
    with site.store.writing() as connection:
        connection.execute(update(people).where(people.c.id == dora.id).values(is_active=False))
    list(checking(site.handler, lambda: NIGHT, lambda: NIGHT))
    site.handler.fire(breach, "whom_it_is_about", {"about_managers": [MAGDA.id]}, actor=morgan, now=NIGHT)
    clock.at = NIGHT + timedelta(days=7)
    magda, other = client_as(MAGDA), client_as(morgan)

    for path in ("/team", "/team.csv"):
        assert breach not in magda.get(path).text
        assert breach in other.get(path).text
    counted = [nobody_has(client) for client in (magda, other)]
    assert counted == [0, 1]


def nobody_has(client: Client) -> int:
    line = Page(client.get("/team")).text.partition("Nobody yet")[2]
    return int(line.partition("All they have: ")[2].split()[0])


def test_a_program_of_hers_reads_nothing_of_it_either(site: Site, api_as: ApiAs, breach: str, morgan: Actor) -> None:
    hers, others = api_as(MAGDA), api_as(morgan)
    for path in ("/api/v1/tasks", "/api/v1/cases?workflow=finding"):
        assert asking(site) not in hers.get(path).text
        assert asking(site) in others.get(path).text
    assert hers.get(f"/api/v1/cases/{asking(site)}").status_code == 404


def test_what_was_found_is_not_said_beside_it_to_whoever_does_not_see_the_case(
    site: Site, breach: str, morgan: Actor
) -> None:
    shown = [("finding", asking(site))]
    with site.store.reading() as connection:
        assert undone_of(site, connection, shown, MAGDA) == {}
        assert undone_of(site, connection, shown, morgan)[asking(site)].about == breach
