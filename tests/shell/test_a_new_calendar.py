"""A calendar that gains a closed day: what it would move is said beforehand, and moved once it is published."""

import shutil
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from itertools import islice
from pathlib import Path

import pytest

from apflow.clock import machine_now
from apflow.core.days.calendar import local_date
from apflow.core.definition.labels import STAFF
from apflow.core.definition.words import day
from apflow.core.snapshot import RunningDeadline
from apflow.scheduler import fire_due
from apflow.settings import Settings
from apflow.store import recounts
from apflow.store.editions import Publisher
from apflow.store.reading.history import broken_chains, history_of
from apflow.testing import MONDAY
from apflow.versions import new_calendar
from apflow.versions.new_calendar import counting_anew
from apflow.versions.publishing import propose, publish
from apflow.web.site import Site
from apflow.wiring import open_store, published_site
from tests.lending import a_council, add_libby, ask, environment, go_live
from tests.loader.folder import rewrite
from tests.shell.commands import Ran, apflow
from tests.store.witness import case_of

DAY = timedelta(days=1)
Command = Callable[..., Ran]
BEFORE, AFTER = date(2026, 11, 17), date(2026, 11, 23)  # The fifth Monday or Tuesday, without the 9th and with it.


@pytest.fixture
def settings(tmp_path: Path, upgraded_file: Path) -> Settings:
    """An installation of its own, in which the council works on Mondays and Tuesdays."""
    settings = a_council(tmp_path / "council")
    shutil.copy(upgraded_file, tmp_path / "council" / "council.db")
    return settings


@pytest.fixture
def council(settings: Settings) -> Site:
    store = open_store(settings)
    add_libby(store)
    go_live(store, settings)
    return published_site(settings, store)


@pytest.fixture
def run(settings: Settings, tmp_path: Path) -> Command:
    return lambda *words: apflow(*words, folder=tmp_path, **environment(settings))


def close(settings: Settings, *days: date) -> None:
    """The council is closed on these days, says the folder."""
    closed = ", ".join(f"{{on: {one.isoformat()}, because: Stock-taking}}" for one in days)
    file = settings.workflows / "council.yaml"
    rest = file.read_text().partition("working_days")
    start = rest[0].partition("calendar: {")[0]
    file.write_text(f"{start}calendar: {{closed: [{closed}], {rest[1]}{rest[2]}")


def the_deadline(site: Site, reference: str) -> RunningDeadline:
    return case_of(site.store, reference).deadlines["look_due"]


def under_new(settings: Settings, site: Site) -> Site:
    """The installation as a process has it that took up the newest edition."""
    return published_site(settings, site.store)


def lines_of(site: Site, reference: str) -> list[str]:
    """Who its history says has counted anew, and why; none of it the clock's doing."""
    with site.store.reading() as connection:
        assert list(broken_chains(connection)) == []
        entries = history_of(connection, reference)
    assert all(entry.actor_audience == STAFF for entry in entries if entry.name == "recounted deadlines")
    return [f"{entry.actor_name}: {entry.payload['note']}" for entry in entries if entry.name == "recounted deadlines"]


def test_a_dry_run_says_what_would_move_and_moves_nothing(run: Command, settings: Settings, council: Site) -> None:
    reference = ask(council.handler, now=machine_now(), wanted_on=local_date(machine_now()) + 300 * DAY)
    was = local_date(the_deadline(council, reference).due_at)
    close(settings, was)

    told = run("publish", "--dry-run").output

    later = next(one for n in range(1, 9) if (one := was + n * DAY).weekday() < 2)
    assert "By the calendar 1 deadline that runs is due on another day:" in told
    assert f"- {reference}, “Someone should look”: {day(later)}, was {day(was)}" in told
    assert local_date(the_deadline(council, reference).due_at) == was

    told = run("publish", "--yes", "--as", "Magda Manager").output
    assert "1 case has been counted anew by the calendar." in told
    assert local_date(the_deadline(council, reference).due_at) == later
    assert lines_of(council, reference) == [f"Magda Manager: {new_calendar.NOTE}"]
    assert "counted anew" not in run("publish", "--yes").output


def test_a_calendar_that_moves_nothing_says_so(run: Command, settings: Settings, council: Site) -> None:
    close(settings, date(2031, 1, 6))
    assert "no deadline that runs would be due on another day" in run("publish", "--dry-run").output


def test_deadlines_are_moved_once_with_their_reminders_and_tasks(settings: Settings, council: Site) -> None:
    reference = ask(council.handler)
    before = the_deadline(council, reference)
    assert local_date(before.due_at) == BEFORE
    close(settings, date(2026, 11, 9))
    go_live(council.store, settings)
    new = under_new(settings, council)

    assert sum(counting_anew(new.handler, MONDAY)) == 1
    assert sum(counting_anew(new.handler, MONDAY)) == 0

    after = the_deadline(council, reference)
    assert local_date(after.due_at) == AFTER
    assert [rung.at for rung in after.rungs] > [rung.at for rung in before.rungs]
    dues = {task.due_at for task in case_of(council.store, reference).tasks}
    assert before.due_at not in dues
    assert len(lines_of(council, reference)) == 1


def test_a_closed_day_that_is_taken_back_moves_it_back(settings: Settings, council: Site) -> None:
    reference = ask(council.handler)
    for days, due in (([date(2026, 11, 9)], AFTER), ([], BEFORE)):
        close(settings, *days)
        go_live(council.store, settings)
        list(counting_anew(under_new(settings, council).handler, MONDAY))
        assert local_date(the_deadline(council, reference).due_at) == due


def test_what_is_due_already_has_acted_or_would_be_late_at_once_stays(settings: Settings, council: Site) -> None:
    reference = ask(council.handler)
    close(settings, date(2026, 11, 9))
    go_live(council.store, settings)
    new = under_new(settings, council)
    late = datetime(2026, 11, 18, 9, tzinfo=UTC)
    assert sum(counting_anew(new.handler, late)) == 0
    assert local_date(the_deadline(council, reference).due_at) == BEFORE

    fire_due(council.handler, late, machine_now=machine_now)
    history = len(lines_of(council, reference))
    with council.store.writing() as connection:
        recounts.begin(connection, recounts.Recounting(2, "Magda Manager"))
    assert sum(counting_anew(new.handler, late)) == 0
    assert len(lines_of(council, reference)) == history

    other = ask(new.handler)
    assert local_date(the_deadline(council, other).due_at) == AFTER
    close(settings)
    go_live(council.store, settings)
    assert sum(counting_anew(under_new(settings, council).handler, late)) == 0, "it would be over by now"
    assert local_date(the_deadline(council, other).due_at) == AFTER


def test_what_is_killed_on_the_way_is_gone_on_with_by_any_process_and_nothing_moves_twice(
    settings: Settings, council: Site
) -> None:
    references = [ask(council.handler) for _ in range(5)]
    close(settings, date(2026, 11, 9))
    go_live(council.store, settings)

    killed = counting_anew(under_new(settings, council).handler, MONDAY, at_a_time=2)
    assert list(islice(killed, 3)) == [True, True, True]
    killed.close()
    with council.store.reading() as connection:
        assert recounts.under_way(connection) is not None

    assert sum(counting_anew(under_new(settings, council).handler, MONDAY)) == 2
    assert [local_date(the_deadline(council, one).due_at) for one in references] == [AFTER] * 5
    assert [len(lines_of(council, one)) for one in references] == [1] * 5
    with council.store.reading() as connection:
        assert recounts.under_way(connection) is None


def test_a_process_under_the_edition_before_leaves_it_to_those_that_took_up_the_new(
    settings: Settings, council: Site
) -> None:
    ask(council.handler)
    close(settings, date(2026, 11, 9))
    go_live(council.store, settings)
    assert list(counting_anew(council.handler, MONDAY)) == []
    assert list(counting_anew(under_new(settings, council).handler, MONDAY)) == [True]


def test_a_policy_that_leaves_the_calendar_alone_counts_nothing_anew(settings: Settings, council: Site) -> None:
    rewrite(settings.notifications / "loan" / "lent.subject.txt", ("\n", " today\n"))
    proposal = propose(council.store, settings.workflows, settings.notifications)
    assert not proposal.recounts
    publish(council.store, proposal, by=Publisher("Magda Manager"), why="", now=machine_now())
    with council.store.reading() as connection:
        assert recounts.under_way(connection) is None
