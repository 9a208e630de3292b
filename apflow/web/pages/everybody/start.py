"""Beginning a case: the public's enquiry, and the one an officer logs for somebody who wrote an e-mail.

Nothing is kept until it is sent: what was typed travels from page to page inside the form, with a key that makes
sending it twice the same as once.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.beyond.keys import Key
from apflow.clock import machine_now
from apflow.committing import TooBusy
from apflow.core.days.calendar import local_date
from apflow.core.definition.labels import STAFF
from apflow.core.errors import Blocked, Invalid, KeyReused, NotFound
from apflow.core.firing.answers import read_answers
from apflow.core.people.actor import PUBLIC, THE_PUBLIC
from apflow.store.driver.faults import StoreUnavailable
from apflow.web.asking.beginning import (
    Beginning,
    Sheet,
    all_said,
    beginning_of,
    known_already,
    made_with,
    new_key,
    said,
    sees,
    sheet_of,
    suggested,
)
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, one, questions_of, submitted_form
from apflow.web.identity import SignInNeeded
from apflow.web.looks import form_words, note_offered
from apflow.web.render import is_staff, page
from apflow.web.senders import sender_of
from apflow.web.site import Site
from apflow.web.wording import role_words

_TRY_AGAIN = "We cannot save this at the moment. Nothing you typed is lost. Try again in a minute"
_SIGNED_OUT = "You have been signed out. Nothing you typed is lost. Sign in in a new tab, then send it again from here"
TRAP = "homepage"  # A question no person sees and no browser fills in; whoever answers it is a machine.


@get("/start/{event:str}", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], event: FromPath[str]) -> Response[Any]:
    """The empty form, or why it is closed; staff who take the public's form get their own."""
    beginning = beginning_of(request, event)
    user = request.scope.get("user")
    if beginning.actor is THE_PUBLIC and is_staff(beginning.site, user):
        own = [name for name, spec in beginning.definition.workflow.start.items() if user.actor.has_any(spec.by)]
        if own:
            return Redirect(f"/start/{own[0]}", status_code=303)
    if reasons := beginning.reasons_against():
        return _closed(request, Sheet(beginning, {}, ""), reasons, 200)
    known = {**suggested(beginning, request.query_params), **known_already(beginning, user)}
    return _form(request, Sheet(beginning, known, new_key()))


@post("/start/{event:str}", include_in_schema=False)
async def answer(request: Request[Any, Any, Any], event: FromPath[str]) -> Response[Any]:
    """The form as typed: on to check it, back to change it, or sent."""
    submitted = await submitted_form(request)
    return await in_thread(_answer, request, event, submitted)


@get("/start/{event:str}/sent/{key:str}", include_in_schema=False)
@threaded
def sent(request: Request[Any, Any, Any], event: FromPath[str], key: FromPath[str]) -> Response[Any]:
    """The confirmation, for whoever has the key of what they sent."""
    beginning = beginning_of(request, event)
    case = made_with(beginning, key)
    if case is None:
        raise NotFound
    is_where_it_began = case.state == beginning.spec.to
    state = beginning.definition.state(case.state)
    due = next((case.deadlines[name] for name in state.deadlines if name in case.deadlines), None)
    return page(
        request,
        "start/sent.html",
        done=(beginning.spec.done or beginning.spec.label).to(beginning.audience),
        case=case,
        is_enquiry=_is_enquiry(beginning),
        is_urgent=beginning.spec.urgent,
        email=case.fields.get(beginning.definition.workflow.party_email),
        what_now=state.help.to(beginning.audience) if state.help and is_where_it_began else "",
        deadline=due if is_where_it_began else None,
    )


def _answer(request: Request[Any, Any, Any], event: str, submitted: Submitted) -> Response[Any]:
    try:
        beginning = beginning_of(request, event)
    except SignInNeeded:
        return _signed_out(request, event, submitted)
    sheet = sheet_of(beginning, submitted)
    if one(submitted, "step") == "change":
        return _form(request, sheet)
    if reasons := beginning.reasons_against():
        return _closed(request, sheet, reasons, 409)
    if one(submitted, TRAP):
        return _form(request, sheet, trapped=one(submitted, TRAP), status=422)
    try:
        world = beginning.world(sheet.answers)
        clean = read_answers(
            beginning.form, sheet.answers, beginning.facts, {}, world.people, world.pupils, refused=world.refused
        )
        if beginning.spec.check_answers and one(submitted, "step") != "send":
            return _check(request, sheet, clean)
        return _send(request, sheet, clean)
    except Invalid as refusal:
        return _form(request, sheet, errors=refusal.errors, status=422)


def _send(request: Request[Any, Any, Any], sheet: Sheet, clean: Mapping[str, Any]) -> Response[Any]:
    beginning, site = sheet.beginning, sheet.beginning.site
    try:
        if wait := _must_wait(request, sheet):
            return _check(request, sheet, clean, wait=wait)
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
        if beginning.reasons_against():
            return _closed(request, sheet, refusal.reasons, 409)
        return _form(request, sheet, reason=" ".join(refusal.reasons), status=409)
    except (TooBusy, StoreUnavailable):
        return _form(request, sheet, reason=_TRY_AGAIN, status=503)
    site.wake()
    if sees(beginning, saved.reference):
        return Redirect(f"/cases/{saved.reference}?done={beginning.event}", status_code=303)
    return Redirect(f"{sheet.path}/sent/{sheet.key}", status_code=303)


def _must_wait(request: Request[Any, Any, Any], sheet: Sheet) -> timedelta | None:
    """How long the public must wait before sending one more, from one address or about one mailbox."""
    if sheet.beginning.actor is not THE_PUBLIC:
        return None
    limit, now = sheet.beginning.site.enquiries, machine_now()
    if made_with(sheet.beginning, sheet.key) is not None:
        return None  # The same enquiry once more is not another one.
    party = str(sheet.answers.get(sheet.beginning.definition.workflow.party_email) or "").lower()
    store = sheet.beginning.site.store
    wait = limit.wait(store, f"from {sender_of(request)}", now)
    return wait or (limit.wait(store, f"about {party}", now) if party else None)  # Whoever gives none is nobody's.


def _form(
    request: Request[Any, Any, Any],
    sheet: Sheet,
    *,
    errors: Mapping[str, str] | None = None,
    trapped: str = "",
    reason: str = "",
    status: int = 200,
) -> Response[Any]:
    beginning = sheet.beginning
    questions = questions_of(beginning.form, sheet.answers, beginning.facts, errors, beginning.offered(sheet.answers))
    where = form_words(beginning.spec, beginning.event)
    note_offered(beginning.site, beginning.actor, where[:1].upper() + where[1:], questions)
    if beginning.audience != STAFF and PUBLIC in beginning.spec.by:
        own = beginning.definition.workflow.party_name
        questions = [replace(question, is_own_name=question.name == own) for question in questions]
    return _kept_for_back(
        sheet,
        page(
            request,
            "start/form.html",
            status=status,
            sheet=sheet,
            heading=beginning.spec.label.to(beginning.audience),
            for_staff=beginning.audience == STAFF,
            is_enquiry=_is_enquiry(beginning),
            known_to=_known_to(beginning),
            is_public=PUBLIC in beginning.spec.by,
            questions=questions,
            errors=[(question.error_target, question.error) for question in questions if question.error],
            trapped=trapped,
            reason=reason,
        ),
    )


def _known_to(beginning: Beginning) -> list[str]:
    """In words, the roles that are told who sent it, though they gave no name."""
    kept = beginning.spec.in_confidence
    return [f"{role_words(beginning.site.council.roles[role].title)}s" for role in kept.known_to] if kept else []


def _check(
    request: Request[Any, Any, Any], sheet: Sheet, clean: Mapping[str, Any], *, wait: timedelta | None = None
) -> Response[Any]:
    """Check your answers; with `wait`, why they were not sent yet."""
    minutes = int(wait.total_seconds() // 60) + 1 if wait else 0
    status = 429 if wait else 200
    shown = page(
        request,
        "start/check.html",
        status=status,
        sheet=sheet,
        said=all_said(sheet, clean),
        minutes=minutes,
        is_enquiry=_is_enquiry(sheet.beginning),
    )
    return _kept_for_back(sheet, shown)


def _kept_for_back(sheet: Sheet, shown: Response[Any]) -> Response[Any]:
    """Let the public's browser keep the page: without it, Back would lose what they typed, as they have no draft."""
    if sheet.beginning.actor is THE_PUBLIC:
        shown.headers["cache-control"] = "private, no-cache"
    return shown


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
        said=said(sheet, sheet.answers),
    )


def _sent_before(request: Request[Any, Any, Any], sheet: Sheet) -> Response[Any]:
    """What was sent has been changed and sent again: say that we have the first, and offer to send this as another."""
    case = made_with(sheet.beginning, sheet.key)
    again, is_enquiry = replace(sheet, key=new_key()), _is_enquiry(sheet.beginning)
    return page(request, "start/sent_before.html", status=409, case=case, sheet=again, is_enquiry=is_enquiry)


def _is_enquiry(beginning: Beginning) -> bool:
    """Whether it is the way onto the list, of which these pages say more."""
    workflow = beginning.definition.workflow
    return workflow.workflow == beginning.site.current().name and beginning.spec.to in workflow.journey[:1]


def _signed_out(request: Request[Any, Any, Any], event: str, submitted: Submitted) -> Response[Any]:
    """The session ended while they typed: the form again, with all of it."""
    site: Site = request.app.state.site
    definition = site.started_by(event)
    if definition is None:
        raise NotFound
    beginning = Beginning(site, definition, event, definition.workflow.start[event], THE_PUBLIC)
    return _form(request, sheet_of(beginning, submitted), reason=_SIGNED_OUT, status=401)


ROUTES = [ask, answer, sent]
