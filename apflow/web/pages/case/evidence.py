"""One document of a case, for whoever may see it: what is asked for, what was sent, and what can be done with it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from litestar import Request, Response, get
from litestar.params import FromPath

from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.labels import STAFF
from apflow.core.definition.words import in_words
from apflow.core.errors import NotFound
from apflow.core.firing.offers import Offer
from apflow.core.people.permission import may_see_collection
from apflow.store.reading.files import files_of
from apflow.store.reading.history import HistoryView, history_of
from apflow.web.asking import filling as fill
from apflow.web.asking.filling import Filling
from apflow.web.asking.together import address_beside
from apflow.web.banners import done_banner
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.papers import EVIDENCE, Paper, can_be_sent, neighbours, papers_of, rule_of
from apflow.web.case.timeline import Line, Told
from apflow.web.concurrency import threaded
from apflow.web.forms import Question
from apflow.web.identity import require
from apflow.web.render import page

_EMPHASIS = ("main", "usual", "quiet", "danger")


@dataclass(frozen=True)
class Ready:
    """One event's part of the form, filled in as far as the person got before, and where its button sends the whole."""

    filling: Filling
    questions: list[Question]
    address: str = ""

    @property
    def names(self) -> frozenset[str]:
        return frozenset(self.filling.form)


@get("/cases/{reference:str}/evidence/{key:str}", include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any], reference: FromPath[str], key: FromPath[str]) -> Response[Any]:
    """The document's page."""
    opened = open_case(request.app.state.site, require(request).actor, reference)
    papers = papers_of(opened) if EVIDENCE in opened.definition.workflow.collections else []
    paper = next((paper for paper in papers if paper.key == key), None)
    if paper is None or not may_see_collection(opened.definition, EVIDENCE, opened.actor):
        raise NotFound
    before, after = neighbours(papers, key)
    possible = [offer for offer in opened.item_offers((EVIDENCE, key)) if offer.is_possible]
    here, elsewhere = _forms(opened, possible)
    return page(
        request,
        "evidence/show.html",
        opened=opened,
        for_staff=opened.audience == STAFF,
        banner=done_banner(opened, request.query_params),
        paper=paper,
        rule=rule_of(paper.entry),
        before=before,
        after=after,
        forms=here,
        links=elsewhere,
        can_be_sent=can_be_sent(opened),
        state=opened.definition.state(opened.snapshot.state).label.to(opened.audience),
        **_sent(opened, paper),
    )


def _forms(opened: Opened, possible: Sequence[Offer]) -> tuple[list[Ready], list[Offer]]:
    """The forms to show on the page itself, main first; a link to those that would ask for the same name twice."""
    here: list[Ready] = []
    elsewhere: list[Offer] = []
    for offer in sorted(possible, key=lambda offer: _EMPHASIS.index(offer.spec.emphasis)):
        filling = fill.with_draft(fill.begin(opened, offer.event, offer.item[1] if offer.item else None))
        taken = frozenset[str]().union(*(ready.names for ready in here))
        if offer.spec.check_answers or taken & filling.form.keys():
            elsewhere.append(offer)
        else:
            here.append(Ready(filling, filling.questions()))
    together = [ready.filling for ready in here]
    return [replace(ready, address=address_beside(ready.filling, together)) for ready in here], elsewhere


def _sent(opened: Opened, paper: Paper) -> dict[str, Any]:
    """What came in and what was said of it. Outsiders are spared the officers' notes."""
    with opened.site.store.reading() as connection:
        files = files_of(connection, opened.snapshot.id or 0)
        entries = [entry for entry in history_of(connection, opened.reference) if _is_about(entry, paper.key)]
    return {
        "file": files.get(str(paper.said.get("file", ""))),
        "sent_at": next(
            (entry.at for entry in reversed(entries) if "file" in (entry.payload.get("answers") or {})), None
        ),
        "said": _said(opened, paper),
        "lines": _lines(opened, entries, files),
    }


def _said(opened: Opened, paper: Paper) -> list[tuple[str, str]]:
    """The dates and words that stand for the document now, under the labels they were asked by."""
    specs = _asked(opened)
    shown = [name for name in specs if name in paper.said and (opened.audience == STAFF or name in _theirs(opened))]
    # Of a paper that is good for so long from its date, the page says itself how long that is.
    elsewhere = {"file", "expires_on"} if paper.entry.expiry_kind == "dated" else {"file"}
    return [
        (specs[name].label, in_words(specs[name], paper.said[name], opened.names) or "")
        for name in shown
        if name not in elsewhere
    ]


def _asked(opened: Opened) -> dict[str, FieldSpec]:
    """Every question that some event asks about a document."""
    definition = opened.definition
    return {
        name: spec
        for (state, event), form in definition.forms.items()
        if (item := definition.events[state][event].item) and item.of == EVIDENCE
        for name, spec in form.items()
    }


def _theirs(opened: Opened) -> frozenset[str]:
    """The questions the provider is asked, whose answers are theirs to see."""
    definition, role = opened.definition, opened.definition.workflow.party_role
    return frozenset(
        name
        for (state, event), form in definition.forms.items()
        if role in definition.events[state][event].by
        for name in form
    )


def _lines(opened: Opened, entries: Sequence[HistoryView], files: Any) -> list[Line]:
    """What happened to the document, newest first, for staff."""
    if opened.audience != STAFF:
        return []
    told = Told(opened.definition, opened.actor, opened.audience, files, names=opened.names_in(entries))
    return list(reversed(told.lines(entries)))


def _is_about(entry: HistoryView, key: str) -> bool:
    return list(entry.payload.get("item") or ()) == [EVIDENCE, key]


ROUTES = [show]
