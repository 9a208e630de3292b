"""A school finds a provider on the list; what the provider would change, nobody reads before an officer agrees."""

from collections.abc import Callable
from email.message import EmailMessage

import pytest

from apflow.testing import EMAILS, MAGDA, OLIVE, PAT, bring_to
from tests.journeys.live import Live
from tests.journeys.people import Person, text_of
from tests.removal import CONFIRMED, a_second_manager

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
FARM, TUTORS = "Made Up Farm", "Made Up Tutors"
SERENA = ("Serena School", "serena@made-up-school.example")


def test_an_entry_on_the_approved_list(live: Live, arrive: Arrive) -> None:
    reference = bring_to(live.site.handler, "approved", now=live.site.now())
    bring_to(live.site.handler, "approved", now=live.site.now(), organisation=TUTORS)
    pat, olive, serena = arrive(PAT.name, EMAILS[PAT]), arrive(OLIVE.name, EMAILS[OLIVE]), arrive(*SERENA)

    she_finds_both_from_the_front_page(serena)
    he_says_what_he_offers(pat, reference)
    nothing_has_changed_for_her(serena)
    the_officer_sees_both_and_agrees(olive)
    he_is_told_and_she_finds_him_by_age_and_need(pat, serena)
    his_next_change_is_refused_with_a_reason(pat, olive, reference)
    she_reads_the_example_agreement(serena)
    once_removed_he_is_gone(live, serena, reference)


def she_finds_both_from_the_front_page(serena: Person) -> None:
    serena.opens("/")
    serena.follows("See the approved list")
    serena.is_at("Approved alternative provision")
    serena.sees("2 providers", "Correct as of", "Responsibility for a placement stays with whoever commissions it")


def he_says_what_he_offers(pat: Person, reference: str) -> None:
    pat.signs_in()
    pat.opens(f"/cases/{reference}")
    pat.sees("See your entry as anybody reads it")
    pat.follows("Change your entry on the list")
    describes(pat, "Goats and gardening in small groups.")
    letter = reads_all_of(pat, "we have received your change")
    assert "Until an officer agrees, anybody who looks at the list reads the entry as it was." in text_of(letter)
    pat.sees("You have proposed a change of your entry", "Proposed", "Goats and gardening in small groups.")


def describes(pat: Person, offer: str) -> None:
    pat.types("What you offer, in a few sentences", offer)
    for chosen in ("11 to 14 (key stage 3)", "Bath", "Animal care", "Autism", "Monday"):
        pat.ticks(chosen)
    pat.presses("Continue")
    pat.is_at("Check your answers")
    pat.sees(offer, "Animal care")
    pat.presses("Change your entry on the list")
    pat.is_told("Your entry stays as it is until an officer agrees")


def nothing_has_changed_for_her(serena: Person) -> None:
    serena.opens("/approved-list")
    serena.sees(FARM)
    serena.sees_no("gardening")


def the_officer_sees_both_and_agrees(olive: Person) -> None:
    letter = olive.reads(f"Change of an entry to look at: {FARM}")
    olive.signs_in()
    olive.follows_the_link_in(letter)
    olive.sees("What the provider proposes to change", "Goats.", "Goats and gardening in small groups.")
    olive.presses("Agree to the change of the entry")
    olive.sees("Goats and gardening in small groups.")
    olive.presses("Agree to the change of the entry")
    olive.is_told("The entry on the list is changed")
    olive.sees_no("What the provider proposes to change")


def he_is_told_and_she_finds_him_by_age_and_need(pat: Person, serena: Person) -> None:
    assert "is changed" in text_of(reads_all_of(pat, "Your entry on the approved list is changed"))
    serena.opens("/approved-list")
    serena.unfolds("Filter by")
    serena.ticks("11 to 14 (key stage 3)")
    serena.ticks("Autism")
    serena.presses("Apply filters")
    serena.sees("1 provider", "Goats and gardening in small groups.")
    serena.sees_no(TUTORS)
    serena.follows(FARM)
    serena.sees("What the council has checked", "Public liability insurance", "Visited before approval")
    serena.page.go_back()
    serena.sees("1 provider")
    serena.follows("Remove: Autism")
    serena.sees("2 providers")
    serena.follows("Remove: 11 to 14 (key stage 3)")
    serena.sees("2 providers")


def his_next_change_is_refused_with_a_reason(pat: Person, olive: Person, reference: str) -> None:
    pat.opens(f"/cases/{reference}/do/propose_entry")
    describes(pat, "The best provider in the land.")
    olive.opens(f"/cases/{reference}/do/refuse_entry_change")
    olive.sees("Goats and gardening in small groups.", "The best provider in the land.")
    olive.types("Why, in words for the provider", "Say what you do, not how well.")
    olive.presses("Refuse the change of the entry")
    olive.is_told("The entry stays as it is")
    assert "Say what you do, not how well." in text_of(reads_all_of(pat, "we have not made your change"))


def she_reads_the_example_agreement(serena: Person) -> None:
    serena.opens("/approved-list")
    serena.sees_no("The best provider")
    serena.follows("Service level agreement")
    serena.is_at("Service level agreement between a commissioner and a provider")
    serena.sees("This is an example", "The provider will")


def once_removed_he_is_gone(live: Live, serena: Person, reference: str) -> None:
    handler, now = live.site.handler, live.site.now()
    reasons = {"removal_reasons": "The action plan was not followed."}
    handler.fire(reference, "propose_removal", reasons, actor=MAGDA, now=now)
    handler.fire(reference, "confirm_removal", CONFIRMED, actor=a_second_manager(handler), now=now)
    serena.opens("/approved-list?q=farm")
    serena.sees("No provider on the list fits everything you look for", "Show the whole list")
    serena.follows("Show the whole list")
    serena.sees("1 provider", TUTORS)
    serena.sees_no(FARM)


def reads_all_of(person: Person, subject: str) -> EmailMessage:
    """The newest e-mail, which is about this and says so in plain words and as a page alike."""
    letter = person.reads(subject)
    assert letter.get_body(("html",)) is not None
    return letter
