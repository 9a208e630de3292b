"""Who can act for a school or a provider: the list, adding somebody, and ending it; for whom we write to and staff."""

from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection, Row

from apflow.core.errors import NotFound, Stale
from apflow.records.door import may_keep
from apflow.records.letters import Writing
from apflow.records.people.colleagues import (
    COLLEAGUE,
    Organisation,
    add_colleague,
    end_colleague,
    of_person,
    of_provider,
    of_school,
)
from apflow.store.records.colleagues import SCHOOL_ROLE, colleague, colleagues_of, commissions_as, named_by, provides_as
from apflow.web.concurrency import threaded
from apflow.web.identity import SignedIn, require
from apflow.web.records.recording import Keeping, Sheet, needed, sheet_page, take
from apflow.web.render import page
from apflow.web.site import Site

_SCHOOL, _PROVIDER = "/schools/{number:int}/colleagues", "/cases/{reference:str}/colleagues"
_END = "/colleagues/{number:int}/end"
_BANNERS = {"added": "Added. We have told both by email", "ended": "Ended. We have told both by email"}
Find = Callable[[Connection], Organisation | None]
WebRequest = Request[Any, Any, Any]


@dataclass(frozen=True)
class Keeper:
    """Somebody who may say who can act for these, at this address; of the staff, or whom we write to there."""

    keeping: Keeping
    organisation: Organisation
    address: str

    @property
    def writing(self) -> Writing:
        site = self.keeping.site
        return Writing(site.handler.letters, site.council, site.now())

    @property
    def is_theirs(self) -> bool:
        return self.organisation.person == self.keeping.actor.id

    def sheet(self) -> Sheet:
        return Sheet(
            COLLEAGUE, "Add somebody who can act", f"{self.address}/add", self.address, self.organisation.called
        )


@get("/colleagues", include_in_schema=False)
@threaded
def begin(request: WebRequest) -> Response[Any]:
    """Those for whom one says who can act; who has one alone is led to it. And those for whom one acts oneself."""
    site, user = _site(request), require(request)
    role = site.current().workflow.party_role
    with site.store.reading() as connection:
        own = _own(connection, user, role)
        others = [of_person(connection, row.id, row.role) for row in named_by(connection, user.actor.id or 0)]
    if len(own) == 1 and not others:
        return Redirect(own[0][0], status_code=303)
    return page(request, "colleagues/whose.html", own=own, others=[one for one in others if one is not None])


@get(_SCHOOL, include_in_schema=False)
@threaded
def of_a_school(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """Who can act for a school or a service."""
    return _listed(request, _at_school(request, number))


@get(_PROVIDER, include_in_schema=False)
@threaded
def of_a_provider(request: WebRequest, reference: FromPath[str]) -> Response[Any]:
    """Who can act for a provider."""
    return _listed(request, _at_provider(request, reference))


@get(_SCHOOL + "/add", include_in_schema=False)
@threaded
def ask_school(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """The empty form."""
    return sheet_page(request, _at_school(request, number).sheet())


@get(_PROVIDER + "/add", include_in_schema=False)
@threaded
def ask_provider(request: WebRequest, reference: FromPath[str]) -> Response[Any]:
    """The empty form."""
    return sheet_page(request, _at_provider(request, reference).sheet())


@post(_SCHOOL + "/add", include_in_schema=False)
async def add_to_school(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """Add one."""
    return await _add(request, lambda: _at_school(request, number))


@post(_PROVIDER + "/add", include_in_schema=False)
async def add_to_provider(request: WebRequest, reference: FromPath[str]) -> Response[Any]:
    """Add one."""
    return await _add(request, lambda: _at_provider(request, reference))


@get(_END, include_in_schema=False)
@threaded
def ask_end(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """What ending it means, and a button."""
    keeper, row = _ending(request, number)
    return page(request, "colleagues/end.html", row=row, keeper=keeper)


@post(_END, include_in_schema=False)
@threaded
def end(request: WebRequest, number: FromPath[int]) -> Response[Any]:
    """End it; whoever else did so in the same moment has done it for both."""
    keeper, row = _ending(request, number)
    with suppress(Stale):
        end_colleague(keeper.keeping.site.store, keeper.writing, row, keeper.organisation, keeper.keeping.by)
    keeper.keeping.site.wake()
    return Redirect(f"{keeper.address}?done=ended", status_code=303)


async def _add(request: WebRequest, keeper_of: Callable[[], Keeper]) -> Response[Any]:
    def save(keeping: Keeping, sheet: Sheet) -> str:
        keeper = keeper_of()
        add_colleague(keeping.site.store, keeper.writing, keeper.organisation, sheet.answers, keeping.by)
        keeping.site.wake()
        return f"{keeper.address}?done=added"

    return await take(request, lambda _keeping: keeper_of().sheet(), save, lambda _request: keeper_of().keeping)


def _listed(request: WebRequest, keeper: Keeper) -> Response[Any]:
    organisation = keeper.organisation
    with keeper.keeping.site.store.reading() as connection:
        rows = colleagues_of(connection, organisation.person or 0, organisation.role)
    return page(
        request,
        "colleagues/listed.html",
        keeper=keeper,
        organisation=organisation,
        now=[row for row in rows if row.ended_at is None],
        before=[row for row in rows if row.ended_at is not None],
        banner=_BANNERS.get(request.query_params.get("done", "")),
        back=_back(keeper),
    )


def _back(keeper: Keeper) -> tuple[str, str]:
    """What the list was reached from, and where that is."""
    if keeper.is_theirs:
        return "Home", "/home"
    return keeper.organisation.called, keeper.address.removesuffix("/colleagues")


def _site(request: WebRequest) -> Site:
    """The installation; where its policy has no letters about colleagues there are no such pages."""
    site: Site = request.app.state.site
    if not site.tells_colleagues:
        raise NotFound
    return site


def _own(connection: Connection, user: SignedIn, role: str) -> list[tuple[str, str]]:
    """Where to say who can act for those for whom the person is written to, and what those are called."""
    found = [(f"/schools/{row.id}/colleagues", SCHOOL_ROLE) for row in commissions_as(connection, user.email)[:1]]
    provides = provides_as(connection, user.actor.id or 0, role)
    found += [(f"/cases/{row.reference}/colleagues", role) for row in provides[:1]]
    told = ((address, of_person(connection, user.actor.id or 0, held)) for address, held in found)
    return [(address, organisation.called) for address, organisation in told if organisation is not None]


def _at_school(request: WebRequest, number: int) -> Keeper:
    return _keeper(request, lambda connection: of_school(connection, number), f"/schools/{number}/colleagues")


def _at_provider(request: WebRequest, reference: str) -> Keeper:
    role = _site(request).current().workflow.party_role
    address = f"/cases/{reference}/colleagues"
    return _keeper(request, lambda connection: of_provider(connection, reference, role), address)


def _keeper(request: WebRequest, find: Find, address: str) -> Keeper:
    """Whoever asks, if they are of the staff who keep records or whom we write to; to anybody else there is nothing."""
    site, user = _site(request), require(request)
    with site.store.reading() as connection:
        organisation = find(connection)
    if organisation is None:
        raise NotFound
    keeping = Keeping(site, user.actor, {"person_id": user.actor.id} if user.actor.id else {})
    keeper = Keeper(keeping, organisation, address)
    if not (keeper.is_theirs or may_keep(site.council, user.actor)):
        raise NotFound
    return keeper


def _ending(request: WebRequest, number: int) -> tuple[Keeper, Row[Any]]:
    """One of them, and whoever may end it: those who may say who can act for the same."""
    site = _site(request)
    require(request)
    with site.store.reading() as connection:
        row = needed(colleague(connection, number))
        address = _address_of(connection, row)
    return _keeper(request, lambda connection: of_person(connection, row.person_id, row.role), address), row


def _address_of(connection: Connection, row: Row[Any]) -> str:
    """Where the list is on which somebody stands; where those they act for have gone, that is nowhere any more."""
    if row.role == SCHOOL_ROLE:
        kept = commissions_as(connection, row.named_email)[:1]
        return f"/schools/{kept[0].id}/colleagues" if kept else "/colleagues"
    provided = provides_as(connection, row.person_id, row.role)[:1]
    return f"/cases/{provided[0].reference}/colleagues" if provided else "/colleagues"


ROUTES = [
    begin,
    of_a_school,
    of_a_provider,
    ask_school,
    ask_provider,
    add_to_school,
    add_to_provider,
    ask_end,
    end,
]
