"""Tasks: the work of the person who asks, and taking it on, putting it back or off, passing it on and finishing it.

A task is taken by one person at a time whatever version of the case they saw, so these ask for no If-Match.
"""

from dataclasses import replace
from datetime import date, datetime
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import JSONBody, PathParameter, QueryParameter
from msgspec import structs
from pydantic import BaseModel, ConfigDict, Field

from apflow.core.days.calendar import local_date
from apflow.core.errors import NotOpen
from apflow.core.people.actor import Actor
from apflow.core.queue import group_of
from apflow.core.work import NOTE_LIMIT
from apflow.store.cases.unit import Saved
from apflow.store.people.away import Away, away_on
from apflow.store.reading.work import Wanted, work_of
from apflow.store.reading.work_rows import WorkRow
from apflow.web.api.asking import ETAG, IdempotencyKey, Limit, actor_of, etag, key_of, site_of, takes_json
from apflow.web.api.problems import documented
from apflow.web.api.showing import Done
from apflow.web.case.in_sight import in_sight
from apflow.web.case.opened import as_staff, open_case
from apflow.web.case.passing import case_of_task, passing_in
from apflow.web.case.undone import undone_of
from apflow.web.lists import places

_CHANGING = documented(400, 401, 403, 404, 409, 413, 422, 503)

TaskCursor = Annotated[
    str | None, QueryParameter(name="cursor", pattern=places.PATTERN, description="The `next` of the page before.")
]
TaskNumber = Annotated[int, PathParameter(ge=1, le=2**31 - 1, description="The task's number.")]


class TaskOut(BaseModel):
    """One open task that you have or could take on."""

    id: int
    title: str
    note: str
    group: str = Field(description="Why it is where it is in the list, such as Overdue.")
    reference: str
    case: str
    due_at: datetime | None
    put_off_until: datetime | None = Field(description="To when whoever has it has put it off; it may be over.")
    opened_at: datetime
    is_yours: bool = Field(description="You have taken it on.")
    covered_for: str | None = Field(description="Who has it and is away, where you cover for them.")
    away_until: date | None = Field(description="The last day on which they are away.")
    can_be_claimed: bool
    can_be_completed: bool = Field(description="It is finished by saying what was done, not by an event on the case.")


class TaskList(BaseModel):
    """Some of your work, soonest due first, and where the next begins."""

    items: list[TaskOut]
    next: str | None = Field(description="The `cursor` of the next page; null on the last.")


class Finishing(BaseModel):
    """What was done about a task."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field(max_length=NOTE_LIMIT)


class Colleague(BaseModel):
    """Somebody who can have a task."""

    id: int
    name: str
    away_until: date | None = Field(description="The last day on which they are away; null while they are here.")


class Passable(BaseModel):
    """Who has a task, and who could have it instead."""

    reference: str
    held_by: Colleague | None = Field(description="Who has it; null when nobody has.")
    others: list[Colleague] = Field(description="Who could have it, yourself among them where you could.")


class PassingOn(BaseModel):
    """To whom a task goes."""

    model_config = ConfigDict(extra="forbid")

    to: int = Field(ge=1, le=2**31 - 1, description="The number of one of the `others`.")
    held_by: int | None = Field(
        ge=1,
        le=2**31 - 1,
        description="The number of who has it, as you saw: refused when somebody else has it by now.",
    )


class PuttingOff(BaseModel):
    """Until when a task waits."""

    model_config = ConfigDict(extra="forbid")

    until: date = Field(
        description="The day on which it is there again, no later than it is due, and within what the council says."
    )


@get("/tasks", sync_to_thread=True, responses=documented(400, 401, 503))
def list_tasks(request: Request[Any, Any, Any], cursor: TaskCursor = None, limit: Limit = 50) -> TaskList:
    """The open tasks you have, and have of others while they are away, and those nobody has, a page at a time."""
    site, actor = site_of(request), actor_of(request)
    staff, today, after = as_staff(site, actor), local_date(site.now()), places.from_text(cursor or "")
    wanted, actor = Wanted(own=actor.roles - staff.roles, day=today), structs.replace(actor, leads=staff.leads)
    with site.store.reading() as connection:
        rows = work_of(connection, actor, wanted, after=after, limit=limit + 1)
        shown = in_sight(site, connection, rows[:limit], actor)
        undone = undone_of(site, connection, ((row.workflow, row.reference) for _, row in shown), actor)
        away = away_on(connection, today)
    following = places.to_text(rows[limit - 1].place) if len(rows) > limit else None
    found = {reference: one.note for reference, one in undone.items()}
    told = [replace(row, note=row.note or found.get(row.reference, "")) for _, row in shown]
    items = [_task(row, actor.id, site.now(), away) for row in told]
    return TaskList(items=items, next=following)


@post("/tasks/{task:int}/claim", sync_to_thread=True, response_headers=[ETAG], status_code=200, responses=_CHANGING)
def claim(request: Request[Any, Any, Any], task: TaskNumber, idempotency_key: IdempotencyKey = None) -> Response[Done]:
    """Take a task on; refused when someone else has it."""
    site, actor = site_of(request), actor_of(request)
    reference, key = case_of_task(site, task), key_of(idempotency_key)
    return _done(site.handler.claim(reference, task, actor=actor, now=site.now(), key=key))


@post("/tasks/{task:int}/release", sync_to_thread=True, response_headers=[ETAG], status_code=200, responses=_CHANGING)
def release(
    request: Request[Any, Any, Any], task: TaskNumber, idempotency_key: IdempotencyKey = None
) -> Response[Done]:
    """Put a task of yours back, for someone else to take."""
    site, actor = site_of(request), actor_of(request)
    reference, key = case_of_task(site, task), key_of(idempotency_key)
    return _done(site.handler.release(reference, task, actor=actor, now=site.now(), key=key))


@post(
    "/tasks/{task:int}/complete",
    sync_to_thread=True,
    response_headers=[ETAG],
    status_code=200,
    guards=[takes_json],
    responses=_CHANGING | documented(415),
)
def complete(
    request: Request[Any, Any, Any], data: JSONBody[Finishing], task: TaskNumber, idempotency_key: IdempotencyKey = None
) -> Response[Done]:
    """Finish a task that no event finishes, saying what was done."""
    site, actor = site_of(request), actor_of(request)
    reference, key = case_of_task(site, task), key_of(idempotency_key)
    return _done(site.handler.complete(reference, task, data.note, actor=actor, now=site.now(), key=key))


@post(
    "/tasks/{task:int}/put-off",
    sync_to_thread=True,
    response_headers=[ETAG],
    status_code=200,
    guards=[takes_json],
    responses=_CHANGING | documented(415),
)
def put_off(
    request: Request[Any, Any, Any],
    data: JSONBody[PuttingOff],
    task: TaskNumber,
    idempotency_key: IdempotencyKey = None,
) -> Response[Done]:
    """Put a task off to a day, and take it on by that; refused when someone else has it, or when it cannot wait."""
    site, actor = site_of(request), actor_of(request)
    reference, key = case_of_task(site, task), key_of(idempotency_key)
    saved = site.handler.put_off(reference, task, data.until, actor=actor, now=site.now(), key=key)
    site.wake()
    return _done(saved)


@post(
    "/tasks/{task:int}/bring-back", sync_to_thread=True, response_headers=[ETAG], status_code=200, responses=_CHANGING
)
def bring_back(
    request: Request[Any, Any, Any], task: TaskNumber, idempotency_key: IdempotencyKey = None
) -> Response[Done]:
    """End the putting off of a task of yours, or of one that you could pass on: it is work of the day again."""
    site, actor = site_of(request), actor_of(request)
    reference, key = case_of_task(site, task), key_of(idempotency_key)
    return _done(site.handler.bring_back(reference, task, actor=actor, now=site.now(), key=key))


@get("/tasks/{task:int}/pass", sync_to_thread=True, responses=documented(400, 401, 403, 404, 409, 503))
def who_could_have(request: Request[Any, Any, Any], task: TaskNumber) -> Passable:
    """Who has a task, and who else could: for those of its role, and whoever passes on its tasks."""
    site, actor = site_of(request), actor_of(request)
    passing = passing_in(open_case(site, actor, case_of_task(site, task)), task)
    if passing is None:
        raise NotOpen("This task has been finished or is no longer needed.")
    return Passable(
        reference=passing.opened.reference,
        held_by=_person(passing.holder, passing.away) if passing.holder else None,
        others=[_person(one, passing.away) for one in passing.others.values()],
    )


@post(
    "/tasks/{task:int}/pass",
    sync_to_thread=True,
    response_headers=[ETAG],
    status_code=200,
    guards=[takes_json],
    responses=_CHANGING | documented(415),
)
def pass_on(
    request: Request[Any, Any, Any],
    data: JSONBody[PassingOn],
    task: TaskNumber,
    idempotency_key: IdempotencyKey = None,
) -> Response[Done]:
    """Give a task to a colleague, or take over what one has; what they have of the same case goes with it."""
    site, actor = site_of(request), actor_of(request)
    reference, key = case_of_task(site, task), key_of(idempotency_key)
    passing = passing_in(open_case(site, actor, reference), task)
    # Whoever cannot have it stays without a name; a key that was used before answers first, whatever has come since.
    to = (passing.able if passing else {}).get(data.to) or Actor(id=data.to, name="This person", roles=frozenset())
    saved = site.handler.pass_on(reference, task, to, held_by=data.held_by, actor=actor, now=site.now(), key=key)
    site.wake()
    return _done(saved)


def _done(saved: Saved) -> Response[Done]:
    return Response(Done(reference=saved.reference, version=saved.version), headers={"etag": etag(saved.version)})


def _person(actor: Actor, away: Away) -> Colleague:
    absence = away.of(actor.id)
    return Colleague(id=actor.id or 0, name=actor.name, away_until=absence.last_on if absence else None)


def _task(row: WorkRow, person: int | None, now: datetime, away: Away) -> TaskOut:
    absence = away.of(row.claimed_by) if row.claimed_by != person else None
    return TaskOut(
        id=row.task,
        title=row.title,
        note=row.note,
        group=str(group_of(row, now)),
        reference=row.reference,
        case=row.case_title,
        due_at=row.due_at,
        put_off_until=row.put_off_until,
        opened_at=row.opened_at,
        is_yours=row.claimed_by == person,
        covered_for=absence.name if absence else None,
        away_until=absence.last_on if absence else None,
        can_be_claimed=row.claimed_by is None and row.each is None,
        can_be_completed=row.is_alert,
    )


ROUTES = [list_tasks, claim, release, complete, put_off, bring_back, who_could_have, pass_on]
