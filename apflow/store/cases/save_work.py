"""Saving what an outcome does to tasks and timers."""

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, select, update

from apflow.core.errors import NotOpen
from apflow.core.outcome import TaskChange
from apflow.core.snapshot import Rung, RunningDeadline
from apflow.store.cases.unit import Unit
from apflow.store.cases.writes import Writes
from apflow.store.driver.hot import Compiled, inserting
from apflow.store.tables.work import tasks, timers

_CLOSE_TASK = Compiled(
    update(tasks)
    .where(tasks.c.id == bindparam("task_id"), tasks.c.closed_at.is_(None))
    .values(closed_at=bindparam("closed_at"), closed_by=bindparam("closed_by"), closed_how=bindparam("closed_how"))
)
_OF_TASK = update(tasks).where(tasks.c.id == bindparam("task_id"))
_CLAIM_TASK = Compiled(_OF_TASK.values(claimed_by=bindparam("claimed_by"), put_off_until=None))
_MOVE_TASK = Compiled(_OF_TASK.values(due_at=bindparam("due_at"), put_off_until=None))
_PUT_OFF_TASK = Compiled(_OF_TASK.values(claimed_by=bindparam("claimed_by"), put_off_until=bindparam("until")))
_BRING_BACK_TASK = Compiled(_OF_TASK.values(put_off_until=None))
_STOP_TIMER = Compiled(
    update(timers)
    .where(timers.c.id == bindparam("timer_id"))
    .values(stopped_at=bindparam("stopped_at"), claimed_until=None)
)
_RESUME_TIMER = Compiled(update(timers).where(timers.c.id == bindparam("timer_id")).values(stopped_at=None))
_REOPEN_TASK = Compiled(
    update(tasks).where(tasks.c.id == bindparam("task_id")).values(closed_at=None, closed_by=None, closed_how=None)
)
_ALTER_TIMER = Compiled(
    update(timers)
    .where(timers.c.id == bindparam("timer_id"))
    .values(
        anchor_at=bindparam("anchor_at"),
        due_at=bindparam("due_at"),
        next_at=bindparam("next_at"),
        rungs=bindparam("rungs"),
        extended=bindparam("extended"),
        provisional=bindparam("provisional"),
        paused_at=bindparam("paused_at"),
        paused_days=bindparam("paused_days"),
        ended=bindparam("ended"),
        claimed_until=None,
    )
)
_HOLDS_CLAIM = Compiled(
    select(timers.c.id)
    .where(timers.c.id == bindparam("timer_id"), timers.c.token == bindparam("token"), timers.c.stopped_at.is_(None))
    .with_for_update(key_share=True)
)


def check_claim(connection: Connection, unit: Unit) -> None:
    """Refuse what a deadline caused when its claim has been lost; one that is held cannot be lost before the commit."""
    if unit.outcome.token is None:
        return
    running = unit.snapshot.deadlines[unit.outcome.deadline or ""]
    held = _HOLDS_CLAIM.first(connection, {"timer_id": running.id, "token": unit.outcome.token})
    if held is None:
        raise NotOpen("Another process has taken this deadline up.")


def write_tasks(writes: Writes, unit: Unit, case_id: int) -> None:
    """Claim, release, move, put off and close the tasks the outcome says, and open its new ones."""
    at = unit.outcome.entry.at
    for change in unit.outcome.tasks:
        _change_task(writes, change, at)
    opened = [
        {
            "case_id": case_id,
            "name": task.name,
            "role": task.role,
            "title": task.title,
            "note": task.note[:2000],
            "each": task.each,
            "is_alert": task.is_alert,
            "due_at": task.due_at,
            "opened_at": at,
            "claimed_by": task.claimed_by,
            "item": task.item,
        }
        for task in unit.outcome.opened
    ]
    if opened:
        writes.add(inserting(tasks, opened[0]), *opened)


def _change_task(writes: Writes, change: TaskChange, at: datetime) -> None:
    match change.how:
        case "claimed" | "released":
            holder = change.by if change.how == "claimed" else None
            writes.add(_CLAIM_TASK, {"task_id": change.task, "claimed_by": holder})
        case "reopened":
            writes.add(_REOPEN_TASK, {"task_id": change.task})
        case "moved":
            writes.add(_MOVE_TASK, {"task_id": change.task, "due_at": change.due_at})
        case "put_off":
            writes.add(_PUT_OFF_TASK, {"task_id": change.task, "claimed_by": change.by, "until": change.until})
        case "brought_back":
            writes.add(_BRING_BACK_TASK, {"task_id": change.task})
        case _:
            closing = {"closed_at": at, "closed_by": change.by, "closed_how": change.how}
            writes.add(_CLOSE_TASK, {"task_id": change.task, **closing})


def write_timers(writes: Writes, unit: Unit, case_id: int) -> None:
    """Stop, resume, alter and start the deadlines the outcome says."""
    # Stop before starting: re-entering a state must not leave two clocks running.
    for deadline in unit.outcome.stopped:
        writes.add(_STOP_TIMER, {"timer_id": deadline.id, "stopped_at": unit.outcome.entry.at})
    for timer in unit.outcome.resumed:
        writes.add(_RESUME_TIMER, {"timer_id": timer})
    for deadline in unit.outcome.altered:
        writes.add(_ALTER_TIMER, {"timer_id": deadline.id, **_timer_values(deadline)})
    started = [
        {
            "case_id": case_id,
            "name": deadline.name,
            "within": str(deadline.within),
            "started_at": unit.outcome.entry.at,
            **_timer_values(deadline),
        }
        for deadline in unit.outcome.started
    ]
    if started:
        writes.add(inserting(timers, started[0]), *started)


def _timer_values(deadline: RunningDeadline) -> dict[str, Any]:
    return {
        "anchor_at": deadline.anchor_at,
        "due_at": deadline.due_at,
        "next_at": deadline.next_at,
        "rungs": [_rung_values(rung) for rung in deadline.rungs],
        "extended": deadline.extended,
        "provisional": deadline.provisional,
        "paused_at": deadline.paused_at,
        "paused_days": deadline.paused_days,
        "ended": deadline.ended,
    }


def _rung_values(rung: Rung) -> dict[str, Any]:
    return {
        "left": str(rung.left),
        "who": rung.who,
        "notice": rung.notice,
        "at": rung.at.isoformat(),
        "sent_at": rung.sent_at.isoformat() if rung.sent_at else None,
        "skipped": rung.skipped,
        "at_once": rung.at_once,
    }
