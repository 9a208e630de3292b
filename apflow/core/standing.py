"""Whether a case that is open now could be forgotten: what the checker promises of every policy, asked of one case."""

from collections.abc import Iterator, Mapping
from datetime import datetime

from msgspec import Struct

from apflow.core.days.calendar import local_date
from apflow.core.deadlines.deadlines import morning_of
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import CLOCK
from apflow.core.definition.labels import STAFF
from apflow.core.definition.nightly import NightlyCheck
from apflow.core.definition.words import day
from apflow.core.firing.moves import overdue
from apflow.core.snapshot import OpenTask, Snapshot

URGENT_UNDONE, LEFT_UNDONE = "urgent_undone", "left_undone"
UNDONE = (URGENT_UNDONE, LEFT_UNDONE)
RETENTION_DUE = "retention_due"
# People's to do, where every other kind is a fault of the policy or the system.
FOR_PEOPLE = (*UNDONE, RETENTION_DUE)


class Fault(Struct, frozen=True):
    """One thing that is wrong with how a case stands: its kind, as the council's policy calls it, and a sentence.

    Work that is left undone is so since it was due, and is the `task` of that number and `title`.
    """

    kind: str
    said: str
    since: datetime | None = None
    task: int | None = None
    title: str = ""


def faults_of(definition: Definition, snapshot: Snapshot, held: Mapping[str, bool], now: datetime) -> Iterator[Fault]:
    """Each thing that is wrong with how the case stands; `held` says which roles anybody has now.

    A role of those outside the council counts as held while the case has such a person.
    """
    state = definition.workflow.states.get(snapshot.state)
    if state is None:
        yield Fault("no_such_state", f'it is in the state "{snapshot.state}", which its policy has not')
        return
    yield from _left_undone(definition, snapshot, now)
    if state.final:
        for task in snapshot.tasks:
            if _moves(task):
                yield Fault("left_open", f"it has ended, and the task “{task.title}” is still open")
        return
    if not _somebody_can_move_it(definition, snapshot, held):
        said = f"nobody can move it out of “{state.label.staff}”, as nobody holds a role that may"
        yield Fault("nobody_can_act", said)
    if not is_brought_up_again(snapshot):
        said = f"no deadline runs in “{state.label.staff}” and no task is open, so nothing brings it up again"
        yield Fault("nothing_brings_it_up", said)
    for task in snapshot.tasks:
        if task.claimed_by is None and not _is_held(definition, snapshot, task.role, held):
            title = definition.council.roles[task.role].title if task.role in definition.council.roles else task.role
            yield Fault("nobody_for_a_task", f"the task “{task.title}” is for {title}, and nobody is one")
    for name in snapshot.deadlines:
        if name not in definition.deadlines[snapshot.state]:
            yield Fault("no_such_deadline", f'the deadline "{name}" runs, which “{state.label.staff}” has not')


def _left_undone(definition: Definition, snapshot: Snapshot, now: datetime) -> Iterator[Fault]:
    """The alerts that nobody of the staff has done anything about; of other work a deadline says what follows."""
    check = definition.council.nightly_check
    if check is None:
        return
    for task in snapshot.tasks:
        role = definition.council.roles.get(task.role)
        if _moves(task) or task.due_at is None or task.due_at > now or role is None or role.audience != STAFF:
            continue
        since, said = _since(snapshot, task, task.due_at)
        if is_urgent(check, definition.name, task.name):
            yield Fault(URGENT_UNDONE, said, since, task.id, task.title)
        elif check.undone_after and definition.calendar.due(morning_of(task.due_at), check.undone_after).at <= now:
            yield Fault(LEFT_UNDONE, said, since, task.id, task.title)


def _since(snapshot: Snapshot, task: OpenTask, due_at: datetime) -> tuple[datetime, str]:
    """When the work was due, and a sentence: that of a deadline as the deadline was, and not as its alert is.

    One that is over, or has come round since, says no day any more; its alert was opened as it had passed.
    """
    passed = next((one for one in snapshot.deadlines.values() if overdue(one.name) == task.name), None)
    if passed is not None and passed.due_at <= task.opened_at:
        due_at = passed.due_at
    elif task.name.startswith(overdue("")):
        return task.opened_at, f"“{task.title}” has been open since {day(local_date(task.opened_at))}"
    return due_at, f"“{task.title}” was due by {day(local_date(due_at))}"


def is_urgent(check: NightlyCheck, workflow: str, task: str) -> bool:
    """Whether the policy names the alert, or the deadline that opened it as it passed."""
    return any(task in (name, overdue(name)) for name in check.urgent.get(workflow, ()))


def _moves(task: OpenTask) -> bool:
    """Whether the task is one that moving the case finishes; others end when somebody says what was done."""
    return not task.is_alert


def _somebody_can_move_it(definition: Definition, snapshot: Snapshot, held: Mapping[str, bool]) -> bool:
    away = (spec for spec in definition.events[snapshot.state].values() if spec.to not in (None, snapshot.state))
    return any(_is_held(definition, snapshot, role, held) for spec in away for role in spec.by if role != CLOCK)


def is_brought_up_again(snapshot: Snapshot) -> bool:
    """Whether a deadline runs or a task is open that lasts until the case moves."""
    runs = any(deadline.next_at is not None for deadline in snapshot.deadlines.values())
    return runs or any(_moves(task) for task in snapshot.tasks)


def _is_held(definition: Definition, snapshot: Snapshot, role: str, held: Mapping[str, bool]) -> bool:
    known = definition.council.roles.get(role)
    if known is not None and known.mail == "party":
        return bool(snapshot.parties)
    return held.get(role, False)
