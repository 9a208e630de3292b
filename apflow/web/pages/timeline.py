"""All of a case's history, newest first, a page at a time."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotFound
from apflow.store.files import files_of
from apflow.store.history import history_of
from apflow.store.outbox import messages_of
from apflow.web.concurrency import threaded
from apflow.web.opened import open_case
from apflow.web.pages.sign_in import require
from apflow.web.paging import Paging, page_number
from apflow.web.render import page
from apflow.web.timeline import Told, bundled, mails_by_version, seen_by

A_PAGE = 50


@get("/cases/{reference:str}/timeline", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """The history, for staff."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    if opened.audience != STAFF:
        raise NotFound
    with opened.site.store.reading() as connection:
        entries = seen_by(opened.definition, opened.actor, history_of(connection, reference))
        messages = messages_of(connection, reference)
        files = files_of(connection, opened.snapshot.id or 0)
    told = Told(
        opened.definition,
        opened.actor,
        files=files,
        mails=mails_by_version(entries, messages),
        names=opened.names,
    )
    paging = Paging(page_number(request.query_params), len(entries), A_PAGE)
    newest_first = list(reversed(entries))[paging.first : paging.first + A_PAGE]
    return page(request, "case/timeline.html", opened=opened, bundles=bundled(told.lines(newest_first)), paging=paging)


ROUTES = [show]
