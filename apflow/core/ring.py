"""A deadline is due: remind, warn, escalate or move, whichever has come; never twice, never late in a heap."""

from datetime import datetime

from msgspec.structs import replace

from apflow.core.commands import Ring
from apflow.core.days.calendar import Calendar, local_date
from apflow.core.days.duration import Duration, Unit
from apflow.core.deadlines.among import moved_on
from apflow.core.deadlines.deadlines import come_round, resume, scheduled
from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import DeadlineSpec, Pause
from apflow.core.definition.words import day
from apflow.core.errors import NotOpen
from apflow.core.facts import facts_of
from apflow.core.firing.fire import outcome_of, with_overrides_used
from apflow.core.firing.guards import reasons_against
from apflow.core.firing.moves import follows_the_case, overdue
from apflow.core.invariants import broken_on_entry
from apflow.core.outcome import Entry, NewTask, Outcome, Send
from apflow.core.snapshot import OpenTask, Rung, RunningDeadline, Snapshot, World

_LOOK_AGAIN = Duration(1, Unit.WORKING_DAY)


def ring(definition: Definition, snapshot: Snapshot, command: Ring, world: World, now: datetime) -> Outcome:
    """What the deadline does at `now`; NotOpen when nothing of it is due (any more)."""
    running = snapshot.deadlines.get(command.deadline)
    if running is None or running.next_at is None or running.next_at > now:
        raise NotOpen("Nothing of this deadline is due.")
    spec = definition.deadlines[snapshot.state][command.deadline]
    if running.paused_at is not None and spec.paused_in is not None:
        return _run_again(definition, snapshot, command, spec.paused_in, running)
    due_rungs = [rung for rung in running.rungs if rung.is_pending and rung.at <= now]
    at = _acts_at(snapshot, running, due_rungs, now)
    if now < running.due_at:
        later = _for_working_hours(definition.calendar, running, due_rungs, now)
        due_rungs = [rung for rung in due_rungs if rung in later.rungs]
        if not due_rungs:
            note = "The reminder waits for working hours."
            return _unmoved(snapshot, command, "reminder", at, altered=(scheduled(later),), note=note)
        return _remind(snapshot, command, later, due_rungs, at)
    if spec.then.escalate:
        if _is_done_by_each(definition, snapshot, running.name, world):
            over = _over(definition, snapshot, spec, running, now)
            note = "Everybody who was asked has done their part."
            return _unmoved(snapshot, command, "reminder", at, altered=(over,), note=note)
        return _escalate(definition, snapshot, command, spec, running, now, at)
    return _end(definition, snapshot, command, spec, running, due_rungs, world, now, at)


def _acts_at(snapshot: Snapshot, running: RunningDeadline, due_rungs: list[Rung], now: datetime) -> datetime:
    """After an outage the case is dealt with as of the due time, but never before what has happened to it since."""
    acts = [running.due_at] if now >= running.due_at else [rung.at for rung in due_rungs]
    after = [at for at in (running.next_at, snapshot.changed_at) if at is not None]
    return max([*acts, *after])


def _for_working_hours(
    calendar: Calendar, running: RunningDeadline, due_rungs: list[Rung], now: datetime
) -> RunningDeadline:
    """The deadline with those of its reminders put off that come when nobody is there, as after an outage.

    Only to a morning before the day it is due: no reminder waits until it is too late.
    """
    morning = calendar.next_morning(now)
    if calendar.is_at_work(now) or local_date(morning) >= local_date(running.due_at):
        return running
    waits = [rung for rung in due_rungs if not rung.goes_at_once]
    return replace(running, rungs=tuple(replace(rung, at=morning) if rung in waits else rung for rung in running.rungs))


def _remind(
    snapshot: Snapshot, command: Ring, running: RunningDeadline, due_rungs: list[Rung], at: datetime
) -> Outcome:
    """Send the rung nearest the deadline for each role; the earlier ones missed in an outage are skipped."""
    nearest = {rung.who: rung for rung in due_rungs}
    rungs = tuple(_sent_or_skipped(rung, due_rungs, nearest, at) for rung in running.rungs)
    later = scheduled(replace(running, rungs=rungs))
    sends = tuple(_send_of(rung, running.name) for rung in nearest.values())
    skipped = len(due_rungs) - len(nearest)
    note = f"{skipped} earlier reminder{'s' if skipped != 1 else ''} skipped" if skipped else ""
    return _unmoved(snapshot, command, "reminder", at, altered=(later,), sends=sends, note=note)


def _send_of(rung: Rung, deadline: str) -> Send:
    return Send(rung.notice, rung.who, deadline=deadline, together=not rung.goes_at_once)


def _sent_or_skipped(rung: Rung, due_rungs: list[Rung], nearest: dict[str, Rung], at: datetime) -> Rung:
    if rung not in due_rungs:
        return rung
    return replace(rung, sent_at=at) if nearest[rung.who] == rung else replace(rung, skipped=True)


def _escalate(
    definition: Definition,
    snapshot: Snapshot,
    command: Ring,
    spec: DeadlineSpec,
    running: RunningDeadline,
    now: datetime,
    at: datetime,
) -> Outcome:
    role, was_due = spec.then.escalate or "", _asked_for(definition, snapshot, running).due_at
    looked_at = definition.calendar.due(at, _LOOK_AGAIN).at
    task = NewTask(
        name=overdue(spec.same_task_as or running.name),
        role=role,
        title=f"Overdue: {spec.label[:1].lower()}{spec.label[1:]}",
        due_at=looked_at,
        is_alert=True,
        note=f"This was due by {day(local_date(was_due))}. Somebody should look at it by {day(local_date(looked_at))}: "
        "the case stays where it is until someone acts.",
        claimed_by=snapshot.assigned_to if follows_the_case(definition, role) else None,
    )
    # One that comes round may find its last task still open: the work is the same, and is not wanted twice.
    there = next((open_task for open_task in snapshot.tasks if open_task.name == task.name), None)
    opened = () if there is not None else (task,)
    is_said = there is not None and spec.same_task_as is not None and _is_of_the_day(there, at)
    notice = None if is_said else spec.then.notice
    sends = (Send(notice, role, deadline=running.name, due_at=was_due),) if notice else ()
    over = _over(definition, snapshot, spec, running, now)
    return _unmoved(snapshot, command, "escalation", at, altered=(over,), sends=sends, opened=opened)


def _is_done_by_each(definition: Definition, snapshot: Snapshot, deadline: str, world: World) -> bool:
    """Whether it is there for work that each of several people does, and nobody who was asked is still to do it."""
    shared = [task for task in definition.state(snapshot.state).tasks.values() if task.deadline == deadline]
    for task in shared:
        asked = world.people.get(task.for_, {})
        done = snapshot.items.get(task.each or "", {})
        if task.each is None or not asked or any(str(one) not in done for one in asked):
            return False
    return bool(shared)


def _is_of_the_day(task: OpenTask, at: datetime) -> bool:
    """Whether the task was opened that day, so that whoever has it was told of it then."""
    return local_date(task.opened_at) == local_date(at)


def _asked_for(definition: Definition, snapshot: Snapshot, running: RunningDeadline) -> RunningDeadline:
    """The deadline by whose day it was due: one counted from another asks for what that one was for."""
    spec = definition.deadlines[snapshot.state][running.name]
    earlier = snapshot.deadlines.get(spec.after_deadline or "")
    return running if earlier is None else _asked_for(definition, snapshot, earlier)


def _end(
    definition: Definition,
    snapshot: Snapshot,
    command: Ring,
    spec: DeadlineSpec,
    running: RunningDeadline,
    due_rungs: list[Rung],
    world: World,
    now: datetime,
    at: datetime,
) -> Outcome:
    """Fire the deadline's event, once a warning has really been delivered and has stood for as long as it must."""
    grace = spec.then.after_warning
    if grace is not None:
        if running.warned_at is None and due_rungs:
            return _warn_late(definition, snapshot, command, running, due_rungs, grace, now)
        may_end_at = definition.calendar.due(running.warned_at or now, grace).at
        if running.warned_at is None or may_end_at > now:
            waiting = replace(running, next_at=may_end_at)
            note = "Not ended yet: " + (
                "no warning has been delivered" if running.warned_at is None else "the warning was late"
            )
            return _unmoved(snapshot, command, "reminder", at, altered=(waiting,), note=note)
    event = spec.then.event or ""
    offered = definition.events[snapshot.state][event]
    facts = facts_of(definition, snapshot, world)
    outcome = outcome_of(definition, snapshot, event, offered, command.actor, {}, None, world, at)
    reasons = reasons_against(definition, offered, facts, reading_answers=False)
    if reasons := reasons + broken_on_entry(definition, snapshot, outcome, world):
        waiting = replace(running, next_at=definition.calendar.due(now, _LOOK_AGAIN).at)
        return _unmoved(snapshot, command, "reminder", at, altered=(waiting,), note=" ".join(reasons))
    outcome = with_overrides_used(definition, snapshot, offered, outcome, facts)
    touched = {deadline.name for deadline in (*outcome.altered, *outcome.stopped)}
    if running.name in touched:
        return outcome
    return replace(outcome, altered=(*outcome.altered, _over(definition, snapshot, spec, running, now)))


def _over(
    definition: Definition, snapshot: Snapshot, spec: DeadlineSpec, running: RunningDeadline, now: datetime
) -> RunningDeadline:
    """The deadline once it has acted and the case is still where it was: it comes round again, goes on, or rests."""
    if spec.among is not None:
        rung = replace(running, ended=True, next_at=None, rungs=tuple(_skip(rung) for rung in running.rungs))
        return moved_on(definition, spec, snapshot.fields, snapshot.items, now, rung)
    if spec.every is not None:
        return come_round(running, spec, definition.calendar, now)
    return replace(running, ended=True, next_at=None, rungs=tuple(_skip(rung) for rung in running.rungs))


def _run_again(
    definition: Definition,
    snapshot: Snapshot,
    command: Ring,
    limit: Pause,
    running: RunningDeadline,
) -> Outcome:
    """It has stood still for as long as it may."""
    assert running.next_at is not None
    later = resume(running, limit, definition.calendar, running.next_at)
    note = f"It has stood still for {limit.at_most}, which is the most allowed, so the time runs on."
    return _unmoved(
        snapshot, command, "reminder", max(running.next_at, snapshot.entered_at), altered=(later,), note=note
    )


def _warn_late(
    definition: Definition,
    snapshot: Snapshot,
    command: Ring,
    running: RunningDeadline,
    due_rungs: list[Rung],
    grace: Duration,
    now: datetime,
) -> Outcome:
    warned = _remind(snapshot, command, running, due_rungs, now)
    (deadline,) = warned.altered
    altered = (replace(deadline, next_at=definition.calendar.due(now, grace).at),)
    return replace(warned, altered=altered, sends=tuple(replace(send, together=False) for send in warned.sends))


def _skip(rung: Rung) -> Rung:
    return replace(rung, skipped=True) if rung.is_pending else rung


def _unmoved(
    snapshot: Snapshot,
    command: Ring,
    kind: str,
    at: datetime,
    *,
    altered: tuple[RunningDeadline, ...],
    sends: tuple[Send, ...] = (),
    opened: tuple[NewTask, ...] = (),
    note: str = "",
) -> Outcome:
    entry = Entry(kind, command.deadline, command.actor, at, snapshot.state, snapshot.state, note=note)
    return Outcome(
        state=snapshot.state,
        entered_at=snapshot.entered_at,
        fields=snapshot.fields,
        entry=entry,
        altered=altered,
        sends=sends,
        opened=opened,
        assigned_to=snapshot.assigned_to,
    )
