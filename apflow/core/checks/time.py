"""What is wrong with time: reminders nobody gets, deadlines another hides, clocks that stand still for ever."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from apflow.core.checks.findings import Finding, Path, Subject
from apflow.core.days.calendar import LONDON, Calendar, local_date
from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.events import CLOCK
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.definition.workflow import StateSpec

# Every few days over two years, at noon: short months, long weekends and both clock changes are among them.
_DAYS = tuple(datetime(2026, 1, 1, 12, tzinfo=LONDON) + timedelta(days=step) for step in range(0, 730, 11))


def check_time(subject: Subject) -> Iterator[Finding]:
    """Every finding about when things happen."""
    for path, states, spec in subject.deadlines():
        yield from _reminders(subject.definition.calendar, path, spec)
        yield from _rounds(subject, path, states, spec)
        yield from _pauses(subject, path, states, spec)
        yield from _ends(subject, path, states, spec)
        yield from _former(subject, path, states, spec)
    for name, state in subject.workflow.states.items():
        yield from _shadowed(subject, ("states", name), name, state)


def _reminders(calendar: Calendar, path: Path, spec: DeadlineSpec) -> Iterator[Finding]:
    """A reminder past when the deadline begins; one counted to a date of somebody's choosing may well not be."""
    seen: set[tuple[str, Duration]] = set()
    for number, ladder in enumerate(spec.remind):
        for place, left in enumerate(ladder.at):
            where = (*path, "remind", number, "at", place)
            if (ladder.who, left) in seen:
                yield Finding(where, "reminded-twice", f'"{left} left" is there already for the {ladder.who}')
            seen.add((ladder.who, left))
            if spec.of is None and not _ever(calendar, spec.span, left):
                message = f'"{left} left" would come before the deadline begins, as there are only {spec.span}'
                yield Finding(where, "reminder-too-early", message)


def _ever(calendar: Calendar, span: Duration, left: Duration) -> bool:
    """Whether the reminder is ever on a day after the one that the deadline is counted from; of hours, any later."""
    ends = [(day, calendar.due(day, span)) for day in _DAYS]
    if span.unit is Unit.HOUR:
        return any(calendar.reminds_at(due.at, left) > day for day, due in ends)
    return any(local_date(calendar.reminds_at(due.at, left)) > due.counted_from for _, due in ends)


def _rounds(subject: Subject, path: Path, states: tuple[str, ...], spec: DeadlineSpec) -> Iterator[Finding]:
    """A cycle that is over before the work in it is."""
    if spec.every is None:
        return
    if spec.then.after_warning is not None:
        message = "this comes round again by itself, so nothing waits for a warning; leave out after_warning:"
        yield Finding((*path, "then", "after_warning"), "warned-each-time", message, True)
    for state in states:
        for name, task in subject.workflow.states[state].tasks.items():
            if task.due is not None and _longer(subject.definition.calendar, task.due, spec.every):
                message = f'this comes round every {spec.every}, before "{name}" ({task.due}) is due'
                yield Finding((*path, "every"), "cycle-too-short", message)


def _longer(calendar: Calendar, span: Duration, other: Duration) -> bool:
    """Whether the one span always ends after the other."""
    return all(calendar.due(day, span).at > calendar.due(day, other).at for day in _DAYS)


def _pauses(subject: Subject, path: Path, states: tuple[str, ...], spec: DeadlineSpec) -> Iterator[Finding]:
    if spec.paused_in is None:
        return
    if set(spec.while_in) <= set(spec.paused_in.states):
        message = "this stands still in every state it runs in; leave one of them out of paused_in:"
        yield Finding((*path, "paused_in", "states"), "never-runs", message)
    earlier = (subject.definition.deadlines[state].get(spec.after_deadline or "") for state in states)
    if any(one is not None and one.paused_in not in (None, spec.paused_in) for one in earlier):
        message = f'this stands still with "{spec.after_deadline}", which it is counted from; leave out paused_in:'
        yield Finding((*path, "paused_in"), "pauses-apart", message, True)


def _ends(subject: Subject, path: Path, states: tuple[str, ...], spec: DeadlineSpec) -> Iterator[Finding]:
    """The event of a deadline of the whole case must be there in each state it may end in."""
    event = spec.then.event
    if event is None or path[0] != "deadlines":
        return
    for state in states:
        offered = subject.definition.events[state]
        if event not in offered:
            message = f'this can end while the case is in "{state}", where there is no event called "{event}"'
            yield Finding((*path, "then", "event"), "not-there", message)
        elif CLOCK not in offered[event].by:
            yield Finding((*path, "then", "event"), "not-the-clock", f'"{event}" is not by: clock in "{state}"')


def _former(subject: Subject, path: Path, states: tuple[str, ...], spec: DeadlineSpec) -> Iterator[Finding]:
    """An earlier name that is not this one's alone: of a case that is moved, two deadlines would be the same one."""
    if spec.formerly is None:
        return
    here = [subject.definition.deadlines[state] for state in states]
    others = (one for specs in here for name, one in specs.items() if name != path[-1])
    if any(spec.formerly in specs for specs in here) or any(one.formerly == spec.formerly for one in others):
        message = f'another deadline here is, or was, called "{spec.formerly}", so this one does not go on from it'
        yield Finding((*path, "formerly"), "former-name-taken", message)


def _shadowed(subject: Subject, path: Path, name: str, state: StateSpec) -> Iterator[Finding]:
    """A deadline that another, which takes the case away without asking anything, always comes before."""
    calendar = subject.definition.calendar
    own = {key: spec for key, spec in state.deadlines.items() if spec.is_sure}
    for key, spec in own.items():
        for other, first in own.items():
            if other != key and _takes_away(subject, name, first) and _always_first(calendar, first, spec):
                message = f'"{other}" always takes the case away first, so this is never due'
                yield Finding((*path, "deadlines", key), "shadowed", message, True)
                break


def _takes_away(subject: Subject, state: str, spec: DeadlineSpec) -> bool:
    event = subject.definition.events[state].get(spec.then.event or "")
    asks_nothing = event is not None and event.to is not None and not event.requires
    return asks_nothing and spec.unless is None and spec.then.after_warning is None


def _always_first(calendar: Calendar, first: DeadlineSpec, second: DeadlineSpec) -> bool:
    return all(calendar.due(day, first.span).at < calendar.due(day, second.span).at for day in _DAYS)
