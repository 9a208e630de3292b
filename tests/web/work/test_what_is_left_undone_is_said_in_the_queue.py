"""Whoever is asked to see that overdue work is done reads in their queue which work, of which case, and since when."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, update

from apflow.core.people.actor import Actor
from apflow.core.standing import LEFT_UNDONE
from apflow.rounds.nightly import checking
from apflow.store.findings import standing_findings
from apflow.store.tables.work import tasks, timers
from apflow.testing import MAGDA, MONDAY, OLIVE, PETRA
from apflow.web.case.undone import Undone, undone_of
from apflow.web.site import Site
from tests.brought import bring_to
from tests.quality import case
from tests.web.api.client import ApiAs
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
THURSDAY_NIGHT = datetime(2026, 11, 5, 4, 0, tzinfo=UTC)
UNDONE = "An email could not be delivered” was due by Tuesday 3 November 2026."


@pytest.fixture
def undone(site: Site) -> str:
    reference = bring_to(site.handler, "checking_evidence")
    site.handler.alert(reference, "mail_failed", "No such mailbox.", now=MONDAY)
    check(site)
    return reference


def check(site: Site, night: datetime = THURSDAY_NIGHT) -> None:
    list(checking(site.handler, lambda: night, lambda: night))


def asking(site: Site, kind: str = LEFT_UNDONE) -> str:
    with site.store.reading() as connection:
        return next(
            str(row.task_case)
            for row in standing_findings(connection, limit=9, offset=0)
            if row.kind == kind and row.task_case
        )


def test_the_queue_says_which_work_of_which_case_and_since_when(site: Site, client_as: ClientAs, undone: str) -> None:
    queue = client_as(MAGDA).get("/work")

    assert "See that overdue work is done" in Page(queue).text
    assert f"Made Up Farm: “{UNDONE}" in Page(queue).text
    assert f'href="/cases/{undone}"' in queue.text


def test_so_does_the_list_of_what_a_colleague_has_to_put_right_and_its_file(site: Site, client_as: ClientAs) -> None:
    bring_to(site.handler, "checking_evidence")
    with site.store.writing() as connection:
        connection.execute(update(timers).values(next_at=None))
        connection.execute(delete(tasks))
    check(site)
    reference = asking(site, "nothing_brings_it_up")
    (task,) = case(site.handler, reference).tasks
    site.handler.claim(reference, task.id, actor=OLIVE, now=THURSDAY_NIGHT)
    magda, found = client_as(MAGDA), "No deadline runs in “Checking evidence” and no task is open"

    assert f"Made Up Farm: {found}" in Page(magda.get(f"/team?who={OLIVE.id}")).text
    assert found in magda.get(f"/team.csv?who={OLIVE.id}").text


def test_its_page_says_it_too_and_a_program_reads_it(
    site: Site, client_as: ClientAs, api_as: ApiAs, undone: str
) -> None:
    assert f"Made Up Farm: “{UNDONE}" in Page(client_as(MAGDA).get(f"/cases/{asking(site)}")).text
    told = api_as(MAGDA).get("/api/v1/tasks").json()["items"]
    assert [task["note"] for task in told if task["reference"] == asking(site)] == [f"“{UNDONE}"]


def test_it_says_what_is_left_now_and_not_what_was_when_it_began(site: Site, client_as: ClientAs, undone: str) -> None:
    site.handler.alert(undone, "mail_uncertain", "Perhaps.", now=MONDAY)
    (done,) = (task for task in case(site.handler, undone).tasks if task.name == "mail_failed")
    site.handler.complete(undone, done.id, "Rang them.", actor=OLIVE, now=THURSDAY_NIGHT + timedelta(hours=5))
    check(site, THURSDAY_NIGHT + timedelta(days=1))

    text = Page(client_as(MAGDA).get("/work")).text
    assert "“An email may not have arrived” was due by" in text
    assert UNDONE not in text


def test_whoever_does_not_see_the_case_reads_no_name_of_it(site: Site, undone: str) -> None:
    with site.store.reading() as connection:
        shown = [("finding", asking(site))]
        titles = [undone_of(site, connection, shown, who)[asking(site)].title for who in (MAGDA, PETRA)]

    assert titles == ["Made Up Farm", None]


def test_of_a_great_deal_it_says_the_first_and_how_many_more() -> None:
    many = Undone("AP-1", None, tuple(f"“{number}” was due" for number in range(6)))
    assert many.note == "“0” was due.\n“1” was due.\n“2” was due.\nAnd 3 more."
    assert len(Undone("AP-1", None, many.said[:4]).shown) == 4
