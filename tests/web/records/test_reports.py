"""The report of what was provided: its numbers agree with the records, and only those who keep records see it."""

import csv
import io
from collections.abc import Callable
from datetime import date

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.tables.attendance import session_marks
from apflow.testing import OLIVE, PAT, PETRA
from apflow.web.site import Site
from tests.records.attendance import a_placed_pupil, a_plan, mark, own_dates, paused, said
from tests.records.council import VALE, WREN, a_placement, a_pupil, a_school
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]


@pytest.fixture
def door(site: Site) -> Handler:
    return site.handler


def lines(client: Client, address: str = "/reports.csv") -> dict[tuple[str, str], dict[str, str]]:
    rows = csv.DictReader(io.StringIO(client.get(address).text.lstrip("\ufeff")))
    return {(row["By"], row["Name"]): row for row in rows}


def test_the_numbers_agree_with_a_recount_from_the_marks(client_as: ClientAs, door: Handler) -> None:
    case, pip = a_placed_pupil(door)
    wren = a_placement(door, a_pupil(door, **WREN), cost="£187.50", ends_on="2026-11-02")
    a_plan(door, wren)
    mark(door, case, said(pip, "absent"), said(pip, half="pm"), said(wren, "late"))
    mark(door, case, said(pip, "present", key="corrected", seen=1), minutes_on=3)

    told = lines(client_as(OLIVE))

    with door.store.reading() as connection:
        latest = {}
        for row in connection.execute(select(session_marks).order_by(session_marks.c.id)):
            latest[row.placement_id, row.day, row.half] = row.mark
    assert int(told["All", "Everything"]["Sessions attended"]) == len(latest) == 3
    assert told["All", "Everything"]["Sessions absent"] == "0"
    assert told["Need", "EHC plan"]["Pupils"] == told["Need", "Child in need plan"]["Pupils"] == "1"
    assert told["Provider", "Made Up Farm"]["Pupils"] == "2"
    assert (told["School", "Hill School"]["Placements"], told["All", "Everything"]["Placements ended"]) == ("2", "1")
    # From 7 September to 2 November, without half-term: 36 school days, so 7.2 weeks.
    assert told["Need", "EHC plan"]["Cost in pounds"] == "1350.00"
    assert told["Need", "EHC plan"]["Hours"] == "108.0"
    assert told["Need", "None recorded"]["Placements without a cost"] == "1"


@pytest.mark.parametrize(
    ("inset", "days"),
    [("4/9/2026", 36), ("7/9/2026", 35), ("2/11/2026", 35), ("3/11/2026", 36), ("7/9/2026, 2/11/2026", 34)],
    ids=["before it began", "its first day", "its last day", "after the time asked for", "both"],
)
def test_each_placement_counts_by_the_days_of_its_pupils_school(
    client_as: ClientAs, door: Handler, inset: str, days: int
) -> None:
    a_placed_pupil(door)
    a_school(door, **VALE)
    a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy"))
    own_dates(door, inset=inset)

    told = lines(client_as(OLIVE))

    counted = {name: row["School days in alternative provision"] for (_, name), row in told.items()}
    assert (counted["Hill School"], counted["Vale Academy"]) == (str(days), "36")
    assert counted["Everything"] == counted["Made Up Farm"] == str(days + 36)
    assert told["School", "Hill School"]["Hours"] == str(days * 3.0)


def test_what_is_marked_while_the_home_school_is_closed_is_in_no_share(client_as: ClientAs, door: Handler) -> None:
    case, pip = a_placed_pupil(door)
    a_school(door, **VALE)
    wren = a_placement(door, a_pupil(door, **WREN, home_school="Vale Academy"))
    a_plan(door, wren)
    closed, next_day = date(2026, 10, 22), date(2026, 10, 23)
    for placement in (pip, wren):
        mark(door, case, said(placement, "absent", day=closed, key=f"closed-{placement}"))
        mark(door, case, said(placement, "present", day=closed, half="pm", key=f"closed-pm-{placement}"))
        mark(door, case, said(placement, "late", day=next_day, key=f"open-{placement}"))
    own_dates(door, inset="22/10/2026")

    told = lines(client_as(OLIVE))

    of_hill, of_vale = told["School", "Hill School"], told["School", "Vale Academy"]
    assert (of_hill["Sessions attended"], of_hill["Sessions absent"], of_hill["Attendance"]) == ("1", "0", "100.0%")
    assert (of_vale["Sessions attended"], of_vale["Sessions absent"], of_vale["Attendance"]) == ("2", "1", "66.7%")


def test_whoever_could_not_come_is_in_no_share_and_whoever_was_ill_is(client_as: ClientAs, door: Handler) -> None:
    case, pip = a_placed_pupil(door)
    for day, reason in ((19, "no_transport"), (20, "no_travel"), (21, "ill"), (22, None)):
        mark(door, case, said(pip, "absent", day=date(2026, 10, day), reason=reason, key=f"away-{day}"))
    mark(door, case, said(pip, "present", day=date(2026, 10, 23), key="there-on-friday"))

    told = lines(client_as(OLIVE))["All", "Everything"]

    assert (told["Sessions attended"], told["Sessions absent"], told["Attendance"]) == ("1", "2", "33.3%")


def test_the_page_shows_the_same_and_names_nobody(client_as: ClientAs, door: Handler) -> None:
    case, pip = a_placed_pupil(door)
    mark(door, case, said(pip))

    page = Page(client_as(OLIVE).get("/reports"))

    assert "What was provided, 1 Sep 2026 to 2 Nov 2026" in page.text
    assert "100.0%" in page.text
    assert "Not recorded" in page.text
    assert "Sparrow" not in page.text


@pytest.mark.parametrize(
    "asked", ["first=soon", "first=2026-11-02&last=2026-11-01", "last=9999-12-31", "first=0001-01-01"]
)
def test_dates_that_make_no_sense_are_told(client_as: ClientAs, asked: str) -> None:
    answer = client_as(OLIVE).get(f"/reports?{asked}")

    assert answer.status_code == 422
    assert "Give two dates" in Page(answer).text


def test_a_time_without_placements_says_so(client_as: ClientAs) -> None:
    assert "No placement ran in this time." in Page(client_as(OLIVE).get("/reports")).text


@pytest.mark.parametrize("person", [PAT, PETRA])
@pytest.mark.parametrize("address", ["/reports", "/reports.csv"])
def test_nobody_else_sees_it(client_as: ClientAs, person: Actor, address: str) -> None:
    assert client_as(person).get(address).status_code == 404


def test_the_days_of_a_pause_count_as_no_time_and_no_attendance_and_their_cost_goes_on(
    client_as: ClientAs, door: Handler
) -> None:
    case, _ = a_placed_pupil(door)
    wren = a_placement(door, a_pupil(door, **WREN), cost="£187.50")
    a_plan(door, wren)
    mark(door, case, said(wren, "absent"), said(wren, half="pm"))
    before = lines(client_as(OLIVE))["Need", "EHC plan"]

    paused(door, wren, date(2026, 9, 14), date(2026, 9, 21))
    paused(door, wren, date(2026, 11, 2))

    told = lines(client_as(OLIVE))["Need", "EHC plan"]
    days = [int(one["School days in alternative provision"]) for one in (before, told)]
    assert days == [36, 30]
    assert (before["Hours"], told["Hours"]) == ("108.0", "90.0")
    assert told["Cost in pounds"] == before["Cost in pounds"] == "1350.00"
    assert (before["Attendance"], told["Attendance"]) == ("50.0%", "")
