"""The approved list for anybody: by words and filters, one entry by itself, as files, and the papers beside it."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get
from litestar.params import FromPath

from apflow.core.days.calendar import local_date
from apflow.core.definition.document import PRIVACY_NOTICE
from apflow.core.errors import NotFound
from apflow.store.reading.listed import checked_of
from apflow.store.records.sites import sites_of
from apflow.web.api.approved_list import ListOut, list_out
from apflow.web.concurrency import threaded
from apflow.web.identity import SignedIn
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.listing import Entry, Listing, Sought, entries_of, entry_of, listing_of, sought
from apflow.web.lists.paging import Paging, page_number
from apflow.web.render import page
from apflow.web.revalidated import revalidated
from apflow.web.site import Site

PATH = "/approved-list"
A_PAGE = 20
_DIGITS = 10
OWN_CHECKS = "keep_checks"
REFER = "refer_a_pupil"
COLUMNS = ("id", "status", "on_the_list_since", "documents_checked", "last_checked_on")


@get(PATH, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The list, a page at a time."""
    site, looked_for, entries = _asked(request)
    found = looked_for.among(entries)
    paging = Paging(page_number(request.query_params), len(found), A_PAGE)
    wider = [(label, len(less.among(entries)), less.address(PATH)) for label, less in looked_for.narrower()]
    response = page(
        request,
        "approved_list/list.html",
        listing=looked_for.listing,
        sought=looked_for,
        wider=wider,
        entries=found[paging.first : paging.first + A_PAGE],
        is_empty=not entries,
        paging=paging,
        pages=paging.shown(f"{PATH}?{looked_for.query}&" if looked_for.query else f"{PATH}?"),
        documents=[one for name, one in site.library.documents.items() if name != PRIVACY_NOTICE],
    )
    return revalidated(request, response)


@get(f"{PATH}/{{entry_id:str}}", include_in_schema=False)
@threaded
def one(request: Request[Any, Any, Any], entry_id: FromPath[str]) -> Response[Any]:
    """Everything that anybody may read of one provider, and what has been checked when."""
    site: Site = request.app.state.site
    listing = listing_of(site)
    if not (entry_id.isdecimal() and len(entry_id) < _DIGITS):
        raise NotFound
    with site.store.reading() as connection:
        entry = entry_of(connection, listing, int(entry_id))
        checked = checked_of(connection, listing.wanted, entry.id) if entry else {}
        places = sites_of(connection, entry.id) if entry else ()
    if entry is None:
        return page(request, "approved_list/gone.html", status=404)
    catalogue = site.current().catalogue_of(listing.wanted.collection) if listing.wanted.collection else {}
    papers = [(item.label, checked[key]) for key, item in catalogue.items() if key in checked]
    response = page(
        request,
        "approved_list/one.html",
        listing=listing,
        entry=entry,
        papers=papers,
        own_checks=f"/start/{OWN_CHECKS}?{urlencode({'organisation': entry.name})}"
        if site.started_by(OWN_CHECKS)
        else "",
        refer=[(one.name, f"/start/{REFER}?{urlencode({'site': one.id})}") for one in places if one.ended_on is None]
        if entry.takes_placements and _may_refer(request)
        else [],
    )
    return revalidated(request, response)


def _may_refer(request: Request[Any, Any, Any]) -> bool:
    """Whether to show the way to refer a pupil: to whoever may, and to those of whom we do not know it yet."""
    site: Site = request.app.state.site
    user: SignedIn | None = request.scope.get("user")
    return bool(site.started_by(REFER)) if user is None else REFER in site.can_start(user.actor.roles)


def _table(asked: AskedFor) -> Table:
    """Every entry of the same view."""
    site, looked_for, entries = _asked(asked.request)
    names = tuple(looked_for.listing.public_list.shows)
    rows = [_cells(entry, names) for entry in looked_for.among(entries)]
    stem = f"approved-list-{local_date(site.now()).isoformat()}"
    return Table(stem, looked_for.listing.public_list.title, (*COLUMNS[:1], *names, *COLUMNS[1:]), rows)


@get(f"{PATH}.json", include_in_schema=False)
@threaded
def as_json(request: Request[Any, Any, Any]) -> Response[Any]:
    """Every entry of the same view, for a program."""
    site, looked_for, entries = _asked(request)
    made: ListOut = list_out(looked_for, entries, site.now())
    return revalidated(request, Response(made.model_dump_json().encode(), media_type="application/json"))


@get(f"{PATH}/documents/{{name:str}}", include_in_schema=False)
@threaded
def document(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
    """One of the papers beside the list."""
    site: Site = request.app.state.site
    found = site.library.documents.get(name)
    if found is None:
        raise NotFound
    return revalidated(request, page(request, "approved_list/document.html", document=found))


def _asked(request: Request[Any, Any, Any]) -> tuple[Site, Sought, list[Entry]]:
    site: Site = request.app.state.site
    listing: Listing = listing_of(site)
    with site.store.reading() as connection:
        entries = entries_of(connection, listing)
    return site, sought(listing, request.query_params), entries


def _cells(entry: Entry, names: Sequence[str]) -> list[str]:
    checked_on = entry.last_checked_on.isoformat() if entry.last_checked_on else ""
    told = [entry.plain(name) for name in names]
    return [str(entry.id), *told, entry.status, entry.since.isoformat(), str(entry.row.checked), checked_on]


ROUTES = [show, one, *files_of(PATH, _table, answer=revalidated), as_json, document]
