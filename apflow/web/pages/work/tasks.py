"""Taking a task on, putting it back, bringing it back, and finishing an alert."""

from collections.abc import Mapping
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.errors import Blocked, Invalid, NotFound, NotOpen
from apflow.core.people.actor import Actor
from apflow.store.reading.queues import task_reference
from apflow.web.case.opened import open_case
from apflow.web.concurrency import in_thread
from apflow.web.forms import one, submitted_form
from apflow.web.identity import require
from apflow.web.lists.queue import CAME_FROM, place_in_work
from apflow.web.pages.case import staff as case_staff
from apflow.web.site import Site

HOWS = ("claim", "release", "bring-back")


@post("/tasks/{task:int}/{how:str}", include_in_schema=False)
async def change(request: Request[Any, Any, Any], task: FromPath[int], how: FromPath[str]) -> Response[Any]:
    """Take the task on, put it back, bring it back or finish it, and go back to where the button was."""
    submitted = await submitted_form(request)
    came_from = {name: one(submitted, name) for name in CAME_FROM}
    if how == "done":
        return await in_thread(_finish, request, task, one(submitted, "note"))
    if how not in HOWS:
        raise NotFound
    return await in_thread(_hand, request, task, how, came_from)


def _hand(request: Request[Any, Any, Any], task: int, how: str, came_from: Mapping[str, str]) -> Response[Any]:
    """When a colleague was quicker the page says so: it is no error, and nothing is lost."""
    site, actor = request.app.state.site, require(request).actor
    reference = _reference(site, task)
    try:
        _do(site, reference, task, how, actor)
    except (NotOpen, Blocked):
        how = f"no-{how}"
    page = f"/cases/{reference}?" if came_from["from"] == "case" else place_in_work(came_from)
    return Redirect(f"{page}{urlencode({'task': task, 'how': how})}", status_code=303)


def _do(site: Site, reference: str, task: int, how: str, actor: Actor) -> None:
    handler = site.handler
    changes = {"claim": handler.claim, "release": handler.release, "bring-back": handler.bring_back}
    changes[how](reference, task, actor=actor, now=site.now())
    site.wake()


def _finish(request: Request[Any, Any, Any], task: int, note: str) -> Response[Any]:
    site, actor = request.app.state.site, require(request).actor
    reference = _reference(site, task)
    try:
        site.handler.complete(reference, task, note, actor=actor, now=site.now())
    except Invalid as refusal:
        opened = open_case(site, actor, reference)
        refused = case_staff.Refused(task, note, refusal.errors.get("note", refusal.message))
        return case_staff.show(request, opened, refused)
    except NotOpen:
        return Redirect(f"/cases/{reference}?{urlencode({'task': task, 'how': 'no-done'})}", status_code=303)
    site.wake()
    return Redirect(f"/cases/{reference}?{urlencode({'task': task, 'how': 'done'})}", status_code=303)


def _reference(site: Site, task: int) -> str:
    if task > 2**31:
        raise NotFound
    with site.store.reading() as connection:
        reference = task_reference(connection, task)
    if reference is None:
        raise NotFound
    return reference


ROUTES = [change]
