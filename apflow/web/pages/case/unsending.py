"""Taking back the e-mails that one has just caused, while they wait to go."""

from collections.abc import Iterable, Sequence
from typing import Any

from litestar import Request, Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotFound
from apflow.rounds.undelivered import tell_officers
from apflow.store.reading.going import take_back
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.case.opened import open_case
from apflow.web.concurrency import in_thread
from apflow.web.forms import submitted_form
from apflow.web.identity import require

_HIGHEST = 2**31 - 1


@post("/cases/{reference:str}/take-back", include_in_schema=False)
async def unsend(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """Let those that were chosen never go; the case says how many still could be stopped, and what there is to do."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    chosen = _numbers((await submitted_form(request)).get("email", ()))
    return await in_thread(_unsend, request, reference, chosen)


def _unsend(request: Request[Any, Any, Any], reference: str, chosen: Sequence[int]) -> Response[Any]:
    opened = open_case(request.app.state.site, require(request).actor, reference)
    if opened.audience != STAFF:
        raise NotFound
    actor, now = opened.actor, opened.now
    stopped = take_back(opened.site.store, opened.snapshot, actor.id or 0, actor.name, chosen, now)
    tell_officers(opened.site.store, opened.site.handler, now, by=actor, case=opened.snapshot.id)
    opened.site.wake()
    return Redirect(f"/cases/{opened.reference}?taken_back={stopped}&of={len(chosen)}", status_code=303)


def _numbers(given: Iterable[str]) -> list[int]:
    numbers = {int(one) for one in given if one.isascii() and one.isdecimal() and len(one) <= len(str(_HIGHEST))}
    return sorted(number for number in numbers if number <= _HIGHEST)


ROUTES = [unsend]
