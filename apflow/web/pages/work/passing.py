"""Giving a task to a colleague, or taking over what one has who is away."""

from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Invalid, NotOpen
from apflow.web.away import told_of
from apflow.web.case.opened import open_case
from apflow.web.case.passing import Passing, case_of_task, passing_in
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import one, questions_of, submitted_form
from apflow.web.identity import require
from apflow.web.render import page

_TO = "to"


@get("/tasks/{task:int}/pass", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], task: FromPath[int]) -> Response[Any]:
    """Who has it, and who could."""
    passing = _passing(request, task)
    return _form(request, passing) if isinstance(passing, Passing) else passing


@post("/tasks/{task:int}/pass", include_in_schema=False)
async def answer(request: Request[Any, Any, Any], task: FromPath[int]) -> Response[Any]:
    """Pass it on, and go back to the case; where it has changed hands meanwhile, the case says who has it."""
    submitted = await submitted_form(request)
    return await in_thread(_pass, request, task, one(submitted, _TO), one(submitted, "held_by"))


def _pass(request: Request[Any, Any, Any], task: int, to: str, held_by: str) -> Response[Any]:
    passing = _passing(request, task)
    if not isinstance(passing, Passing):
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


def _passing(request: Request[Any, Any, Any], task: int) -> Passing | Response[Any]:
    """What is to be passed on; the way back to the case where it is done already."""
    site, actor = request.app.state.site, require(request).actor
    opened = open_case(site, actor, case_of_task(site, task))
    return passing_in(opened, task) or _back_to(opened.reference, task, "no-pass")


def _form(request: Request[Any, Any, Any], passing: Passing, *, error: str = "") -> Response[Any]:
    opened, task = passing.opened, passing.task
    mine = opened.actor.id
    council, away = opened.site.council, passing.away
    told = {id: told_of(away, id, away.covers_in(id, task.role, council)) for id in passing.able}
    beside = {id: "you" if id == mine else told[id] for id in passing.others}
    offered = {id: f"{one.name} ({beside[id]})" if beside[id] else one.name for id, one in passing.others.items()}
    errors = {_TO: error} if error else {}
    form = {_TO: FieldSpec(type=FieldType.PERSON, role=task.role, label="Who should have it?")}
    questions = questions_of(form, {}, opened.facts(), errors, {task.role: offered})
    return page(
        request,
        "work/pass.html",
        status=422 if error else 200,
        opened=opened,
        task=task,
        holder=task.claimed_by,
        holder_name=passing.holder.name if passing.holder else None,
        holder_is=told.get(task.claimed_by or 0, ""),
        actor_id=mine,
        questions=questions,
        problems=[(questions[0].error_target, error)] if error else [],
    )


def _back_to(reference: str, task: int, how: str) -> Response[Any]:
    return Redirect(f"/cases/{reference}?{urlencode({'task': task, 'how': how})}", status_code=303)


def _number(text: str) -> int | None:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 10 else None


ROUTES = [ask, answer]
