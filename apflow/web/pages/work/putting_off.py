"""Putting a task off to a day."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.days.calendar import local_date
from apflow.core.definition.fields import FieldSpec
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotOpen
from apflow.core.putting_off import last_day, why_not
from apflow.core.snapshot import OpenTask
from apflow.web.asking.until_when import day_chosen, form_until, question_answered
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.passing import case_of_task
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, answers_from, one, questions_of, submitted_form
from apflow.web.identity import require
from apflow.web.lists.queue import CAME_FROM, place_in_work
from apflow.web.render import page


@dataclass(frozen=True)
class _Asked:
    """The task, and the page that the form leads back to."""

    opened: Opened
    task: OpenTask
    came_from: Mapping[str, str]

    @property
    def form(self) -> Mapping[str, FieldSpec]:
        definition, now = self.opened.definition, self.opened.now
        return form_until(definition.calendar, local_date(now), last_day(definition, self.task, now))

    def back(self, how: str) -> Response[Any]:
        return _back_to(self.opened.reference, self.task.id, how, self.came_from)


@get("/tasks/{task:int}/put-off", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], task: FromPath[int]) -> Response[Any]:
    """To which day."""
    asked = _asked(request, task, {name: request.query_params.get(name, "") for name in CAME_FROM})
    return _form(request, asked, {}) if isinstance(asked, _Asked) else asked


@post("/tasks/{task:int}/put-off", include_in_schema=False)
async def answer(request: Request[Any, Any, Any], task: FromPath[int]) -> Response[Any]:
    """Put it off, and go back to where the link was; where somebody else has it by now, that page says so."""
    return await in_thread(_put_off, request, task, await submitted_form(request))


def _put_off(request: Request[Any, Any, Any], task: int, submitted: Submitted) -> Response[Any]:
    asked = _asked(request, task, {name: one(submitted, name) for name in CAME_FROM})
    if not isinstance(asked, _Asked):
        return asked
    opened, answers = asked.opened, answers_from(asked.form, submitted)
    until = day_chosen(answers)
    if until is None:
        return _form(request, asked, answers, "Choose a day")
    try:
        opened.site.handler.put_off(opened.reference, task, until, actor=opened.actor, now=opened.now)
    except Invalid as refusal:
        return _form(request, asked, answers, refusal.errors["until"])
    except NotOpen:
        return asked.back("no-put-off")
    opened.site.wake()
    return asked.back("put-off")


def _asked(request: Request[Any, Any, Any], number: int, came_from: Mapping[str, str]) -> _Asked | Response[Any]:
    """What is to be put off, for somebody of its role; the way back where it is done, or with somebody else."""
    site, actor = request.app.state.site, require(request).actor
    opened = open_case(site, actor, case_of_task(site, number))
    task = next((one for one in opened.snapshot.tasks if one.id == number), None)
    if task is not None and task.role not in opened.actor.roles:
        raise NotAllowed
    if task is None or task.claimed_by not in (None, opened.actor.id):
        return _back_to(opened.reference, number, "no-put-off", came_from)
    if why := why_not(opened.definition, task, opened.now):
        raise Blocked([why])
    return _Asked(opened, task, came_from)


def _form(request: Request[Any, Any, Any], asked: _Asked, answers: Mapping[str, Any], error: str = "") -> Response[Any]:
    about = question_answered(answers)
    questions = questions_of(asked.form, answers, asked.opened.facts(), {about: error} if error else {})
    return page(
        request,
        "work/put_off.html",
        status=422 if error else 200,
        opened=asked.opened,
        task=asked.task,
        came_from=asked.came_from,
        back=_place(asked.opened.reference, asked.came_from).rstrip("?&"),
        questions=questions,
        problems=[(one.error_target, error) for one in questions if one.name == about and error],
    )


def _back_to(reference: str, task: int, how: str, came_from: Mapping[str, str]) -> Response[Any]:
    place = _place(reference, came_from)
    return Redirect(f"{place}{urlencode({'task': task, 'how': how})}", status_code=303)


def _place(reference: str, came_from: Mapping[str, str]) -> str:
    return place_in_work(came_from) if came_from["from"] == "work" else f"/cases/{reference}?"


ROUTES = [ask, answer]
