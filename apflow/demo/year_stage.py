"""The year of placements on its stage: how far each has come, and the one way in which things are done in it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any

from apflow.core.days.calendar import LONDON
from apflow.core.people.actor import Actor
from apflow.demo.build import Stage, pass_time
from apflow.demo.placed import party_of
from apflow.demo.year_cast import Stay
from apflow.store.cases.loading import load_case


@dataclass
class Running:
    """One of the placements as far as it has come: its case, and by which day the next things are to happen."""

    stay: Stay
    school: Actor
    reference: str
    first_day: date
    report_on: date
    times_reviewed: int = 0
    ended_on: date | None = None
    was_paused: bool = False

    @property
    def last_day(self) -> date:
        return self.stay.last_day(self.first_day)


@dataclass
class Year:
    """The year on its stage, from the Monday it begins."""

    stage: Stage
    begins: date
    running: list[Running]
    pupils: dict[str, int]
    told: int = 0

    def at(self, day: date, hour: int) -> datetime:
        """A moment in that hour, each command of a week a little after the one before."""
        self.told += 1
        return datetime.combine(day, time(hour), LONDON) + timedelta(seconds=15 * self.told)


@dataclass(frozen=True, slots=True)
class Stands:
    """In which state a case is, and whether that is its end."""

    name: str
    is_final: bool


def do(
    year: Year,
    one: Running,
    event: str,
    answers: dict[str, Any],
    at: datetime,
    *,
    item: str | None = None,
    by_provider: bool = False,
) -> None:
    """One command, once everything due before it has happened."""
    stage = year.stage
    pass_time(stage, at)
    actor = party_of(stage.site, one.reference) if by_provider else one.school
    stage.site.handler.fire(one.reference, event, answers, actor=actor, now=at, item=item)


def state_of(year: Year, one: Running) -> Stands:
    """Where the placement's case stands now."""
    with year.stage.site.store.reading() as connection:
        case = load_case(connection, one.reference)
    assert case is not None
    states = year.stage.site.library.current("placement").workflow.states
    return Stands(case.state, states[case.state].final)
