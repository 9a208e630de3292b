"""A provider from the list as it was is asked for what is missing, and for its self-assessment a year after one."""

from datetime import date, timedelta
from typing import Any

import pytest

from apflow.core.days.calendar import local_date
from apflow.core.play import Play
from apflow.core.rehearsing import Cast, a_play, does, items_for
from apflow.loader import Library

MISSING = "public_liability"


def taken_over(library: Library, *, missing: tuple[str, ...] = (), **said: Any) -> Play:
    """One that is on the list from today here, with everything recorded as checked before but what is missing."""
    definition = library.current("provider")
    play, officer = a_play(definition), Cast(definition).person("officer")
    does(play, officer, "take_over", **said)
    later = (local_date(play.now) + timedelta(days=500)).isoformat()
    for key in items_for(play, "record_as_checked", required_only=True):
        if key not in missing:
            does(play, officer, "record_as_checked", key, expires_on=later)
    return play


def sent(play: Play) -> list[tuple[str, str]]:
    return [(send.role, send.notice) for outcome in play.outcomes for send in outcome.sends]


def work(play: Play) -> list[str]:
    return [task.name for task in play.case.tasks if task.name.startswith("overdue_papers")]


def test_what_is_missing_is_asked_for_again_and_then_an_officer_has_it_until_it_is_there(library: Library) -> None:
    play = taken_over(library, missing=(MISSING,))
    play.wait_until(play.now + timedelta(weeks=4))
    assert ("provider", "documents_missing") not in sent(play), "an officer records first what was checked before"
    play.wait_until(play.now + timedelta(weeks=4))
    assert sent(play).count(("provider", "documents_missing")) == 2
    play.wait_until(play.now + timedelta(weeks=2))
    assert (work(play), ("officer", "work_overdue") in sent(play)) == (["overdue_papers_missing"], True)

    officer = Cast(play.definition).person("officer")
    does(play, officer, "change_contact")
    assert work(play) == ["overdue_papers_missing"], "something else does not close it"
    does(play, officer, "record_as_checked", MISSING)
    assert (work(play), "papers_missing" in play.case.deadlines) == ([], False)


def test_nothing_is_asked_of_whoever_has_everything_on_record(library: Library) -> None:
    play = taken_over(library)
    assert "papers_missing" not in play.case.deadlines
    play.wait_until(play.now + timedelta(weeks=12))
    assert ("provider", "documents_missing") not in sent(play)


@pytest.mark.parametrize(("ago", "opens"), [(100, 265), (None, 365), (500, 0)])
def test_its_self_assessment_opens_a_year_after_its_last_one(library: Library, ago: int | None, opens: int) -> None:
    today = local_date(a_play(library.current("provider")).now)
    last = None if ago is None else (today - timedelta(days=ago)).isoformat()
    play = taken_over(library, self_assessed_on=last)
    play.wait_until(play.now + timedelta(days=380))
    opened = [_day(outcome) for outcome in play.outcomes if outcome.entry.name == "open_self_assessment"]
    assert abs((opened[0] - today).days - opens) <= 2
    assert len(opened) == (2 if opens == 0 else 1), "and once a year from then on"


def _day(outcome: Any) -> date:
    return local_date(outcome.entry.at)
