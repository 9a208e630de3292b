"""Retention: whose record's time is over, why, what holds one back, and the decision to erase it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from sqlalchemy import Connection

from apflow.core.days.calendar import local_date
from apflow.core.definition.fields import FieldSpec
from apflow.core.errors import NotFound
from apflow.records.retention.records import due_by, due_of, erase, keep_back, let_go, may_decide
from apflow.store.records.pupils import pupil
from apflow.store.records.retention import erased
from apflow.web.concurrency import threaded
from apflow.web.pages.records.pupils import full_name
from apflow.web.records.erasing import ERASE, HOLD, NOTHING_SENT, Sent, Work, asked_again_on, send
from apflow.web.records.recording import Keeping, keeping, needed
from apflow.web.render import page

_AHEAD = timedelta(days=366)
_SHOWN = 50
_BANNERS = {"held": "The record is held back", "let-go": "Nothing holds the record back any more", "erased": "Erased"}


@get("/retention", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """Whose time is over, whose will be within a year, and what was erased."""
    keeper = keeping(request)
    today, library = local_date(keeper.site.now()), keeper.site.library
    if library.council.retention is None:
        return page(request, "records/retention.html", rule=None)
    with keeper.site.store.reading() as connection:
        due = due_by(connection, library, today + _AHEAD, today)
        gone = erased(connection, limit=_SHOWN)
    keeper.note("Retention", [one.row.id for one in due])
    return page(
        request,
        "records/retention.html",
        rule=library.council.retention,
        over=[one for one in due if one.kept.day < today],
        coming=[one for one in due if one.kept.day >= today],
        gone=gone,
        names={one.row.id: full_name(one.row) for one in due},
        banner=_BANNERS.get(request.query_params.get("done", "")),
    )


@get("/pupils/{number:int}/kept", include_in_schema=False)
@threaded
def kept(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Until when one record is kept, by which rule, what holds it back, and what would go."""
    return _kept(request, keeping(request), number, NOTHING_SENT)


@post("/pupils/{number:int}/hold", include_in_schema=False)
async def hold_back(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Hold it back, and say why and when it is asked again."""

    def held(connection: Connection, said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        keep_back(connection, number, said["held_because"], asked_again_on(said), keeper.by)
        return []

    return await _send(request, number, HOLD, held, f"/pupils/{number}/kept?done=held")


@post("/pupils/{number:int}/let-go", include_in_schema=False)
async def let(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Let it go again."""

    def ended(connection: Connection, _said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        needed(pupil(connection, number))
        let_go(connection, number, keeper.by)
        return []

    return await _send(request, number, {}, ended, f"/pupils/{number}/kept?done=let-go")


@post("/pupils/{number:int}/erase", include_in_schema=False)
async def erase_it(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Erase it: for those who decide on that, once its time is over and nothing holds it back."""

    def gone(connection: Connection, said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        return erase(connection, number, said["because"], keeper.by)

    return await _send(request, number, ERASE, gone, "/retention?done=erased")


async def _send(
    request: Request[Any, Any, Any], number: int, form: Mapping[str, FieldSpec], work: Work, then: str
) -> Response[Any]:
    return await send(request, form, work, then, lambda keeper, sent: _kept(request, keeper, number, sent))


def _kept(request: Request[Any, Any, Any], keeper: Keeping, number: int, sent: Sent) -> Response[Any]:
    site, rule, today = keeper.site, keeper.site.council.retention, keeper.by.today
    if rule is None:
        raise NotFound
    with site.store.reading() as connection:
        row = needed(pupil(connection, number))
        due = due_of(connection, site.library, number, today)
    keeper.note("How long the record is kept", [number])
    return page(
        request,
        "records/kept.html",
        status=sent.status,
        row=row,
        name=full_name(row),
        due=due,
        is_over=due.kept.day < today,
        may_decide=may_decide(site.library, keeper.actor),
        decided_by=[site.council.roles[role].title for role in rule.decided_by],
        hold_form=sent.asked(HOLD, today.isoformat()),
        erase_form=sent.asked(ERASE, today.isoformat()),
        problems=sent.problems,
        banner=_BANNERS.get(request.query_params.get("done", "")),
    )


ROUTES = [show, kept, hold_back, let, erase_it]
