"""One deadline: starting it, giving it more time, letting it stand still, and letting it come round again."""

from collections.abc import Iterable
from datetime import date, datetime, time

from msgspec.structs import replace

from apflow.core.days.calendar import LONDON, Calendar, local_date
from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.timing import DeadlineSpec, Pause, Reminder
from apflow.core.snapshot import Rung, RunningDeadline


def start(name: str, spec: DeadlineSpec, anchor: datetime, calendar: Calendar, now: datetime) -> RunningDeadline:
    """The deadline as it runs from `anchor`, which a date field may put in the future; rungs past are skipped."""
    due = calendar.due(anchor, spec.span)
    rungs = _in_order(rung_of(ladder, left, due.at, calendar, now) for ladder in spec.remind for left in ladder.at)
    return RunningDeadline(
        id=None,
        name=name,
        anchor_at=anchor,
        within=spec.span,
        due_at=due.at,
        next_at=_next(rungs, due.at),
        rungs=rungs,
        provisional=due.provisional,
    )


def rung_of(ladder: Reminder, left: Duration, due_at: datetime, calendar: Calendar, now: datetime) -> Rung:
    """One reminder of a deadline that is due then; passed over when it is past."""
    at = _reminds_at(due_at, left, calendar, now, at_once=ladder.at_once)
    return Rung(left, ladder.who, ladder.notice, at, skipped=at <= now, at_once=ladder.at_once)


def _reminds_at(due_at: datetime, left: Duration, calendar: Calendar, now: datetime, *, at_once: bool) -> datetime:
    """When it reminds; on a closed day after all where the working day before it is past."""
    at = calendar.reminds_at(due_at, left, at_once=at_once)
    return at if at > now else calendar.reminds_at(due_at, left, at_once=True)


def scheduled(deadline: RunningDeadline) -> RunningDeadline:
    """The same deadline with the next thing due worked out from its rungs."""
    return replace(deadline, next_at=_next(deadline.rungs, deadline.due_at))


def _next(rungs: Iterable[Rung], due_at: datetime) -> datetime:
    return min([*(rung.at for rung in rungs if rung.is_pending), due_at])


def extend(deadline: RunningDeadline, by: Duration, calendar: Calendar, now: datetime) -> RunningDeadline:
    """A deadline in its place, later by `by`, counted from where it stood, or from today once that has passed.

    Its reminders are counted anew: one that was sent, or skipped, for the old date goes again if it is still to come.
    Nor does a warning of the old date count for the new one.
    """
    later = _later(deadline, max(deadline.due_at, now), by, calendar, now)
    later = replace(later, id=None, token=0, warned_at=None, extended=deadline.extended + 1)
    return later if later.paused_at else scheduled(later)  # While it stands still, only the end of its pause is due.


def recounted(deadline: RunningDeadline, limit: Pause | None, calendar: Calendar, now: datetime) -> RunningDeadline:
    """The deadline as it is counted today; one that is over, extended or at rest stays as it is.

    So does one in the council's own days that is due by now, or would be: nobody is late for a day that was open.
    """
    span = _with_pauses(deadline, limit)
    if span is None or deadline.ended or deadline.extended or deadline.paused_at:
        return deadline
    due = calendar.due(deadline.anchor_at, span)
    if due.at == deadline.due_at:
        return replace(deadline, provisional=due.provisional)
    if span.unit is Unit.WORKING_DAY and min(due.at, deadline.due_at) <= now:
        return deadline
    rungs = _in_order(_moved(rung, due.at, calendar, now) for rung in deadline.rungs)
    return scheduled(replace(deadline, due_at=due.at, rungs=rungs, provisional=due.provisional))


def _with_pauses(deadline: RunningDeadline, limit: Pause | None) -> Duration | None:
    """The span with the days for which it stood still before; None where those were counted in days of another kind."""
    if not deadline.paused_days:
        return deadline.within
    if limit is None or _unit(limit.at_most) is not deadline.within.unit:
        return None
    return Duration(deadline.within.count + deadline.paused_days, deadline.within.unit)


def pause(deadline: RunningDeadline, limit: Pause | None, calendar: Calendar, now: datetime) -> RunningDeadline:
    """The deadline standing still from now, until it is resumed or the limit of all its pauses is reached."""
    if limit is None or _days(limit.at_most) <= deadline.paused_days:
        return deadline
    return replace(deadline, paused_at=now, next_at=_pause_ends(deadline, limit, now, calendar))


def _pause_ends(deadline: RunningDeadline, limit: Pause, since: datetime, calendar: Calendar) -> datetime:
    """When one that stands still since then goes on, as its pauses may not last longer."""
    left = Duration(_days(limit.at_most) - deadline.paused_days, _unit(limit.at_most))
    return calendar.due(morning_of(since), left).at


def still_with(deadline: RunningDeadline, other: RunningDeadline) -> RunningDeadline:
    """The deadline standing still, or not, just as the other one does, and for no longer."""
    now_so = replace(deadline, paused_days=other.paused_days)
    return replace(now_so, paused_at=other.paused_at, next_at=other.next_at) if other.paused_at else now_so


def resume(deadline: RunningDeadline, limit: Pause, calendar: Calendar, now: datetime) -> RunningDeadline:
    """The deadline going on, later by as many days as it stood still."""
    if deadline.paused_at is None:
        return deadline
    first, last = local_date(deadline.paused_at), local_date(now)
    paused = deadline.paused_days + _days_between(first, last, _unit(limit.at_most), calendar)
    stood = Duration(_days_between(first, last, _unit(deadline.within), calendar), _unit(deadline.within))
    later = _later(deadline, deadline.due_at, stood, calendar, now)
    return scheduled(replace(later, paused_at=None, paused_days=paused))


def unpaused(deadline: RunningDeadline) -> RunningDeadline:
    """The deadline going on at its old date, where its policy no longer knows of standing still."""
    return scheduled(replace(deadline, paused_at=None))


def unwanted(deadline: RunningDeadline) -> RunningDeadline:
    """The deadline as it is kept while it is not wanted: nothing of it is due, and what it has done is forgotten."""
    return replace(deadline, ended=False, next_at=None)


def wanted_again(deadline: RunningDeadline, spec: DeadlineSpec, calendar: Calendar, now: datetime) -> RunningDeadline:
    """The deadline as it would stand by now had it been wanted all along, its date passed or not.

    One that comes round is on its next time. One that may stand still no longer goes on since then.
    """
    if deadline.paused_at is not None and spec.paused_in is not None:
        ends = _pause_ends(deadline, spec.paused_in, deadline.paused_at, calendar)
        if ends > now:
            return replace(deadline, next_at=ends)
        deadline = resume(deadline, spec.paused_in, calendar, ends)
    if spec.every is not None and deadline.due_at <= now:
        return come_round(deadline, spec, calendar, now)
    return scheduled(deadline)


def later_as_given(
    deadline: RunningDeadline, was: RunningDeadline, calendar: Calendar, now: datetime
) -> RunningDeadline:
    """The deadline later by as much as extensions and pauses made the other later than its own count."""
    counted, unit = calendar.due(was.anchor_at, was.within).on, _unit(was.within)
    given = _days_between(counted, local_date(was.due_at), unit, calendar)
    if given <= 0:
        return deadline
    return scheduled(_later(deadline, deadline.due_at, Duration(given, unit), calendar, now))


def come_round(deadline: RunningDeadline, spec: DeadlineSpec, calendar: Calendar, now: datetime) -> RunningDeadline:
    """The deadline for its next time, counted from when it was due; times that an outage missed are left out."""
    following = start(deadline.name, spec, morning_of(deadline.due_at), calendar, now)
    while following.due_at <= now:
        following = start(deadline.name, spec, morning_of(following.due_at), calendar, now)
    return replace(following, id=deadline.id, token=deadline.token)


def morning_of(at: datetime) -> datetime:
    """Midnight before, as no cut-off comes before it: that day itself is where counting starts."""
    return datetime.combine(local_date(at), time.min, LONDON)


def _later(
    deadline: RunningDeadline, stood: datetime, by: Duration, calendar: Calendar, now: datetime
) -> RunningDeadline:
    due = calendar.due(morning_of(stood), by)
    rungs = _in_order(_moved(rung, due.at, calendar, now) for rung in deadline.rungs)
    return replace(deadline, due_at=due.at, rungs=rungs, provisional=due.provisional)


def _unit(span: Duration) -> Unit:
    """The kind of day that a span's time is measured in while it stands still."""
    return span.unit if span.unit in (Unit.WORKING_DAY, Unit.SCHOOL_DAY) else Unit.CALENDAR_DAY


def _days(span: Duration) -> int:
    return span.count * 7 if span.unit is Unit.WEEK else span.count


def _days_between(first: date, last: date, unit: Unit, calendar: Calendar) -> int:
    match unit:
        case Unit.WORKING_DAY:
            return calendar.working_days_between(first, last)
        case Unit.SCHOOL_DAY:
            return calendar.school.days_between(first, last)
        case _:
            return (last - first).days


def _moved(rung: Rung, due_at: datetime, calendar: Calendar, now: datetime) -> Rung:
    at = _reminds_at(due_at, rung.left, calendar, now, at_once=rung.at_once)
    if at > now:
        return replace(rung, at=at, sent_at=None, skipped=False)
    return replace(rung, at=at) if rung.is_pending else rung


def _in_order(rungs: Iterable[Rung]) -> tuple[Rung, ...]:
    return tuple(sorted(rungs, key=lambda rung: rung.at))


def anchor_on(day: str, calendar: Calendar) -> datetime:
    """The instant a deadline counted `of` a date field runs from: that morning."""
    return datetime.combine(date.fromisoformat(day), calendar.day_starts, LONDON)


def anchor_at(day: str, at: str | None) -> datetime:
    """The instant from which hours `of` a date field run: its time, or while that is not known the day's beginning."""
    return datetime.combine(date.fromisoformat(day), time.fromisoformat(at) if at else time.min, LONDON)
