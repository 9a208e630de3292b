"""Taking up the cases that wait, and the document made of those that were."""

from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotFound
from apflow.documents import pdf
from apflow.web.banners import done_address
from apflow.web.case.agenda import MOST, take_up, waiting_of
from apflow.web.case.made import readable_documents
from apflow.web.case.opened import open_case
from apflow.web.case.pack import pack_of
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, submitted_form
from apflow.web.identity import require
from apflow.web.pages.case import staff as case_staff
from apflow.web.pages.case.made import as_file

_NONE_CHOSEN = "Choose at least one to put there"


@post("/cases/{reference:str}/take-up/{collection:str}", include_in_schema=False)
async def add(request: Request[Any, Any, Any], reference: FromPath[str], collection: FromPath[str]) -> Response[Any]:
    """Put those that were ticked where they can be decided on; what is refused is said on the page."""
    return await in_thread(_add, request, reference, collection, await submitted_form(request))


def _add(request: Request[Any, Any, Any], reference: str, collection: str, submitted: Submitted) -> Response[Any]:
    site, actor = request.app.state.site, require(request).actor
    opened = open_case(site, actor, reference)
    waiting = next((one for one in waiting_of(opened) if one.collection == collection), None)
    if waiting is None or opened.audience != STAFF:
        raise NotFound
    chosen = [value for value in submitted.get("case", ()) if value][:MOST]
    refused = take_up(opened, waiting, chosen) if chosen else [_NONE_CHOSEN]
    site.wake()
    if refused:
        return case_staff.show(request, open_case(site, actor, reference), not_taken_up=refused)
    return Redirect(done_address(f"/cases/{reference}", waiting.event), status_code=303)


@get("/cases/{reference:str}/pack", include_in_schema=False)
@threaded
def show_pack(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[bytes]:
    """The papers as one PDF, as far as whoever opens it may read them; that they looked is noted as of any case."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    if opened.audience != STAFF or opened.definition.workflow.pack is None:
        raise NotFound
    pack = pack_of(opened, opened.definition.workflow.pack)
    case_staff.note_look(opened)
    title = opened.definition.workflow.pack.title.lower().replace(" ", "-")
    return as_file(pdf("pack", pack, made_at=opened.now), f"{title}-{opened.reference}")


@get("/cases/{reference:str}/printed", include_in_schema=False)
@threaded
def show_printed(request: Request[Any, Any, Any], reference: FromPath[str]) -> Redirect:
    """Where minutes were once had: the case's page leads to every document of it now."""
    if not readable_documents(open_case(request.app.state.site, require(request).actor, reference)):
        raise NotFound
    return Redirect(f"/cases/{reference}#documents", status_code=301)


ROUTES = [add, show_pack, show_printed]
