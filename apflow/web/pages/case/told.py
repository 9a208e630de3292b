"""Who has been told: the delivery log of what a case wrote to everybody on a register, for staff."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.datastructures import MultiDict
from litestar.params import FromPath
from sqlalchemy import Row

from apflow.core.definition.labels import STAFF
from apflow.core.errors import NotFound
from apflow.core.firing.offers import Offer
from apflow.core.people.permission import may_see_collection
from apflow.store.reading import deliveries
from apflow.store.reading.deliveries import How, Sending, Wanted
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.registers import told_otherwise, unreached_in
from apflow.web.concurrency import threaded
from apflow.web.identity import require
from apflow.web.lists.paging import Paging, page_number
from apflow.web.lists.searching import searched
from apflow.web.render import page

A_PAGE = 50
HOWS: dict[How, tuple[str, str]] = {
    "not_reached": ("Not reached", "red"),
    "waiting": ("Waiting to be sent", "yellow"),
    "reached": ("Reached", "green"),
    "told": ("Told otherwise", "blue"),
}
KINDS = {
    "school": "School",
    "service": "Council service",
    "parent": "Parent with a personal budget",
    "learner": "Learner with a personal budget",
}


@dataclass(frozen=True, slots=True)
class Line:
    """One recipient: how it stands with them, how they were told otherwise, and what the reader can do about it."""

    row: Row[Any]
    kind: str
    how: str
    colour: str
    how_told: str
    offers: tuple[Offer, ...]


@get("/cases/{reference:str}/told", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], reference: FromPath[str]) -> Response[Any]:
    """How many were reached of how many, and each of them; of the newest such notice, or of the one asked for."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    collection = unreached_in(opened.definition)
    if (
        opened.audience != STAFF
        or not collection
        or not may_see_collection(opened.definition, collection, opened.actor)
    ):
        raise NotFound
    params = request.query_params
    wanted = _wanted(params)
    with opened.site.store.reading() as connection:
        sendings = deliveries.sendings(connection, opened.snapshot.id or 0)
        chosen = next((one for one in sendings if _key(one) == params.get("sending")), None) or next(
            iter(sendings), None
        )
        if chosen is None:
            raise NotFound
        told = told_otherwise(opened.definition, opened.snapshot)
        sending = Sending(opened.snapshot.id or 0, chosen.notice, chosen.queued_at, frozenset(map(int, told)))
        counted = deliveries.counts(connection, sending)
        paging = Paging(page_number(params), deliveries.count_recipients(connection, sending, wanted), A_PAGE)
        rows = deliveries.recipients(connection, sending, wanted, limit=A_PAGE, offset=paging.first)
    here = f"/cases/{opened.reference}/told?{urlencode(_address(chosen, wanted))}"
    return page(
        request,
        "case/told.html",
        opened=opened,
        sendings=[(_key(one), _called(one), one is chosen) for one in sendings],
        chosen=_called(chosen),
        counts=[(how, label, colour, *counted.get(how, (0, 0))) for how, (label, colour) in HOWS.items()],
        total=chosen.recipients,
        known=sum(counted.get(how, (0, 0))[0] for how in ("reached", "told")),
        is_waiting="waiting" in counted,
        wanted=wanted,
        hows={how: label for how, (label, _) in HOWS.items()},
        lines=_lines(opened, collection, rows, told),
        paging=paging,
        here=here,
        pages=paging.shown(f"{here}&"),
    )


def _wanted(params: MultiDict[str]) -> Wanted:
    how: How = next((known for known in HOWS if known == params.get("how")), "")
    return Wanted(how, params.get("pupils") == "yes", searched(params.get("q", "")))


def _address(chosen: Row[Any], wanted: Wanted) -> dict[str, str]:
    said = {"sending": _key(chosen), "how": wanted.how, "pupils": "yes" if wanted.with_pupils else "", "q": wanted.text}
    return {name: value for name, value in said.items() if value}


def _key(sending: Row[Any]) -> str:
    at: datetime = sending.queued_at
    return f"{sending.notice.partition('/')[2]}-{int(at.timestamp())}"


def _called(sending: Row[Any]) -> tuple[str, datetime, int]:
    words = sending.notice.partition("/")[2].removesuffix("_to_commissioners").replace("_", " ")
    return words.capitalize(), sending.queued_at, sending.recipients


def _lines(opened: Opened, collection: str, rows: Sequence[Row[Any]], told: dict[str, str]) -> list[Line]:
    return [
        Line(
            row,
            KINDS[row.kind],
            *HOWS[row.how],
            told.get(str(row.to_commissioner), ""),
            _offers(opened, collection, row),
        )
        for row in rows
    ]


def _offers(opened: Opened, collection: str, row: Row[Any]) -> tuple[Offer, ...]:
    if row.how != "not_reached":
        return ()
    offers = opened.item_offers((collection, str(row.to_commissioner)))
    return tuple(offer for offer in offers if offer.is_possible)


ROUTES = [show]
