"""What a task names at the end of its note is a link to that page, wherever the note is read."""

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.rounds.chasing import chasing
from apflow.store.tables.cases import cases
from apflow.testing import OLIVE, PETRA, StoppedClock, enquire
from apflow.web.site import Site
from apflow.web.wording import noted
from tests.records.attendance import a_placed_pupil
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
SHOWN = "Attendance that day"


@pytest.fixture
def unmarked(site: Site, clock: StoppedClock) -> str:
    """The reference of a provider whose sessions of the morning nobody has marked at noon."""
    case, _ = a_placed_pupil(site.handler, from_on="2026-11-02")
    with site.store.reading() as connection:
        reference = connection.execute(select(cases.c.reference).where(cases.c.id == case)).scalar_one()
    noon: datetime = clock.now() + timedelta(hours=2)
    assert sum(chasing(site.handler, noon)) > 0
    clock.at = noon
    return str(reference)


def test_unmarked_attendance_is_one_click_away_from_work_and_from_the_case(client_as: ClientAs, unmarked: str) -> None:
    olive, there = client_as(OLIVE), f"/attendance/providers/{unmarked}?day=2026-11-02"

    for address in ("/work", f"/cases/{unmarked}"):
        page = Page(olive.get(address))
        assert page.link(SHOWN) == there
        assert "See /attendance" not in page.text
    assert olive.get(there).status_code == 200


def test_the_attendance_of_a_placement_is_as_well() -> None:
    assert noted("Absent 3 times. See /placements/7/attendance", True) == (
        'Absent 3 times. <a class="govuk-link" href="/placements/7/attendance">Attendance of the placement</a>'
    )


def test_whoever_may_not_open_the_page_reads_where_it_is_without_a_link(client_as: ClientAs, unmarked: str) -> None:
    petra = client_as(PETRA)

    page = Page(petra.get(f"/cases/{unmarked}"))

    assert petra.get(f"/attendance/providers/{unmarked}?day=2026-11-02").status_code == 404
    assert not any("/attendance/providers" in href for _, href in page.links)


@pytest.mark.parametrize(
    "note",
    [
        "See https://elsewhere.example/attendance/providers/AP-1?day=2026-11-02",
        "A note. See /emails/3",
        "A note. See /placements/7/attendance, and ring",
    ],
)
def test_no_other_words_become_a_link(note: str) -> None:
    assert noted(note, True) == note


def test_what_somebody_typed_stays_text(site: Site, client_as: ClientAs, clock: StoppedClock) -> None:
    reference = enquire(site.handler)
    site.handler.alert(reference, "mail_failed", "<b>No</b> See /placements/7/attendance", now=clock.now())

    answer = client_as(OLIVE).get(f"/cases/{reference}")

    assert "&lt;b&gt;No&lt;/b&gt; <a" in answer.text
