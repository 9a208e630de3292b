"""The shipped workflow played to any of its states, for tests to go on from."""

from dataclasses import replace
from datetime import datetime

from apflow.core.checks import Subject, check_unfollowed
from apflow.core.definition.compiled import Definition
from apflow.core.firing.offers import Offer, item_offers, offers
from apflow.core.people.actor import THE_PUBLIC, Actor
from apflow.core.play import Play, unborn
from apflow.loader import Library
from apflow.loader.library import digest_of
from apflow.testing import ENQUIRY, ENTRY, MAGDA, MONDAY, OLIVE, PAT, PAVEL, PETRA, POPPY

MORGAN = Actor(30, "Morgan Manager", frozenset({"manager"}))  # A second one, for what takes two.

PAPERS = ("registration_status", "public_liability", "employers_liability", "online_safety")
PANEL = (PETRA, PAVEL, POPPY)
ENDS = ("declined", "withdrawn", "lapsed", "removed")
_REACHED: dict[tuple[int, str, datetime], Play] = {}  # Each keeps its definition, so that no other gets its id.
JOURNEY = ("enquiry", "gathering_evidence", "checking_evidence", "panel", "visit", "approved")


def a_play(definition: Definition, *, now: datetime = MONDAY) -> Play:
    """A case of PAT's that nobody has begun."""
    return Play(definition, unborn(definition, now), now, PAT.id or 0)


def reach(definition: Definition, state: str, *, now: datetime = MONDAY) -> Play:
    """A case of PAT's in this state, brought there the usual way; each way is gone once and then copied."""
    key = (id(definition), state, now)
    if key not in _REACHED:
        _REACHED[key] = _brought_to(definition, state, now)
    play = _REACHED[key]
    return replace(play, outcomes=list(play.outcomes), changes=list(play.changes))


def _brought_to(definition: Definition, state: str, now: datetime) -> Play:
    play = a_play(definition, now=now)
    play.open(THE_PUBLIC, "enquire", **ENQUIRY)
    for step in JOURNEY[: JOURNEY.index(_before(state))]:
        _STEPS[step](play)
    match state:
        case "declined":
            play.fire(OLIVE, "close_enquiry", **play.answers("close_enquiry"))
        case "withdrawn":
            play.fire(PAT, "withdraw", sure=True)
        case "lapsed":
            play.wait_until(datetime(2027, 3, 1, tzinfo=now.tzinfo))
        case "removed":
            remove(play)
    return play


def required(definition: Definition) -> list[str]:
    """The papers without which nobody is approved."""
    return [key for key, item in definition.catalogue_of("evidence").items() if item.required]


def remove(play: Play) -> None:
    """One manager proposes it, another confirms."""
    play.fire(MAGDA, "propose_removal", **play.answers("propose_removal"))
    play.fire(MORGAN, "confirm_removal", **play.answers("confirm_removal"))


def supply(play: Play, *keys: str) -> None:
    """PAT sends these papers, each good for as long as its kind is."""
    for key in keys:
        play.fire(PAT, "supply", key, **play.answers("supply", expires_on="2028-01-01"))


def give_views(play: Play, *members: Actor, view: str = "visit") -> None:
    for member in members or PANEL:
        play.fire(member, "give_view", view=view, comments="Well prepared.")


def all_offers(play: Play, actor: Actor) -> list[Offer]:
    """Everything the actor is offered, on the case itself and on each of its papers."""
    on_items = [
        offer
        for key in play.definition.catalogue_of("evidence")
        for offer in item_offers(play.definition, play.case, actor, play.world, ("evidence", key))
    ]
    return [*offers(play.definition, play.case, actor, play.world), *on_items]


def reworded(library: Library, *changes: tuple[str, str]) -> Definition:
    """The shipped workflow with some of its lines written differently; its names still all lead somewhere."""
    text = library.sources["provider"].text
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} is there {text.count(before)} times"
        text = text.replace(before, after)
    definition = library.pinned(digest_of(text), text)
    assert not any(found.code.startswith(("unknown", "never-true")) for found in check_unfollowed(Subject(definition)))
    return definition


def with_few_papers(definition: Definition) -> Definition:
    """The workflow with a catalogue of four papers, for tests that do many things to many papers."""
    evidence = definition.catalogues["evidence"]
    few = {key: item for key, item in evidence.items.items() if key in PAPERS}
    fewer = {**definition.catalogues, "evidence": evidence.model_copy(update={"items": few})}
    return replace(definition, catalogues=fewer)


def _before(state: str) -> str:
    return {"declined": "enquiry", "withdrawn": "enquiry", "lapsed": "gathering_evidence", "removed": "approved"}.get(
        state, state
    )


def _invite(play: Play) -> None:
    play.fire(OLIVE, "invite")


def _submit(play: Play) -> None:
    supply(play, *required(play.definition))
    play.fire(PAT, "submit", declaration=True)


def _refer(play: Play) -> None:
    for key in required(play.definition):
        play.fire(OLIVE, "accept", key)
    play.fire(OLIVE, "refer_to_panel", **play.answers("refer_to_panel"))


def _agree(play: Play) -> None:
    give_views(play)
    play.fire(OLIVE, "panel_agree", **play.answers("panel_agree"))
    play.fire(PAT, "describe_entry", **ENTRY)


def _approve(play: Play) -> None:
    for event in ("arrange_visit", "record_visit", "approve"):
        play.fire(OLIVE, event, **play.answers(event, visit_outcome="satisfied"))


_STEPS = {
    "enquiry": _invite,
    "gathering_evidence": _submit,
    "checking_evidence": _refer,
    "panel": _agree,
    "visit": _approve,
}
