"""Cases that are items of another, what they are told, and people who are counted: decided purely, as ever."""

from datetime import timedelta
from typing import Any

import pytest
from msgspec.structs import replace

from apflow.core.commands import Fire
from apflow.core.decide import decide
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen
from apflow.core.facts import items_of
from apflow.core.outcome import Tell
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.play import Play
from apflow.core.rehearsing import a_play, does
from apflow.core.snapshot import Linked
from apflow.loader import Library
from apflow.testing import OLIVE, PETRA
from tests.core.journey import reach


@pytest.fixture
def meetings(library: Library) -> Definition:
    return library.current("panel_meeting")


def planned(meetings: Definition) -> Play:
    play = a_play(meetings)
    does(play, OLIVE, "plan_meeting")
    return play


def test_a_case_goes_by_its_day_in_words(meetings: Definition) -> None:
    assert meetings.title_of({"meeting_on": "2026-12-03"}) == "Thursday 3 December 2026"
    assert meetings.title_of({}) == "Not yet named"


def test_an_event_on_an_item_tells_that_case_what_it_copies(meetings: Definition) -> None:
    play = planned(meetings)
    outcome = play.fire(OLIVE, "put_on_agenda", "AP-AAAA-AAAA")

    day, invited = play.case.fields["meeting_on"], play.case.fields["invited"]
    copied = {"panel_on": day, "panel_meeting": play.case.reference, "asked": invited}
    assert outcome.tells == (Tell("AP-AAAA-AAAA", "provider", "put_on_agenda", copied),)
    assert play.case.items["agenda"]["AP-AAAA-AAAA"].data["label"] == "Sample case AP-AAAA-AAAA"


def test_an_event_on_none_of_them_tells_those_of_its_statuses(meetings: Definition) -> None:
    play = planned(meetings)
    for reference in ("AP-AAAA-AAAA", "AP-BBBB-BBBB"):
        play.fire(OLIVE, "put_on_agenda", reference)
    play.fire(OLIVE, "take_off_agenda", "AP-AAAA-AAAA")

    outcome = does(play, OLIVE, "cancel_meeting")
    assert outcome.tells == (Tell("AP-BBBB-BBBB", "provider", "back_to_waiting", {}),)


def on_the_agenda(play: Play) -> list[str]:
    """As whatever lists it has it, from a database that keeps it in an order of its own."""
    kept = dict(sorted(play.case.items["agenda"].items()))
    case = replace(play.case, items={"agenda": kept})
    return list(items_of(play.definition, case, "agenda"))


def test_an_agenda_is_in_the_order_in_which_it_was_made(meetings: Definition) -> None:
    play = planned(meetings)
    for reference in ("AP-CCCC-CCCC", "AP-AAAA-AAAA", "AP-BBBB-BBBB"):
        play.now += timedelta(minutes=1)
        play.fire(OLIVE, "put_on_agenda", reference)
    does(play, OLIVE, "record_conflict", "AP-CCCC-CCCC")
    assert on_the_agenda(play) == ["AP-CCCC-CCCC", "AP-AAAA-AAAA", "AP-BBBB-BBBB"]

    does(play, OLIVE, "open_meeting")
    with pytest.raises(Blocked, match=r"case AP-CCCC-CCCC; Sample case AP-AAAA-AAAA; Sample case AP-BBBB-BBBB\."):
        play.fire(OLIVE, "write_minutes")


def test_what_is_taken_off_and_put_on_again_comes_last(meetings: Definition) -> None:
    play = planned(meetings)
    for event, reference in (
        ("put_on_agenda", "AP-AAAA-AAAA"),
        ("put_on_agenda", "AP-BBBB-BBBB"),
        ("take_off_agenda", "AP-AAAA-AAAA"),
    ):
        play.now += timedelta(minutes=1)
        play.fire(OLIVE, event, reference)
    assert on_the_agenda(play) == ["AP-AAAA-AAAA", "AP-BBBB-BBBB"]
    play.now += timedelta(minutes=1)
    play.fire(OLIVE, "put_on_agenda", "AP-AAAA-AAAA")
    assert on_the_agenda(play) == ["AP-BBBB-BBBB", "AP-AAAA-AAAA"]


def test_what_came_at_one_moment_or_before_that_was_kept_goes_by_its_name(meetings: Definition) -> None:
    play = planned(meetings)
    names = {"AP-AAAA-AAAA": "made up forge", "AP-BBBB-BBBB": "Made Up Barn", "AP-CCCC-CCCC": "Made Up Stables"}
    linked = {reference: Linked("provider", name, "panel") for reference, name in names.items()}
    play.case = replace(play.case, linked=linked)
    for reference in names:
        play.fire(OLIVE, "put_on_agenda", reference)
    assert on_the_agenda(play) == ["AP-BBBB-BBBB", "AP-AAAA-AAAA", "AP-CCCC-CCCC"]

    old = play.case.items["agenda"]["AP-CCCC-CCCC"]
    kept = {**play.case.items["agenda"], old.key: replace(old, data={"label": old.data["label"]})}
    play.case = replace(play.case, items={"agenda": kept})
    assert on_the_agenda(play) == ["AP-CCCC-CCCC", "AP-BBBB-BBBB", "AP-AAAA-AAAA"]


@pytest.mark.parametrize(
    ("linked", "refusal"),
    [
        ({"AP-BBBB-BBBB": Linked("provider", "Made Up Barn", "panel")}, NotFound),
        ({"AP-AAAA-AAAA": Linked("visit", "A visit", "panel")}, NotFound),
        ({"AP-AAAA-AAAA": Linked("provider", "Made Up Farm", "enquiry")}, NotOpen),
    ],
)
def test_only_a_case_that_can_be_an_item_becomes_one(
    meetings: Definition, linked: dict[str, Linked], refusal: type[Exception]
) -> None:
    play = planned(meetings)
    command, case = Fire("put_on_agenda", OLIVE, {}, "AP-AAAA-AAAA"), replace(play.case, linked=linked)
    with pytest.raises(refusal):
        decide(meetings, case, command, play.world, play.now)


def test_people_are_counted_by_the_agencies_they_come_from(meetings: Definition) -> None:
    play = planned(meetings)
    play.fire(OLIVE, "put_on_agenda", "AP-AAAA-AAAA")
    does(play, OLIVE, "open_meeting", present=[900])
    for here, reason in (([900, 901], "At least 3 members"), ([900, 902, 903], "Education safeguarding")):
        does(play, OLIVE, "record_attendance", present=here)
        with pytest.raises(Blocked, match=reason):
            does(play, OLIVE, "agree", "AP-AAAA-AAAA")
    does(play, OLIVE, "record_attendance", present=[900, 901, 902])
    assert does(play, OLIVE, "agree", "AP-AAAA-AAAA").tells[0].answers["took_part"] == [900, 901, 902]


@pytest.mark.parametrize("present", [[], [1], ["nobody"], "900, 901", [True], [900, 900.5]])
def test_only_people_who_are_offered_can_be_several_people(meetings: Definition, present: Any) -> None:
    play = planned(meetings)
    play.fire(OLIVE, "put_on_agenda", "AP-AAAA-AAAA")
    with pytest.raises(Invalid):
        play.fire(OLIVE, "open_meeting", chair=900, present=present)


def test_nobody_is_here_and_has_sent_apologies_and_whoever_is_both_is_named(meetings: Definition) -> None:
    play = planned(meetings)
    play.fire(OLIVE, "put_on_agenda", "AP-AAAA-AAAA")
    for apologies, both in (([901, 900], "Sample Person and Sample Person 2 are"), ([900], "Sample Person is")):
        with pytest.raises(Invalid) as refusal:
            play.fire(OLIVE, "open_meeting", chair=900, present=[900, 901], apologies=apologies)
        assert refusal.value.errors == {
            "apologies": f"Members who sent apologies: {both} chosen under “Members who are here” too. "
            "Choose each person under one of the two"
        }

    play.fire(OLIVE, "open_meeting", chair=900, present=[900, 901], apologies=[902])
    with pytest.raises(Invalid, match="Members who are here"):
        play.fire(OLIVE, "record_attendance", chair=900, present=[900, 902], apologies=[902])
    play.fire(OLIVE, "record_attendance", chair=900, present=[900, 902], apologies=[901])


def test_whoever_is_chosen_twice_counts_once_and_by_number_or_text(meetings: Definition) -> None:
    play = planned(meetings)
    play.fire(OLIVE, "put_on_agenda", "AP-AAAA-AAAA")
    outcome = play.fire(OLIVE, "open_meeting", chair=900, present=["902", 900, "900"])
    assert outcome.fields["present"] == [900, 902]


def test_what_a_case_is_told_is_the_doing_of_whoever_did_it_and_of_nobody_else(definition: Definition) -> None:
    play = reach(definition, "panel")
    answers = {"panel_on": "2026-12-03", "panel_meeting": "PM-AAAA-AAAA"}
    for actor in (OLIVE, PETRA):
        with pytest.raises(NotAllowed):
            play.fire(actor, "put_on_agenda", **answers)

    told = Fire("put_on_agenda", OLIVE, answers, told_by="PM-AAAA-AAAA")
    assert play.do(told).entry.actor == OLIVE
    by_hand = Fire("panel_agree", OLIVE, {}, told_by="PM-AAAA-AAAA")
    with pytest.raises(NotAllowed):
        play.do(by_hand)


def test_what_is_taken_back_leaves_no_day_behind(definition: Definition) -> None:
    play = reach(definition, "panel")
    put = {"panel_on": "2026-12-03", "panel_meeting": "PM-AAAA-AAAA"}
    play.do(Fire("put_on_agenda", OLIVE, put, told_by="PM-AAAA-AAAA"))
    assert "views_due" in play.case.deadlines

    play.do(Fire("back_to_waiting", OLIVE, {}, told_by="PM-AAAA-AAAA"))
    assert {"panel_on", "panel_meeting"}.isdisjoint(play.case.fields)
    assert "views_due" not in play.case.deadlines


def test_the_clock_by_itself_fires_nothing_that_another_case_tells(definition: Definition) -> None:
    play = reach(definition, "panel")
    with pytest.raises(Invalid):
        play.do(Fire("put_on_agenda", THE_CLOCK))


def test_somebody_with_an_interest_is_not_counted(definition: Definition) -> None:
    play = reach(definition, "panel")
    declarer = Actor(900, "Sample Person", frozenset({"panel_member"}), "send")
    play.fire(declarer, "declare_conflict", conflict="My sister works there.")
    answers = {"panel_on": "2026-11-02", "reasons": "Sound."}
    with pytest.raises(Blocked, match="without a conflict of interest in it"):
        play.do(Fire("meeting_agrees", OLIVE, {**answers, "took_part": [900, 901, 902]}, told_by="PM-AAAA-AAAA"))
    outcome = play.do(Fire("meeting_agrees", OLIVE, {**answers, "took_part": [901, 902, 903]}, told_by="PM-AAAA-AAAA"))
    assert outcome.state == "visit"
