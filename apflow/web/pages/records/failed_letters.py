"""E-mails that did not go, as after a day of a wrong mail server: all of them, or the chosen, sent again."""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect
from sqlalchemy import Row

from apflow.core.errors import Refusal
from apflow.letters.again import is_undelivered, written_again
from apflow.store import outbox
from apflow.store.reading.letters import Sought, count_letters, list_letters
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.case.mails import how_far
from apflow.web.case.opened import as_staff, open_case
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, submitted_form
from apflow.web.pages.records.letters import in_sight_of
from apflow.web.records.recording import Keeping, keeping
from apflow.web.render import page

AT_MOST = 200  # At one time: each is written anew, for the page and as it goes.
_HERE = "/emails/failed"


@dataclass(frozen=True, slots=True)
class Failed:
    """One that did not go: to whom it would be written now, or `why_not`."""

    row: Row[Any]
    name: str
    email: str
    why_not: str = ""

    @property
    def how(self) -> tuple[str, str]:
        return how_far(self.row)


@dataclass(frozen=True, slots=True)
class _Sent:
    """How many are written again, and how many were not, which the list shows with the reason or no longer."""

    again: int
    left: int


@get(_HERE, include_in_schema=False)
@threaded
def listed(request: Request[Any, Any, Any]) -> Response[Any]:
    """The newest of them: those that can be sent again, to be chosen from, and the others with the reason."""
    sent = [request.query_params.get(name, "") for name in ("again", "left")]
    return _shown(request, keeping(request), _Sent(*map(int, sent)) if all(map(_is_number, sent)) else None)


@post(f"{_HERE}/sure", include_in_schema=False)
async def sure(request: Request[Any, Any, Any]) -> Response[Any]:
    """Ask whether these are meant: how many they are, and to whom each goes."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    submitted = await submitted_form(request)

    def asked() -> Response[Any]:
        keeper = keeping(request)
        chosen = [one for one in _failed(keeper) if not one.why_not and one.row.id in set(_numbers(submitted))]
        if not chosen:
            return _shown(request, keeper, problem="Choose at least one email that can be sent again", status=422)
        to = Counter((one.name, one.email) for one in chosen)
        return page(request, "records/failed_sure.html", chosen=chosen, to=sorted(to.items()))

    return await in_thread(asked)


@post(f"{_HERE}/again", include_in_schema=False)
async def again(request: Request[Any, Any, Any]) -> Response[Any]:
    """Have each of them written again by itself; one that was dealt with meanwhile, or cannot be, is left."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    submitted = await submitted_form(request)

    def written() -> Response[Any]:
        keeper = keeping(request)
        numbers = list(dict.fromkeys(_numbers(submitted)))[:AT_MOST]
        done = sum(_is_sent(keeper, number) for number in numbers)
        keeper.site.wake()
        return Redirect(f"{_HERE}?again={done}&left={len(numbers) - done}", status_code=303)

    return await in_thread(written)


def _is_sent(keeper: Keeping, number: int) -> bool:
    with keeper.site.store.reading() as connection:
        row = outbox.message(connection, number)
    if row is None or not is_undelivered(row):
        return False
    try:
        open_case(keeper.site, as_staff(keeper.site, keeper.actor), row.reference)
        keeper.site.handler.send_again(row.reference, number, actor=keeper.actor, now=keeper.site.now())
    except Refusal:
        return False
    return True


def _shown(
    request: Request[Any, Any, Any],
    keeper: Keeping,
    sent: _Sent | None = None,
    *,
    problem: str = "",
    status: int = 200,
) -> Response[Any]:
    wanted = _wanted(keeper)
    with keeper.site.store.reading() as connection:
        total = count_letters(connection, wanted)
    found = list(_failed(keeper))
    return page(
        request,
        "records/failed.html",
        status=status,
        total=total,
        ready=[one for one in found if not one.why_not],
        others=[one for one in found if one.why_not],
        sent=sent,
        at_most=AT_MOST,
        problems=[(f"email-{found[0].row.id}" if found else "", problem)] if problem else [],
    )


def _wanted(keeper: Keeping) -> Sought:
    return in_sight_of(keeper, Sought(only_undelivered=True))


def _failed(keeper: Keeping) -> Iterator[Failed]:
    with keeper.site.store.reading() as connection:
        rows = list_letters(connection, _wanted(keeper), limit=AT_MOST)
        letters = [outbox.message(connection, row.id) for row in rows]
    yield from (_looked_at(keeper, row) for row in letters if row is not None and is_undelivered(row))


def _looked_at(keeper: Keeping, row: Row[Any]) -> Failed:
    try:
        opened = open_case(keeper.site, as_staff(keeper.site, keeper.actor), row.reference)
        with keeper.site.store.reading() as connection:
            case, letters = (opened.definition, opened.snapshot), keeper.site.handler.letters
            batch = written_again(letters, connection, *case, row, keeper.actor, keeper.site.now())
    except Refusal as refusal:
        return Failed(row, row.to_name, row.to_email, str(refusal))
    message: Mapping[str, Any] = batch.messages[0]
    return Failed(row, message["to_name"], message["to_email"])


def _numbers(submitted: Submitted) -> Sequence[int]:
    return _read(submitted.get("email", ()))


def _read(said: Iterable[str]) -> list[int]:
    return [int(one) for one in said if _is_number(one)]


def _is_number(said: str) -> bool:
    return said.isascii() and said.isdigit() and len(said) < 10


ROUTES = [listed, sure, again]
