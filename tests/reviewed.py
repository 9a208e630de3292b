"""A placement that runs, whose report on progress is due in four weeks and whose review is called."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

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


def reviewed_by(handler: Handler) -> Reviewed:
    return Reviewed(handler, *again(handler, _a_placement))


def _a_placement(handler: Handler) -> tuple[Actor, str]:
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
