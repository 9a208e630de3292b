"""Starting, extending and explaining deadlines."""

from dataclasses import replace
from datetime import datetime, time

from apflow.core.calendar import LONDON, Calendar
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.duration import Duration
from apflow.core.snapshot import Rung, RunningDeadline


def start(name: str, spec: DeadlineSpec, anchor: datetime, calendar: Calendar) -> RunningDeadline:
    """The deadline as it runs from `anchor`; a rung that would fall before the anchor is skipped."""
    due = calendar.due(anchor, spec.within)
    rungs = tuple(
        Rung(left=left, who=ladder.who, notice=ladder.notice, at=calendar.before(due.on, left))
        for ladder in spec.remind
        for left in ladder.at
    )
    rungs = tuple(replace(rung, skipped=rung.at <= anchor) for rung in rungs)
    return scheduled(
        RunningDeadline(
            id=None,
            name=name,
            anchor_at=anchor,
            within=spec.within,
            due_at=due.at,
            next_at=None,
            rungs=tuple(sorted(rungs, key=lambda rung: rung.at)),
            provisional=due.provisional,
        )
    )


def scheduled(deadline: RunningDeadline) -> RunningDeadline:
    """The same deadline with the next thing due worked out from its rungs."""
    pending = [rung.at for rung in deadline.rungs if rung.is_pending]
    return replace(deadline, next_at=min([*pending, deadline.due_at]))


def extend(deadline: RunningDeadline, by: Duration, calendar: Calendar) -> RunningDeadline:
    """The deadline moved later by `by`, counted from where it stood; reminders not yet sent move with it."""
    noon = datetime.combine(deadline.due_at.astimezone(LONDON).date(), time(12), LONDON)
    due = calendar.due(noon, by)
    rungs = tuple(
        replace(rung, at=calendar.before(due.on, rung.left)) if rung.is_pending else rung
        for rung in deadline.rungs
    )
    later = replace(
        deadline, due_at=due.at, rungs=rungs, extended=deadline.extended + 1, provisional=due.provisional
    )
    return scheduled(later)


def anchor_on(day: str, calendar: Calendar) -> datetime:
    """The instant a deadline counted `of` a date field runs from: that morning."""
    return datetime.combine(datetime.fromisoformat(day).date(), calendar.day_starts, LONDON)
