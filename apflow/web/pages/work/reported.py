"""What somebody of the staff has told of themselves, and reads as whoever tells of such things does."""

from typing import Any

from litestar import Request, Response, get
from litestar.response import Redirect
from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import Actor
from apflow.core.people.permission import as_party_alone
from apflow.store.reading.queues import CaseFilter, CaseRowView, list_cases
from apflow.web.case.in_sight import in_sight
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.render import is_staff, page
from apflow.web.site import Site

ADDRESS = "/reported"
_MOST = 200


@get(ADDRESS, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The newest first, each with how it stands in the words for whoever told of it."""
    site: Site = request.app.state.site
    user = require(request)
    if not is_staff(site, user):
        return Redirect("/home", status_code=303)
    with site.store.reading() as connection:
        found = reported_by(site, connection, user.actor)
    rows = [(row, made.workflow.title, made.state(row.state).label.to(_audience(made))) for made, row in found]
    return page(request, "work/reported.html", rows=rows)


def reported_by(site: Site, connection: Connection, actor: Actor) -> list[tuple[Definition, CaseRowView]]:
    """The cases that name them as the outsider, and that such a one sees."""
    named = list_cases(connection, CaseFilter(names=actor.id), limit=_MOST)
    pinned = {row.digest: site.handler.definition(connection, row.digest) for row in named}
    own = [row for row in named if as_party_alone(pinned[row.digest], actor).roles]
    return in_sight(site, connection, own, actor)


def _audience(definition: Definition) -> str:
    return definition.audience(definition.workflow.party_role)


ROUTES = [show]
