"""The form of any event: asked, checked, sent once; and shown again with everything typed when it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.core.definition.labels import STAFF
from apflow.core.errors import Blocked, Invalid, KeyReused, NotFound, NotOpen, Refusal, Stale
from apflow.core.words import in_words
from apflow.handler import Key, TooBusy
from apflow.store.cases import load_case
from apflow.store.engine import StoreUnavailable
from apflow.store.history import history_of
from apflow.uploads import FileTooLarge
from apflow.web import filling as fill
from apflow.web.banners import done_address
from apflow.web.checking import next_to_check
from apflow.web.concurrency import in_thread, threaded
from apflow.web.filling import Filling
from apflow.web.forms import Submitted, one
from apflow.web.opened import Opened, open_case
from apflow.web.pages.sign_in import require
from apflow.web.preview import letters_of
from apflow.web.problems import STATUS
from apflow.web.render import page
from apflow.web.signed_out import signed_out_page
from apflow.web.site import Site
from apflow.web.submission import BODY_LIMIT, Submission, read_submission
from apflow.web.timeline import Line, Told

_OWN_NAMES = ("seen", "key", "step")


@dataclass(frozen=True)
class Said:
    """What a form says above its questions when it comes back."""

    status: int = 200
    errors: Mapping[str, str] = field(default_factory=dict)
    reasons: Sequence[str] = ()
    changes: Sequence[Line] = ()


@get("/cases/{reference:str}/do/{event:str}", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], reference: FromPath[str], event: FromPath[str]) -> Response[Any]:
    """The form, with what was typed into it before; or why this cannot be done."""
    site: Site = request.app.state.site
    opened = open_case(site, require(request).actor, reference)
    filling = fill.begin(opened, event, request.query_params.get("item"))
    offer = filling.offer
    if offer is None:
        return _too_late(request, filling, {}, Said(409))
    if not offer.is_possible:
        return _blocked_page(request, filling, offer.reasons)
    return _form_page(request, fill.with_draft(filling), Said())


@post("/cases/{reference:str}/do/{event:str}", include_in_schema=False, request_max_body_size=BODY_LIMIT)
async def answer(request: Request[Any, Any, Any], reference: FromPath[str], event: FromPath[str]) -> Response[Any]:
    """What was typed: kept, checked or sent, as the button pressed says."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    site, actor = request.app.state.site, require(request).actor
    item = request.query_params.get("item")

    def blank() -> Filling | None:
        try:
            return fill.begin(open_case(site, actor, reference), event, item)
        except NotFound:
            return None

    before = await in_thread(blank)
    submission = await read_submission(request, before.form if before else {}, site.uploads)
    # Once more, as the case may have moved while a large file came in.
    now = await in_thread(blank)
    if now is None:
        return _out_of_sight(request, submission.values)
    return await in_thread(_take, request, now, submission)


def _take(request: Request[Any, Any, Any], blank: Filling, submission: Submission) -> Response[Any]:
    filling = fill.filled(blank, submission)
    step = one(submission.values, "step")
    if step == "forget":
        fill.forget_draft(filling)
        return Redirect(filling.address, status_code=303)
    if step == "keep":
        fill.keep_draft(filling)
        kept = {"kept": filling.event} | ({"item": filling.catalogue_item} if filling.catalogue_item else {})
        return Redirect(f"{_case_path(filling)}?{urlencode(kept)}", status_code=303)
    if step == "change":
        return _form_page(request, filling, Said())
    try:
        return _go_on(request, filling, submission, step)
    except Refusal as refusal:
        return _refused(request, filling, submission, refusal)
    except (TooBusy, StoreUnavailable):
        reason = "The service cannot save this at the moment. Nothing has been changed. Try again in a minute."
        return _form_page(request, filling, Said(503, reasons=[reason]))


def _go_on(request: Request[Any, Any, Any], filling: Filling, submission: Submission, step: str) -> Response[Any]:
    if submission.refused:
        fill.rehearse(filling)  # Other mistakes are told of together with the file's.
        raise Invalid({})
    if step == "send" or (step == "" and not filling.spec.check_answers):
        return _send(filling)
    if fill.was_sent(filling):
        return _go_to(filling)
    return _check_page(request, filling, submission.values)


def _send(filling: Filling) -> Response[Any]:
    opened = filling.opened
    opened.site.handler.fire(
        opened.reference,
        filling.event,
        filling.answers,
        actor=opened.actor,
        now=opened.now,
        item=filling.catalogue_item,
        seen=filling.seen,
        key=Key(filling.key),
    )
    opened.site.wake()
    return _go_to(filling)


def _go_to(filling: Filling) -> Response[Any]:
    """On to the next item to check, else back to the case; to one's own list when the case is out of sight now."""
    before, item = filling.opened, filling.catalogue_item
    try:
        opened = open_case(before.site, before.actor, before.reference)
    except NotFound:
        return Redirect("/work" if before.audience == STAFF else "/home", status_code=303)
    collection = filling.item[0] if filling.item else ""
    following = next_to_check(opened, collection, item) if item and opened.audience == STAFF else None
    path = f"{_case_path(filling)}/{collection}/{following}" if following else _case_path(filling)
    return Redirect(done_address(path, filling.event, item), status_code=303)


def _refused(
    request: Request[Any, Any, Any], filling: Filling, submission: Submission, refusal: Refusal
) -> Response[Any]:
    """The form again with everything typed, saying why; what was typed is kept as a draft too."""
    status = STATUS.get(type(refusal), 409)
    match refusal:
        case Invalid(errors=errors):
            too_large = any(isinstance(refused, FileTooLarge) for refused in submission.refused.values())
            files = {name: refused.message for name, refused in submission.refused.items()}
            said = Said(413 if too_large else status, errors={**errors, **files})
        case Blocked(reasons=reasons):
            said = Said(status, reasons=reasons)
        case Stale():
            said = Said(status, changes=_changes(filling))
        case KeyReused():
            sent = (
                "You have sent this form once already, and that was saved. To send it again as it is now, press again."
            )
            said = Said(409, reasons=[sent])
        case NotOpen():
            said = Said(status, reasons=[refusal.message])
        case _:
            raise refusal
    fill.keep_draft(filling)
    if filling.offer is None or isinstance(refusal, NotOpen):
        return _too_late(request, filling, submission.values, said)
    again = replace(filling, seen=filling.opened.snapshot.version, key=_key_again(filling, refusal))
    return _form_page(request, again, said)


def _key_again(filling: Filling, refusal: Refusal) -> str:
    return fill.new_key() if isinstance(refusal, KeyReused) else filling.key


def _changes(filling: Filling) -> list[Line]:
    """What happened to the case since the form was shown, newest last; to outsiders only what stands in their way."""
    opened = filling.opened
    with opened.site.store.reading() as connection:
        entries = history_of(connection, opened.reference, after=filling.seen)
        snapshot = load_case(connection, opened.reference, seen=filling.seen)
    written = set(filling.form) & set(opened.definition.workflow.fields)
    clashing = {
        change.version
        for change in (snapshot.since if snapshot else ())
        if change.moved or change.fields & written or change.item == filling.item
    }
    told = Told(opened.definition, opened.audience)
    return told.lines(entry for entry in entries if entry.version in clashing)


def _form_page(request: Request[Any, Any, Any], filling: Filling, said: Said) -> Response[Any]:
    questions = filling.questions(said.errors)
    targets = {question.name: question.error_target for question in questions}
    problems = [(targets.get(name, ""), message) for name, message in said.errors.items()]
    problems += [("", reason) for reason in said.reasons]
    return page(
        request,
        "case/event.html",
        status=said.status,
        filling=filling,
        questions=questions,
        problems=problems,
        changes=said.changes,
        about=_about_item(filling),
        back=_back(filling),
        told=_who_is_told(filling),
    )


def _check_page(request: Request[Any, Any, Any], filling: Filling, values: Submitted) -> Response[Any]:
    outcome = fill.rehearse(filling)
    answers = [(question, _in_words(filling, question.name, outcome.entry.answers)) for question in filling.questions()]
    return page(
        request,
        "case/check.html",
        filling=filling,
        answers=[(question, said) for question, said in answers if said is not None],
        carried=fill.carried(filling, values),
        letters=letters_of(filling.opened, outcome) if filling.opened.audience == STAFF else [],
        about=_about_item(filling),
        back=_back(filling),
    )


def _blocked_page(request: Request[Any, Any, Any], filling: Filling, reasons: Sequence[str]) -> Response[Any]:
    return page(request, "case/blocked.html", status=409, filling=filling, reasons=reasons, back=_back(filling))


def _too_late(request: Request[Any, Any, Any], filling: Filling, values: Submitted, said: Said) -> Response[Any]:
    """The case has moved past this event: what happened, and what was typed, to copy."""
    typed = [(spec.label, "\n".join(values.get(name, ()))) for name, spec in filling.form.items()]
    return page(
        request,
        "case/too_late.html",
        status=said.status,
        filling=filling,
        state=filling.opened.definition.state(filling.opened.snapshot.state).label.to(filling.opened.audience),
        reasons=said.reasons,
        changes=said.changes,
        typed=[(label, text) for label, text in typed if text.strip()],
        back=_back(filling),
    )


def _out_of_sight(request: Request[Any, Any, Any], values: Submitted) -> Response[Any]:
    """The case is not this person's to see, perhaps any more: what they typed is theirs all the same."""
    names = [name for name in values if name not in _OWN_NAMES]
    typed = [(name.replace("_", " ").capitalize(), "\n".join(values[name])) for name in names]
    return page(
        request, "case/out_of_sight.html", status=404, typed=[(label, text) for label, text in typed if text.strip()]
    )


def _in_words(filling: Filling, name: str, answers: Mapping[str, Any]) -> str | None:
    value = answers.get(name)
    if isinstance(value, str) and value in filling.files:
        return filling.files[value].name
    return in_words(filling.form[name], value) or None


def _about_item(filling: Filling) -> dict[str, str] | None:
    """The catalogue's words for the item the form is about."""
    if filling.item is None or filling.catalogue_item is None:
        return None
    entry = filling.opened.definition.catalogue_of(filling.item[0])[filling.catalogue_item]
    return {"label": entry.label, "good": entry.good}


def _who_is_told(filling: Filling) -> list[str]:
    """Staff are told before they send who will get an e-mail."""
    opened = filling.opened
    if opened.audience != STAFF:
        return []
    return [opened.site.council.roles[role].title for role in filling.spec.notify]


def _case_path(filling: Filling) -> str:
    return f"/cases/{filling.opened.reference}"


def _back(filling: Filling) -> str:
    if filling.item is None or filling.catalogue_item is None:
        return _case_path(filling)
    return f"{_case_path(filling)}/{filling.item[0]}/{filling.catalogue_item}"


def opened_of(request: Request[Any, Any, Any], reference: str) -> Opened:
    """The case as whoever is signed in may see it."""
    return open_case(request.app.state.site, require(request).actor, reference)


ROUTES = [ask, answer]
