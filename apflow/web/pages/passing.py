"""Giving a task to a colleague, or taking over what one has who is away."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Invalid, NotAllowed, NotFound, NotOpen
from apflow.core.people.actor import Actor
from apflow.core.people.doers import is_theirs_alone
from apflow.core.people.permission import passes_on
from apflow.core.snapshot import OpenTask
from apflow.store.people import people
from apflow.store.reading.queues import task_reference
from apflow.web.case.opened import Opened, open_case
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import one, questions_of, submitted_form
from apflow.web.identity import require
from apflow.web.render import page

_TO = "to"


@dataclass(frozen=True)
class _Passing:
    """One open task, and who else could have it, by id."""

    opened: Opened
    task: OpenTask
    others: Mapping[int, Actor]
    holder: str | None

    @property
    def form(self) -> Mapping[str, FieldSpec]:
        return {_TO: FieldSpec(type=FieldType.PERSON, role=self.task.role, label="Who should have it?")}


@get("/tasks/{task:int}/pass", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], task: FromPath[int]) -> Response[Any]:
    """Who has it, and who could."""
    passing = _passing(request, task)
    return _form(request, passing) if isinstance(passing, _Passing) else passing


@post("/tasks/{task:int}/pass", include_in_schema=False)
async def answer(request: Request[Any, Any, Any], task: FromPath[int]) -> Response[Any]:
    """Pass it on, and go back to the case; where it has changed hands meanwhile, the case says who has it."""
    submitted = await submitted_form(request)
    return await in_thread(_pass, request, task, one(submitted, _TO), one(submitted, "held_by"))


def _pass(request: Request[Any, Any, Any], task: int, to: str, held_by: str) -> Response[Any]:
    passing = _passing(request, task)
    if not isinstance(passing, _Passing):
        return passing
    opened = passing.opened
    chosen = passing.others.get(_number(to) or 0)
    if chosen is None:
        return _form(request, passing, error="Choose who should have it")
    try:
        opened.site.handler.pass_on(
            opened.reference, task, chosen, held_by=_number(held_by), actor=opened.actor, now=opened.now
        )
    except Invalid as refusal:
        return _form(request, passing, error=refusal.errors[_TO])
    except NotOpen:
        return _back_to(opened.reference, task, "no-pass")
    opened.site.wake()
    return _back_to(opened.reference, task, "pass")


def _passing(request: Request[Any, Any, Any], task: int) -> _Passing | Response[Any]:
    """What is to be passed on; the way back to the case where it is done already."""
    site, actor = request.app.state.site, require(request).actor
    with site.store.reading() as connection:
        reference = task_reference(connection, task) if task < 2**31 else None
    if reference is None:
        raise NotFound
    opened = open_case(site, actor, reference)
    found = next((one for one in opened.snapshot.tasks if one.id == task), None)
    if found is None:
        return _back_to(reference, task, "no-pass")
    if found.each or not passes_on(site.council, actor, found.role):
        raise NotAllowed
    if is_theirs_alone(opened.definition, opened.snapshot, found):
        raise NotAllowed
    with site.store.reading() as connection:
        able = [people.actor_of(row) for row in people.with_role(connection, found.role)]
    others = {one.id: one for one in able if one.id is not None and one.id != found.claimed_by}
    return _Passing(opened, found, others, next((one.name for one in able if one.id == found.claimed_by), None))


def _form(request: Request[Any, Any, Any], passing: _Passing, *, error: str = "") -> Response[Any]:
    opened, task = passing.opened, passing.task
    mine = opened.actor.id
    offered = {id: f"{one.name} (you)" if id == mine else one.name for id, one in passing.others.items()}
    errors = {_TO: error} if error else {}
    questions = questions_of(passing.form, {}, opened.facts(), errors, {task.role: offered})
    return page(
        request,
        "work/pass.html",
        status=422 if error else 200,
        opened=opened,
        task=task,
        holder=task.claimed_by,
        holder_name=passing.holder,
        actor_id=mine,
        questions=questions,
        problems=[(questions[0].error_target, error)] if error else [],
    )


def _back_to(reference: str, task: int, how: str) -> Response[Any]:
    return Redirect(f"/cases/{reference}?{urlencode({'task': task, 'how': how})}", status_code=303)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


ROUTES = [ask, answer]
