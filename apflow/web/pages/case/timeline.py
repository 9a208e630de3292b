"""All of a case's history, newest first, a page at a time."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotFound
from apflow.web.case.happened import A_PAGE, happened
from apflow.web.case.opened import open_case
from apflow.web.case.pupil import note_pupil
from apflow.web.case.timeline import bundled
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.render import page


@get("/cases/{reference:str}/timeline", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """The history, for staff; that before the version in the address, or the newest."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    if opened.audience != STAFF:
        raise NotFound
    note_pupil(opened, "its timeline")
    before = _version(request.query_params.get("before", ""))
    some = happened(opened, before=before, limit=A_PAGE)
    return page(
        request,
        "case/timeline.html",
        opened=opened,
        bundles=bundled(some.lines),
        earlier=some.earlier,
        newer=some.newer,
    )


def _version(text: str) -> int | None:
    """The version that the address names; None when it names none."""
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


ROUTES = [show]
