"""Searching a list by what stands in no address: a child's name would be left in logs and in histories of browsers."""

from collections.abc import Mapping
from typing import Any, NamedTuple
from urllib.parse import urlencode

from litestar import Request, Response
from litestar.response import Redirect

from apflow.clock import machine_now
from apflow.store.people.searches import keep_search, kept_search
from apflow.web.identity import require
from apflow.web.site import Site

_LONGEST = 100
SEARCH = "search"


class Search(NamedTuple):
    """What a list is searched for; `is_gone` when it was, and nobody knows any more what for."""

    text: str = ""
    is_gone: bool = False


def searched(text: str) -> str:
    """What somebody typed to search for, without runs of spaces and no longer than any name."""
    return " ".join(text.split())[:_LONGEST]


def to_search(request: Request[Any, Any, Any], path: str, text: str, filter_: Mapping[str, str]) -> Response[Any]:
    """To the list as it was searched, at an address that can be gone back to and says nothing to anybody else."""
    query = dict(filter_)
    if text:
        site: Site = request.app.state.site
        with site.store.writing() as connection:
            token = keep_search(connection, require(request).actor.id or 0, path, text, machine_now())
        query = {SEARCH: token, **query}
    return Redirect(f"{path}?{urlencode(query)}" if query else path, status_code=303)


def search_of(request: Request[Any, Any, Any], path: str) -> Search:
    """What the list at this address is searched for, by whoever searched."""
    token = request.query_params.get(SEARCH, "")
    if not token:
        return Search()
    site: Site = request.app.state.site
    with site.store.reading() as connection:
        text = kept_search(connection, require(request).actor.id or 0, path, token, machine_now())
    return Search(text or "", text is None)
