"""Putting a task off to a day: how far it can be, who can do so, and what brings it back before."""

from datetime import UTC, date, datetime, time
from typing import Protocol

from msgspec.structs import replace

from apflow.core.commands import BringBackTask, PutOffTask
from apflow.core.days.calendar import LONDON, Calendar, local_date
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.labels import STAFF
from apflow.core.definition.words import day
from apflow.core.errors import Blocked, Invalid, NotOpen
from apflow.core.firing import moves
from apflow.core.outcome import Entry, Outcome, TaskChange, unmoved
from apflow.core.people.permission import passes_on
from apflow.core.queue import is_put_off
from apflow.core.snapshot import Snapshot
from apflow.core.standing import is_urgent
from apflow.core.work import open_task, refuse_unless_free_or_theirs, visible_task


class Waiting(Protocol):
    """What is looked at of a task."""

    @property
    def name(self) -> str: ...
    @property
    def each(self) -> str | None: ...
    @property
    def due_at(self) -> datetime | None: ...


def put_off(definition: Definition, snapshot: Snapshot, command: PutOffTask, now: datetime) -> Outcome:
    """Put the task off to the beginning of a day; whoever does has it, and its deadlines go on as they would."""
    task, actor = visible_task(definition, snapshot, command.task, command.actor), command.actor
    refuse_unless_free_or_theirs(definition, snapshot, task, actor)
    if why := why_not(definition, task, now):
        raise Blocked([why])
    if error := _error(definition, task, command.until, now):
        raise Invalid({"until": error})
    entry = Entry("task", f"put_off {task.name}", actor, now, snapshot.state, snapshot.state)
    said = {"answers": {"until": command.until.isoformat()}, "note": f"Until {day(command.until)}."}
    keeps = task.claimed_by is None and moves.follows_the_case(definition, task.role)
    return replace(
        unmoved(snapshot, replace(entry, **said)),
        tasks=(TaskChange(task.id, "put_off", actor.id, until=beginning(command.until)),),
        assigned_to=actor.id if keeps else snapshot.assigned_to,
    )


def bring_back(definition: Definition, snapshot: Snapshot, command: BringBackTask, now: datetime) -> Outcome:
    """End it before its day; whoever has the task can, and whoever could give it to somebody else."""
    task, actor = open_task(definition, snapshot, command.task, command.actor), command.actor
    is_theirs = task.claimed_by == actor.id or passes_on(definition.council, actor, task.role)
    if not is_theirs or not is_put_off(task.put_off_until, now):
        raise NotOpen("This is not put off any more.")
    entry = Entry("task", f"brought_back {task.name}", actor, now, snapshot.state, snapshot.state)
    return replace(unmoved(snapshot, entry), tasks=(TaskChange(task.id, "brought_back"),))


def with_news(definition: Definition, snapshot: Snapshot, outcome: Outcome) -> Outcome:
    """The outcome in which whatever an outsider does brings back the work on the case that was put off."""
    actor = outcome.entry.actor
    if actor.is_clock or not any(task.put_off_until for task in snapshot.tasks):
        return outcome
    if any(definition.audience(role) == STAFF for role in actor.roles if role in definition.council.roles):
        return outcome
    changed = {change.task for change in outcome.tasks}
    back = (task.id for task in snapshot.tasks if task.put_off_until and task.id not in changed)
    return replace(outcome, tasks=(*outcome.tasks, *(TaskChange(task, "brought_back") for task in back)))


def why_not(definition: Definition, task: Waiting, now: datetime) -> str | None:
    """Why the task cannot be put off to any day; None when it can."""
    policy, nightly = definition.council.putting_off, definition.council.nightly_check
    if policy is None:
        return "Work is not put off here."
    if task.each:
        return "Everyone who was asked does this for themselves; it cannot be put off."
    if not policy.urgent and nightly is not None and is_urgent(nightly, definition.name, task.name):
        return "This is urgent, so it cannot be put off."
    if task.due_at is not None and task.due_at < now:
        return "This is overdue, so it cannot be put off."
    if task.due_at is not None and local_date(task.due_at) == local_date(now):
        return "This is due today, so it cannot be put off."
    if last_day(definition, task, now) <= local_date(now):
        return "There is no day to which this could be put off."
    return None


def last_day(definition: Definition, task: Waiting, now: datetime) -> date:
    """The last day to which the task can be put off: as far as the policy lets it, and never beyond its own day."""
    furthest = furthest_day(definition.council, definition.calendar, now)
    return min(furthest, local_date(task.due_at)) if task.due_at is not None else furthest


def furthest_day(council: Council, calendar: Calendar, now: datetime) -> date:
    """The last day to which any task can be put off; today where none can."""
    if council.putting_off is None:
        return local_date(now)
    # Midnight, as no cut-off comes before it: counting starts today even in the evening.
    return calendar.due(beginning(local_date(now)), council.putting_off.at_most).on


def nobody_works(calendar: Calendar, until: date) -> str | None:
    """That nobody works on the day, on which what is put off until then would wait unseen."""
    return None if calendar.is_working(until) else f"Nobody works on {day(until)}. Choose a working day."


def beginning(on: date) -> datetime:
    """When a day begins here."""
    return datetime.combine(on, time(), LONDON).astimezone(UTC)


def _error(definition: Definition, task: Waiting, until: date, now: datetime) -> str | None:
    last = last_day(definition, task, now)
    if until <= local_date(now):
        return "Choose a day after today."
    if why := nobody_works(definition.calendar, until):
        return why
    if until <= last:
        return None
    is_its_own = task.due_at is not None and local_date(task.due_at) == last
    return f"Choose {day(last)} or an earlier day: {'it is due then' if is_its_own else 'work is put off no further'}."
