"""What is done around a panel meeting in more than one story."""

from collections.abc import Iterable
from datetime import date

from apflow.testing import OLIVE, bring_to
from tests.journeys.live import Live
from tests.journeys.people import Person
from tests.journeys.steps import reference_on


def an_application_waits(live: Live, organisation: str, contact: str, email: str) -> str:
    """Referred to the panel without a browser; its reference."""
    now = live.site.now()
    reference = bring_to(live.site.handler, "panel", now=now, organisation=organisation)
    known = {"contact_name": contact, "contact_email": email, "how_known": "They rang from the number we have."}
    live.site.handler.fire(reference, "change_contact", known, actor=OLIVE, now=now)
    live.settle()
    return reference


def plan_a_meeting(olive: Person, day: date, chair: str) -> str:
    """From any page of staff; the meeting's reference."""
    olive.opens("/start/plan_meeting")
    fill_in_the_meeting(olive, day, chair)
    olive.presses("Plan a panel meeting")
    olive.is_told("The meeting is planned")
    return reference_on(olive)


def fill_in_the_meeting(olive: Person, day: date, chair: str) -> None:
    olive.dates("Date of the meeting", day)
    olive.types("Time it begins", "10:30")
    olive.types("Where it meets", "Room 1, Made Up Hall")
    options = olive.page.get_by_label("Who chairs it?").locator("option").all_inner_texts()
    olive.page.get_by_label("Who chairs it?").select_option(next(one for one in options if one.startswith(chair)))


def put_all_on_the_agenda(olive: Person, *organisations: str) -> None:
    """They are all ticked to begin with."""
    olive.sees(*organisations)
    olive.presses("Put on the agenda")
    olive.is_told("It is on the agenda")


def ticks_those_here(olive: Person, names: Iterable[str]) -> None:
    here = olive.page.get_by_role("group", name="Members who are here")
    for box in here.get_by_role("checkbox").all():
        box.uncheck()
    for name in names:
        here.get_by_role("checkbox", name=name).check()
