"""A case that an outsider shares with the council, such as a visit or an action plan: what to do now, and what it says.

Their application has a page of its own. Nothing here comes from what only staff may see.
"""

from collections.abc import Sequence
from typing import Any

from litestar import Request, Response

from apflow.core.definition.words import all_in_words
from apflow.core.firing.offers import Offer
from apflow.store.outbox import messages_to
from apflow.store.reading.history import milestones_of
from apflow.web.asking.sets import next_of, sets_of, to_begin_with
from apflow.web.banners import done_banner
from apflow.web.case import story
from apflow.web.case.foreseen import coming_to
from apflow.web.case.invoiced import compared
from apflow.web.case.kept_forms import kept_forms
from apflow.web.case.led_here import led_here
from apflow.web.case.made import to_keep
from apflow.web.case.opened import Opened
from apflow.web.case.own_part import items_to_do, parts_done, parts_to_write
from apflow.web.case.panel import views_of
from apflow.web.case.pupil import may_look_up
from apflow.web.case.related import first_children_of, parent_of
from apflow.web.case.signatures import signatures_of, to_sign
from apflow.web.identity import require
from apflow.web.render import page
from apflow.web.sides import other_side, side_of

_LINKED = 20


def show(request: Request[Any, Any, Any], opened: Opened) -> Response[Any]:
    """The outsider's page of it."""
    actor, every = opened.actor, opened.offers()
    state, sets = opened.definition.state(opened.snapshot.state), sets_of(opened)
    banner = done_banner(opened, request.query_params)
    offers, waiting = [offer for offer in every if offer.is_possible], items_to_do(opened)
    main = [offer for offer in offers if offer.spec.emphasis == "main"]
    done = parts_done(opened, every)
    is_their_turn = state.awaiting in actor.roles
    return page(
        request,
        "provider/shared.html",
        opened=opened,
        state=state,
        banner=banner,
        next_item=next_of(sets, request.query_params) if banner else None,
        unsent=kept_forms(opened, request.query_params),
        do_now=next((said for role, said in state.do_now.items() if role in actor.roles), ""),
        is_their_move=is_their_turn or bool(to_sign(offers) or waiting or parts_to_write(opened, offers)),
        waiting=waiting,
        waiting_for=side_of(opened.definition, state.awaiting or "", opened.snapshot.fields, actor),
        beside=other_side(opened.definition, opened.snapshot.fields, actor),
        looks_up_pupil=may_look_up(opened),
        due=story.due_for(opened) if is_their_turn else story.due_from_others(opened),
        main=[offer for offer in main if offer not in done],
        done=done,
        go_on=None if main or banner or len(waiting) == 1 or not is_their_turn else to_begin_with(sets),
        not_yet=[one for one in every if not one.is_possible and not one.is_past and one.spec.emphasis == "main"],
        **_besides(offers),
        sets=sets,
        details=_details(opened),
        parent=parent_of(opened),
        children=first_children_of(opened, _LINKED),
        **_from_the_store(opened, every, require(request).email.lower()),
        **to_keep(opened),
        **compared(opened),
        coming=coming_to(opened),
    )


def _from_the_store(opened: Opened, every: Sequence[Offer], email: str) -> dict[str, Any]:
    """What led here, who has signed, what happened and what they were written, never what went to anybody else."""
    case_id = opened.snapshot.id or 0
    with opened.site.store.reading() as connection:
        return {
            "led_here": led_here(connection, opened),
            "signed": views_of(connection, opened),
            "under": signatures_of(connection, opened, every),
            "journey": story.journey_of(opened, milestones_of(connection, case_id, ())),
            "letters": story.letters(opened, messages_to(connection, case_id, opened.actor.id, email)),
        }


def _besides(offers: Sequence[Offer]) -> dict[str, Any]:
    """What they can do as well, by how much it stands out."""
    return {
        "others": [offer for offer in offers if offer.spec.emphasis == "usual"],
        "also": [offer for offer in offers if offer.spec.emphasis in ("quiet", "danger")],
    }


def _details(opened: Opened) -> list[tuple[str, str]]:
    """What the case holds, as far as they read it, without who they are themselves."""
    workflow = opened.definition.workflow
    fields, said = opened.shown, all_in_words(opened.shown, opened.snapshot.fields, opened.names)
    own = {name for party in workflow.parties if party.role in opened.actor.roles for name in (party.name, party.email)}
    left_out = {*own, workflow.called}
    return [(fields[name].label, text) for name, text in said.items() if text and name not in left_out]
