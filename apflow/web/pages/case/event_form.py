"""The form of any event: asked, checked, sent once; and shown again with everything typed when it is refused."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode

from litestar import Request, Response, get, post
from litestar.params import FromPath
from litestar.response import Redirect

from apflow.beyond.keys import Key
from apflow.committing import TooBusy
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.labels import STAFF
from apflow.core.errors import Blocked, Invalid, KeyReused, NotFound, NotOpen, Refusal, Stale
from apflow.store.cases.loading import load_case
from apflow.store.driver.faults import StoreUnavailable
from apflow.store.reading.history import history_of
from apflow.uploads import FileTooLarge
from apflow.web.asking import filling as fill
from apflow.web.asking.checking import next_to_check
from apflow.web.asking.filling import Filling
from apflow.web.asking.meanwhile import behind_drafts, with_what_changed
from apflow.web.asking.signed_out import signed_out_page
from apflow.web.asking.submission import BODY_LIMIT, Submission, read_submission
from apflow.web.asking.together import BESIDE, asked_together, by_its_own_key, forms_beside, kept_beside, part_of
from apflow.web.banners import done_address
from apflow.web.case.opened import open_case
from apflow.web.case.papers import EVIDENCE, item_path
from apflow.web.case.pupil import note_pupil
from apflow.web.case.timeline import Line, Told
from apflow.web.case.unseen import seen_by
from apflow.web.concurrency import in_thread, threaded
from apflow.web.forms import one
from apflow.web.identity import require
from apflow.web.looks import form_words
from apflow.web.pages.case import event_shown as shown
from apflow.web.problems import status_of
from apflow.web.site import Site


@get("/cases/{reference:str}/do/{event:str}", include_in_schema=False)
@threaded
def ask(request: Request[Any, Any, Any], reference: FromPath[str], event: FromPath[str]) -> Response[Any]:
    """The form, with what was typed into it before; or why this cannot be done."""
    site: Site = request.app.state.site
    opened = open_case(site, require(request).actor, reference)
    note_pupil(opened, form_words(opened.spec_of(event), event))
    filling = fill.begin(opened, event, request.query_params.get("item"))
    offer, typed = filling.offer, fill.with_draft(filling)
    if offer is None:
        said = shown.Said(409, changes=_changes(typed) if typed.from_draft else [])
        return shown.too_late_page(request, filling, shown.typed_before(typed), said)
    if not offer.is_possible:
        return shown.blocked_page(request, typed, offer.reasons)
    now = replace(typed, seen=opened.snapshot.version)
    return shown.form_page(request, now, shown.Said(changes=_changes(typed) if typed.from_draft else []))


@post("/cases/{reference:str}/do/{event:str}", include_in_schema=False, request_max_body_size=BODY_LIMIT)
async def answer(request: Request[Any, Any, Any], reference: FromPath[str], event: FromPath[str]) -> Response[Any]:
    """What was typed: kept, checked or sent, as the button pressed says."""
    if request.scope.get("user") is None:
        return await signed_out_page(request)
    site, actor = request.app.state.site, require(request).actor
    item, besides = request.query_params.get("item"), request.query_params.getall(BESIDE, [])

    def blank() -> Filling | None:
        try:
            return fill.begin(open_case(site, actor, reference), event, item)
        except NotFound:
            return None

    def all_asked() -> Mapping[str, FieldSpec]:
        before = blank()
        return asked_together([before, *forms_beside(before.opened, besides, item)]) if before else {}

    submission = await read_submission(request, await in_thread(all_asked), site.uploads)
    # Once more, as the case may have moved while a large file came in.
    now = await in_thread(blank)
    if now is None:
        return shown.out_of_sight_page(request, submission.values)
    return await in_thread(_take, request, now, besides, submission)


def _take(request: Request[Any, Any, Any], blank: Filling, besides: Sequence[str], whole: Submission) -> Response[Any]:
    others = forms_beside(blank.opened, besides, blank.catalogue_item)
    written, submission = kept_beside(others, whole), part_of(whole, blank)
    filling = fill.filled(blank, submission)
    if others:
        filling = by_its_own_key(filling)
    if written:
        if fill.own_words(filling):
            fill.keep_draft(filling)
        return shown.form_page(request, filling, shown.Said(409, written=written))
    step = one(submission.values, "step")
    if step == "forget":
        fill.forget_draft(filling)
        return Redirect(filling.address, status_code=303)
    if step == "keep":
        fill.keep_draft(with_what_changed(filling))
        kept = {"kept": filling.event} | ({"item": filling.catalogue_item} if filling.catalogue_item else {})
        return Redirect(f"{shown.case_path(filling)}?{urlencode(kept)}", status_code=303)
    if step == "change":
        return shown.form_page(request, filling, shown.Said())
    try:
        return _go_on(request, filling, submission, step)
    except Refusal as refusal:
        return _refused(request, filling, submission, refusal)
    except (TooBusy, StoreUnavailable) as fault:
        reason = f"{fault.message} Try again in a minute."
        return shown.form_page(request, filling, shown.Said(503, reasons=[reason]))


def _go_on(request: Request[Any, Any, Any], filling: Filling, submission: Submission, step: str) -> Response[Any]:
    if submission.refused:
        fill.rehearse(filling)  # Other mistakes are told of together with the file's.
        raise Invalid({})
    if _is_behind(filling):
        raise Stale
    if step == "send" or (step == "" and not filling.spec.check_answers):
        return _send(filling)
    if fill.was_sent(filling):
        return _go_to(filling)
    return shown.check_page(request, filling, submission.values)


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
    path = shown.case_path(filling)
    if following and collection == EVIDENCE:
        path = item_path(path, (collection, following))
    return Redirect(done_address(path, filling.event, item), status_code=303)


def _refused(
    request: Request[Any, Any, Any], filling: Filling, submission: Submission, refusal: Refusal
) -> Response[Any]:
    """The form again with everything typed, saying why; what was typed is kept as a draft too."""
    status = status_of(refusal)
    changes = _changes(filling) if isinstance(refusal, Stale) else []
    filling = with_what_changed(filling)
    match refusal:
        case Invalid(errors=errors):
            too_large = any(isinstance(refused, FileTooLarge) for refused in submission.refused.values())
            files = {name: refused.message for name, refused in submission.refused.items()}
            said = shown.Said(413 if too_large else status, errors={**errors, **files})
        case Blocked(reasons=reasons):
            said = shown.Said(status, reasons=reasons)
        case Stale():
            said = shown.Said(status, changes=changes)
        case KeyReused():
            sent = (
                "You have sent this form once already, and that was saved. To send it again as it is now, press again."
            )
            said = shown.Said(409, reasons=[sent])
        case NotOpen():
            said = shown.Said(status, reasons=[refusal.message])
        case _:
            raise refusal
    fill.keep_draft(filling)
    if filling.offer is None or isinstance(refusal, NotOpen):
        return shown.too_late_page(request, filling, shown.typed_now(filling, submission.values), said)
    again = replace(filling, seen=filling.opened.snapshot.version, key=_key_again(filling, refusal))
    return shown.form_page(request, again, said)


def _key_again(filling: Filling, refusal: Refusal) -> str:
    return fill.new_key() if isinstance(refusal, KeyReused) else filling.key


def _is_behind(filling: Filling) -> bool:
    """Whether a text that is about to be sent lacks what was found since it was drafted, unknown to its writer."""
    opened = filling.opened
    if filling.seen >= opened.snapshot.version or fill.was_sent(filling):
        return False
    with opened.site.store.reading() as connection:
        snapshot = load_case(connection, opened.reference, seen=filling.seen)
    return snapshot is not None and bool(behind_drafts(filling, snapshot.since))


def _changes(filling: Filling) -> list[Line]:
    """What happened to the case since the form was shown, newest last; to outsiders only what stands in their way."""
    opened = filling.opened
    with opened.site.store.reading() as connection:
        history = history_of(connection, opened.reference, after=filling.seen)
        snapshot = load_case(connection, opened.reference, seen=filling.seen)
    written, since = set(filling.form) & set(opened.definition.workflow.fields), snapshot.since if snapshot else ()
    clashing = behind_drafts(filling, since) | {
        change.version
        for change in since
        if change.moved or change.fields & written or (filling.item is not None and change.item == filling.item)
    }
    told = Told(opened.definition, opened.actor, opened.audience, names=opened.names_in(history))
    entries = seen_by(opened, history)
    return told.lines(entry for entry in entries if entry.version in clashing)


ROUTES = [ask, answer]
