"""A case as the outsider it is about sees it: what to do now, what waits for the council, and what is done.

Nothing here comes from what only staff may see: no views of the panel, no notes, no mail but the reader's own.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from litestar import Request, Response

from apflow.core.conditions import falling_short, holds
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.words import all_in_words
from apflow.core.firing.offers import Offer
from apflow.core.people.actor import Actor
from apflow.core.people.permission import readable
from apflow.core.snapshot import Snapshot
from apflow.store.outbox import messages_to
from apflow.store.reading.history import HistoryView, milestones_of
from apflow.web.banners import done_banner
from apflow.web.case import story
from apflow.web.case.foreseen import coming_to
from apflow.web.case.kept_forms import kept_forms
from apflow.web.case.opened import Opened
from apflow.web.case.papers import Paper, by_section, can_be_sent, papers_of, progress_of, to_renew
from apflow.web.case.proposed import proposed_on, public_address
from apflow.web.case.still_to_do import ANSWER_NOTE, ENTRY, RECORD_VISIT, entry_to_write, note_to_read
from apflow.web.identity import require
from apflow.web.render import page
from apflow.web.site import Site

_ARRANGE_VISIT = "arrange_visit"
_ABOUT_THEM = ("organisation", "contact_name", "contact_email", "contact_phone", "postcode")
_ABOUT_THEM_TOO = ("what_is_offered", "registration", "urn")


@dataclass(frozen=True, slots=True)
class Missing:
    """Why the next step is not possible yet: a sentence, and the papers it is about."""

    sentence: str
    papers: tuple[Paper, ...]


def show(
    request: Request[Any, Any, Any], site: Site, definition: Definition, snapshot: Snapshot, actor: Actor
) -> Response[Any]:
    """The outsider's page of a case they may see."""
    now = site.now()
    opened = Opened(site, actor, definition, snapshot, now)
    case_id, email = snapshot.id or 0, require(request).email.lower()
    with site.store.reading() as connection:
        entries = milestones_of(connection, case_id, (_ARRANGE_VISIT, RECORD_VISIT, ANSWER_NOTE))
        messages = messages_to(connection, case_id, actor.id, email)  # Never those to anybody else.
    return page(
        request,
        "provider/tracker.html",
        opened=opened,
        state=definition.state(snapshot.state),
        banner=done_banner(opened, request.query_params),
        unsent=kept_forms(opened, request.query_params),
        **_to_do(opened),
        **_so_far(opened, entries),
        unread=note_to_read(entries, opened.offers()),
        unwritten=entry_to_write(opened, opened.offers()),
        letters=story.letters(opened, messages),
        details=_details(opened),
        coming=coming_to(opened),
        proposed=proposed_on(opened),
        public_address=public_address(opened),
        fields=_told_fields(opened),
    )


def _to_do(opened: Opened) -> dict[str, Any]:
    papers, offers = papers_of(opened), opened.offers()
    main = next((offer for offer in offers if offer.spec.emphasis == "main"), None)
    can_send = can_be_sent(opened)
    return {
        "is_our_move": opened.definition.state(opened.snapshot.state).awaiting not in opened.actor.roles,
        "papers": papers,
        "sections": by_section(papers),
        "progress": progress_of(papers),
        "sent_back": [paper for paper in papers if paper.is_sent_back and can_send],
        "run_out": [paper for paper in papers if paper.has_run_out and not paper.is_to_do and can_send],
        "renew": to_renew(opened, papers) if can_send else [],
        "next_paper": next(filter(_is_wanted, papers), None) if can_send else None,
        "can_send": can_send,
        "main": main,
        "missing": _missing(opened, main.spec, papers) if main else [],
        "others": sorted((offer for offer in offers if offer is not main and offer.is_possible), key=_danger_last),
        "waits_for": _waits_for(opened),
        "comes_round": story.comes_round(opened),
    }


def _so_far(opened: Opened, entries: Sequence[HistoryView]) -> dict[str, Any]:
    told, arranged = story.told_on_arrival(opened, entries), story.told_by(opened, entries, _ARRANGE_VISIT)
    noted = story.told_by(opened, entries, RECORD_VISIT)
    due_again = arranged if arranged and (noted is None or noted.at < arranged.at) else None
    return {
        "journey": story.journey_of(opened, entries),
        "ahead": story.ahead(opened),
        "due": story.due_of(opened),
        "told": told,
        "visit": due_again if _ARRANGE_VISIT in opened.definition.events[opened.snapshot.state] else None,
        "note_of_visit": noted,
        "can_apply_again": _can_apply_again(opened),
    }


def _missing(opened: Opened, spec: EventSpec, papers: Sequence[Paper]) -> list[Missing]:
    """What each guard that says no wants first, with the papers themselves to link to."""
    facts, guards = opened.facts(), opened.definition.workflow.guards
    found = []
    for guard in (guards[name] for name in spec.requires if name not in facts.set_aside):
        if holds(guard.when, facts) is True:
            continue
        short = falling_short(guard.when, facts)
        wanted = tuple(paper for paper in papers if paper.label in short)
        lead, _, _ = guard.reason.partition("{which}")
        found.append(Missing(f"{lead.rstrip(' :')}:" if wanted else guard.reason, wanted))
    return found


def _is_wanted(paper: Paper) -> bool:
    return paper.entry.required and (paper.is_to_do or paper.has_run_out)


def _waits_for(opened: Opened) -> str:
    """Who has the next move, as the provider knows them."""
    role = opened.definition.council.roles.get(opened.definition.state(opened.snapshot.state).awaiting or "")
    if role is None:
        return opened.definition.council.team
    return f"{role.title}s" if role.mail == "everyone" else role.title


def _danger_last(offer: Offer) -> bool:
    return offer.spec.emphasis == "danger"


def _can_apply_again(opened: Opened) -> bool:
    is_over = opened.definition.state(opened.snapshot.state).final
    return is_over and bool(opened.world.facts.get("applications_open"))


def _told_fields(opened: Opened) -> dict[str, Any]:
    """What the case holds, as it is stored, as far as they are told of it."""
    fields = readable(opened.definition, opened.definition.workflow.fields, opened.actor)
    return {name: value for name, value in opened.snapshot.fields.items() if name in fields}


def _details(opened: Opened) -> list[tuple[str, str]]:
    """What they told us about themselves."""
    fields = readable(opened.definition, opened.definition.workflow.fields, opened.actor)
    said = all_in_words(fields, opened.snapshot.fields, opened.names)
    asked = (*_ABOUT_THEM, *_ABOUT_THEM_TOO, *opened.definition.workflow.forms.get(ENTRY, {}))
    names = [name for name in asked if name in fields]
    return [(fields[name].label, said[name] or "") for name in names if said[name]]
