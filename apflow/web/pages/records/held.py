"""All that is held about one pupil on one page, and as a copy to hand over to whoever may have it."""

from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from apflow.core.errors import NotFound
from apflow.store.records.pupils import pupil
from apflow.web.concurrency import threaded
from apflow.web.pages.records.pupils import full_name
from apflow.web.records.held import held_about
from apflow.web.records.recording import keeping, needed
from apflow.web.render import page


@get("/pupils/{number:int}/held", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """All of it, for staff who keep the records."""
    return _held(request, number, is_copy=False)


@get("/pupils/{number:int}/copy", include_in_schema=False)
@threaded
def copy(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """The copy: without what is somebody else's, or could harm somebody, which it says wherever it leaves it out."""
    return _held(request, number, is_copy=True)


def _held(request: Request[Any, Any, Any], number: int, *, is_copy: bool) -> Response[Any]:
    keeper = keeping(request)
    rule = keeper.site.council.copy_of_record
    if is_copy and rule is None:
        raise NotFound
    with keeper.site.store.reading() as connection:
        row = needed(pupil(connection, number))
    keeper.note("Copy of all that is held" if is_copy else "All that is held", [number])
    with keeper.site.store.reading() as connection:
        held = held_about(keeper, connection, row, rule if is_copy else None)
    return page(
        request,
        "records/held.html",
        row=row,
        name=full_name(row),
        held=held,
        is_copy=is_copy,
        rule=rule,
        left_out=sum(said.words == rule.instead for part in held.parts for said in part.said) if rule else 0,
    )


ROUTES = [show, copy]
