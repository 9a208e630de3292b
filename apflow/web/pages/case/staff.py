"""A case as staff work on it: what to do next, by when and why, the papers, the panel, and everything that happened."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from operator import attrgetter
from typing import Any

from litestar import Request, Response
from litestar.datastructures import MultiDict
from litestar.response import Redirect

from apflow.core.days.calendar import local_date
from apflow.core.definition import words
from apflow.core.people.actor import Actor
from apflow.core.people.permission import is_listed, may_see_collection
from apflow.core.work import NOT_REACHED
from apflow.store import beside
from apflow.store.people import people
from apflow.store.people.away import Away, away_on
from apflow.store.reading import deliveries
from apflow.store.reading.files import files_named
from apflow.store.reading.looks import look_of, others_looking
from apflow.web.asking.checking import to_check
from apflow.web.asking.sets import next_of, sets_of
from apflow.web.banners import done_banner, override_banner
from apflow.web.case import related
from apflow.web.case.actions import actions_of
from apflow.web.case.agenda import on_the_agenda
from apflow.web.case.applied_before import applied_before
from apflow.web.case.foreseen import coming_to
from apflow.web.case.happened import A_PAGE, happened
from apflow.web.case.invoiced import compared
from apflow.web.case.kept_forms import kept_forms
from apflow.web.case.led_here import led_here
from apflow.web.case.made import to_keep
from apflow.web.case.opened import Opened
from apflow.web.case.overridden import others_barriers, set_aside_of
from apflow.web.case.panel import Views, views_of
from apflow.web.case.papers import EVIDENCE, Paper, by_section, papers_of, wants_doing
from apflow.web.case.proposed import proposed_on, public_address
from apflow.web.case.registers import writes_to_many_before
from apflow.web.case.shown_task import shown_task
from apflow.web.case.timeline import Line, Said, bundled
from apflow.web.case.undone import undone_on
from apflow.web.case.whose_move import whose_move
from apflow.web.case.why import why
from apflow.web.going_on import address_of_next, finished_before, goes_on, going_from, next_of_work
from apflow.web.handed import Handed, handed_of
from apflow.web.render import page
from apflow.web.sides import beside_title
from apflow.web.taken_back import taken_back_of
from apflow.web.wording import lower_first

SHOWN = 20
LINKED = 10
EARLIER = 5
_LOOKING = timedelta(minutes=15)
_LOOK_AGAIN = timedelta(minutes=5)


@dataclass(frozen=True, slots=True)
class Refused:
    """An alert that could not be marked as done: what was typed, and what is wrong with it."""

    task: int
    note: str
    error: str


@dataclass(frozen=True)
class _Kept:
    """What the database has about the case beside its snapshot."""

    names: Mapping[int, str]
    away: Away
    looked: tuple[int, datetime] | None
    others: Sequence[str]
    views: Sequence[Views]
    handed: Handed | None
    has_told_many: bool
    led_here: Sequence[Said]


def show(
    request: Request[Any, Any, Any],
    opened: Opened,
    refused: Refused | None = None,
    *,
    not_taken_up: Sequence[str] = (),
) -> Response[Any]:
    """The page; and a note that this person has now seen the case as it stands."""
    finished, sets = finished_before(opened, request.query_params), sets_of(opened)
    params = MultiDict() if finished else request.query_params
    kept = _kept(opened, params)
    banner = done_banner(opened, params) or override_banner(opened, params)
    next_item = next_of(sets, params) if banner else None
    following = next_of_work(opened) if banner or kept.handed else None
    if following and not next_item and goes_on(opened, params):
        return Redirect(address_of_next(opened, following, params), status_code=303)
    note_look(opened, kept.looked)
    return page(
        request,
        "case/staff.html",
        status=422 if refused else 409 if not_taken_up else 200,
        opened=opened,
        refused=refused,
        not_taken_up=not_taken_up,
        banner=banner,
        handed=kept.handed,
        going=going_from(opened),
        taken_back=taken_back_of(opened, params),
        finished=finished,
        next_task=following,
        views=kept.views,
        **_itself(opened),
        sets=sets,
        next_item=next_item,
        **_earlier(opened),
        **_linked(opened, is_whole=request.query_params.get("linked") == "all"),
        unsent=kept_forms(opened, request.query_params),
        **_standing(opened, kept),
        **_to_do(opened, kept),
        **_papers(opened),
        **_happened(opened, kept),
        has_told_many=kept.has_told_many,
    )


def _itself(opened: Opened) -> dict[str, Any]:
    """What the case holds and is, whoever looks and whatever was just done."""
    is_a_provider = opened.definition.name == opened.site.current().name
    return {
        "kind": "" if is_a_provider else opened.definition.workflow.title,
        "details": _details(opened),
        "beside_it": related.beside(opened),
        "proposed": proposed_on(opened),
        "public_address": public_address(opened),
        "coming": coming_to(opened),
        "found": undone_on(opened),
        "may_be_erased": is_listed(opened.definition, opened.snapshot.state, opened.actor),
        **on_the_agenda(opened),
        **to_keep(opened),
        **compared(opened),
    }


def _linked(opened: Opened, *, is_whole: bool) -> dict[str, Any]:
    """The cases that belong with this one; of a great many only some, until all are asked for."""
    many, parent = len(opened.snapshot.children) > LINKED, related.parent_of(opened)
    return {
        "parent": parent,
        "is_of_a_provider": _is_of_a_provider(opened, parent),
        "children": related.children_of(opened) if is_whole else related.first_children_of(opened, LINKED),
        "has_more_children": many and not is_whole,
    }


def _is_of_a_provider(opened: Opened, parent: related.Related | None) -> bool:
    """Whether the case is a provider's or belongs to one, and not to a single placement."""
    if parent is None:
        return opened.definition.name == opened.site.current().name
    return opened.site.library.current(parent.kind).workflow.keeps is None


def _earlier(opened: Opened) -> dict[str, Any]:
    """What there was before of the same kind; of a provider's own case, whatever may be about the same provider."""
    if opened.definition.name == opened.site.current().name:
        before = applied_before(opened, EARLIER)
        return {"earlier_cases": before.cases, "warnings": before.warnings, "earlier_is_a_guess": True}
    return {"earlier_cases": [*related.earlier_of(opened, EARLIER), *related.shown_above(opened)], "warnings": ()}


def _standing(opened: Opened, kept: _Kept) -> dict[str, Any]:
    """Where the case stands, whose move it is, and who is on it."""
    state = opened.definition.state(opened.snapshot.state)
    return {
        "state": state,
        "awaiting": whose_move(opened, state.awaiting, kept.names),
        "beside": beside_title(opened.definition, opened.snapshot.fields, opened.actor),
        "led_here": kept.led_here,
        "holder": kept.names.get(opened.snapshot.assigned_to or 0),
        "others": kept.others,
    }


def _to_do(opened: Opened, kept: _Kept) -> dict[str, Any]:
    tasks = [shown_task(opened, task, kept.names, kept.away) for task in opened.snapshot.tasks]
    others = [shown for shown in tasks if shown.task.name != NOT_REACHED]
    return {
        "actions": actions_of(opened.offers()),
        "overrides": set_aside_of(opened),
        "barriers": others_barriers(opened),
        "alerts": [shown for shown in others if shown.is_alert_for_me],
        "tasks": [shown for shown in others if not shown.is_alert_for_me],
        "unreached": [shown for shown in tasks if shown.task.name == NOT_REACHED],
        "whys": [
            why(opened, running) for running in sorted(opened.snapshot.deadlines.values(), key=attrgetter("due_at"))
        ],
    }


def _papers(opened: Opened) -> dict[str, Any]:
    papers = papers_of(opened) if _may_see_papers(opened) else []
    waiting = to_check(opened, EVIDENCE) if papers else ()
    sent = [str(paper.said["file"]) for paper in papers if paper.said.get("file")]
    with opened.site.store.reading() as connection:
        files = files_named(connection, opened.snapshot.id or 0, sent)
    return {
        "papers": papers,
        "sections": by_section(papers),
        "paper_counts": _paper_counts(papers),
        "files": files,
        "waiting": waiting,
        "papers_are_folded": bool(papers) and not waiting and not any(map(wants_doing, papers)),
    }


def _happened(opened: Opened, kept: _Kept) -> dict[str, Any]:
    """The newest of what happened. What is new and does not fit is on the timeline's own page."""
    some = happened(opened, limit=A_PAGE, seen=kept.looked[0] if kept.looked else None)
    bundles = bundled(some.lines)
    left_out = [line for bundle in bundles[SHOWN:] for line in bundle.lines]
    news = _news(opened, some.lines)
    return {
        "news": news,
        "has_more_news": bool(some.earlier and some.lines and some.lines[-1].is_new),
        "bundles": bundles[:SHOWN],
        "earlier": left_out[0].version + 1 if left_out else some.earlier,
    }


def _kept(opened: Opened, params: MultiDict[str]) -> _Kept:
    case_id, actor = opened.snapshot.id or 0, opened.actor
    holders = [task.claimed_by for task in opened.snapshot.tasks] + [opened.snapshot.assigned_to]
    with opened.site.store.reading() as connection:
        looking = others_looking(connection, case_id=case_id, but=_id(actor), since=opened.now - _LOOKING)
        return _Kept(
            names=people.names(connection, (holder for holder in holders if holder is not None)),
            away=away_on(connection, local_date(opened.now)),
            looked=look_of(connection, person=_id(actor), case_id=case_id),
            others=[row.name for row in looking if opened.definition.workflow.party_role not in row.roles],
            views=views_of(connection, opened),
            handed=handed_of(opened.site, connection, actor, params),
            led_here=led_here(connection, opened),
            has_told_many=writes_to_many_before(opened) and bool(deliveries.sendings(connection, case_id)),
        )


def note_look(opened: Opened, looked: tuple[int, datetime] | None = None) -> None:
    """Keep that this person has seen the case as it stands, unless that has just been kept."""
    version, case_id = opened.snapshot.version, opened.snapshot.id
    if case_id is None or (looked and looked[0] == version and looked[1] > opened.now - _LOOK_AGAIN):
        return
    with opened.site.store.writing() as connection:
        beside.note_look(connection, person=_id(opened.actor), case_id=case_id, version=version, now=opened.now)


def _news(opened: Opened, lines: Sequence[Line]) -> list[Line]:
    """What others did since this person's last look, newest first."""
    return [line for line in lines if line.is_new and line.actor_id != opened.actor.id]


def _may_see_papers(opened: Opened) -> bool:
    has_papers = EVIDENCE in opened.definition.workflow.collections
    return has_papers and may_see_collection(opened.definition, EVIDENCE, opened.actor)


def _paper_counts(papers: Sequence[Paper]) -> list[str]:
    """How many documents stand at each status, in the order they first appear."""
    counts = Counter(paper.status_label for paper in papers)
    return [f"{count} {lower_first(label)}" for label, count in counts.items()]


def _details(opened: Opened) -> list[tuple[str, str, related.Related | None]]:
    """What the case holds, under the labels it was asked by; where that is the reference of a case, which that is."""
    fields, said = opened.shown, words.all_in_words(opened.shown, opened.snapshot.fields, opened.names)
    return [(fields[name].label, text, related.named(opened, text)) for name, text in said.items() if text]


def _id(actor: Actor) -> int:
    assert actor.id is not None
    return actor.id
