"""How long closed cases are kept: those whose time is over, what holds one back, and the decision to erase it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from sqlalchemy import Connection

from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.keeping import ClosedCases
from apflow.core.errors import NotFound
from apflow.core.people.permission import is_listed
from apflow.loader import Library
from apflow.records.retention.closed_cases import (
    closed_of,
    erase_closed,
    erased_in_sight,
    hold_back,
    let_go_of,
    may_decide_on_cases,
    over_by,
    weighed,
)
from apflow.web.case.opened import Opened, open_case
from apflow.web.concurrency import threaded
from apflow.web.records.erasing import ERASE, HOLD, NOTHING_SENT, Sent, asked_again_on, send
from apflow.web.records.recording import Keeping, keeping
from apflow.web.render import page

_AHEAD = timedelta(days=366)
_SHOWN = 50
_KEPT = "/cases/{reference:str}/kept"
_BANNERS = {"held": "The case is held back", "let-go": "Nothing holds the case back any more", "erased": "Erased"}


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule in plain words: which cases, how they must have ended or been answered, how long, and why."""

    of: str
    only: tuple[str, ...]
    keep: str
    why: tuple[str, ...]


@get("/retention/cases", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """Whose time is over, whose will be within a year, and what was erased, as far as the reader sees such cases."""
    keeper = keeping(request)
    library, by, today = keeper.site.library, keeper.by, keeper.by.today
    if library.council.closed_cases is None:
        return page(request, "records/closed_cases.html", rules=None)
    with keeper.site.store.reading() as connection:
        due = over_by(connection, by, today + _AHEAD)
        over = [one for one in due if one.kept.day < today]
        coming = [one for one in due if one.kept.day >= today]
        shown = weighed(connection, by, [*over[:_SHOWN], *coming[:_SHOWN]])
        gone = erased_in_sight(connection, by)
    return page(
        request,
        "records/closed_cases.html",
        rules=list(_rules(library, library.council.closed_cases)),
        decided_by=_deciding(keeper),
        over=shown[: len(over[:_SHOWN])],
        over_more=len(over[_SHOWN:]),
        coming=shown[len(over[:_SHOWN]) :],
        coming_more=len(coming[_SHOWN:]),
        gone=gone[:_SHOWN],
        gone_more=len(gone[_SHOWN:]),
        titles={name: library.current(name).workflow.title for name in library.sources},
        banner=_BANNERS.get(request.query_params.get("done", "")),
    )


def _rules(library: Library, closed: ClosedCases) -> Iterator[Rule]:
    for rule in closed.rules.values():
        workflow = library.current(rule.of).workflow
        only = [workflow.states[state].label.staff for state in rule.states]
        only += [workflow.fields[name].options[option] for name, option in rule.answered.items()]
        after = ["counted from when what it belongs to is closed"] if rule.with_parent else []
        after += [f"counted from “{workflow.fields[rule.counted_from].label}”"] if rule.counted_from else []
        why = tuple(text for text in (rule.source, rule.assumed and f"Assumed: {rule.assumed}") if text)
        yield Rule(workflow.title, tuple(only), ", ".join([str(rule.keep), *after]), why)


def _deciding(keeper: Keeping) -> list[str]:
    policy = keeper.site.council.closed_cases
    return [keeper.site.council.roles[role].title for role in policy.decided_by] if policy else []


def _opened(keeper: Keeping, reference: str) -> Opened:
    """The case, for whoever sees it as somebody of the staff, and not only as who told of it."""
    opened = open_case(keeper.site, keeper.actor, reference)
    if not is_listed(opened.definition, opened.snapshot.state, opened.actor):
        raise NotFound
    return opened


@get(_KEPT, include_in_schema=False)
@threaded
def kept(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Until when one is kept, by which rule, what holds it back, and what would go."""
    return _kept(request, keeping(request), reference, NOTHING_SENT)


@post(f"{_KEPT}/hold", include_in_schema=False)
async def hold(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Hold it back, and say why and when it is asked again."""

    def held(connection: Connection, said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        hold_back(connection, reference, said["held_because"], asked_again_on(said), keeper.by)
        return []

    return await _send(request, reference, HOLD, held, f"/cases/{reference}/kept?done=held")


@post(f"{_KEPT}/let-go", include_in_schema=False)
async def let(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Let it go again."""

    def ended(connection: Connection, _said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        let_go_of(connection, reference, keeper.by)
        return []

    return await _send(request, reference, {}, ended, f"/cases/{reference}/kept?done=let-go")


@post(f"{_KEPT}/erase", include_in_schema=False)
async def erase(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Erase it: for those who decide on that, once its time is over and nothing holds it back."""

    def gone(connection: Connection, said: Mapping[str, Any], keeper: Keeping) -> list[str]:
        return erase_closed(connection, reference, said["because"], keeper.by)

    return await _send(request, reference, ERASE, gone, "/retention/cases?done=erased")


async def _send(
    request: Request[Any, Any, Any], reference: str, form: Mapping[str, FieldSpec], work: Any, then: str
) -> Response[Any]:
    return await send(request, form, work, then, lambda keeper, sent: _kept(request, keeper, reference, sent))


def _kept(request: Request[Any, Any, Any], keeper: Keeping, reference: str, sent: Sent) -> Response[Any]:
    site, today = keeper.site, keeper.by.today
    if site.council.closed_cases is None:
        raise NotFound
    opened, closed = _opened(keeper, reference), None
    if not opened.erased:
        with site.store.reading() as connection:
            closed = closed_of(connection, keeper.by, reference)
    return page(
        request,
        "records/closed_case.html",
        status=sent.status,
        opened=opened,
        closed=closed,
        is_over=closed is not None and closed.kept.day < today,
        may_decide=may_decide_on_cases(site.library, keeper.actor),
        decided_by=_deciding(keeper),
        hold_form=sent.asked(HOLD, today.isoformat()),
        erase_form=sent.asked(ERASE, today.isoformat()),
        problems=sent.problems,
        banner=_BANNERS.get(request.query_params.get("done", "")),
    )


ROUTES = [show, kept, hold, let, erase]
