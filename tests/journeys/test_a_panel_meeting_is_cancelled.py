"""A panel meeting that is cancelled: it leaves the calendars, and the next one takes the applications that wait."""

from collections.abc import Callable

import pytest

from apflow.testing import EMAILS, OLIVE, POPPY
from tests.journeys.live import Live
from tests.journeys.panel import an_application_waits, plan_a_meeting, put_all_on_the_agenda
from tests.journeys.people import Person, invitation_in, text_of
from tests.journeys.steps import do_to, in_days, it_is_blocked, open_the_case

pytestmark = pytest.mark.browser

Arrive = Callable[[str, str], Person]
BARN, FORGE = "Made Up Barn", "Made Up Forge"
BEA, FAY = "bea@made-up-barn.example", "fay@made-up-forge.example"


def test_a_panel_meeting_is_cancelled(live: Live, arrive: Arrive) -> None:
    barn = an_application_waits(live, BARN, "Bea Barn", BEA)
    an_application_waits(live, FORGE, "Fay Forge", FAY)
    olive, poppy = arrive(OLIVE.name, EMAILS[OLIVE]), arrive(POPPY.name, EMAILS[POPPY])
    bea, fay = arrive("Bea Barn", BEA), arrive("Fay Forge", FAY)

    first = two_applications_are_on_its_agenda(olive, poppy, barn)
    one_is_withdrawn(olive, fay, first)
    the_meeting_is_cancelled(olive, poppy, bea, first)
    the_next_one_takes_what_waits(olive, bea, barn)


def two_applications_are_on_its_agenda(olive: Person, poppy: Person, barn: str) -> str:
    olive.signs_in()
    first = plan_a_meeting(olive, in_days(olive, 10), "Poppy Panel")
    assert "METHOD:REQUEST" in invitation_in(poppy.reads("Panel meeting on Thursday 12 November 2026"))
    put_all_on_the_agenda(olive, BARN, FORGE)
    it_is_blocked(olive, barn, "panel_agree", "This is on the agenda of a panel meeting")
    open_the_case(olive, barn)
    olive.follows("Thursday 12 November 2026")
    olive.sees(BARN, FORGE)
    return first


def one_is_withdrawn(olive: Person, fay: Person, first: str) -> None:
    fay.follows_the_link_in(fay.reads("the panel considers it on Thursday 12 November 2026"))
    fay.presses("Continue")
    fay.follows("Withdraw your application")
    fay.ticks("I understand that a withdrawn application cannot be opened again")
    fay.presses("Withdraw your application")
    fay.live.settle()
    open_the_case(olive, first)
    do_to(olive, "Note that it is no longer with the panel", FORGE)
    olive.presses("Note that it is no longer with the panel")
    olive.sees("No longer with the panel")


def the_meeting_is_cancelled(olive: Person, poppy: Person, bea: Person, first: str) -> None:
    open_the_case(olive, first)
    olive.follows("Cancel the meeting")
    olive.types("Why, in words for the panel", "Two members are ill")
    olive.presses("Cancel the meeting")
    olive.is_told("its applications wait for the next")
    cancelled = invitation_in(poppy.reads("Panel meeting cancelled: Thursday 12 November 2026"))
    assert "METHOD:CANCEL" in cancelled
    assert "STATUS:CANCELLED" in cancelled
    put_off = text_of(bea.reads("it waits for the next panel"))
    assert "ill" not in put_off.split()
    assert first not in put_off


def the_next_one_takes_what_waits(olive: Person, bea: Person, barn: str) -> None:
    second = plan_a_meeting(olive, in_days(olive, 15), "Petra Panel")
    olive.sees_no(FORGE)
    put_all_on_the_agenda(olive, BARN)
    bea.reads("the panel considers it on Tuesday 17 November 2026")
    open_the_case(olive, barn)
    olive.sees(second)
