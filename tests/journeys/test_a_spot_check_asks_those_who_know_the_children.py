"""Before a spot check those who know the children in care there are asked, and no e-mail says which child it is."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.records.door import add
from apflow.records.people.pupils import PROFESSIONAL
from apflow.store.cases.loading import load_case
from apflow.store.people import people
from apflow.testing import EMAILS, OLIVE
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.journeys.steps import (
    a_provider_on_the_list,
    do_to,
    in_days,
    nothing_is_said_of,
    open_the_case,
    open_the_linked,
    reference_on,
    today,
)
from tests.quality import leaves_the_list
from tests.records.council import a_placement, a_pupil, a_school, a_site, by

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
SAFFRON = "saffron@care.example"
VIRTUAL_SCHOOL = "virtual_school@council.example"
ASKED = "How do reviews go there?"
VERA = "vera@council.example"
VIRTUALLY_SAID = "Attendance there is below what we see elsewhere."
ANSWER = "Reports come late, and nobody answers the telephone."


def test_a_spot_check_asks_those_who_know_the_children(live: Live, arrive: Arrive) -> None:
    provider = with_two_children_in_care(live)
    somebody_is_at_the_virtual_school(live)
    olive, before = arrive(OLIVE.name, EMAILS[OLIVE]), len(live.inbox.messages)

    visit = a_concern_of_a_parent_leads_to_a_spot_check(olive)
    she_asks_the_virtual_school_and_the_social_workers(live, olive, visit)
    saffron, vera = arrive("Saffron Worker", SAFFRON), arrive("Vera Venn", VERA)
    the_social_worker_is_reminded_and_answers(live, saffron)
    the_virtual_school_is_reminded_and_answers(live, vera, visit)
    she_reads_the_answer_and_finds_out_who_the_other_is(olive, visit)
    nobody_sees_more_than_is_theirs(saffron, visit)
    the_provider_is_removed_and_the_spot_check_is_hers_to_decide(live, olive, provider, visit)
    letters = live.inbox.messages[before:]
    nothing_is_said_of(letters, "Adaline", "Bohdan", "Sparrow", "concern", "No register", ANSWER, VIRTUALLY_SAID)


def with_two_children_in_care(live: Live) -> str:
    """One of whom has a social worker on record, and the other none."""
    handler, provider = live.site.handler, a_provider_on_the_list(live)
    with live.site.store.reading() as connection:
        case = load_case(connection, provider)
    assert case is not None
    a_school(handler)
    a_site(handler, case.id or 0)
    adaline, bohdan = (a_pupil(handler, forename=name, true_of=["looked_after"]) for name in ("Adaline", "Bohdan"))
    for pupil in (adaline, bohdan):
        a_placement(handler, pupil)
    who = {"role": "social_worker", "name": "Saffron Worker", "email": SAFFRON}
    add(handler.store, PROFESSIONAL, who, by(handler), {"pupil_id": adaline})
    return provider


def somebody_is_at_the_virtual_school(live: Live) -> None:
    with live.site.store.writing() as connection:
        people.add_person(
            connection, name="Vera Venn", email=VERA, roles=["virtual_school"], agency=None, now=live.site.now()
        )


def a_concern_of_a_parent_leads_to_a_spot_check(olive: Person) -> str:
    olive.signs_in()
    olive.opens("/start/log_concern")
    olive.types("Which organisation is it about?", "That farm near the river")
    olive.types("What happened, or what worries you?", "No register is taken.")
    olive.chooses("A parent or carer")
    olive.types("How did they tell us, and when?", "By telephone this morning")
    olive.presses("Log a concern")
    olive.is_told("The concern is logged")
    olive.follows("Say which provider it is")
    which = olive.page.get_by_label("Which provider is it?")
    options = which.locator("option").all_inner_texts()
    which.select_option(next(one for one in options if one.startswith("Made Up Farm")))
    olive.presses("Say which provider it is")
    olive.is_told("The concern is with that provider's case now")
    olive.sees("Made Up Farm")
    olive.presses("It is about something else")
    olive.chooses("Attendance, or children missing")
    olive.chooses("Yes")
    olive.presses("It is about something else")
    olive.presses("Begin a spot check")
    olive.dates("By when should the visit be made?", in_days(olive, 7))
    olive.presses("Begin a spot check")
    open_the_linked(olive, "Spot check")
    return reference_on(olive)


def she_asks_the_virtual_school_and_the_social_workers(live: Live, olive: Person, visit: str) -> None:
    for action, item in (
        ("Ask the Virtual School by email", "The Virtual School"),
        ("Ask each social worker by email", "The allocated social workers"),
    ):
        open_the_case(olive, visit)
        do_to(olive, action, item)
        olive.dates("Date of the request", today(olive))
        olive.types("What you want to know about the provider (optional)", ASKED)
        olive.presses(action)
    olive.is_told("Each social worker on record is being asked")
    live.settle()
    letter = next(one for one in live.inbox.messages if VIRTUAL_SCHOOL in one["To"])
    assert ASKED in text_of(letter)


def the_social_worker_is_reminded_and_answers(live: Live, saffron: Person) -> None:
    letter = saffron.reads("Please tell us what you know of Made Up Farm")
    assert ASKED in text_of(letter)
    live.pass_to(live.site.now() + timedelta(days=2))
    reminder = saffron.reads("Reminder: please tell us what you know of Made Up Farm")
    saffron.follows_the_link_in(reminder)
    saffron.presses("Continue")
    saffron.is_at("Tell us what you know of this provider")
    saffron.presses("Send what you know")
    saffron.types("What do you know of how it looks after and teaches them?", f"Adaline is well. {ANSWER}")
    saffron.presses("Send what you know")
    saffron.is_asked_to_mend("take out")
    saffron.types("What do you know of how it looks after and teaches them?", ANSWER)
    saffron.presses("Send what you know")
    saffron.is_told("Thank you. An officer reads it before the visit")


def the_virtual_school_is_reminded_and_answers(live: Live, vera: Person, visit: str) -> None:
    letters = [one for one in live.inbox.messages if VIRTUAL_SCHOOL in one["To"]]
    assert [str(one["Subject"]).partition(":")[0] for one in letters[1:]] == ["Reminder"]
    vera.signs_in()
    vera.opens(f"/cases/{visit}")
    vera.is_at("Page not found")
    vera.follows_the_link_in(letters[-1])
    vera.sees("It is your move")
    vera.presses("Give what the Virtual School knows")
    vera.types("What do you know of how it looks after and teaches them?", VIRTUALLY_SAID)
    vera.presses("Give what the Virtual School knows")


def she_reads_the_answer_and_finds_out_who_the_other_is(olive: Person, visit: str) -> None:
    read = ""
    for _ in ("Saffron", "the Virtual School"):
        olive.opens("/work")
        olive.follows("Read what they say of the provider")
        read += olive.main.inner_text()
        olive.presses("Record that you have read it")
        olive.presses("Record that you have read it")
        olive.is_told("It is recorded that it was read")
    assert ANSWER in read
    assert VIRTUALLY_SAID in read
    open_the_case(olive, visit)
    olive.sees("No social worker is on record for 1 child in care there", "Request to the Virtual School")
    open_the_linked(olive, "Asked, no answer yet")
    olive.presses("Record what they said")
    olive.types("What do you know of how it looks after and teaches them?", "The duty worker knows of nothing.")
    olive.presses("Record what they said")
    olive.is_told("It is recorded")


def nobody_sees_more_than_is_theirs(saffron: Person, visit: str) -> None:
    saffron.opens(f"/cases/{visit}")
    saffron.is_at("Page not found")


def the_provider_is_removed_and_the_spot_check_is_hers_to_decide(
    live: Live, olive: Person, provider: str, visit: str
) -> None:
    leaves_the_list(live.site.handler, provider, now=live.site.now())
    live.settle()
    olive.opens("/work")
    olive.sees("The provider is off the list: make the spot check while children are there, or leave it")
    open_the_case(olive, visit)
    olive.follows("Leave the visit unmade")
    olive.types("Why?", "Both children have moved to another school.")
    olive.presses("Leave the visit unmade")
    olive.is_told("The visit is not made")
    olive.opens("/work")
    olive.sees_no("make the spot check while children are there")
    olive.sees("see the concern and any spot check through")
