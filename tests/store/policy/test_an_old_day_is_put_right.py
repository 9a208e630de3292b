"""Deadlines that an earlier version left at the day that a review had replaced: found at night, and counted anew."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import delete, insert, select, update

from apflow.foresight.replaying import replay
from apflow.handler import Handler
from apflow.rounds.nightly import checking
from apflow.rounds.otherwise import COUNTED_OTHERWISE
from apflow.rounds.verifying import verified
from apflow.store.findings import standing_by_kind
from apflow.store.reading.history import history_of
from apflow.store.tables.work import tasks, timers
from apflow.testing import MONDAY
from tests.reviewed import A_LATER, FIRST, Reviewed, reviewed_by

_OF_REPORT = timers.c.name == "report_due"
SAID = (
    "“The report on progress is due” is counted from Monday 30 November 2026, "
    "while the case says Monday 14 December 2026"
)


@pytest.fixture
def reviewed(handler: Handler) -> Reviewed:
    return reviewed_by(handler)


def as_it_was_left(reviewed: Reviewed, *, late: bool) -> datetime:
    """A review gives a later day, and the deadline runs on as an earlier version of apflow left it; a day after."""
    on = FIRST + timedelta(days=1) if late else MONDAY.date() + timedelta(days=1)
    reviewed.after(on)
    with reviewed.handler.store.reading() as connection:
        old = connection.execute(select(timers).where(_OF_REPORT, timers.c.stopped_at.is_(None))).mappings().one()
    reviewed.says(A_LATER, on=on)
    with reviewed.handler.store.writing() as connection:
        connection.execute(delete(timers).where(_OF_REPORT))
        connection.execute(insert(timers).values(**old))
        again: dict[str, Any] = {"closed_at": None, "closed_by": None, "closed_how": None}
        connection.execute(update(tasks).where(tasks.c.name == "overdue_report_due").values(**again))
    assert (reviewed.is_called_late, reviewed.report.ended) == (late, late)
    return MONDAY + (on - MONDAY.date()) + timedelta(hours=18)


def night(handler: Handler, now: datetime) -> None:
    for _ in checking(handler, lambda: now, lambda: now):
        pass


def standing(handler: Handler) -> int:
    with handler.store.reading() as connection:
        return standing_by_kind(connection).get(COUNTED_OTHERWISE, 0)


@pytest.mark.parametrize("late", [False, True])
def test_it_is_found_and_counted_anew_by_what_the_case_says(reviewed: Reviewed, *, late: bool) -> None:
    now = as_it_was_left(reviewed, late=late)
    found = [one for one in verified(reviewed.handler, now) if one.kind == COUNTED_OTHERWISE]
    assert [(one.about, one.said) for one in found] == [(reviewed.reference, SAID)]

    night(reviewed.handler, now)

    assert (reviewed.is_called_late, reviewed.report.ended, reviewed.report.due_at.date()) == (False, False, A_LATER)
    with reviewed.handler.store.reading() as connection:
        last = history_of(connection, reviewed.reference)[-1]
    assert (last.name, last.actor_name, last.payload["note"]) == (
        "recounted deadlines",
        "apflow",
        f"{SAID}: it is counted anew.",
    )
    assert [one for one in verified(reviewed.handler, now) if one.kind == COUNTED_OTHERWISE] == []
    reviewed.after(A_LATER + timedelta(days=1))
    assert reviewed.is_called_late


def test_it_is_said_for_one_night_and_put_right_once(reviewed: Reviewed) -> None:
    now = as_it_was_left(reviewed, late=True)
    night(reviewed.handler, now)
    version = reviewed.case.version
    assert standing(reviewed.handler) == 1

    night(reviewed.handler, now + timedelta(days=1))

    assert (standing(reviewed.handler), reviewed.case.version) == (0, version)


def test_one_that_is_counted_from_a_day_which_its_date_never_said_was_kept_so_on_purpose(reviewed: Reviewed) -> None:
    """As when a case is moved to another version, and whoever moves it has the deadline kept as it is."""
    with reviewed.handler.store.writing() as connection:
        connection.execute(update(timers).where(_OF_REPORT).values(anchor_at=MONDAY + timedelta(weeks=3)))

    night(reviewed.handler, MONDAY + timedelta(hours=18))

    assert (standing(reviewed.handler), reviewed.report.due_at.date()) == (0, FIRST)


def replayed(handler: Handler, until: datetime) -> tuple[str, str]:
    with handler.store.reading() as connection:
        (one,) = replay(handler, connection, handler.library, "placement", until, lambda each: each).cases
    return one.verdict, one.why


def test_what_happens_by_the_new_day_replays_as_it_went(reviewed: Reviewed) -> None:
    reviewed.says(A_LATER, on=MONDAY.date() + timedelta(days=1))
    reviewed.after(A_LATER + timedelta(days=1))

    assert replayed(reviewed.handler, MONDAY + timedelta(weeks=7)) == ("same", "")


def test_a_replay_of_what_went_by_the_old_day_says_what_would_not_happen_now(reviewed: Reviewed) -> None:
    as_it_was_left(reviewed, late=False)
    reviewed.after(FIRST + timedelta(days=1))
    night(reviewed.handler, MONDAY + timedelta(weeks=4, days=2))

    verdict, why = replayed(reviewed.handler, MONDAY + timedelta(weeks=5))

    assert verdict == "unknown"
    assert why.startswith("Played again as it was, it does not come out as recorded: reminder report_due: to come.")
    assert why.endswith("counted anew on the way, by another calendar or by a day that the case had said.")
