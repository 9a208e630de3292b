"""Why a deadline falls when it does: what it is counted from, by which rule, and the days left out on the way."""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from apflow.core import words
from apflow.core.calendar import Due, local_date
from apflow.core.definition.labels import STAFF
from apflow.core.definition.timing import DeadlineSpec, Then
from apflow.core.snapshot import Rung, RunningDeadline
from apflow.web.opened import Opened
from apflow.web.wording import lower_first, role_words


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
    is_overdue: bool
    counted: tuple[str, ...]
    left_out: tuple[str, ...]
    reminders: tuple[Remind, ...]
    then: str
    source: str | None
    assumed: str | None
    provisional: bool


def why(opened: Opened, running: RunningDeadline) -> Why:
    """The deadline explained, counted again from its anchor."""
    spec = opened.definition.state(opened.snapshot.state).deadlines[running.name]
    due = opened.definition.calendar.due(running.anchor_at, running.within)
    return Why(
        label=spec.label,
        due_at=running.due_at,
        is_overdue=running.due_at < opened.now,
        counted=_counted(opened, spec, running, due),
        left_out=_left_out(due),
        reminders=tuple(_remind(opened, running, rung) for rung in running.rungs),
        then=_then(opened, spec.then, running),
        source=spec.source,
        assumed=spec.assumed,
        provisional=running.provisional,
    )


def _counted(opened: Opened, spec: DeadlineSpec, running: RunningDeadline, due: Due) -> tuple[str, ...]:
    start = words.day(due.counted_from)
    said = [_rule(opened, spec, running, start)]
    if local_date(running.anchor_at) != due.counted_from:
        moment = words.moment(running.anchor_at)
        said.append(f"It began on {moment}: after the cut-off or on a day off, so it counts as {start}.")
    if running.extended:
        times = {1: "once", 2: "twice"}.get(running.extended, f"{running.extended} times")
        said.append(f"More time has been given {times}. Before that it was {words.day(due.on)}.")
    elif due.at != running.due_at:
        said.append(f"With the calendar as it is today it would be {words.day(due.on)}.")
    return tuple(said)


def _rule(opened: Opened, spec: DeadlineSpec, running: RunningDeadline, start: str) -> str:
    if spec.of is None:
        state = opened.definition.state(opened.snapshot.state).label.staff
        return f"{running.within} from {start}, when it came to “{lower_first(state)}”. The day after is day 1."
    field = lower_first(opened.definition.workflow.fields[spec.of].label)
    if running.within.count == 0:
        return f"By the end of {start}, the {field}."
    return f"{running.within} from {start}, the {field}."


def _left_out(due: Due) -> tuple[str, ...]:
    """Weekends counted together, every other day by itself with its reason."""
    weekends = Counter(reason for day, reason in due.skipped if reason == f"{day:%A}")
    said = [f"{count} {day}{'' if count == 1 else 's'}" for day, count in weekends.items()]
    others = [f"{words.day(day)}: {reason}" for day, reason in due.skipped if reason != f"{day:%A}"]
    return (*([" and ".join(said)] if said else []), *others)


def _remind(opened: Opened, running: RunningDeadline, rung: Rung) -> Remind:
    title = opened.site.council.roles[rung.who].title
    if rung.sent_at is not None:
        return Remind(rung.sent_at, title, "sent")
    if rung.skipped:
        return Remind(rung.at, title, "skipped, as it was past or a later one went instead")
    return Remind(rung.at, title, "next" if running.next_at == rung.at else "to come")


def _then(opened: Opened, then: Then, running: RunningDeadline) -> str:
    if then.escalate:
        who = role_words(opened.site.council.roles[then.escalate].title)
        return f"It has been passed to {who}." if running.ended else f"Then it is passed to {who}."
    spec = opened.spec_of(then.event or "")
    label = spec.label.to(STAFF) if spec else ""
    warned = f", once {then.after_warning} have passed since a warning was delivered" if then.after_warning else ""
    return f"Then the case ends by itself: {lower_first(label)}{warned}."
