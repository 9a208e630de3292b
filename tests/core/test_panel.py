"""The panel: enough people of enough services, none of them with an interest, each with one view."""

import pytest

from apflow.core.commands import Fire
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotOpen
from apflow.core.people.actor import Actor
from apflow.core.play import Play
from apflow.testing import OLIVE, PAVEL, PETRA, POPPY
from tests.core.journey import give_views, reach

PIA = Actor(14, "Pia Panel", frozenset({"panel_member"}), agency="send")
PERI = Actor(15, "Peri Panel", frozenset({"panel_member"}), agency="send")
PIM = Actor(16, "Pim Panel", frozenset({"panel_member"}))  # of no agency that we know
TOO_FEW = "At least 3 members of the panel, without a conflict of interest, must give their view first."
TOO_ALIKE = "Members from at least 2 agencies must give their view first."


@pytest.fixture
def panel(definition: Definition) -> Play:
    return reach(definition, "panel")


def reasons_against_deciding(play: Play) -> tuple[str, ...]:
    """Why the panel's agreement cannot be recorded yet, if it cannot."""
    try:
        play.decide(Fire("panel_agree", OLIVE, play.answers("panel_agree")))
    except Blocked as refused:
        return refused.reasons
    return ()


@pytest.mark.parametrize(
    ("members", "reasons"),
    [
        ((), (TOO_FEW, TOO_ALIKE)),
        ((PETRA, PAVEL), (TOO_FEW,)),
        ((PETRA, PIA, PERI), (TOO_ALIKE,)),
        ((PETRA, PIA, PIM), (TOO_ALIKE,)),
        ((PETRA, PAVEL, PIA), ()),
        ((PETRA, PAVEL, PIM), ()),
        ((PETRA, PAVEL, POPPY, PIA), ()),
    ],
)
def test_three_views_of_two_agencies_are_enough(
    panel: Play, members: tuple[Actor, ...], reasons: tuple[str, ...]
) -> None:
    for member in members:
        give_views(panel, member)

    assert reasons_against_deciding(panel) == reasons


@pytest.mark.parametrize("event", ["panel_agree", "panel_ask", "panel_decline"])
def test_no_decision_is_recorded_without_the_quorum(panel: Play, event: str) -> None:
    give_views(panel, PETRA, PAVEL)

    with pytest.raises(Blocked):
        panel.fire(OLIVE, event, **panel.answers(event))
    give_views(panel, POPPY)

    assert panel.fire(OLIVE, event, **panel.answers(event)).moved


def test_a_view_may_be_changed_and_still_counts_once(panel: Play) -> None:
    give_views(panel, PETRA, view="decline")
    give_views(panel, PETRA, view="visit")
    give_views(panel, PETRA, PAVEL)

    views = panel.case.items["panel_views"]
    assert views[str(PETRA.id)].data["view"] == "visit"
    assert reasons_against_deciding(panel) == (TOO_FEW,)


def test_a_member_with_an_interest_does_not_count_and_cannot_come_back(panel: Play) -> None:
    give_views(panel, PETRA, PAVEL, POPPY)

    panel.fire(POPPY, "declare_conflict", conflict="My sister works there.")

    assert reasons_against_deciding(panel) == (TOO_FEW,)
    assert "view" not in panel.case.items["panel_views"][str(POPPY.id)].data
    with pytest.raises(NotOpen, match="Declared a conflict of interest"):
        give_views(panel, POPPY)


def test_nobody_speaks_for_another_member(panel: Play) -> None:
    panel.fire(PETRA, "give_view", item=str(PAVEL.id), view="visit", comments="For Pavel.")

    assert set(panel.case.items["panel_views"]) == {str(PETRA.id)}


def test_a_view_carries_who_gave_it_and_for_which_agency(panel: Play) -> None:
    give_views(panel, PETRA)

    data = panel.case.items["panel_views"][str(PETRA.id)].data
    assert (data["label"], data["agency"]) == ("Petra Panel", "send")


def test_the_visit_is_recorded_only_once_its_day_has_come(definition: Definition) -> None:
    play = reach(definition, "visit")
    play.fire(OLIVE, "arrange_visit", **play.answers("arrange_visit", visit_on="2026-11-03"))

    with pytest.raises(Blocked, match="The visit has not taken place yet"):
        play.fire(OLIVE, "record_visit", **play.answers("record_visit"))
    play.now = play.now.replace(day=3)
    play.fire(OLIVE, "record_visit", **play.answers("record_visit", visit_outcome="actions"))

    with pytest.raises(Blocked, match="The visit did not find everything in order"):
        play.fire(OLIVE, "approve", ready=True)


def test_an_officer_records_what_a_member_says_of_their_interest_and_the_member_is_not_counted(panel: Play) -> None:
    give_views(panel, PETRA, PAVEL, POPPY)
    assert reasons_against_deciding(panel) == ()

    member = next(iter(panel.people["panel_member"]))
    give_views(panel, Actor(member, "Sample Person", frozenset({"panel_member"}), agency="send"))
    outcome = panel.fire(OLIVE, "record_conflict", member=str(member), conflict="Her sister teaches there.")

    (item,) = outcome.items
    assert (item.key, item.status) == (str(member), "conflicted")
    assert item.data == {
        "label": "Sample Person",
        "agency": panel.world.agencies[member],
        "member": member,
        "conflict": "Her sister teaches there.",
    }
    assert outcome.entry.actor == OLIVE
    with pytest.raises(NotOpen):
        give_views(panel, Actor(member, "Sample Person", frozenset({"panel_member"}), agency="send"))
    with pytest.raises(Invalid, match="declared a conflict of interest") as refused:
        panel.fire(OLIVE, "record_conflict", member=member, conflict="Again.")
    assert list(refused.value.errors) == ["member"]


@pytest.mark.parametrize("member", ["", "nobody", 1, True, [900], None])
def test_a_conflict_is_recorded_of_members_only(panel: Play, member: object) -> None:
    with pytest.raises(Invalid):
        panel.fire(OLIVE, "record_conflict", member=member, conflict="A cousin.")
    assert not panel.case.items.get("panel_views")


def test_nobody_but_an_officer_records_the_conflict_of_another(panel: Play) -> None:
    with pytest.raises(NotAllowed):
        panel.fire(PETRA, "record_conflict", member=900, conflict="A cousin.")


@pytest.mark.parametrize(
    ("event", "view"), [("panel_agree", "visit"), ("panel_ask", "more"), ("panel_decline", "decline")]
)
def test_a_decision_that_most_members_did_not_want_takes_a_reason(panel: Play, event: str, view: str) -> None:
    others = [one for one in ("visit", "more", "decline") if one != view]
    give_views(panel, PETRA, view=view)
    give_views(panel, PAVEL, view=others[0])
    give_views(panel, POPPY, view=others[1])
    with pytest.raises(Blocked, match="Say why the panel decided so all the same"):
        panel.fire(OLIVE, event, **panel.answers(event, departs_because=""))

    give_views(panel, POPPY, view=view)
    panel.decide(Fire(event, OLIVE, panel.answers(event, departs_because="")))
    give_views(panel, POPPY, view=others[1])
    panel.fire(OLIVE, event, **panel.answers(event, departs_because="The certificate came on the day."))


def test_members_whose_views_are_as_many_on_either_side_are_no_majority(panel: Play) -> None:
    give_views(panel, PETRA, PAVEL, view="visit")
    give_views(panel, POPPY, PIA, view="decline")
    for event in ("panel_agree", "panel_decline"):
        panel.decide(Fire(event, OLIVE, panel.answers(event, departs_because="")))
