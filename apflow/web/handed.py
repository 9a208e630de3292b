"""The one line after a task was taken on, put back or finished; or after a colleague was quicker."""

from dataclasses import dataclass

from litestar.datastructures import MultiDict
from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.people.actor import Actor
from apflow.core.people.permission import passes_on
from apflow.core.queue import is_put_off
from apflow.store.cases.tasks import TaskView, task_view
from apflow.store.people.away import away_on
from apflow.web.away import told_of
from apflow.web.case.in_sight import in_sight
from apflow.web.site import Site
from apflow.web.wording import put_off_words

_SAID = {
    "claim": "You have taken this on",
    "release": "You have put this back",
    "bring-back": "Brought back",
    "done": "Done",
}


@dataclass(frozen=True, slots=True)
class Handed:
    """The line, and whether what was asked for came about."""

    words: str
    has_worked: bool


def handed_of(site: Site, connection: Connection, actor: Actor, params: MultiDict[str]) -> Handed | None:
    """What happened to the task the address names, as the database has it now.

    Nothing of a task of a role that is not theirs to pass on, nor of one on a case that is out of their sight.
    """
    number, how = params.get("task", ""), params.get("how", "")
    task = task_view(connection, int(number)) if number.isdecimal() and len(number) < 10 else None
    if task is None or not passes_on(site.council, actor, task.role) or not in_sight(site, connection, [task], actor):
        return None
    what = f"{task.title}, {task.case_title}"
    if how == "pass" and _holds_good(task, how, actor):
        away = away_on(connection, local_date(site.now()))
        told = told_of(away, task.claimed_by, away.covers_in(task.claimed_by, task.role, site.council))
        return Handed(_passed(task, what, actor, told), has_worked=True)
    if how == "put-off" and task.is_open and is_put_off(task.put_off_until, site.now()):
        return Handed(f"{put_off_words(task.put_off_until, site.now())}: {what}", has_worked=True)
    if how in _SAID:
        return Handed(f"{_SAID[how]}: {what}", has_worked=True) if _holds_good(task, how, actor) else None
    return Handed(_too_late(task, what, actor), has_worked=False) if how.startswith("no-") else None


def _holds_good(task: TaskView, how: str, actor: Actor) -> bool:
    match how:
        case "claim":
            return task.claimed_by == actor.id and task.is_open
        case "bring-back":
            return task.put_off_until is None and task.is_open
        case "release":
            return task.claimed_by is None and task.is_open
        case "pass":
            return task.claimed_by is not None and task.is_open
        case _:
            return not task.is_open


def _passed(task: TaskView, what: str, actor: Actor, away: str) -> str:
    if task.claimed_by == actor.id:
        return f"You have taken this over: {what}"
    return f"{task.claimed_name} has this now: {what}" + (f". {task.claimed_name} is {away}." if away else "")


def _too_late(task: TaskView, what: str, actor: Actor) -> str:
    if not task.is_open:
        return f"Somebody has finished this meanwhile: {what}"
    if task.claimed_by == actor.id:
        return f"You have this already: {what}"
    return (
        f"{task.claimed_name} was quicker and has this now: {what}" if task.claimed_name else f"Nobody has this: {what}"
    )
