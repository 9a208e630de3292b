"""Starting, extending and explaining deadlines."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime, time

from apflow.core.calendar import LONDON, Calendar, local_date
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.duration import Duration
from apflow.core.snapshot import Rung, RunningDeadline


def start(name: str, spec: DeadlineSpec, anchor: datetime, calendar: Calendar, now: datetime) -> RunningDeadline:
    """The deadline as it runs from `anchor`, which a date field may put in the future; rungs past are skipped."""
    due = calendar.due(anchor, spec.within)
    rungs = tuple(
        Rung(left=left, who=ladder.who, notice=ladder.notice, at=calendar.before(due.on, left))
        for ladder in spec.remind
        for left in ladder.at
    )
    rungs = tuple(replace(rung, skipped=rung.at <= now) for rung in rungs)
    return scheduled(
        RunningDeadline(
            id=None,
            name=name,
            anchor_at=anchor,
            within=spec.within,
            due_at=due.at,
            next_at=None,
            rungs=_in_order(rungs),
            provisional=due.provisional,
        )
    )


def scheduled(deadline: RunningDeadline) -> RunningDeadline:
    """The same deadline with the next thing due worked out from its rungs."""
    pending = [rung.at for rung in deadline.rungs if rung.is_pending]
    return replace(deadline, next_at=min([*pending, deadline.due_at]))


def extend(deadline: RunningDeadline, by: Duration, calendar: Calendar, now: datetime) -> RunningDeadline:
    """The deadline moved later by `by`, counted from where it stood, or from today once that has passed.

    Its reminders are counted anew: one that was sent, or skipped, for the old date goes again if it is still to come.
    """
    stood = max(local_date(deadline.due_at), local_date(now))
    # Midnight, as no cut-off comes before it: the day the deadline stood on is where counting starts.
    due = calendar.due(datetime.combine(stood, time.min, LONDON), by)
    rungs = _in_order(_moved(rung, calendar.before(due.on, rung.left), now) for rung in deadline.rungs)
    later = replace(deadline, due_at=due.at, rungs=rungs, extended=deadline.extended + 1, provisional=due.provisional)
    return scheduled(later)


def _moved(rung: Rung, at: datetime, now: datetime) -> Rung:
    if at > now:
        return replace(rung, at=at, sent_at=None, skipped=False)
    return replace(rung, at=at) if rung.is_pending else rung


def _in_order(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    return tuple(sorted(rungs, key=lambda rung: rung.at))


def anchor_on(day: str, calendar: Calendar) -> datetime:
    """The instant a deadline counted `of` a date field runs from: that morning."""
    return datetime.combine(datetime.fromisoformat(day).date(), calendar.day_starts, LONDON)
