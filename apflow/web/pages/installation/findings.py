"""What the nightly check found and nobody has mended yet, and when every case was last looked at."""

from collections.abc import Collection
from typing import Any

from litestar import Request, Response, get
from sqlalchemy import Row

from apflow.core.days.calendar import local_date
from apflow.core.definition.words import clock
from apflow.rounds.asking import what_words
from apflow.store.findings import count_mended, last_whole_check, standing_by_kind, standing_findings
from apflow.store.parts import PUT_RIGHT
from apflow.web.case.undone import path_of
from apflow.web.concurrency import threaded
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.view import MOST_ROWS, View
from apflow.web.records.recording import keeping
from apflow.web.render import page

A_PAGE = 50
_ADDRESS = "/findings"
_HEADINGS = ("Case", "Kind", "What is wrong", "Since", "Who sees to it", "In case")


@get(_ADDRESS, include_in_schema=False)
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
        view=View(_ADDRESS, paging.total),
        raises=spec.raises if spec else (),
    )


def _table(asked: AskedFor) -> Table:
    """All that stands."""
    keeper = keeping(asked.request)
    site = keeper.site
    raises = site.council.nightly_check.raises if site.council.nightly_check else ()
    with site.store.reading() as connection:
        rows = standing_findings(connection, limit=MOST_ROWS, offset=0, shown_to=keeper.actor.id)
    cells = [
        (row.about, what_words(row.kind), row.said, local_date(row.found_at), _seen_to(row, raises), row.task_case)
        for row in rows
    ]
    return Table(f"nightly-check-{keeper.by.today.isoformat()}", "To put right", _HEADINGS, cells)


def _seen_to(row: Row[Any], raises: Collection[str]) -> str:
    if not row.task_case:
        return "Nobody yet" if row.kind in raises else "Whoever looks after the system"
    if row.task_is_open:
        return "Somebody is asked to"
    return "Said to be put right; looked at again tonight" if row.task_state == PUT_RIGHT else "Left as it is"


ROUTES = [show, *files_of(_ADDRESS, _table)]
