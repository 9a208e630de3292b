"""Setting a guard aside: who may, for how long, what then happens, and what history says of it."""

from datetime import UTC, date, datetime, timedelta

import pytest
from msgspec.structs import replace

from apflow.core.commands import Fire, SetGuardAside, TakeGuardBack
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen
from apflow.core.facts import facts_of
from apflow.core.firing.offers import offers
from apflow.core.firing.overrides import barriers
from apflow.core.outcome import Outcome, Send
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.play import Play
from apflow.core.snapshot import Item, SetAside
from apflow.loader import Library
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, OSCAR, PAT
from tests.core.journey import reach, reworded

GUARD = "evidence_is_in_date"
TODAY = MONDAY.date()
LAST = date(2026, 12, 2)  # Thirty days on.


def run_out(definition: Definition) -> Play:
    """A case that only a paper past its date keeps from being approved."""
    play = reach(definition, "visit")
    for event in ("arrange_visit", "record_visit"):
        play.fire(OLIVE, event, **play.answers(event, visit_outcome="satisfied"))
    papers = dict(play.case.items["evidence"])
    old = papers["public_liability"]
    papers["public_liability"] = replace(old, data={**old.data, "expires_on": "2026-10-31"})
    play.case = replace(play.case, items={**play.case.items, "evidence": papers})
    return play


def set_aside(play: Play, *, until: date = LAST, reason: str = "Renewal is paid.", by: Actor = MAGDA) -> Outcome:
    return play.do(SetGuardAside(GUARD, until, reason, by))


def approve(play: Play) -> Outcome:
    return play.fire(OLIVE, "approve", ready=True)


def test_a_guard_that_is_set_aside_no_longer_stands_in_the_way(definition: Definition) -> None:
    play = run_out(definition)
    with pytest.raises(Blocked, match="These have run out"):
        approve(play)
    set_aside(play)
    assert approve(play).state == "approved"


def test_the_history_of_the_event_says_under_which_override_it_happened(definition: Definition) -> None:
    play = run_out(definition)
    set_aside(play)
    assert approve(play).entry.set_aside == {GUARD: SetAside(LAST, "Magda Manager", "Renewal is paid.")}


def test_an_event_that_needed_no_override_is_not_marked(definition: Definition) -> None:
    play = reach(definition, "visit")
    for event in ("arrange_visit", "record_visit"):
        play.fire(OLIVE, event, **play.answers(event, visit_outcome="satisfied"))
    set_aside(play)
    assert approve(play).entry.set_aside == {}


def test_the_history_says_who_set_what_aside_until_when_and_why(definition: Definition) -> None:
    play = run_out(definition)
    entry = set_aside(play, reason="  Renewal is\x07 paid. ").entry
    assert (entry.kind, entry.name, entry.actor) == ("override", f"set aside {GUARD}", MAGDA)
    assert (entry.note, entry.set_aside[GUARD].until) == ("Renewal is paid.", LAST)


def test_those_named_are_told(definition: Definition) -> None:
    assert set_aside(run_out(definition)).sends == (Send("guard_set_aside", "officer"),)


def test_an_override_changes_nothing_else_of_the_case(definition: Definition) -> None:
    play = run_out(definition)
    before = play.case
    set_aside(play)
    after = replace(play.case, version=before.version, overrides={}, changed_at=before.changed_at)
    assert after == before


def test_the_last_day_counts_in_full_and_the_next_not_at_all(definition: Definition) -> None:
    play = run_out(definition)
    set_aside(play, until=TODAY)
    late = datetime(2026, 11, 2, 23, 30, tzinfo=UTC)
    play.now = late
    assert play.decide(Fire("approve", OLIVE, {"ready": True})).state == "approved"
    play.now = late + timedelta(minutes=30)
    with pytest.raises(Blocked, match="These have run out"):
        approve(play)


def test_days_are_those_in_london(definition: Definition) -> None:
    play = run_out(definition)
    play.now = datetime(2027, 6, 1, 23, 30, tzinfo=UTC)  # The 2nd of June already, in summer time.
    with pytest.raises(Invalid, match="Give today or a day to come"):
        set_aside(play, until=date(2027, 6, 1))


def test_the_case_can_be_set_aside_for_as_long_as_is_allowed_and_no_longer(definition: Definition) -> None:
    play = run_out(definition)
    with pytest.raises(Invalid) as refused:
        set_aside(play, until=LAST + timedelta(days=1))
    assert refused.value.errors == {
        "until": "Give Wednesday 2 December 2026 or an earlier day, which is the most allowed."
    }
    set_aside(play, until=LAST)


def test_working_days_are_counted_from_today_even_in_the_evening(library: Library) -> None:
    definition = reworded(library, ("at_most: 30 calendar days", "at_most: 2 working days"))
    play = run_out(definition)
    play.now = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)
    with pytest.raises(Invalid, match="Give Wednesday 4 November 2026 or an earlier day"):
        set_aside(play, until=date(2026, 11, 5))
    set_aside(play, until=date(2026, 11, 4))


@pytest.mark.parametrize(
    ("reason", "error"),
    [(" \n ", "Say why it is set aside."), ("x" * 1001, "Use 1,000 characters or fewer.")],
)
def test_a_reason_must_be_given_and_be_readable(definition: Definition, reason: str, error: str) -> None:
    with pytest.raises(Invalid) as refused:
        set_aside(run_out(definition), reason=reason, until=date(2026, 11, 1))
    assert refused.value.errors == {"reason": error, "until": "Give today or a day to come."}


def test_only_those_named_may(definition: Definition) -> None:
    play = run_out(definition)
    with pytest.raises(NotAllowed):
        set_aside(play, by=OLIVE)
    with pytest.raises(NotAllowed):
        set_aside(play, by=PAT)
    set_aside(play)
    with pytest.raises(NotAllowed):
        play.do(TakeGuardBack(GUARD, OLIVE))


def test_a_party_named_may_on_its_own_case_only(library: Library) -> None:
    definition = reworded(
        library, ("      by: manager\n      at_most: 30", "      by: [manager, provider]\n      at_most: 30")
    )
    play = run_out(definition)
    both = replace(DAN, roles=frozenset({"provider", "panel_member"}))
    with pytest.raises(NotAllowed):
        set_aside(play, by=both)
    set_aside(play, by=PAT)


def test_whoever_does_not_see_the_case_is_told_there_is_none(definition: Definition) -> None:
    with pytest.raises(NotFound, match="We could not find that"):
        set_aside(run_out(definition), by=DAN)


def test_a_guard_without_an_override_is_nobodys_to_set_aside(definition: Definition) -> None:
    play = run_out(definition)
    with pytest.raises(NotAllowed, match="Nobody may set this aside: visit is arranged"):
        play.do(SetGuardAside("visit_is_arranged", LAST, "In a hurry.", MAGDA))
    with pytest.raises(NotFound, match='There is no guard called "visit_was_nice"'):
        play.do(SetGuardAside("visit_was_nice", LAST, "In a hurry.", MAGDA))


def test_nothing_is_set_aside_once_the_case_has_ended(definition: Definition) -> None:
    with pytest.raises(NotOpen, match="The case has ended"):
        set_aside(reach(definition, "withdrawn"))


def test_setting_aside_again_replaces_the_earlier_time(definition: Definition) -> None:
    play = run_out(definition)
    set_aside(play)
    set_aside(play, until=TODAY, reason="A shorter time will do.")
    assert play.case.overrides == {GUARD: SetAside(TODAY, "Magda Manager", "A shorter time will do.")}


def test_what_is_taken_back_stands_in_the_way_again(definition: Definition) -> None:
    play = run_out(definition)
    set_aside(play)
    outcome = play.do(TakeGuardBack(GUARD, MAGDA))
    assert (outcome.entry.kind, outcome.entry.name, outcome.sends) == ("override", f"took back {GUARD}", ())
    assert play.case.overrides == {}
    with pytest.raises(Blocked, match="These have run out"):
        approve(play)


def test_what_is_not_set_aside_cannot_be_taken_back(definition: Definition) -> None:
    play = run_out(definition)
    set_aside(play, until=TODAY)
    play.now += timedelta(days=1)
    with pytest.raises(NotOpen, match="“Evidence is in date” is not set aside at present"):
        play.do(TakeGuardBack(GUARD, MAGDA))


def test_an_offer_says_what_is_set_aside_and_until_when(definition: Definition) -> None:
    play = run_out(definition)
    set_aside(play)
    (offer,) = [one for one in offers(play.definition, play.case, OLIVE, play.world) if one.event == "approve"]
    assert offer.is_possible
    assert offer.set_aside[GUARD].until == LAST


def test_a_blocked_offer_says_which_of_its_guards_the_actor_may_set_aside(definition: Definition) -> None:
    play = run_out(definition)
    both = replace(OSCAR, roles=frozenset({"officer", "manager"}))
    could = {
        actor: next(
            offer.could_set_aside
            for offer in offers(play.definition, play.case, actor, play.world)
            if offer.event == "approve"
        )
        for actor in (OLIVE, both)
    }
    assert could == {
        OLIVE: {},
        both: {GUARD: "These have run out, and a new one is needed: Public liability insurance."},
    }


def test_whoever_may_set_aside_is_shown_it_though_the_event_is_somebody_elses(definition: Definition) -> None:
    play = run_out(definition)
    (barrier,) = barriers(play.definition, play.case, MAGDA, play.world)
    assert (barrier.guard, barrier.event) == (GUARD, "approve")
    assert barriers(play.definition, play.case, OLIVE, play.world) == ()
    assert barriers(play.definition, play.case, DAN, play.world) == ()
    set_aside(play)
    assert barriers(play.definition, play.case, MAGDA, play.world) == ()


CLOCK_GUARD = (
    "        by: clock\n        to: lapsed\n",
    "        by: clock\n        to: lapsed\n        requires: nobody_waits\n",
)
NEW_GUARD = (
    "guards:\n",
    "guards:\n  nobody_waits:\n    when: {fact: council.applications_open, is: false}\n"
    "    reason: Applications are open.\n"
    "    assumed: Made up.\n    override: {by: manager, at_most: 12 months, assumed: Made up.}\n",
)


def test_a_guard_that_the_clock_reads_can_be_set_aside_too(library: Library) -> None:
    play = reach(reworded(library, CLOCK_GUARD, NEW_GUARD), "gathering_evidence")
    play.wait_until(datetime(2027, 1, 4, 10, tzinfo=UTC))
    assert play.case.state == "gathering_evidence"
    play.do(SetGuardAside("nobody_waits", date(2027, 12, 1), "They have closed down.", MAGDA))
    play.wait_until(datetime(2027, 1, 8, 10, tzinfo=UTC))
    assert play.case.state == "lapsed"
    lapse = play.outcomes[-1].entry
    assert (lapse.actor, list(lapse.set_aside)) == (THE_CLOCK, ["nobody_waits"])


def test_a_guard_that_reads_answers_can_be_set_aside_too(library: Library) -> None:
    guard = (
        "guards:\n",
        "guards:\n  visit_was_good:\n    when: {fact: answer.visit_outcome, is: satisfied}\n    reason: It was not.\n"
        "    assumed: Made up.\n    override: {by: manager, at_most: 1 week, assumed: Made up.}\n",
    )
    asks = ("requires: [visit_is_arranged, visit_day_has_come]", "requires: [visit_is_arranged, visit_was_good]")
    play = reach(reworded(library, guard, asks), "visit")
    play.fire(OLIVE, "arrange_visit", **play.answers("arrange_visit"))
    found = play.answers("record_visit", visit_outcome="actions")
    with pytest.raises(Blocked, match="It was not"):
        play.fire(OLIVE, "record_visit", **found)
    play.do(SetGuardAside("visit_was_good", TODAY, "To have it on record.", MAGDA))
    assert list(play.fire(OLIVE, "record_visit", **found).entry.set_aside) == ["visit_was_good"]


def test_facts_name_only_what_stands_aside_today(definition: Definition) -> None:
    play = run_out(definition)
    set_aside(play, until=TODAY)
    assert facts_of(definition, play.case, play.world).set_aside == {GUARD}
    play.now += timedelta(days=1)
    assert facts_of(definition, play.case, play.world).set_aside == frozenset()


def test_an_item_is_set_aside_with_all_others_of_its_case(library: Library) -> None:
    definition = reworded(
        library,
        (
            '    source: "evidence.yaml, not_applicable"\n',
            '    source: "evidence.yaml, not_applicable"\n'
            "    override: {by: manager, at_most: 1 week, assumed: Made up.}\n",
        ),
    )
    play = reach(definition, "gathering_evidence")
    needed = next(key for key, item in definition.catalogue_of("evidence").items() if not item.not_applicable)
    with pytest.raises(Blocked, match="needed from every provider"):
        play.fire(PAT, "say_not_applicable", needed, why="We have none.")
    play.do(SetGuardAside("may_not_apply", TODAY, "A trial.", MAGDA))
    outcome = play.fire(PAT, "say_not_applicable", needed, why="We have none.")
    assert outcome.items == (Item("evidence", needed, "claimed", {"why": "We have none."}, MONDAY),)
