"""My lists: the filters that somebody keeps under names of their own, to open, rename and delete."""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect
from sqlalchemy import Connection

from apflow.core.conditions import Facts
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Invalid, NotFound
from apflow.core.firing.answers import read_answers
from apflow.core.people.actor import Actor
from apflow.core.screening.screening import names_in, numbers_in, words_in
from apflow.records.door import may_keep
from apflow.store.people.lists import forget_list, list_of, lists_of, rename_list, save_list
from apflow.store.records.pupils import named_in_words
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, answers_from, one, questions_of, submitted_form
from apflow.web.identity import require
from apflow.web.lists.saved import KEEPABLE, address_of, kept_filter
from apflow.web.render import is_staff, page
from apflow.web.site import Site

ADDRESS = "/lists"
_MOST = 50
_FORM = {
    "name": FieldSpec(
        type=FieldType.TEXT,
        label="What do you call this list?",
        hint="Such as: overdue, with nobody. Do not name a child",
        max_length=60,
    )
}
_BANNERS = {"renamed": "Renamed", "deleted": "Deleted"}


@get(ADDRESS, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """All that they keep."""
    return _page(request)


@post(ADDRESS, include_in_schema=False)
async def save(request: Request[Any, Any, Any]) -> Response[Any]:
    """Keep a list as it is filtered, and go back to it."""
    return await _send(request, _save)


@post(f"{ADDRESS}/{{number:int}}/rename", include_in_schema=False)
async def rename(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Call one otherwise."""
    return await _send(request, _rename, number)


@post(f"{ADDRESS}/{{number:int}}/delete", include_in_schema=False)
async def forget(request: Request[Any, Any, Any], number: FromPath[int]) -> Response[Any]:
    """Keep one no longer."""
    return await _send(request, _forget, number)


async def _send(request: Request[Any, Any, Any], work: Any, *args: Any) -> Response[Any]:
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    return await in_thread(work, request, await submitted_form(request), *args)


def _save(request: Request[Any, Any, Any], submitted: Submitted) -> Response[Any]:
    site, actor = _whose(request)
    kept = kept_filter(one(submitted, "address"))
    if kept is None:
        problem = "There is no filter here to save. Open a list, choose a filter and save it there."
        return _page(request, problems=[("", problem)], status=422)
    answers = answers_from(_FORM, submitted)
    try:
        name = _name(site, actor, answers)
        site.store.write(lambda connection: _keep(connection, site, actor, name, kept))
    except Invalid as refusal:
        return _page(request, "", "?".join(kept), answers, refusal.errors, status=422)
    return Redirect(f"{'?'.join(kept)}#my-lists", status_code=303)


def _keep(connection: Connection, site: Site, actor: Actor, name: str, kept: tuple[str, str]) -> None:
    if len(lists_of(connection, actor.id or 0)) >= _MOST:
        raise Invalid({"name": f"You keep {_MOST} lists already, which is the most. Delete one that you do not need"})
    if not save_list(connection, actor.id or 0, name, *kept, site.now()):
        raise Invalid({"name": "You have a list of this name already. Choose another"})


def _rename(request: Request[Any, Any, Any], submitted: Submitted, number: int) -> Response[Any]:
    site, actor = _whose(request)
    _needed(site, actor, number)
    answers = answers_from(_FORM, submitted)

    def renamed(connection: Connection) -> None:
        if not rename_list(connection, actor.id or 0, number, name):
            raise Invalid({"name": "You have another list of this name. Choose another"})

    try:
        name = _name(site, actor, answers)
        site.store.write(renamed)
    except Invalid as refusal:
        return _page(request, f"{ADDRESS}/{number}/rename", "", answers, refusal.errors, status=422)
    return Redirect(f"{ADDRESS}?done=renamed", status_code=303)


def _forget(request: Request[Any, Any, Any], _submitted: Submitted, number: int) -> Response[Any]:
    site, actor = _whose(request)
    _needed(site, actor, number)
    site.store.write(lambda connection: forget_list(connection, actor.id or 0, number))
    return Redirect(f"{ADDRESS}?done=deleted", status_code=303)


def _needed(site: Site, actor: Actor, number: int) -> None:
    with site.store.reading() as connection:
        if list_of(connection, actor.id or 0, number) is None:
            raise NotFound


def _name(site: Site, actor: Actor, answers: Mapping[str, Any]) -> str:
    """What they call it; refused where it names a child, as nobody would find that when the record is erased."""
    name: str = read_answers(_FORM, answers, Facts(fields={}, today=""), {})["name"]
    found = numbers_in(name)
    if may_keep(site.council, actor):  # Nobody else may learn from the answer who is on record.
        with site.store.reading() as connection:
            found += names_in(name, named_in_words(connection, None, words_in(name), everybody=True))
    if found:
        raise Invalid({"name": f"Choose a name without “{found[0]}”: a list may not name a child"})
    return name


def _whose(request: Request[Any, Any, Any]) -> tuple[Site, Actor]:
    """Who asks; to anybody outside the council there are no such lists."""
    site: Site = request.app.state.site
    user = require(request)
    if not is_staff(site, user):
        raise NotFound
    return site, user.actor


def _page(
    request: Request[Any, Any, Any],
    sent_to: str = "",
    address: str = "",
    answers: Mapping[str, Any] | None = None,
    errors: Mapping[str, str] | None = None,
    problems: list[tuple[str, str]] | None = None,
    status: int = 200,
) -> Response[Any]:
    site, actor = _whose(request)
    with site.store.reading() as connection:
        lists = lists_of(connection, actor.id or 0)
    return page(
        request,
        "lists/all.html",
        status=status,
        lists=[(row, KEEPABLE[row.path].title, address_of(row)) for row in lists if row.path in KEEPABLE],
        sent_to=sent_to or ADDRESS,
        address=address,
        questions=questions_of(_FORM, answers or {}, Facts(fields={}, today=""), errors) if errors else [],
        problems=problems or list((errors or {}).items()),
        banner=_BANNERS.get(request.query_params.get("done", "")),
    )


ROUTES = [show, save, rename, forget]
