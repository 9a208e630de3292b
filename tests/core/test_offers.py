"""Offers agree with decisions: nothing is promised that is then refused, nothing hidden that is possible."""

import pytest

from apflow.core.commands import Fire
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen, Refusal
from apflow.core.firing.offers import Offer, item_offers, offers
from apflow.core.people.actor import THE_PUBLIC, Actor
from apflow.core.play import Play
from apflow.loader import Library
from apflow.testing import DAN, MAGDA, OLIVE, PAT, PAVEL, PETRA
from tests.core.journey import ENDS, JOURNEY, all_offers, give_views, reach, required, reworded, with_few_papers

EVERYONE = (OLIVE, MAGDA, PETRA, PAVEL, PAT, DAN, THE_PUBLIC)


@pytest.fixture(scope="module")
def moments(definition: Definition) -> dict[str, list[Play]]:
    """For each state the case on entering it, and half way through it; only to be looked at."""
    definition = with_few_papers(definition)
    return {state: [reach(definition, state), half_way_through(definition, state)] for state in (*JOURNEY, *ENDS)}


def half_way_through(definition: Definition, state: str) -> Play:
    half_way = reach(definition, state)
    match state:
        case "gathering_evidence":
            half_way.fire(PAT, "say_not_applicable", "employers_liability", why="We employ nobody.")
            for _ in range(3):
                half_way.fire(OLIVE, "allow_more_time", why="x")
        case "checking_evidence":
            half_way.fire(OLIVE, "send_back", "online_safety", reason="Send one.")
            for key in required(definition):
                half_way.fire(OLIVE, "accept", key)
        case "panel":
            give_views(half_way, PETRA)
            half_way.fire(PAVEL, "declare_conflict", conflict="My sister works there.")
        case "visit":
            half_way.fire(OLIVE, "arrange_visit", **half_way.answers("arrange_visit"))
            half_way.fire(OLIVE, "record_visit", **half_way.answers("record_visit", visit_outcome="actions"))
    return half_way


def refusal_of(play: Play, actor: Actor, event: str, item: str | None = None) -> Refusal | None:
    """How the event is refused when it is fired without any answers, if it is."""
    try:
        play.decide(Fire(event, actor, item=item))
    except Refusal as refused:
        return refused
    return None


def agrees(offer: Offer, refused: Refusal | None) -> bool:
    match refused:
        case None | Invalid():
            return offer.is_possible
        case Blocked():
            return offer.reasons == refused.reasons
        case NotOpen():
            return offer.reasons == (refused.message,)
        case _:
            return False


@pytest.mark.parametrize("actor", EVERYONE, ids=lambda actor: actor.name)
@pytest.mark.parametrize("state", [*JOURNEY, *ENDS])
def test_every_offer_is_decided_as_it_was_offered(moments: dict[str, list[Play]], state: str, actor: Actor) -> None:
    for play in moments[state]:
        for offer in all_offers(play, actor):
            item = offer.item[1] if offer.item else None
            refused = refusal_of(play, actor, offer.event, item)
            assert agrees(offer, refused), (offer.event, item, offer.reasons, refused)


@pytest.mark.parametrize("actor", EVERYONE, ids=lambda actor: actor.name)
@pytest.mark.parametrize("state", [*JOURNEY, *ENDS])
def test_what_is_not_offered_is_refused(moments: dict[str, list[Play]], state: str, actor: Actor) -> None:
    for play in moments[state]:
        offered = {offer.event for offer in all_offers(play, actor)}
        for event in play.definition.event_names - offered:
            assert type(refusal_of(play, actor, event, "public_liability")) in (NotFound, NotAllowed, NotOpen), event


def test_the_offers_of_a_page_say_why_something_cannot_be_done_yet(definition: Definition) -> None:
    play = reach(definition, "panel")

    found = {offer.event: offer.reasons for offer in offers(definition, play.case, OLIVE, play.world)}

    assert found["move_panel"] == ()
    assert [reason[:18] for reason in found["panel_agree"]] == ["At least 3 members", "Members from at le"]


@pytest.mark.parametrize("actor", [DAN, THE_PUBLIC])
def test_someone_who_does_not_see_the_case_is_offered_nothing(definition: Definition, actor: Actor) -> None:
    assert all_offers(reach(definition, "gathering_evidence"), actor) == []


def test_each_paper_is_offered_what_its_status_allows(definition: Definition) -> None:
    play = reach(definition, "checking_evidence")

    def possible(key: str) -> list[str]:
        found = item_offers(definition, play.case, OLIVE, play.world, ("evidence", key))
        return [offer.event for offer in found if offer.is_possible]

    assert possible("curriculum") == ["accept", "send_back"]
    assert possible("online_safety") == ["send_back"]


def test_an_offer_on_your_own_item_is_judged_by_that_item(library: Library) -> None:
    guard = "  has_a_view: {when: {fact: item.status, is: given}, reason: Give your view first., assumed: x}\n"
    definition = reworded(
        library,
        ("  may_not_apply:\n", guard + "  may_not_apply:\n"),
        (
            "        emphasis: quiet\n        item: {of: panel_views",
            "        requires: has_a_view\n        item: {of: panel_views",
        ),
    )
    play = reach(definition, "panel")
    give_views(play, PETRA)

    found = {
        member.name: offer.reasons
        for member in (PETRA, PAVEL)
        for offer in offers(definition, play.case, member, play.world)
        if offer.event == "declare_conflict"
    }

    assert found == {"Petra Panel": (), "Pavel Panel": ("Give your view first.",)}
