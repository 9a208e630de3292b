"""A case: staff see all of it here, the outsider it is about sees the tracker."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from apflow.core.definition.labels import STAFF
from apflow.web.case.opened import open_case
from apflow.web.case.pupil import note_pupil
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.pages.case import shared, staff, tracker


@get("/cases/{reference:str}", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """The case as whoever is signed in should see it."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    note_pupil(opened)
    if opened.audience == STAFF:
        return staff.show(request, opened)
    if opened.definition.name != opened.site.current().name:
        return shared.show(request, opened)
    return tracker.show(request, opened.site, opened.definition, opened.snapshot, opened.actor)


ROUTES = [show]
