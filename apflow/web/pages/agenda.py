"""Taking up the cases that wait, and the documents made of those that were and of the case itself."""

from typing import Any
from urllib.parse import quote

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotFound
from apflow.documents import pdf
from apflow.web.agenda import MOST, take_up, waiting_of
from apflow.web.banners import done_address
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, submitted_form
from apflow.web.opened import Opened, open_case
from apflow.web.pack import pack_of
from apflow.web.pages import case_staff
from apflow.web.pages.sign_in import require
from apflow.web.printed import printed_of, said_in

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
    return Response(
        pdf("pack", pack, made_at=opened.now),
        media_type="application/pdf",
        headers=_headers(opened, opened.definition.workflow.pack.title),
    )


@get("/cases/{reference:str}/printed", include_in_schema=False)
@threaded
def show_printed(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[bytes]:
    """The case itself as one PDF, such as the minutes of a meeting; on the same terms."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    printed = printed_of(opened)
    if opened.audience != STAFF or printed is None:
        raise NotFound
    said = said_in(opened, printed)
    case_staff.note_look(opened)
    content = pdf("printed", said, made_at=opened.now)
    return Response(content, media_type="application/pdf", headers=_headers(opened, printed.title))


def _headers(opened: Opened, title: str) -> dict[str, str]:
    name = f"{title.lower().replace(' ', '-')}-{opened.reference}.pdf"
    return {
        "content-disposition": f"attachment; filename*=UTF-8''{quote(name, safe='')}",
        "content-security-policy": "default-src 'none'; sandbox",
        "cache-control": "no-store",
    }


ROUTES = [add, show_pack, show_printed]
