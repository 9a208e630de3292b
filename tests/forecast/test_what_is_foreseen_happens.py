"""A year of every case in the demo: what is foreseen of it is what then happens, at the same time, told to the same."""

import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import Connection, select

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.snapshot import Snapshot
from apflow.demo.build import Stage, pass_time
from apflow.demo.clock import DemoDays
from apflow.demo.run import DATABASE, demo_site
from apflow.foresight.forecast import AHEAD, Coming, coming
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.reading.history import history_of
from apflow.store.tables.cases import cases
from apflow.testing import MONDAY, PAT, add_people, enquire
from apflow.web.site import Site

Seen = tuple[datetime, str, str, tuple[str, ...]]


@dataclass(frozen=True)
class Year:
    """What was foreseen for each case, and what its history then says, from the moment it was foreseen."""

    now: datetime
    foreseen: Mapping[str, list[Seen]]
    happened: Mapping[str, list[Seen]]


@pytest.fixture(scope="module")
def year(demo_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    folder = Path(shutil.copytree(demo_made, tmp_path_factory.mktemp("forecast") / "council"))
    site = demo_site(folder, "http://testserver.local", DemoDays(Store(f"sqlite:///{folder / DATABASE}")))
    now = site.now()
    pass_time(Stage(site, now), now)
    with site.store.reading() as connection:
        open_now = [load_case(connection, reference) for reference in connection.scalars(select(cases.c.reference))]
        snapshots = {case.reference: case for case in open_now if case is not None}
        foreseen = {name: [*map(_seen, coming(site.handler, connection, one, now))] for name, one in snapshots.items()}
    pass_time(Stage(site, now), now + AHEAD)
    with site.store.reading() as connection:
        happened = {name: list(_by_the_clock(site, connection, one)) for name, one in snapshots.items()}
    yield Year(now, foreseen, happened)
    site.store.close()


def _seen(one: Coming) -> Seen:
    return one.at, one.kind, one.name, tuple(sorted(to.name for to in one.to))


def _by_the_clock(site: Site, connection: Connection, case: Snapshot) -> Iterator[Seen]:
    """What deadlines of the case's own did to it since; not what its relatives said to it."""
    definition = site.handler.definition_of(connection, case)
    for entry in history_of(connection, case.reference, after=case.version):
        by_deadlines = {spec.then.event for spec in definition.deadlines[entry.from_state].values()}
        if entry.kind in ("reminder", "escalation") or (entry.kind == "event" and entry.name in by_deadlines):
            told = entry.payload.get("notices") or ()
            yield entry.at, entry.kind, entry.name, tuple(sorted(one["to"] for one in told))


def test_what_was_foreseen_of_every_case_is_what_the_year_then_brings(year: Year) -> None:
    differ = {name: (seen, year.happened[name]) for name, seen in year.foreseen.items() if seen != year.happened[name]}

    assert differ == {}


def test_the_year_had_reminders_escalations_and_moves_on_both_sides_of_the_clock_changes(year: Year) -> None:
    everything = [seen for found in year.foreseen.values() for seen in found]

    assert {kind for _, kind, _, _ in everything} == {"reminder", "escalation", "event"}
    assert {at.astimezone(LONDON).utcoffset() for at, *_ in everything} == {timedelta(0), timedelta(hours=1)}
    assert {local_date(at).month for at, *_ in everything} == set(range(1, 13))


def test_nothing_is_foreseen_of_a_case_that_has_ended_and_nothing_is_changed_by_looking(
    handler: Handler, store: Store
) -> None:
    add_people(store)
    reference = enquire(handler)
    with store.reading() as connection:
        before = load_case(connection, reference)
        assert before is not None
        assert list(coming(handler, connection, before, MONDAY))
        assert load_case(connection, reference) == before
    handler.fire(reference, "withdraw", {"sure": True}, actor=PAT, now=MONDAY)
    with store.reading() as connection:
        ended = load_case(connection, reference)
        assert ended is not None
        assert list(coming(handler, connection, ended, MONDAY)) == []
