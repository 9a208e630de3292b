"""What the nightly check found and nobody has mended yet, and when every case was last looked at."""

from typing import Any

from litestar import Request, Response, get

from apflow.core.definition.words import clock
from apflow.rounds.nightly import what_words
from apflow.store.findings import (
    PUT_RIGHT,
    count_mended,
    last_whole_check,
    standing_by_kind,
    standing_findings,
)
from apflow.web.case.undone import path_of
from apflow.web.concurrency import threaded
from apflow.web.lists.paging import Paging, page_number
from apflow.web.records.recording import keeping
from apflow.web.render import page

A_PAGE = 50


@get("/findings", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """All that stands, a page at a time. It names cases by their references, and nobody."""
    keeper = keeping(request)
    site, reader = keeper.site, keeper.actor.id
    spec = site.council.nightly_check
    with site.store.reading() as connection:
        by_kind = standing_by_kind(connection, shown_to=reader)
        paging = Paging(page_number(request.query_params), sum(by_kind.values()), A_PAGE)
        rows = standing_findings(connection, limit=A_PAGE, offset=paging.first, shown_to=reader)
        checked, mended = last_whole_check(connection), count_mended(connection, site.now())
    return page(
        request,
        "findings.html",
        at=clock(spec.at) if spec else None,
        by_kind={what_words(kind): count for kind, count in sorted(by_kind.items())},
        rows=rows,
        what_words=what_words,
        path_of=path_of,
        paging=paging,
        checked=checked,
        mended=mended,
        put_right=PUT_RIGHT,
        raises=spec.raises if spec else (),
    )


ROUTES = [show]
