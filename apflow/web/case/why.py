"""Why a deadline falls when it does: what it is counted from, by which rule, and the days left out on the way."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime

from apflow.core.compare.names import Names
from apflow.core.compare.said import condition_words
from apflow.core.days.calendar import Due, local_date
from apflow.core.days.duration import OF_SCHOOLS, Duration, Unit
from apflow.core.definition import words
from apflow.core.definition.conditions import collections_read, facts_read
from apflow.core.definition.labels import STAFF
from apflow.core.definition.timing import DeadlineSpec, Then
from apflow.core.people.permission import may_see_collection, readable
from apflow.core.snapshot import Rung, RunningDeadline
from apflow.web.case.opened import Opened
from apflow.web.wording import lower_first, role_words

_PERIODS = OF_SCHOOLS - {Unit.SCHOOL_DAY}
_OVER_A_WEEKEND = 3


@dataclass(frozen=True, slots=True)
class Remind:
    """One reminder: when, to whom, and whether it has gone."""

    at: datetime
    who: str
    how: str


@dataclass(frozen=True, slots=True)
class Why:
    """One running deadline with its reasons, as sentences."""

    label: str
    due_at: datetime
    unit: Unit
    is_overdue: bool
    counted: tuple[str, ...]
    left_out: tuple[str, ...]
    reminders: tuple[Remind, ...]
    unless: str
    then: str
    source: str | None
    assumed: str | None
    provisional: str


def why(opened: Opened, running: RunningDeadline) -> Why:
    """The deadline explained, counted again from its anchor."""
    spec = opened.definition.deadlines[opened.snapshot.state][running.name]
    due = opened.definition.calendar.due(running.anchor_at, running.within)
    return Why(
        label=spec.label,
        due_at=running.due_at,
        unit=running.within.unit,
        is_overdue=running.due_at < opened.now,
        counted=_counted(opened, spec, running, due),
        left_out=_left_out(due),
        reminders=tuple(_remind(opened, running, rung) for rung in running.rungs),
        unless=_unless(opened, spec),
        then=_then(opened, spec.then, running),
        source=spec.source,
        assumed=spec.assumed,
        provisional=_provisional(running),
    )


def _counted(opened: Opened, spec: DeadlineSpec, running: RunningDeadline, due: Due) -> tuple[str, ...]:
    start = words.day(due.counted_from)
    said = [_rule(opened, spec, running, start)]
    if local_date(running.anchor_at) != due.counted_from:
        moment = words.moment(running.anchor_at)
        said.append(f"It began on {moment}: after the cut-off or on a day off, so it counts as {start}.")
    if running.paused_at:
        said.append(_standing_still(opened, spec, running))
    if running.paused_days:
        said.append("It has stood still for a time, and is later by as long.")
    if running.extended:
        times = {1: "once", 2: "twice"}.get(running.extended, f"{running.extended} times")
        said.append(f"More time has been given {times}. Before that it was {words.day(due.on)}.")
    elif due.at != running.due_at and not running.paused_days:
        said.append(f"With the calendar as it is today it would be {words.day(due.on)}.")
    return tuple(said)


def _rule(opened: Opened, spec: DeadlineSpec, running: RunningDeadline, start: str) -> str:
    span = f"Every {running.within}, now" if spec.every else str(running.within)
    of = _date_of(opened, spec)
    if spec.is_to_the_hour:
        since = _field(opened, of) if of else _when(opened, spec, running)
        return f"{span} from {words.moment(running.anchor_at)}, {since}, by night and at weekends too."
    if running.within.unit in _PERIODS and running.within.count:
        since = "the date given" if of else _when(opened, spec, running)
        return f"{span} from {start}, {since}: {_ends_of(running.within)}"
    if of is None:
        first = "The first school day after" if running.within.unit is Unit.SCHOOL_DAY else "The day after"
        return f"{span} from {start}, {_when(opened, spec, running)}. {first} is day 1."
    field = _field(opened, of)
    if running.within.count == 0:
        return f"By the end of {start}, {field}."
    return f"{span} from {start}, {field}."


def _date_of(opened: Opened, spec: DeadlineSpec) -> str | None:
    """The date that it is counted from; None where it began without one."""
    return None if spec.or_entering and opened.snapshot.fields.get(spec.of or "") is None else spec.of


def _field(opened: Opened, name: str) -> str:
    """What its day is, for dates are asked for in questions of all kinds."""
    question = opened.definition.question(name)
    return f"the day given for “{question.label}”" if question else "the day on which something was last done to it"


def _provisional(running: RunningDeadline) -> str:
    """Why the date may still move, if it may."""
    if not running.provisional:
        return ""
    unknown = "school terms" if running.within.unit in OF_SCHOOLS else "bank holidays"
    return f"This date lies beyond the {unknown} we know, so it may still move."


def _ends_of(span: Duration) -> str:
    """How half-terms and terms are counted: whole ones, the first of them the next to begin."""
    if span.count == 1:
        return f"it ends with the last day of the first {span.unit} that begins after that day."
    return f"it ends with the last day of the last of the {span} that begin after that day."


def _when(opened: Opened, spec: DeadlineSpec, running: RunningDeadline) -> str:
    """What happened on the day it is counted from."""
    definition, state = opened.definition, opened.definition.state(opened.snapshot.state)
    if spec.after is not None:
        event = opened.spec_of(spec.after)
        return f"when “{lower_first(event.label.staff if event else spec.after)}” was done"
    if spec.after_deadline is not None:
        earlier = definition.deadlines[opened.snapshot.state][spec.after_deadline]
        return f"the day for “{lower_first(earlier.label)}”"
    if spec.every is not None and running.anchor_at > opened.snapshot.entered_at:
        return "the day it last came round"
    if spec.while_in:
        return "when the case came to where this begins to count"
    return f"when it came to “{lower_first(state.label.staff)}”"


def _standing_still(opened: Opened, spec: DeadlineSpec, running: RunningDeadline) -> str:
    state = lower_first(opened.definition.state(opened.snapshot.state).label.staff)
    since = words.moment(running.paused_at) if running.paused_at else ""
    limit = f" It may do so for {spec.paused_in.at_most} at most." if spec.paused_in else ""
    return f"It stands still since {since}, while the case is “{state}”.{limit}"


def _left_out(due: Due) -> tuple[str, ...]:
    """Weekends counted together, other days with their reason; a holiday of several days as one, weekends within it."""
    weekends = Counter(reason for day, reason in due.skipped if reason == f"{day:%A}")
    said = [f"{count} {day}{'' if count == 1 else 's'}" for day, count in weekends.items()]
    runs: list[tuple[date, date, str]] = []
    for day, reason in due.skipped:
        if reason == f"{day:%A}":
            continue
        first, last, before = runs[-1] if runs else (day, day, "")
        joins = reason == before and (day - last).days <= _OVER_A_WEEKEND
        runs = [*runs[:-1], (first, day, reason)] if joins else [*runs, (day, day, reason)]
    return (*([" and ".join(said)] if said else []), *(_run(*run) for run in runs))


def _run(first: date, last: date, reason: str) -> str:
    return f"{words.day(first)}{'' if first == last else f' to {words.day(last)}'}: {reason}"


def _remind(opened: Opened, running: RunningDeadline, rung: Rung) -> Remind:
    title = opened.site.council.roles[rung.who].title
    if rung.sent_at is not None:
        return Remind(rung.sent_at, title, "sent")
    if rung.skipped:
        return Remind(rung.at, title, "skipped, as it was past or a later one went instead")
    return Remind(rung.at, title, "next" if running.next_at == rung.at else "to come")


def _unless(opened: Opened, spec: DeadlineSpec) -> str:
    """What stops it, for whoever may read all that this rests on."""
    definition, unless = opened.definition, spec.unless
    if unless is None:
        return ""
    fields = {
        name: definition.workflow.fields[name] for name in {*facts_read(unless)} & definition.workflow.fields.keys()
    }
    items = all(may_see_collection(definition, name, opened.actor) for name in collections_read(unless))
    if not items or readable(definition, fields, opened.actor).keys() != fields.keys():
        return ""
    names = Names.of(definition.workflow, definition.workflow, definition.council)
    return f"It does not run while {condition_words(names, unless)}."


def _then(opened: Opened, then: Then, running: RunningDeadline) -> str:
    if then.escalate:
        who = role_words(opened.site.council.roles[then.escalate].title)
        return f"It has been passed to {who}." if running.ended else f"Then it is passed to {who}."
    spec = opened.spec_of(then.event or "")
    label = spec.label.to(STAFF) if spec else ""
    warned = f", once {then.after_warning} have passed since a warning was delivered" if then.after_warning else ""
    is_end = spec is not None and spec.to is not None and opened.definition.state(spec.to).final
    return f"Then {'the case ends' if is_end else 'it happens'} by itself: {lower_first(label)}{warned}."
