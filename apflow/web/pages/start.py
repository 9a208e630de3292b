"""Beginning a case: the public's enquiry, and the one an officer logs for somebody who wrote an e-mail.

Nothing is kept until it is sent: what was typed travels from page to page inside the form, with a key that makes
sending it twice the same as once.
"""

import re
import secrets
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.response import Redirect

from apflow.clock import machine_now
from apflow.core import words
from apflow.core.actor import PUBLIC, THE_PUBLIC, Actor
from apflow.core.answers import read_answers
from apflow.core.calendar import local_date
from apflow.core.conditions import Facts
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.labels import STAFF
from apflow.core.definition.workflow import EventSpec
from apflow.core.errors import Blocked, Invalid, KeyReused, NotAllowed, NotFound
from apflow.core.guards import reasons_against
from apflow.core.machine import START
from apflow.core.snapshot import Snapshot
from apflow.handler import Key
from apflow.store.cases import load_case
from apflow.store.receipts import find_receipt
from apflow.store.unit import Receipt
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, answers_from, one, questions_of, submitted_form
from apflow.web.problems import SignInNeeded
from apflow.web.render import is_staff, page
from apflow.web.site import Site

TRAP = "homepage"  # A question no person sees and no browser fills in; whoever answers it is a machine.
_KEY = re.compile(r"[A-Za-z0-9_-]{16,64}")


@dataclass(frozen=True, slots=True)
class Beginning:
    """One way to begin a case, open to whoever asks."""

    site: Site
    definition: Definition
    event: str
    spec: EventSpec
    actor: Actor

    @property
    def audience(self) -> str:
        return self.definition.audience(self.spec.by[0])

    @property
    def form(self) -> Mapping[str, FieldSpec]:
        return self.definition.forms[START, self.event]

    @property
    def facts(self) -> Facts:
        world = self.site.handler.world(self.site.now())
        return Facts(fields={}, today=world.today.isoformat(), council=world.facts)

    def reasons_against(self) -> tuple[str, ...]:
        """Why a case cannot begin this way today, before anything is asked."""
        return reasons_against(self.definition.workflow, self.spec, self.facts, reading_answers=False)


@dataclass(frozen=True, slots=True)
class Sheet:
    """What has been typed so far; `key` stays the same until it is sent."""

    beginning: Beginning
    answers: Mapping[str, Any]
    key: str

    @property
    def path(self) -> str:
        return f"/start/{self.beginning.event}"


@get("/start/{event:str}", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], event: str) -> Response[Any]:
    """The empty form, or why it is closed; staff who take the public's form get their own."""
    beginning = _beginning(request, event)
    user = request.scope.get("user")
    if beginning.actor is THE_PUBLIC and is_staff(beginning.site, user):
        own = [name for name, spec in beginning.definition.workflow.start.items() if user.actor.has_any(spec.by)]
        if own:
            return Redirect(f"/start/{own[0]}", status_code=303)
    if reasons := beginning.reasons_against():
        return _closed(request, Sheet(beginning, {}, ""), reasons, 200)
    return _form(request, Sheet(beginning, {}, _new_key()))


@post("/start/{event:str}", include_in_schema=False)
async def answer(request: Request[Any, Any, Any], event: str) -> Response[Any]:
    """The form as typed: on to check it, back to change it, or sent."""
    submitted = await submitted_form(request)
    return await in_thread(_answer, request, event, submitted)


@get("/start/{event:str}/sent/{key:str}", include_in_schema=False)
@threaded
def sent(request: Request[Any, Any, Any], event: str, key: str) -> Response[Any]:
    """The confirmation, for whoever has the key of what they sent."""
    beginning = _beginning(request, event)
    case = _made_with(beginning, key)
    if case is None:
        raise NotFound
    due = next(iter(case.deadlines.values()), None)
    is_where_it_began = case.state == beginning.spec.to
    state = beginning.definition.state(case.state)
    return page(
        request,
        "start/sent.html",
        done=(beginning.spec.done or beginning.spec.label).to(beginning.audience),
        case=case,
        email=case.fields.get(beginning.definition.workflow.party.email),
        what_now=state.help.to(beginning.audience) if state.help and is_where_it_began else "",
        deadline=due if is_where_it_began else None,
        deadline_label=state.deadlines[due.name].label if due and due.name in state.deadlines else "",
    )


def _answer(request: Request[Any, Any, Any], event: str, submitted: Submitted) -> Response[Any]:
    try:
        beginning = _beginning(request, event)
    except SignInNeeded:
        return _signed_out(request, event, submitted)
    sheet = _sheet(beginning, submitted)
    if one(submitted, "step") == "change":
        return _form(request, sheet)
    if reasons := beginning.reasons_against():
        return _closed(request, sheet, reasons, 409)
    if one(submitted, TRAP):
        return _form(request, sheet, trapped=one(submitted, TRAP), status=422)
    try:
        clean = read_answers(beginning.form, sheet.answers, beginning.facts, {})
    except Invalid as refusal:
        return _form(request, sheet, errors=refusal.errors, status=422)
    if beginning.spec.check_answers and one(submitted, "step") != "send":
        return _check(request, sheet, clean)
    return _send(request, sheet, clean)


def _send(request: Request[Any, Any, Any], sheet: Sheet, clean: Mapping[str, Any]) -> Response[Any]:
    beginning, site = sheet.beginning, sheet.beginning.site
    if wait := _must_wait(request, sheet):
        return _check(request, sheet, clean, wait=wait)
    try:
        saved = site.handler.open_case(
            beginning.definition.name,
            beginning.event,
            sheet.answers,
            actor=beginning.actor,
            now=site.now(),
            key=Key(sheet.key),
        )
    except KeyReused:
        return _sent_before(request, sheet)
    except Blocked as refusal:
        return _closed(request, sheet, refusal.reasons, 409)
    site.wake()
    if beginning.audience == STAFF:
        return Redirect(f"/cases/{saved.reference}?done={beginning.event}", status_code=303)
    return Redirect(f"{sheet.path}/sent/{sheet.key}", status_code=303)


def _must_wait(request: Request[Any, Any, Any], sheet: Sheet) -> timedelta | None:
    """How long the public must wait before sending one more, from one address or about one mailbox."""
    if sheet.beginning.actor is not THE_PUBLIC:
        return None
    limit, now = sheet.beginning.site.enquiries, machine_now()
    if _made_with(sheet.beginning, sheet.key) is not None:
        return None  # The same enquiry once more is not another one.
    party = sheet.answers.get(sheet.beginning.definition.workflow.party.email, "")
    sender = request.client.host if request.client else "unknown"
    return limit.wait(f"from {sender}", now) or limit.wait(f"about {str(party).lower()}", now)


def _form(
    request: Request[Any, Any, Any],
    sheet: Sheet,
    *,
    errors: Mapping[str, str] | None = None,
    trapped: str = "",
    signed_out: bool = False,
    status: int = 200,
) -> Response[Any]:
    beginning = sheet.beginning
    questions = questions_of(beginning.form, sheet.answers, beginning.facts, errors)
    return page(
        request,
        "start/form.html",
        status=status,
        sheet=sheet,
        heading=beginning.spec.label.to(beginning.audience),
        for_staff=beginning.audience == STAFF,
        questions=questions,
        errors=[(question.error_target, question.error) for question in questions if question.error],
        trapped=trapped,
        signed_out=signed_out,
    )


def _check(
    request: Request[Any, Any, Any], sheet: Sheet, clean: Mapping[str, Any], *, wait: timedelta | None = None
) -> Response[Any]:
    """Check your answers; with `wait`, why they were not sent yet."""
    minutes = int(wait.total_seconds() // 60) + 1 if wait else 0
    return page(
        request, "start/check.html", status=429 if wait else 200, sheet=sheet, said=_said(sheet, clean), minutes=minutes
    )


def _closed(request: Request[Any, Any, Any], sheet: Sheet, reasons: tuple[str, ...], status: int) -> Response[Any]:
    applications, today = sheet.beginning.site.council.applications, local_date(sheet.beginning.site.now())
    because = applications.closed_because(today)
    return page(
        request,
        "start/closed.html",
        status=status,
        reasons=[because] if because else reasons,
        is_closed=because is not None,
        opens_on=applications.open_again_on(today) if because else None,
        said=_said(sheet, sheet.answers),
    )


def _sent_before(request: Request[Any, Any, Any], sheet: Sheet) -> Response[Any]:
    """What was sent has been changed and sent again: say that we have the first, and offer to send this as another."""
    case = _made_with(sheet.beginning, sheet.key)
    return page(request, "start/sent_before.html", status=409, case=case, sheet=replace(sheet, key=_new_key()))


def _signed_out(request: Request[Any, Any, Any], event: str, submitted: Submitted) -> Response[Any]:
    """The session ended while they typed: the form again, with all of it."""
    site: Site = request.app.state.site
    definition = site.current()
    beginning = Beginning(site, definition, event, definition.workflow.start[event], THE_PUBLIC)
    return _form(request, _sheet(beginning, submitted), signed_out=True, status=401)


def _beginning(request: Request[Any, Any, Any], event: str) -> Beginning:
    """The start event, as it is open to whoever asks."""
    site: Site = request.app.state.site
    definition = site.current()
    spec = definition.workflow.start.get(event)
    if spec is None:
        raise NotFound
    user = request.scope.get("user")
    if user is not None and user.actor.has_any(spec.by):
        return Beginning(site, definition, event, spec, user.actor)
    if PUBLIC in spec.by:
        return Beginning(site, definition, event, spec, THE_PUBLIC)
    raise SignInNeeded if user is None else NotAllowed


def _sheet(beginning: Beginning, submitted: Submitted) -> Sheet:
    key = one(submitted, "key")
    return Sheet(beginning, answers_from(beginning.form, submitted), key if _KEY.fullmatch(key) else _new_key())


def _new_key() -> str:
    return secrets.token_urlsafe(18)


def _made_with(beginning: Beginning, key: str) -> Snapshot | None:
    """The case that was begun under this key, by this actor."""
    with beginning.site.store.reading() as connection:
        receipt = find_receipt(connection, Receipt(str(beginning.actor.id), key, ""))
        return load_case(connection, receipt.reference) if receipt else None


def _said(sheet: Sheet, answers: Mapping[str, Any]) -> list[tuple[str, FieldSpec, str]]:
    """What was answered, question by question, in words; as typed where it cannot be read."""
    form = sheet.beginning.form
    return [(name, form[name], _in_words(form[name], answers[name])) for name in form if name in answers]


def _in_words(spec: FieldSpec, value: Any) -> str:
    try:
        return words.in_words(spec, value) or ""
    except ValueError:
        return str(value)


ROUTES = [ask, answer, sent]
