"""Several tasks at once: each is done through the one door by itself, so that what is refused stops none of the others.

Whether a task can be taken on, passed on or put off is asked of `decide`, which refuses in words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import StrEnum

from apflow.beyond.keys import Key
from apflow.core.commands import ClaimTask, PutOffTask
from apflow.core.days.calendar import local_date
from apflow.core.decide import decide
from apflow.core.errors import Invalid, NotAllowed, NotFound, Refusal
from apflow.core.people.actor import Actor
from apflow.core.people.permission import passes_on
from apflow.core.putting_off import why_not
from apflow.core.snapshot import OpenTask
from apflow.store.cases.tasks import task_view
from apflow.store.people import people
from apflow.web.case.in_sight import in_sight
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.passing import case_of_task, passing_in
from apflow.web.site import Site

GONE = "This task has been finished or is no longer needed."
_NOT_YOURS = "This is not yours to do."
_A_DAY = timedelta(days=1)


class What(StrEnum):
    """What can be done to several tasks at once."""

    TAKE = "take"
    PASS = "pass"
    PUT_OFF = "put-off"


@dataclass(frozen=True)
class Ticked:
    """One task that was ticked, as it stands, and why it cannot be done if it cannot."""

    number: int
    title: str
    reference: str
    case_title: str
    role: str = ""
    held_by: int | None = None
    why_not: str = ""


@dataclass(frozen=True)
class Wanted:
    """What is to be done to each: to whom it goes, or to when it is put off; `seen` is who each was with."""

    what: What
    to: Actor | None = None
    until: date | None = None
    seen: Mapping[int, int | None] = field(default_factory=dict)


def ticked(site: Site, actor: Actor, what: What, numbers: Sequence[int]) -> list[Ticked]:
    """Those of the tasks whose case the actor sees, and that are theirs to do or to pass on, in their order."""
    found = (_ticked(site, actor, what, number) for number in dict.fromkeys(numbers))
    return [one for one in found if one is not None]


def opened_on(site: Site, actor: Actor, number: int) -> tuple[Opened, OpenTask | None]:
    """The case that a task is on, and the task if it is open still."""
    opened = open_case(site, actor, case_of_task(site, number))
    return opened, next((task for task in opened.snapshot.tasks if task.id == number), None)


def do(site: Site, actor: Actor, wanted: Wanted, number: int, key: str) -> None:
    """Do it to one of them; a Refusal says why not."""
    handler, reference, now = site.handler, case_of_task(site, number), site.now()
    once = Key(f"{key}-{number}")
    match wanted.what:
        case What.TAKE:
            handler.claim(reference, number, actor=actor, now=now, key=once)
        case What.PASS:
            assert wanted.to is not None
            held_by = wanted.seen.get(number)
            handler.pass_on(reference, number, wanted.to, held_by=held_by, actor=actor, now=now, key=once)
        case What.PUT_OFF:
            assert wanted.until is not None
            handler.put_off(reference, number, wanted.until, actor=actor, now=now, key=once)


def said(refusal: Refusal) -> str:
    """Why, as a page says it of one of several."""
    if isinstance(refusal, Invalid):
        return " ".join(refusal.errors.values())
    return _NOT_YOURS if isinstance(refusal, NotAllowed | NotFound) else refusal.message


def _ticked(site: Site, actor: Actor, what: What, number: int) -> Ticked | None:
    try:
        opened, task = opened_on(site, actor, number)
    except NotFound:
        return None
    if task is None:
        return _gone(site, actor, number)
    if not passes_on(site.council, actor, task.role):
        return None
    return Ticked(
        number, task.title, opened.reference, opened.title, task.role, task.claimed_by, _why_not(opened, task, what)
    )


def _gone(site: Site, actor: Actor, number: int) -> Ticked | None:
    """What was finished meanwhile is named to whoever it was work for."""
    with site.store.reading() as connection:
        task = task_view(connection, number)
        if task is None or task.role not in actor.roles or not in_sight(site, connection, [task], actor):
            return None
    return Ticked(number, task.title, task.reference, task.case_title, task.role, why_not=GONE)


def _why_not(opened: Opened, task: OpenTask, what: What) -> str:
    try:
        match what:
            case What.TAKE if task.claimed_by is not None and task.claimed_by == opened.actor.id:
                return "You have this already."
            case What.TAKE:
                _could(opened, ClaimTask(task.id, opened.actor))
            case What.PASS if task.each:
                return "Everyone who was asked does this for themselves; it cannot be passed on."
            case What.PASS:
                passing_in(opened, task.id)
            case What.PUT_OFF:
                # First what holds for every day: the day after today stands for any that is left.
                if why := why_not(opened.definition, task, opened.now):
                    return why
                _could(opened, PutOffTask(task.id, opened.actor, local_date(opened.now) + _A_DAY))
    except Refusal as refusal:
        return said(refusal)
    return ""


def _could(opened: Opened, command: ClaimTask | PutOffTask) -> None:
    decide(opened.definition, opened.snapshot, command, opened.site.handler.world(opened.now), opened.now)


def somebody(site: Site, role: str, person: int) -> Actor | None:
    """The person of this number, if they hold the role."""
    with site.store.reading() as connection:
        rows = people.with_role(connection, role)
    return next((people.actor_of(row) for row in rows if row.id == person), None)
