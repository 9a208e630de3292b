"""Every page of a placement's case is about a child: who opened it stands among the looks at that child's record."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.store.tables.records import record_reads
from apflow.testing import OLIVE, PAT
from apflow.web.site import Site
from tests.placing import Between, a_prepared_placement
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def placement(site: Site) -> Between:
    return a_prepared_placement(site)


def looks(site: Site) -> list[tuple[int, int | None, str]]:
    with site.store.reading() as connection:
        query = select(record_reads).order_by(record_reads.c.id)
        return [(row.pupil_id, row.person_id, row.page) for row in connection.execute(query)]


@pytest.mark.parametrize(
    ("address", "page"), [("", ""), ("/timeline", ": its timeline"), ("/do/call_urgent_meeting", None)]
)
def test_whoever_opens_a_page_of_it_is_noted(
    site: Site, placement: Between, client_as: ClientAs, address: str, page: str | None
) -> None:
    client_as(OLIVE).get(f"/cases/{placement.reference}{address}")

    where = ": form “call_urgent_meeting”" if page is None else page
    assert looks(site) == [(placement.pupil, OLIVE.id, f"Placement {placement.reference}{where}")]


@pytest.mark.parametrize(
    ("address", "page"),
    [
        ("", "by a program"),
        ("/history", "its timeline, by a program"),
        ("/events/call_urgent_meeting", "form “call_urgent_meeting”, by a program"),
    ],
)
def test_a_program_that_reads_it_is_noted(
    site: Site, placement: Between, api_as: ClientAs, address: str, page: str
) -> None:
    api_as(OLIVE).get(f"/api/v1/cases/{placement.reference}{address}")

    assert looks(site) == [(placement.pupil, OLIVE.id, f"Placement {placement.reference}: {page}")]


def test_both_sides_are_noted_and_their_looks_are_told(site: Site, placement: Between, client_as: ClientAs) -> None:
    for side in (placement.school, PAT):
        assert client_as(side).get(f"/cases/{placement.reference}").status_code == 200

    told = Page(client_as(OLIVE).get(f"/pupils/{placement.pupil}/looks")).text
    assert placement.school.name in told
    assert PAT.name in told


def test_a_page_of_a_placement_that_cannot_be_noted_is_not_shown(
    site: Site, placement: Between, client_as: ClientAs
) -> None:
    with site.store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON record_reads BEGIN SELECT RAISE(ABORT, 'no room'); END"
        )

    answer = client_as(OLIVE).get(f"/cases/{placement.reference}")

    assert answer.status_code >= 500
    assert "Goats kick." not in answer.text
