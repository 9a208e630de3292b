"""A review says when the next report on progress is due: by that day it is reminded of and chased, and by no other."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.core.snapshot import RunningDeadline, Snapshot
from apflow.handler import Handler
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.testing import MONDAY, PAT
from tests.brought import again
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

HELD = dict.fromkeys(("found", "pupil_says", "parents_say"), "Well.")
FIRST = MONDAY.date() + timedelta(weeks=4)  # 30 November.
A_LATER, AN_EARLIER = FIRST + timedelta(weeks=2), FIRST - timedelta(weeks=2)


@dataclass(frozen=True)
class Reviewed:
    """A placement whose report on progress is due in four weeks, and whose review is called."""

    handler: Handler
    school: Actor
    reference: str

    def says(self, report_on: date, *, on: date, event: str = "continue_it") -> None:
        """The review is held, and gives this day for the next report."""
        review = {**HELD, "reviewed_on": on.isoformat(), "next_report_on": report_on.isoformat()}
        review["first_review_on"] = (on + timedelta(weeks=10)).isoformat()
        self.handler.fire(self.reference, event, review, actor=self.school, now=MONDAY + (on - MONDAY.date()))

    def after(self, day: date) -> None:
        """Let everything happen that is due by the morning of this day, each morning what is due by then."""
        for days in range((day - MONDAY.date()).days + 1):
            now = MONDAY + timedelta(days=days)
            fire_due(self.handler, now, machine_now=lambda: MONDAY)

    @property
    def case(self) -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, self.reference)
        assert found is not None
        return found

    @property
    def report(self) -> RunningDeadline:
        return self.case.deadlines["report_due"]

    @property
    def is_called_late(self) -> bool:
        return "overdue_report_due" in {task.name for task in self.case.tasks}

    def reminded(self) -> list[date]:
        """The days on which the provider was reminded of the report that is due now."""
        return [rung.sent_at.date() for rung in self.report.rungs if rung.sent_at]


@pytest.fixture
def reviewed(handler: Handler) -> Reviewed:
    return Reviewed(handler, *again(handler, _reviewed))


def _reviewed(handler: Handler) -> tuple[Actor, str]:
    _, site = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), site)
    dates: dict[str, Any] = {"starts_on": MONDAY.date().isoformat(), "next_report_on": FIRST.isoformat()}
    dates |= dict.fromkeys(("until", "first_review_on"), (FIRST + timedelta(weeks=20)).isoformat())
    prepare(handler, reference, school, **dates)
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    inducted: dict[str, Any] = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat"}
    inducted |= dict.fromkeys(("health_and_safety", "who_to_tell"), True)
    handler.fire(reference, "record_induction", inducted, actor=PAT, now=MONDAY)
    handler.fire(reference, "call_review_now", {}, actor=school, now=MONDAY)
    return school, reference


def test_a_later_day_is_reminded_of_and_chased_and_the_old_one_is_not(reviewed: Reviewed) -> None:
    reviewed.says(A_LATER, on=MONDAY.date() + timedelta(days=1))

    reviewed.after(FIRST + timedelta(days=1))
    assert (reviewed.reminded(), reviewed.is_called_late) == ([], False)
    reviewed.after(A_LATER - timedelta(days=4))
    assert reviewed.reminded() == [A_LATER - timedelta(days=7)], "five school days before"
    reviewed.after(A_LATER + timedelta(days=1))
    assert reviewed.is_called_late


def test_an_earlier_day_is_kept_to(reviewed: Reviewed) -> None:
    reviewed.says(AN_EARLIER, on=MONDAY.date() + timedelta(days=1))

    reviewed.after(AN_EARLIER + timedelta(days=1))

    assert reviewed.reminded()[0] == AN_EARLIER - timedelta(days=7)
    assert reviewed.is_called_late


def test_the_same_day_goes_on_and_nobody_is_reminded_twice(reviewed: Reviewed) -> None:
    reviewed.after(FIRST - timedelta(days=7))
    before = reviewed.report
    assert reviewed.reminded() == [FIRST - timedelta(days=7)]

    reviewed.says(FIRST, on=FIRST - timedelta(days=6))

    assert (reviewed.report.id, reviewed.report.rungs) == (before.id, before.rungs)
    reviewed.after(FIRST)
    assert reviewed.reminded() == [FIRST - timedelta(days=7), FIRST - timedelta(days=3)]


def test_one_that_was_late_is_late_no_longer_once_a_review_has_given_another_day(reviewed: Reviewed) -> None:
    reviewed.after(FIRST + timedelta(days=1))
    assert reviewed.is_called_late

    reviewed.says(A_LATER, on=FIRST + timedelta(days=1))

    assert (reviewed.is_called_late, reviewed.report.ended, reviewed.report.due_at.date()) == (False, False, A_LATER)
    reviewed.after(A_LATER + timedelta(days=1))
    assert reviewed.is_called_late
