"""What parents and carers see, who have no account: the way in by a link or a code, their page, and what they say.

A link's first page only shows a button: mail scanners follow links, and must not look at a child's placement.
"""

from collections.abc import Mapping
from typing import Any

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.beyond.keys import Key
from apflow.clock import machine_now
from apflow.committing import TooBusy
from apflow.core.definition.events import EventSpec
from apflow.core.errors import Blocked, Invalid, KeyReused, NotAllowed, NotFound, NotOpen, UnknownEvent
from apflow.core.firing.offers import Offer
from apflow.documents import pdf
from apflow.letters.messages import FOR_READERS
from apflow.store.driver.faults import StoreUnavailable
from apflow.web.asking.filling import key_from, new_key
from apflow.web.asking.readers import readers_of
from apflow.web.case.by_link import (
    CODES_TRIED,
    PAGE,
    READER_COOKIE,
    Gone,
    Reader,
    cookie,
    reader_of,
    reading,
    send_again,
    tidy,
)
from apflow.web.case.made import document_named, readable_documents, said_in
from apflow.web.case.pupil import pupil_of
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import Submitted, answers_from, one, questions_of, submitted_form
from apflow.web.looks import note_looks
from apflow.web.pages.case.made import as_file
from apflow.web.render import page
from apflow.web.senders import sender_of
from apflow.web.site import Site

SEND_AGAIN = "send_link_again"
_WRONG = "That code is not right, or is no longer good. Check it, or ask the school for a new letter"
_TOO_MANY = "Too many codes were tried. Wait an hour, then try again"


@get(FOR_READERS, include_in_schema=False)
@threaded
def enter(request: Request[Any, Any, Any]) -> Response[Any]:
    """Where the code of a letter is typed; whoever is in already goes on."""
    if isinstance(reading(request), Reader):
        return Redirect(PAGE, status_code=303)
    return page(request, "parents/enter.html")


@post(FOR_READERS, include_in_schema=False)
async def by_code(request: Request[Any, Any, Any]) -> Response[Any]:
    """In by the code of a letter; so many tries an hour from one sender."""
    typed = one(await submitted_form(request), "code")
    return await in_thread(_by_code, request, typed)


@get(f"{FOR_READERS}/{{token:str}}", include_in_schema=False)
@threaded
def show_link(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """The page behind a link: a button, and nothing of the placement yet."""
    found = reader_of(request.app.state.site, token)
    return page(request, "parents/continue.html", token=token) if isinstance(found, Reader) else _gone(request, found)


@post(f"{FOR_READERS}/{{token:str}}", include_in_schema=False)
@threaded
def use_link(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """In by the link, which the browser keeps for a while and the address does not."""
    site: Site = request.app.state.site
    found = reader_of(site, token)
    return _in(site, token) if isinstance(found, Reader) else _gone(request, found)


@post(f"{FOR_READERS}/{{token:str}}/again", include_in_schema=False)
@threaded
def again(request: Request[Any, Any, Any], token: FromPath[str]) -> Response[Any]:
    """A fresh link to whoever an old one was sent to, without saying who that is."""
    send_again(request.app.state.site, token, SEND_AGAIN)
    return page(request, "parents/sent.html")


@get(PAGE, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """The placement, as far as it is for them; that they looked is noted with the pupil first."""
    found = reading(request)
    if not isinstance(found, Reader):
        return _gone(request, found)
    opened = found.opened
    note(found, "for parents")
    return page(
        request,
        "parents/show.html",
        opened=opened,
        made=said_in(opened, opened.definition.workflow.documents[found.by_link.document]),
        offers=found.opened.offers(),
        documents=readable_documents_beside(found),
        done=_done(found, request.query_params.get("done", "")),
    )


@get(f"{PAGE}/documents/{{name:str}}", include_in_schema=False)
@threaded
def document(request: Request[Any, Any, Any], name: FromPath[str]) -> Response[Any]:
    """A document of the placement as PDF, with no more in it than the page has."""
    found = reading(request)
    if not isinstance(found, Reader):
        return _gone(request, found)
    made = document_named(found.opened, name)
    note(found, made.title)
    body = pdf("made", said_in(found.opened, made), made_at=found.opened.now)
    return as_file(body, f"{name}-{found.opened.reference}")


@get(f"{PAGE}/do/{{event:str}}", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], event: FromPath[str]) -> Response[Any]:
    """The form of something that they can do, or why they cannot yet."""
    found = reading(request)
    if not isinstance(found, Reader):
        return _gone(request, found)
    offer = _offer(found, event)
    return _form(request, found, offer, {}, new_key(), reasons=offer.reasons)


@post(f"{PAGE}/do/{{event:str}}", include_in_schema=False)
async def answer(request: Request[Any, Any, Any], event: FromPath[str]) -> Response[Any]:
    """What they say, sent; or the form again with what they typed and what is wrong with it."""
    submitted = await submitted_form(request)
    return await in_thread(_answer, request, event, submitted)


@post(f"{PAGE}/leave", include_in_schema=False)
@threaded
def leave() -> Response[Any]:
    """Have the browser forget the link."""
    response: Response[Any] = Redirect(FOR_READERS, status_code=303)
    response.delete_cookie(READER_COOKIE, path=FOR_READERS)
    return response


def note(reader: Reader, what: str) -> None:
    """Write down that they look, before anything is shown."""
    number = pupil_of(reader.opened)
    where = f"Placement {reader.opened.reference}: {what}"
    note_looks(reader.opened.site, reader.opened.actor, where, [] if number is None else [number])


def readable_documents_beside(reader: Reader) -> list[tuple[str, str]]:
    """What else they can open, beside the page itself."""
    return [(name, title) for name, title in readable_documents(reader.opened) if name != reader.by_link.document]


def _by_code(request: Request[Any, Any, Any], typed: str) -> Response[Any]:
    site: Site = request.app.state.site
    if CODES_TRIED.wait(site.store, f"code from {sender_of(request)}", machine_now()) is not None:
        return page(request, "parents/enter.html", status=429, error=_TOO_MANY)
    code = tidy(typed)
    if isinstance(reader_of(site, code), Reader):
        return _in(site, code)
    return page(request, "parents/enter.html", status=422, error=_WRONG)


def _in(site: Site, token: str) -> Response[Any]:
    response: Response[Any] = Redirect(PAGE, status_code=303)
    response.set_cookie(cookie(site, token))
    return response


def _gone(request: Request[Any, Any, Any], found: Gone | None) -> Response[Any]:
    """A link that opens nothing, or none at all."""
    return page(request, "parents/gone.html", status=410, gone=found)


def _offer(reader: Reader, event: str) -> Offer:
    found = next((offer for offer in reader.opened.offers() if offer.event == event), None)
    if found is None:
        raise NotFound
    return found


def _done(reader: Reader, event: str) -> str:
    """What is said after something was done, whether or not it can be done again."""
    spec: EventSpec | None = reader.opened.spec_of(event)
    is_theirs = spec is not None and not reader.opened.actor.roles.isdisjoint(spec.by)
    return spec.done.to(reader.opened.audience) if spec is not None and is_theirs and spec.done else ""


def _answer(request: Request[Any, Any, Any], event: str, submitted: Submitted) -> Response[Any]:
    found = reading(request)
    if not isinstance(found, Reader):
        return _gone(request, found)
    opened, offer, key = found.opened, _offer(found, event), key_from(submitted)
    answers = answers_from(opened.definition.forms[opened.snapshot.state, event], submitted)
    try:
        opened.site.handler.fire(opened.reference, event, answers, actor=opened.actor, now=opened.now, key=Key(key))
    except Invalid as refusal:
        return _form(request, found, offer, answers, key, errors=refusal.errors, status=422)
    except (Blocked, NotOpen, NotAllowed, UnknownEvent, KeyReused) as refusal:
        reasons = refusal.reasons if isinstance(refusal, Blocked) else (refusal.message,)
        return _form(request, found, offer, answers, new_key(), reasons=reasons, status=409)
    except (TooBusy, StoreUnavailable) as fault:
        reason = f"{fault.message} Try again in a minute."
        return _form(request, found, offer, answers, key, reasons=(reason,), status=503)
    opened.site.wake()
    return Redirect(f"{PAGE}?done={event}", status_code=303)


def _form(
    request: Request[Any, Any, Any],
    reader: Reader,
    offer: Offer,
    answers: Mapping[str, Any],
    key: str,
    *,
    errors: Mapping[str, str] | None = None,
    reasons: tuple[str, ...] = (),
    status: int = 200,
) -> Response[Any]:
    opened = reader.opened
    questions = questions_of(
        opened.definition.forms[opened.snapshot.state, offer.event], answers, opened.facts(), errors
    )
    return page(
        request,
        "parents/form.html",
        status=status,
        offer=offer,
        label=offer.spec.label.to(opened.audience),
        reference=opened.reference,
        questions=questions,
        readers=readers_of(opened, offer),
        problems=[(question.error_target, question.error) for question in questions if question.error]
        + [("", reason) for reason in reasons],
        is_possible=offer.is_possible,
        key=key,
        address=f"{PAGE}/do/{offer.event}",
    )


ROUTES = [enter, by_code, show_link, use_link, again, show, document, ask, answer, leave]
