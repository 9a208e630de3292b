"""Every number of the report agrees with a recount from the histories, in the demo and in its whole year."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

import openpyxl
import pytest
from litestar.testing import TestClient
from sqlalchemy import select

from apflow.clock import machine_now
from apflow.core.days.calendar import local_date
from apflow.demo.alerts import SEEN_TO
from apflow.demo.clock import DemoDays
from apflow.demo.run import DATABASE, demo_site, make
from apflow.demo.year import play_a_year
from apflow.demo.year_cast import SCHOOLS
from apflow.store.driver.engine import Store
from apflow.store.people import sign_in
from apflow.store.reading.history import broken_chains
from apflow.store.tables.cases import case_items, cases
from apflow.store.tables.people import people
from apflow.store.tables.pupils import professionals
from apflow.store.tables.work import tasks
from apflow.web.app import create_app
from apflow.web.identity import SESSION_COOKIE
from apflow.web.site import Site
from tests.web.browsing import Client
from tests.web.recount import Numbers, Recount


def served(folder: Path) -> Site:
    return demo_site(folder, "http://testserver.local", DemoDays(Store(f"sqlite:///{folder / DATABASE}")))


def of_officer(site: Site) -> Client:
    """A browser in which an officer is signed in."""
    client = TestClient(create_app(site))
    with site.store.writing() as connection:
        officer = connection.execute(select(people.c.id).where(people.c.email.like("olive%"))).scalar_one()
        client.cookies.set(SESSION_COOKIE, sign_in.start_session(connection, officer, machine_now()))
    return client


def recounted(site: Site, first: date, last: date) -> Numbers:
    with site.store.reading() as connection:
        return Recount(connection, site.library.calendar.school, first, last).numbers()


def told(client: Client, query: str) -> Numbers:
    rows = csv.DictReader(io.StringIO(client.get(f"/reports.csv?{query}").text.lstrip("\ufeff")))
    return {(row.pop("By"), row.pop("Name")): row for row in rows}


def as_workbook(client: Client, query: str) -> Numbers:
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/reports.xlsx?{query}").content))
    headings, *rows = book.worksheets[0].iter_rows(values_only=True)
    said = [dict(zip(map(str, headings), row, strict=True)) for row in rows]
    return {(row.pop("By"), row.pop("Name")): {name: str(cell or "") for name, cell in row.items()} for row in said}


def on_the_page(client: Client, query: str) -> Iterator[tuple[str, list[str]]]:
    """The lines of all tables in their order: the name, and the cells without what only small screens show."""
    html = client.get(f"/reports?{query}").text
    for row in re.findall(r'<tr class="govuk-table__row[^"]*"><th scope="row"[^>]*>(.*?)</tr>', html, re.DOTALL):
        name, _, rest = row.partition("</th>")
        cells = re.findall(r"<td[^>]*><span class=\"app-label\">[^<]*</span>(.*?)</td>", rest, re.DOTALL)
        yield name, [re.sub(r"<[^>]+>", "", cell).strip() for cell in cells]


def as_shown(group: str, line: dict[str, str]) -> list[str]:
    """A line of the file as the page has it; of outcomes it is plain that all have ended."""
    ended, without = line["Placements ended"], line["Placements without a cost"]
    cost = f"£{float(line['Cost in pounds']):,.2f}" + (f" ({without} not recorded)" if without != "0" else "")
    return [
        line["Pupils"],
        line["Placements"] + (f" ({ended} ended)" if ended != "0" and group != "Outcome" else ""),
        f"{float(line['Hours']):,.1f}".replace(".0", ""),
        "Not recorded" if without == line["Placements"] else cost,
        line["Attendance"] or "Not marked",
        line["School days a pupil"],
    ]


def agrees(site: Site, first: date, last: date) -> Numbers:
    """The report of these days, once its file, its workbook and its page have been found to agree with the recount."""
    client, query = of_officer(site), f"first={first.isoformat()}&last={last.isoformat()}"
    expected = recounted(site, first, last)
    assert told(client, query) == expected
    numeric = ("Hours", "Cost in pounds")
    for line, said in as_workbook(client, query).items():
        for name, cell in expected[line].items():
            same = float(cell) == float(said[name] or 0) if name in numeric else cell in (said[name], said[name] or "0")
            assert same, (line, name)
    shown = sorted(on_the_page(client, query))
    assert shown == sorted((name, as_shown(group, one)) for (group, name), one in expected.items() if group != "All")
    return expected


def test_every_number_agrees_with_a_recount_from_the_history(demo: Path) -> None:
    site = served(demo)
    today = local_date(site.now())

    numbers = agrees(site, today - timedelta(days=90), today)

    assert int(numbers["All", "Everything"]["Sessions attended"]) > 100


@pytest.fixture(scope="module")
def whole_year(tmp_path_factory: pytest.TempPathFactory) -> Site:
    folder = tmp_path_factory.mktemp("year") / "council"
    make(folder, "http://testserver.local", play_a_year)
    return served(folder)


@pytest.mark.slow
def test_so_it_does_for_a_year_at_eight_schools(whole_year: Site) -> None:
    today = local_date(whole_year.now())

    numbers = agrees(whole_year, today - timedelta(days=370), today)
    agrees(whole_year, today - timedelta(days=200), today - timedelta(days=100))
    agrees(whole_year, today - timedelta(days=3000), today - timedelta(days=2000))

    schools = [line.split(",")[0] for line in SCHOOLS.splitlines()[1:]]
    assert len(schools) == 8
    assert all(int(numbers["School", school]["Placements"]) >= 3 for school in schools)
    assert {name for group, name in numbers if group == "Outcome"} >= {"Back to school", "Broken down", "To training"}
    assert int(numbers["All", "Everything"]["Sessions attended"]) > 1000
    with whole_year.store.reading() as connection:
        assert list(broken_chains(connection)) == []
        stand = {(row.workflow, row.state) for row in connection.execute(select(cases.c.workflow, cases.c.state))}
        parents = set(
            connection.execute(select(case_items.c.status).where(case_items.c.collection == "parents")).scalars()
        )
        late = connection.execute(select(tasks.c.id).where(tasks.c.name == "overdue_settled_by")).first()
    states = {state for workflow, state in stand if workflow == "placement"}
    assert states >= {"active", "suspended", "ended", "first_follow_up", "broken_down", "refused", "withdrawn"}
    assert stand >= {("invoice", "issued"), ("invoice", "settled")}
    assert late is not None, "one invoice is late"
    assert parents == {"by_email", "by_post", "not_contacted"}


@pytest.mark.slow
def test_nobody_stands_twice_on_the_record_of_a_pupil(whole_year: Site) -> None:
    with whole_year.store.reading() as connection:
        rows = connection.execute(select(professionals.c.pupil_id, professionals.c.role, professionals.c.name)).all()

    assert rows
    assert [row for row, times in Counter(rows).items() if times > 1] == []


@pytest.mark.slow
def test_officers_have_done_what_placements_asked_of_them_until_today(whole_year: Site) -> None:
    asked = select(tasks.c.name, tasks.c.due_at, tasks.c.closed_at).join(cases, cases.c.id == tasks.c.case_id)
    with whole_year.store.reading() as connection:
        rows = connection.execute(asked.where(cases.c.workflow == "placement", tasks.c.name.in_(SEEN_TO))).all()

    assert {"others_are_told", "no_place", "mail_failed"} <= {row.name for row in rows}
    assert [row.name for row in rows if row.closed_at is None and row.due_at < whole_year.now()] == []
