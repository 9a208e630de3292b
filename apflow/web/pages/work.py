"""My work: what to do, most pressing first, and what waits on others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect
from sqlalchemy import Connection

from apflow.core.actor import Actor
from apflow.core.definition.compiled import Definition
from apflow.core.definition.labels import STAFF
from apflow.core.queue import Group, grouped
from apflow.store.news import latest_from_outside
from apflow.store.queues import WORK_LIMIT, CaseRowView, WorkRow, waiting_on_others, work_of
from apflow.web.concurrency import threaded
from apflow.web.handed import handed_of
from apflow.web.opened import audience_of
from apflow.web.pages.sign_in import require
from apflow.web.render import page
from apflow.web.site import Site
from apflow.web.timeline import Line, Told

WAITING = "Waiting on others"


@dataclass(frozen=True, slots=True)
class Listed:
    """One group of the page: its heading, an anchor, and its rows."""

    title: str
    anchor: str
    rows: Sequence[WorkRow]


@get("/work", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The page everyone of the staff begins with."""
    site: Site = request.app.state.site
    actor = require(request).actor
    if audience_of(site, actor) != STAFF:
        return Redirect("/home", status_code=303)
    with site.store.reading() as connection:
        rows = work_of(connection, actor)
        waiting = waiting_on_others(connection, actor)
        handed = handed_of(connection, actor, request.query_params)
        digests = {row.digest for row in rows} | {row.digest for row in waiting}
        definitions = {digest: site.handler.definition(connection, digest) for digest in digests}
        news = _news(site, connection, actor, rows, definitions)
    groups = _groups(grouped(rows, site.now()))
    return page(
        request,
        "work/work.html",
        me=actor.id,
        full=[group for group in groups if group.rows],
        empty=[group.title for group in groups if not group.rows] + ([] if waiting else [WAITING]),
        waiting=waiting,
        labels=_labels(definitions, [*rows, *waiting]),
        units={row.task: definitions[row.digest].unit_of(row.state, row.name) for row in rows},
        whom=_whom(site, waiting),
        news=news,
        handed=handed,
        count=len(rows),
        is_cut=len(rows) >= WORK_LIMIT,
    )


def _groups(rows: Mapping[Group, Sequence[WorkRow]]) -> list[Listed]:
    return [Listed(str(group), group.name.lower(), listed) for group, listed in rows.items()]


def _news(
    site: Site, connection: Connection, actor: Actor, rows: Sequence[WorkRow], definitions: Mapping[str, Definition]
) -> dict[str, Line]:
    """By reference, the last thing the outsider did to each case where it is news to the reader."""
    digests = {row.reference: row.digest for row in rows if row.news}
    workflow = site.current().workflow
    latest = latest_from_outside(connection, digests, site.current().audience(workflow.party.role))
    told = {digest: Told(definition, actor) for digest, definition in definitions.items()}
    return {reference: told[digests[reference]].brief(entry) for reference, entry in latest.items()}


def _labels(definitions: Mapping[str, Definition], rows: Sequence[WorkRow | CaseRowView]) -> dict[tuple[str, str], str]:
    """The staff's label of each state that the rows are in."""
    return {(row.digest, row.state): definitions[row.digest].state(row.state).label.staff for row in rows}


def _whom(site: Site, waiting: Sequence[CaseRowView]) -> dict[str, str]:
    """Whom each case waits for."""
    roles = site.council.roles
    return {row.reference: roles[row.awaiting].title for row in waiting if row.awaiting and row.awaiting in roles}


ROUTES = [show]
