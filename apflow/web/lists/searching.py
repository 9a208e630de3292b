"""Searching a list by what stands in no address: a child's name would be left in logs and in histories of browsers."""

from collections.abc import Callable
from typing import Any, NamedTuple
from urllib.parse import parse_qsl, urlencode

from litestar import Request, Response, post
from litestar.handlers import HTTPRouteHandler
from litestar.response import Redirect

from apflow.clock import machine_now
from apflow.store.people.searches import keep_search, kept_search
from apflow.web.concurrency import in_thread
from apflow.web.forms import one, submitted_form
from apflow.web.identity import require
from apflow.web.lists.saved import kept_filter
from apflow.web.lists.view import SEARCH, TYPED
from apflow.web.site import Site

_LONGEST = 100


class Search(NamedTuple):
    """What a list is searched for; `is_gone` when it was, and nobody knows any more what for."""

    text: str = ""
    is_gone: bool = False
    token: str = ""


def searched(text: str) -> str:
    """What somebody typed to search for, without runs of spaces and no longer than any name."""
    return " ".join(text.split())[:_LONGEST]


def searching_of(path: str, may: Callable[[Request[Any, Any, Any]], Any]) -> HTTPRouteHandler:
    """The form that searches the list at this path, with its filter; `may` refuses whoever may not see the list."""

    @post(path, include_in_schema=False)
    async def search(request: Request[Any, Any, Any]) -> Response[Any]:
        submitted = await submitted_form(request)

        def kept() -> Response[Any]:
            may(request)
            return to_search(request, path, one(submitted, TYPED), urlencode(submitted, doseq=True))

        return await in_thread(kept)

    return search


def to_search(request: Request[Any, Any, Any], path: str, typed: str, filter_: str) -> Response[Any]:
    """To the list as it was searched, at an address that can be gone back to and says nothing to anybody else."""
    text, kept = searched(typed), kept_filter(f"{path}?{filter_}")
    query = parse_qsl(kept[1]) if kept else []
    if text:
        site: Site = request.app.state.site
        with site.store.writing() as connection:
            token = keep_search(connection, require(request).actor.id or 0, path, text, machine_now())
        query = [(SEARCH, token), *query]
    return Redirect(f"{path}?{urlencode(query)}" if query else path, status_code=303)


def search_of(request: Request[Any, Any, Any], path: str) -> Search:
    """What the list at this address is searched for, by whoever searched."""
    token = request.query_params.get(SEARCH, "")
    if not token:
        return Search()
    site: Site = request.app.state.site
    with site.store.reading() as connection:
        text = kept_search(connection, require(request).actor.id or 0, path, token, machine_now())
    return Search(text or "", text is None, token)
