"""The command that a recorded entry was, to be given again: by the same person, with the same answers, some days on."""

import re
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any

from msgspec.structs import replace

from apflow.core.commands import (
    Alert,
    Brought,
    ChildBegun,
    ChildEnded,
    ClaimTask,
    Command,
    CompleteTask,
    Fire,
    MoveVersion,
    Open,
    PassTask,
    ReleaseTask,
    SetGuardAside,
    TakeGuardBack,
    Told,
)
from apflow.core.days.calendar import local_date
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import NotOpen
from apflow.core.machine import START
from apflow.core.people.actor import CLOCK, THE_CLOCK, Actor
from apflow.core.replay.causes import is_child_begun, sender_of
from apflow.core.replay.past import Happened, Past
from apflow.core.snapshot import OpenTask, Snapshot
from apflow.core.work import ABOUT

_TASK = re.compile("(claimed|released|completed|passed|took_over|put_off|brought_back) (.+)")
_OVERRIDE = re.compile("(set aside|took back) (.+)")
_ANOTHER_CASE = "another case"


class NothingAsks(NotOpen):
    """Nothing on the case asks for this any more."""


def command_for(definition: Definition, past: Past, entry: Happened, case: Snapshot, at: datetime) -> Command:
    """What to ask `decide` for at that moment, so that the entry would happen again; NotOpen when nothing could be."""
    if sender_of(entry) in past.ends and entry.actor.is_clock and not is_child_begun(entry):
        end = past.ends[sender_of(entry)]
        return ChildEnded(end.kind, sender_of(entry), end.state, end.label, THE_CLOCK)
    match entry.kind:
        case "event":
            return _event(definition, past, entry, case, at)
        case "task":
            return _on_task(entry, case)
        case "alert":
            return Alert(entry.name, THE_CLOCK, entry.note, entry.drawn, tuple(entry.answers.get(ABOUT, ())))
        case "override":
            return _override(entry, at)
        case "child" if is_child_begun(entry):
            return ChildBegun(entry.name.removeprefix("begun "), entry.note, THE_CLOCK)
        case _:
            raise NothingAsks


def moving_to(to: Definition, entry: Happened, case: Snapshot) -> MoveVersion:
    """The same for a move to another version, with what was then answered; NothingAsks where it goes by that now."""
    if to.digest == case.digest:
        raise NothingAsks("It would have gone by this version already.")
    return MoveVersion(to, entry.actor, entry.answers)


def _event(definition: Definition, past: Past, entry: Happened, case: Snapshot, at: datetime) -> Command:
    if entry.from_state == START:
        return Open(entry.name, entry.actor, entry.answers, _brought(definition, past))
    if entry.actor.is_clock and past.parent is not None and sender_of(entry) == past.parent.reference:
        return Told(entry.name, past.parent.reference, THE_CLOCK)
    spec = definition.events[case.state].get(entry.name)
    answers = moved_answers(definition, past, entry, case.state, at)
    return Fire(entry.name, entry.actor, answers, entry.item, told_by=_told_by(spec, entry.actor))


def _told_by(spec: EventSpec | None, actor: Actor) -> str | None:
    """Whoever did it at another case, which told this one, could not have done it here."""
    is_told = spec is not None and CLOCK in spec.by and not actor.has_any(spec.by) and not actor.is_clock
    return _ANOTHER_CASE if is_told else None


def moved_answers(definition: Definition, past: Past, entry: Happened, state: str, at: datetime) -> Mapping[str, Any]:
    """The answers, the days in them that were planned as many days on as the act itself has moved.

    What lies before the case began stays as it was, and so does what a paper says of itself.
    """
    days = (local_date(at) - local_date(entry.at)).days
    form = definition.forms.get((state, entry.name), {})
    spec = definition.events[state].get(entry.name)
    is_paper = spec is not None and spec.item is not None and bool(definition.catalogue_of(spec.item.of))
    if not days or is_paper:
        return entry.answers
    began = local_date(past.began)
    return {name: _moved(form.get(name), value, days, began) for name, value in entry.answers.items()}


def _moved(spec: FieldSpec | None, value: Any, days: int, began: date) -> Any:
    if spec is None or spec.type is not FieldType.DATE or not isinstance(value, str):
        return value
    said = date.fromisoformat(value)
    return value if said < began else (said + timedelta(days=days)).isoformat()


def _brought(definition: Definition, past: Past) -> Brought:
    """What items of a child began with; nobody is asked it, so the items have it still."""
    asked = {name: of.brought for name, of in definition.workflow.collections.items() if of.brought}
    return {
        name: {
            key: {question: item.data[question] for question in brought if question in item.data}
            for key, item in past.items.get(name, {}).items()
            if brought.keys() & item.data.keys()
        }
        for name, brought in asked.items()
    }


def _on_task(entry: Happened, case: Snapshot) -> Command:
    found = _TASK.fullmatch(entry.name)
    how, name = found.groups() if found else ("", "")
    there = [task for task in case.tasks if task.name == name]
    if not there:
        raise NothingAsks
    meant = next((task for task in there if _is_theirs(task, entry.actor, how)), there[0])
    task = meant.id
    match how:
        case "passed" | "took_over":
            to = Actor(entry.answers["to"], "", frozenset({meant.role}))
            return PassTask(task, entry.actor, to, meant.claimed_by)
        case "claimed":
            return ClaimTask(task, entry.actor)
        case "released":
            return ReleaseTask(task, entry.actor)
        case "put_off":  # How far is nothing to what becomes of the case: that they then had the task is.
            return ClaimTask(task, entry.actor)
        case "brought_back" if meant.claimed_by is not None:
            return ClaimTask(task, Actor(meant.claimed_by, "", frozenset({meant.role})))
        case "brought_back":
            raise NothingAsks
        case _:
            held_by = {meant.claimed_by} - {None, entry.actor.id}  # Whoever finished another's covered for them then.
            return CompleteTask(task, entry.actor, entry.note, frozenset(id for id in held_by if id is not None))


def _is_theirs(task: OpenTask, actor: Actor, how: str) -> bool:
    """Of several tasks of one name: a free one to claim, one's own to put back or finish."""
    return task.claimed_by is None if how == "claimed" else task.claimed_by == actor.id


def _override(entry: Happened, at: datetime) -> Command:
    found = _OVERRIDE.fullmatch(entry.name)
    how, guard = found.groups() if found else ("", "")
    if how == "took back":
        return TakeGuardBack(guard, entry.actor)
    days = timedelta(days=(local_date(at) - local_date(entry.at)).days)
    until = date.fromisoformat(entry.set_aside[guard]["until"]) + days
    return SetGuardAside(guard, until, entry.note, entry.actor)


def as_they_could(definition: Definition, entry: Happened) -> Happened:
    """The entry by whoever did it, in the role that let them do so, though they may not hold it any more."""
    spec = definition.events.get(entry.from_state, {}).get(entry.name) if entry.kind == "event" else None
    actor = entry.actor
    if spec is None or actor.has_any(spec.by) or CLOCK in spec.by:
        return entry
    return replace(entry, actor=replace(actor, roles=actor.roles | frozenset(spec.by)))
