"""Retention: whose record's time is over, why, what holds one back, and the decision to erase it."""

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from apflow.core.conditions import Facts
from apflow.core.days.calendar import local_date
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Blocked, Invalid, NotFound
from apflow.core.firing.answers import read_answers
from apflow.records.retention import due_by, due_of, erase, keep_back, let_go, may_decide
from apflow.store.records.pupils import pupil
from apflow.store.records.retention import erased
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, answers_from, questions_of, submitted_form
from apflow.web.pages.pupils import full_name
from apflow.web.records.recording import Keeping, keeping, needed
from apflow.web.render import page

_AHEAD = timedelta(days=366)
_SHOWN = 50
_NOTHING = Facts(fields={}, today="")
_BANNERS = {"held": "The record is held back", "let-go": "Nothing holds the record back any more", "erased": "Erased"}
_HOLD = {
    "held_because": FieldSpec(
        type=FieldType.TEXT,
        label="Why must it be kept for now?",
        hint="Such as: a claim against the council, and its number. Do not name a child",
        max_length=300,
    )
}
_ERASE = {
    "because": FieldSpec(
        type=FieldType.TEXT, label="Why is it erased now?", hint="Do not name a child", max_length=250
    ),
    "sure": FieldSpec(type=FieldType.CONFIRM, label="I have read what goes and what stays. This cannot be undone"),
}


@get("/retention", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """Whose time is over, whose will be within a year, and what was erased."""
    keeper = keeping(request)
    today, library = local_date(keeper.site.now()), keeper.site.library
    if library.council.retention is None:
        return page(request, "records/retention.html", rule=None)
    with keeper.site.store.reading() as connection:
        due = due_by(connection, library, today + _AHEAD)
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
    return _kept(request, keeping(request), number)


@post("/pupils/{number:int}/hold", include_in_schema=False)
async def hold_back(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Hold it back, and say why."""

    def held(connection: Connection, said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        keep_back(connection, number, said["held_because"], keeper.by)
        return []

    return await _do(request, number, _HOLD, held, f"/pupils/{number}/kept?done=held")


@post("/pupils/{number:int}/let-go", include_in_schema=False)
async def let(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Let it go again."""

    def ended(connection: Connection, _said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        needed(pupil(connection, number))
        let_go(connection, number, keeper.by)
        return []

    return await _do(request, number, {}, ended, f"/pupils/{number}/kept?done=let-go")


@post("/pupils/{number:int}/erase", include_in_schema=False)
async def erase_it(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Erase it: for those who decide on that, once its time is over and nothing holds it back."""

    def gone(connection: Connection, said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        return erase(connection, number, said["because"], keeper.by)

    return await _do(request, number, _ERASE, gone, "/retention?done=erased")


async def _do(
    request: Request[Any, Any, Any],
    number: int,
    form: Mapping[str, FieldSpec],
    work: Callable[[Connection, Mapping[str, Any], Keeping], list[str]],
    then: str,
) -> Response[Any]:
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    submitted = await submitted_form(request)
    return await in_thread(_done, request, number, form, submitted, work, then)


def _done(
    request: Request[Any, Any, Any],
    number: int,
    form: Mapping[str, FieldSpec],
    submitted: Submitted,
    work: Callable[[Connection, Mapping[str, Any], Keeping], list[str]],
    then: str,
) -> Response[Any]:
    keeper, answers = keeping(request), answers_from(form, submitted)
    try:
        said = read_answers(form, answers, _NOTHING, {})
        files = keeper.site.store.write(lambda connection: work(connection, said, keeper))
    except Invalid as refusal:
        return _kept(request, keeper, number, errors=refusal.errors, answers=answers, status=422)
    except Blocked as refusal:
        return _kept(request, keeper, number, reasons=refusal.reasons, answers=answers, status=409)
    for file in files:  # What refers to them is gone; one that stays behind for a fault is swept.
        keeper.site.uploads.delete(file)
    return Redirect(then, status_code=303)


def _kept(
    request: Request[Any, Any, Any],
    keeper: Keeping,
    number: int,
    *,
    errors: Mapping[str, str] | None = None,
    reasons: Any = (),
    answers: Mapping[str, Any] | None = None,
    status: int = 200,
) -> Response[Any]:
    site, rule = keeper.site, keeper.site.council.retention
    if rule is None:
        raise NotFound
    with site.store.reading() as connection:
        row = needed(pupil(connection, number))
        due = due_of(connection, site.library, number)
    keeper.note("How long the record is kept", [number])
    said, wrong = answers or {}, errors or {}
    return page(
        request,
        "records/kept.html",
        status=status,
        row=row,
        name=full_name(row),
        due=due,
        is_over=due.kept.day < local_date(site.now()),
        may_decide=may_decide(site.library, keeper.actor),
        decided_by=[site.council.roles[role].title for role in rule.decided_by],
        hold_form=questions_of(_HOLD, said, _NOTHING, wrong),
        erase_form=questions_of(_ERASE, said, _NOTHING, wrong),
        problems=[*wrong.items(), *(("", reason) for reason in reasons)],
        banner=_BANNERS.get(request.query_params.get("done", "")),
    )


ROUTES = [show, kept, hold_back, let, erase_it]
