"""Setting a guard aside: why and until when, a look at what will be sent, and done; and taking it back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.beyond.keys import Key
from apflow.committing import TooBusy
from apflow.core.commands import SetGuardAside
from apflow.core.decide import decide
from apflow.core.definition import words
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.timing import Override
from apflow.core.errors import Invalid, KeyReused, NotOpen
from apflow.core.firing.answers import read_answers
from apflow.core.firing.overrides import REASON_LIMIT, barriers, in_words, latest, permitted
from apflow.store.driver.faults import StoreUnavailable
from apflow.web.asking.filling import key_from, new_key
from apflow.web.asking.preview import letters_of
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.case.opened import Opened, open_case
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, answers_from, one, questions_of, submitted_form
from apflow.web.identity import require
from apflow.web.render import page


@dataclass(frozen=True)
class Asked:
    """The form for setting one guard aside, as far as one person has filled it in."""

    opened: Opened
    guard: str
    override: Override
    key: str
    answers: Mapping[str, Any] = field(default_factory=dict)

    @property
    def what(self) -> str:
        return in_words(self.guard)

    @property
    def reasons(self) -> tuple[str, ...]:
        """What the guard says against now, each once."""
        opened = self.opened
        against = barriers(opened.definition, opened.snapshot, opened.actor, opened.world)
        return tuple(dict.fromkeys(barrier.reason for barrier in against if barrier.guard == self.guard))

    @property
    def address(self) -> str:
        return f"/cases/{self.opened.reference}/set-aside/{self.guard}"

    @property
    def told(self) -> list[str]:
        """The titles of the roles that an e-mail tells."""
        return [self.opened.site.council.roles[role].title for role in self.override.tell]

    @property
    def form(self) -> Mapping[str, FieldSpec]:
        last = latest(self.opened.definition, self.override, self.opened.world.today)
        return {
            "reason": FieldSpec(
                type=FieldType.LONG_TEXT,
                label="Why is it set aside?",
                hint="Staff read this in the timeline. Leave out any child’s name",
                max_length=REASON_LIMIT,
            ),
            "until": FieldSpec(
                type=FieldType.DATE,
                label="Until the end of which day?",
                hint=f"{words.day(last)} at the latest. For example, {last.day} {last.month} {last.year}",
            ),
        }

    def command(self) -> SetGuardAside:
        """What was asked; Invalid with every answer that cannot be read."""
        said = read_answers(self.form, self.answers, self.opened.facts(), {})
        return SetGuardAside(self.guard, date.fromisoformat(said["until"]), said["reason"], self.opened.actor)


@get("/cases/{reference:str}/set-aside/{guard:str}", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], reference: FromPath[str], guard: FromPath[str]) -> Response[Any]:
    """The empty form, for whoever may."""
    return _form(request, _asked(request, reference, guard, new_key()))


@post("/cases/{reference:str}/set-aside/{guard:str}", include_in_schema=False)
async def answer(request: Request[Any, Any, Any], reference: FromPath[str], guard: FromPath[str]) -> Response[Any]:
    """What was typed: on to check it, back to change it, or done."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    submitted = await submitted_form(request)
    return await in_thread(_answer, request, reference, guard, submitted)


@post("/cases/{reference:str}/take-back/{guard:str}", include_in_schema=False)
@threaded
def take_back(request: Request[Any, Any, Any], reference: FromPath[str], guard: FromPath[str]) -> Response[Any]:
    """Let the guard count again; when a colleague was quicker there is nothing left to do."""
    site, actor = request.app.state.site, require(request).actor
    try:
        site.handler.take_back(reference, guard, actor=actor, now=site.now())
    except NotOpen:
        return Redirect(f"/cases/{reference}", status_code=303)
    site.wake()
    return _back_to(reference, guard)


def _answer(request: Request[Any, Any, Any], reference: str, guard: str, submitted: Submitted) -> Response[Any]:
    blank = _asked(request, reference, guard, key_from(submitted))
    asked = Asked(blank.opened, guard, blank.override, blank.key, answers_from(blank.form, submitted))
    step = one(submitted, "step")
    if step == "change":
        return _form(request, asked)
    try:
        return _send(asked) if step == "send" else _check(request, asked)
    except Invalid as refusal:
        return _form(request, asked, errors=refusal.errors, status=422)
    except KeyReused:
        again = Asked(asked.opened, guard, asked.override, new_key(), asked.answers)
        sent = "You have sent this form once already, and that was saved. To send it as it is now, press again."
        return _form(request, again, reasons=(sent,), status=409)
    except (TooBusy, StoreUnavailable) as fault:
        return _form(request, asked, reasons=(f"{fault.message} Try again in a minute.",), status=503)


def _send(asked: Asked) -> Response[Any]:
    opened, command = asked.opened, asked.command()
    opened.site.handler.set_aside(
        opened.reference,
        asked.guard,
        command.until,
        command.reason,
        actor=opened.actor,
        now=opened.now,
        key=Key(asked.key),
    )
    opened.site.wake()
    return _back_to(opened.reference, asked.guard)


def _check(request: Request[Any, Any, Any], asked: Asked) -> Response[Any]:
    opened, command = asked.opened, asked.command()
    outcome = decide(opened.definition, opened.snapshot, command, opened.world, opened.now)
    return page(
        request,
        "overrides/check.html",
        asked=asked,
        reason=outcome.entry.note,
        until=command.until,
        letters=letters_of(opened, outcome),
    )


def _form(
    request: Request[Any, Any, Any],
    asked: Asked,
    *,
    errors: Mapping[str, str] | None = None,
    reasons: tuple[str, ...] = (),
    status: int = 200,
) -> Response[Any]:
    questions = questions_of(asked.form, asked.answers, asked.opened.facts(), errors)
    targets = {question.name: question.error_target for question in questions}
    problems = [(targets.get(name, ""), message) for name, message in (errors or {}).items()]
    problems += [("", reason) for reason in reasons]
    return page(request, "overrides/form.html", status=status, asked=asked, questions=questions, problems=problems)


def _asked(request: Request[Any, Any, Any], reference: str, guard: str, key: str) -> Asked:
    opened = open_case(request.app.state.site, require(request).actor, reference)
    return Asked(opened, guard, permitted(opened.definition, opened.snapshot, guard, opened.actor), key)


def _back_to(reference: str, guard: str) -> Response[Any]:
    return Redirect(f"/cases/{reference}?{urlencode({'guard': guard})}", status_code=303)


ROUTES = [ask, answer, take_back]
