"""Which lists people can keep under a name, and what stands above such a list of what they keep."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit

from litestar import Request
from sqlalchemy import Row

from apflow.store.people.lists import lists_of
from apflow.web.identity import require
from apflow.web.lists.view import SEARCH, TYPED, View
from apflow.web.site import Site

_VALUE = re.compile(r"[a-z0-9_-]{1,60}", re.IGNORECASE)
_LONGEST = 1000
_MOST_PARTS = 100
_TIME = ("first", "last")


@dataclass(frozen=True, slots=True)
class Keepable:
    """One list: how people call it, and the parts of its filter that are kept, which are never words they typed."""

    title: str
    parts: tuple[str, ...]


KEEPABLE: Mapping[str, Keepable] = {
    "/cases": Keepable("Cases", ("kind", "state", "awaiting", "assigned", "overdue", "closed")),
    "/team": Keepable("The team", ("who",)),
    "/placements": Keepable("Placements", ("all",)),
    "/schools": Keepable("Schools and commissioners", ("kind",)),
    "/emails": Keepable("Emails", ("waiting",)),
    "/reports": Keepable("Report", _TIME),
    "/invoices": Keepable("Invoices", _TIME),
}


@dataclass(frozen=True, slots=True)
class Mine:
    """What somebody keeps of one list: `here` is the one that is shown, `may_save` whether this filter can be kept."""

    lists: Sequence[Row[Any]]
    here: Row[Any] | None
    may_save: bool
    has_words: bool


def address_of(kept: Row[Any]) -> str:
    """Where a list that is kept opens; whoever is sent it sees of it what they may see."""
    return f"{kept.path}?{kept.query}"


def listed_as(request: Request[Any, Any, Any], view: View) -> dict[str, Any]:
    """What a page of a list shows of the list as such: its files, and what its reader keeps of it."""
    site: Site = request.app.state.site
    with site.store.reading() as connection:
        lists = lists_of(connection, require(request).actor.id or 0, view.path)
    filter_ = kept_filter(view.address)
    has_words = bool(view.typed) or not {TYPED, SEARCH}.isdisjoint(dict(parse_qsl(view.query)))
    here = next((one for one in lists if not has_words and filter_ == (one.path, one.query)), None)
    may_save = filter_ is not None and not has_words and here is None
    return {"view": view, "mine": Mine(lists, here, may_save, has_words)}


def kept_filter(address: str) -> tuple[str, str] | None:
    """The path of the list and its filter as they are kept; None where there is nothing to keep.

    What was typed to search by is left out, whoever asks: it may be a child's name.
    """
    try:
        parts = urlsplit(address)
        asked = parse_qsl(parts.query, max_num_fields=_MOST_PARTS)
    except ValueError:
        return None
    if parts.netloc or parts.path not in KEEPABLE:
        return None
    kept = [(name, value) for name, value in asked if name in KEEPABLE[parts.path].parts and _VALUE.fullmatch(value)]
    query = urlencode(kept)
    return (parts.path, query) if query and len(query) <= _LONGEST else None
