"""Two managers remove a provider: the list changes at once, everybody is told, and each placement gets its decision."""

from collections.abc import Callable

import pytest
from sqlalchemy import select

from apflow.records.door import add
from apflow.records.people.commissioners import COMMISSIONER
from apflow.store.tables.pupils import placements
from apflow.testing import EMAILS, MAGDA, OLIVE, PAT
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import (
    a_provider_on_the_list,
    in_days,
    it_cannot_be_done_now,
    it_is_blocked,
    nothing_is_said_of,
    open_the_case,
    open_the_linked,
    today,
)
from tests.records.council import by
from tests.removal import a_provider_with_pupils, a_register, a_second_manager

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
REASONS = "The action plan was not followed, and learners were not safe."
HILL = "office1@schools.example"


def test_a_provider_is_removed(live: Live, arrive: Arrive) -> None:
    reference = a_council_with_pupils_at_the_provider(live)
    magda, anyone = arrive(MAGDA.name, EMAILS[MAGDA]), arrive("Anyone", "anyone@elsewhere.example")
    pat, olive = arrive(PAT.name, EMAILS[PAT]), arrive(OLIVE.name, EMAILS[OLIVE])

    she_proposes_it_and_cannot_confirm_it(magda, reference)
    anybody_reads_that_it_takes_no_placements(anyone)
    the_provider_is_told_that_it_is_being_decided(pat)
    another_manager_confirms_it(arrive("Morgan Manager", "morgan@council.example"), reference)
    nobody_finds_it_on_the_list(anyone)
    everybody_is_told(live, pat)
    an_officer_rings_who_was_not_reached(olive, reference)
    the_school_decides_on_its_placement(arrive("Hill School", HILL), live)
    the_officer_changes_the_record(olive, reference)
    what_came_of_a_review_is_recorded(live, olive, arrive, reference)
    nothing_leads_back_but_a_new_application(magda, pat, reference)
    nothing_is_said_of(live.inbox.messages, "Sparrow", "Pip 1", "Pip 2", "R99912345")


def a_council_with_pupils_at_the_provider(live: Live) -> str:
    handler = live.site.handler
    a_register(handler, 12)
    reference = a_provider_with_pupils(handler, "Hill School", "Invented School 004", case=a_provider_on_the_list(live))
    a_second_manager(handler)
    a_second_manager(handler, "Mina Manager")
    add(live.site.store, COMMISSIONER, {"kind": "parent", "name": "Paz Parent", "phone": "01632 960777"}, by(handler))
    live.settle()
    return reference


def she_proposes_it_and_cannot_confirm_it(magda: Person, reference: str) -> None:
    magda.signs_in()
    open_the_case(magda, reference)
    magda.follows("Propose to remove it from the approved list")
    magda.types("Why it should be removed, in words for the provider", REASONS)
    magda.presses("Continue")
    magda.is_at("Check your answers")
    magda.presses("Propose to remove it from the approved list")
    magda.is_told("A second manager confirms or refuses it")
    it_is_blocked(magda, reference, "confirm_removal", "somebody else")


def anybody_reads_that_it_takes_no_placements(anyone: Person) -> None:
    anyone.opens("/approved-list")
    anyone.sees("Made Up Farm", "Not taking placements")


def the_provider_is_told_that_it_is_being_decided(pat: Person) -> None:
    letter = text_of(pat.reads("We are deciding whether you stay on the approved list"))
    assert REASONS in letter
    assert "A second manager decides" in letter


def another_manager_confirms_it(morgan: Person, reference: str) -> None:
    morgan.reads("Decide on the removal of Made Up Farm")
    morgan.signs_in()
    open_the_case(morgan, reference)
    morgan.sees(REASONS)
    morgan.follows("Confirm the removal from the approved list")
    morgan.types("Why you agree, for the council's own record", "I have read the plan and both visits.")
    morgan.ticks("I understand that the provider comes back to the list only by a new application")
    morgan.presses("Continue")
    morgan.is_at("Check your answers")
    morgan.sees("one of 2 with pupils there", "one of 11 others")
    morgan.presses("Confirm the removal from the approved list")
    morgan.is_told("The provider is off the approved list")


def nobody_finds_it_on_the_list(anyone: Person) -> None:
    anyone.opens("/approved-list")
    anyone.sees_no("Made Up Farm")


def everybody_is_told(live: Live, pat: Person) -> None:
    letter = text_of(pat.reads("You are no longer on the approved list"))
    assert REASONS in letter
    assert "within 28 calendar days" in letter
    told = [one for one in live.inbox.messages if "is off the approved list" in one["Subject"]]
    addresses = [one["To"].addresses[0].addr_spec for one in told]
    assert len(set(addresses)) == len(addresses) == 12
    assert set(addresses[:2]) == {HILL, "office4@schools.example"}, "those with pupils there come first"
    assert "You have 1 placement there." in text_of(told[0])
    assert "As far as we know, you have no placement there." in text_of(told[-1])
    assert REASONS not in text_of(told[-1])


def an_officer_rings_who_was_not_reached(olive: Person, reference: str) -> None:
    olive.signs_in()
    olive.sees("Tell somebody otherwise, whom an email did not reach")
    open_the_case(olive, reference)
    olive.sees("1 person was not reached by email")
    olive.follows("Who has been told")
    olive.is_at("Who has been told")
    olive.sees("12 of 13 know of it", "13 recipients")
    olive.page.get_by_label("How it stands").select_option("Not reached")
    olive.presses("Show")
    olive.sees("1 recipient", "Paz Parent", "Parent with a personal budget", "Phone: 01632 960777")
    olive.follows("Record that they were told otherwise")
    olive.types("How and when were they told, and by whom?", "By phone today, by Olive")
    olive.presses("Record that they were told otherwise")
    olive.is_told("It is recorded that they know")
    olive.sees_no("not reached by email")
    olive.follows("Who has been told")
    olive.sees("13 of 13 know of it")


def the_school_decides_on_its_placement(hill: Person, live: Live) -> None:
    letter = hill.finds("Urgent: decide on your placement at Made Up Farm")
    hill.follows_the_link_in(letter)
    hill.presses("Continue")
    hill.is_at("Decide on this placement")
    hill.sees("Made Up Farm", "15 hours", REASONS)
    hill.follows("It ends")
    hill.presses("It ends")
    hill.is_asked_to_mend("what is its last day there?")
    hill.dates("What is its last day there?", in_days(hill, 4))
    hill.types("How does the learner's education go on?", "At school again, with a tutor in the mornings.")
    hill.presses("It ends")
    hill.is_told("Thank you. We have what you decided")
    with live.site.store.reading() as connection:
        assert connection.execute(select(placements.c.ends_on)).scalars().all() == [None, None], "none ends by itself"


def the_officer_changes_the_record(olive: Person, reference: str) -> None:
    open_the_case(olive, reference)
    olive.sees("Invented School 004: 15 hours a week")
    open_the_linked(olive, "The placement ends")
    olive.sees("Put the last day on the placement's record", "At school again, with a tutor in the mornings.")
    olive.follows("The placement’s record")
    olive.dates("Last day", in_days(olive, 4))
    olive.presses("Save")
    olive.is_told("Saved")


def what_came_of_a_review_is_recorded(live: Live, olive: Person, arrive: Arrive, reference: str) -> None:
    open_the_case(olive, reference)
    olive.presses("Record that the provider asks for a review of the decision")
    olive.dates("When did they ask for a review?", today(olive))
    olive.types("Why they think the decision is wrong", "The plan was followed, but late.")
    olive.presses("Record that the provider asks for a review of the decision")
    olive.is_told("It is recorded, and the provider has been told")
    mina = arrive("Mina Manager", "mina@council.example")
    mina.signs_in()
    open_the_case(mina, reference)
    mina.presses("Record what came of the review")
    mina.chooses("The decision stands")
    mina.types("Why, in words for the provider", "The visits show that learners were not safe.")
    mina.types("Who looked at it again?", "The Director")
    mina.presses("Continue")
    mina.presses("Record what came of the review")
    mina.is_told("What came of the review is recorded")
    live.settle()


def nothing_leads_back_but_a_new_application(magda: Person, pat: Person, reference: str) -> None:
    assert "The decision stands" in text_of(pat.reads("What came of looking at the decision again"))
    for event in ("lift_suspension", "keep_on_list", "propose_removal"):
        it_cannot_be_done_now(magda, reference, event)
    pat.signs_in()
    pat.opens(f"/cases/{reference}")
    pat.is_at("You are no longer on the approved list")
    pat.presses("Apply again")
    pat.is_at("Apply to join the approved list")
