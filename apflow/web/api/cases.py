"""Cases: listing, opening and reading them."""

from collections.abc import Iterable
from datetime import datetime
from typing import Annotated, Any

from litestar import Request, Response, get, post
from litestar.params import JSONBody, QueryParameter
from pydantic import BaseModel, ConfigDict, Field

from apflow.core.definition.compiled import Definition
from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotAllowed, NotFound
from apflow.core.people.actor import Actor
from apflow.core.people.permission import is_listed
from apflow.store.reading.files import files_of
from apflow.store.reading.queues import CaseFilter, CaseRowView, cases_after
from apflow.web.api.asking import (
    BY_A_PROGRAM,
    ETAG,
    Cursor,
    IdempotencyKey,
    Limit,
    Reference,
    actor_of,
    etag,
    key_of,
    site_of,
    takes_json,
)
from apflow.web.api.problems import Malformed, documented
from apflow.web.api.showing import CaseOut, Done, case_out
from apflow.web.case.in_sight import in_sight, ways_to_see
from apflow.web.case.opened import audience_of, open_case
from apflow.web.case.pupil import note_pupil

_NAMES = r"^[a-z][a-z0-9_]*(,[a-z][a-z0-9_]*)*$"
_ASSIGNED = r"^(me|nobody|[0-9]{1,9})$"
_NOBODY = 0

Workflow = Annotated[
    str,
    QueryParameter(
        name="workflow",
        max_length=60,
        pattern=r"^[a-z][a-z0-9_]*$",
        description="Whose cases: one at a time, by the name that `/workflows` gives it. Providers, if none is named.",
    ),
]
States = Annotated[
    str | None,
    QueryParameter(name="states", max_length=500, pattern=_NAMES, description="One or more, with commas between."),
]
Awaiting = Annotated[
    str | None,
    QueryParameter(
        name="awaiting", max_length=60, pattern=r"^[a-z][a-z0-9_]*$", description="The role whose move it is."
    ),
]
Assigned = Annotated[
    str | None,
    QueryParameter(name="assigned", pattern=_ASSIGNED, description="`me`, `nobody` or a person's number; for staff."),
]
OpenOnly = Annotated[bool, QueryParameter(name="open_only", description="Only cases that have not ended.")]
Overdue = Annotated[
    bool, QueryParameter(name="overdue", description="Only cases with a deadline that has passed; for staff.")
]
Text = Annotated[
    str | None,
    QueryParameter(
        name="text", max_length=100, description="Words, each of which is in the title or in the reference."
    ),
]


class CaseLine(BaseModel):
    """One case in a list."""

    reference: str
    title: str
    workflow: str
    state: str
    state_label: str
    awaiting: str | None
    is_open: bool
    assigned_to: str | None = Field(description="The officer who has the case; told to staff only.")
    opened_at: datetime
    entered_at: datetime
    changed_at: datetime
    due_at: datetime | None = Field(description="The earliest deadline that runs; told to staff only.")


class CasePage(BaseModel):
    """Some cases, oldest first, and where the next ones begin."""

    items: list[CaseLine]
    next: str | None = Field(description="The `cursor` of the next page; null on the last.")


class Opening(BaseModel):
    """How to begin a case."""

    model_config = ConfigDict(extra="forbid")

    workflow: str = Field(max_length=60)
    event: str = Field(max_length=60, description="One of the workflow's start events.")
    answers: dict[str, Any] = Field(default_factory=dict)


@get("/cases", sync_to_thread=True, responses=documented(400, 401, 403, 404, 503))
def list_cases(
    request: Request[Any, Any, Any],
    workflow: Workflow = "provider",
    states: States = None,
    awaiting: Awaiting = None,
    assigned: Assigned = None,
    open_only: OpenOnly = False,
    overdue: Overdue = False,
    text: Text = None,
    cursor: Cursor = None,
    limit: Limit = 50,
) -> CasePage:
    """The cases you may see, oldest first, a page at a time."""
    site, actor = site_of(request), actor_of(request)
    if workflow not in site.library.sources:
        raise NotFound(f'There is no workflow called "{workflow}".')
    if (assigned is not None or overdue) and audience_of(site, actor) != STAFF:
        raise NotAllowed(
            "Who has a case, and what is late on it, is told to staff only: leave out assigned and overdue."
        )
    definition = site.library.current(workflow)
    named = tuple(states.split(",")) if states else ()
    _refuse_unknown("states", named, [*definition.workflow.states, *definition.workflow.migrate])
    _refuse_unknown("awaiting", [awaiting] if awaiting else [], site.council.roles)
    wanted = CaseFilter(
        text="".join(character for character in text or "" if character.isprintable()),
        states=named,
        awaiting=awaiting or "",
        assigned=_person(assigned, actor),
        open_only=open_only,
        overdue_at=site.now() if overdue else None,
        workflow=workflow,
        seen_by=(actor.id or 0, ways_to_see(definition, actor)),
    )
    with site.store.reading() as connection:
        found = cases_after(connection, wanted, after=int(cursor or 0), limit=limit + 1)
        shown = in_sight(site, connection, [row for _, row in found[:limit]], actor)
    lines = [_line(pinned, row, actor) for pinned, row in shown]
    return CasePage(items=lines, next=str(found[limit - 1][0]) if len(found) > limit else None)


@post(
    "/cases",
    sync_to_thread=True,
    response_headers=[ETAG],
    guards=[takes_json],
    responses=documented(400, 401, 403, 404, 409, 413, 415, 422, 503),
)
def open_new(
    request: Request[Any, Any, Any], data: JSONBody[Opening], idempotency_key: IdempotencyKey = None
) -> Response[Done]:
    """Begin a case. The ETag and Location are those of the new case."""
    site = site_of(request)
    saved = site.handler.open_case(
        data.workflow, data.event, data.answers, actor=actor_of(request), now=site.now(), key=key_of(idempotency_key)
    )
    site.wake()
    headers = {"etag": etag(saved.version), "location": f"/api/v1/cases/{saved.reference}"}
    return Response(Done(reference=saved.reference, version=saved.version), headers=headers)


@get("/cases/{reference:str}", sync_to_thread=True, response_headers=[ETAG], responses=documented(400, 401, 404, 503))
def read(request: Request[Any, Any, Any], reference: Reference) -> Response[CaseOut]:
    """One case: where it stands, what is known, and what you can do. Its ETag is what a change sends as If-Match."""
    site = site_of(request)
    opened = open_case(site, actor_of(request), reference)
    note_pupil(opened, BY_A_PROGRAM)
    with site.store.reading() as connection:
        files = files_of(connection, opened.snapshot.id or 0)
    return Response(case_out(opened, files), headers={"etag": etag(opened.snapshot.version)})


def _refuse_unknown(parameter: str, given: Iterable[str], known: Iterable[str]) -> None:
    """Refuse a name that there is not: a program would take its slip for having nothing to do."""
    there_are = list(known)
    if slips := [name for name in given if name not in there_are]:
        raise Malformed({parameter: f'There is no "{slips[0]}". There are: {", ".join(there_are)}.'})


def _person(assigned: str | None, actor: Actor) -> int | None:
    match assigned:
        case None:
            return None
        case "me":
            return actor.id
        case "nobody":
            return _NOBODY
        case number:
            return int(number)


def _line(definition: Definition, row: CaseRowView, actor: Actor) -> CaseLine:
    is_staff = is_listed(definition, row.state, actor)
    audience = STAFF if is_staff else definition.audience(definition.workflow.party_role)
    return CaseLine(
        reference=row.reference,
        title=row.title,
        workflow=row.workflow,
        state=row.state,
        state_label=definition.state(row.state).label.to(audience),
        awaiting=row.awaiting,
        is_open=row.is_open,
        assigned_to=row.assigned_name if is_staff else None,
        opened_at=row.opened_at,
        entered_at=row.entered_at,
        changed_at=row.changed_at,
        due_at=row.due_at if is_staff else None,
    )


ROUTES = [list_cases, open_new, read]
