"""A form opens with what the case says already, but for what is asked anew each time, such as of each review."""

from collections.abc import Callable
from typing import Any

from apflow.core.people.actor import Actor
from apflow.testing import MAGDA, PAT
from apflow.web.site import Site
from tests.placing import Between, a_listed_site, a_prepared_placement, plan
from tests.removal import SUSPENDED
from tests.web.browsing import Client
from tests.web.reading import Form, Page

ClientAs = Callable[[Actor], Client]
REVIEW = "It continues as it is"
HELD = {"found": "It goes well.", "pupil_says": "I like the goats.", "parents_say": "They agree."}
INDUCTED: dict[str, Any] = {"given_by": "Pat", "health_and_safety": True, "who_to_tell": True}


def form(client_as: ClientAs, placed: Between, who: Actor, event: str, button: str) -> Form:
    return Page(client_as(who).get(f"/cases/{placed.reference}/do/{event}")).form(button)


def day(form: Form, name: str) -> str:
    return "".join(form.value(f"{name}-{part}") for part in ("day", "month", "year"))


def running(site: Site) -> Between:
    placed = a_prepared_placement(site)
    placed.fire(placed.school, "start_placement")
    placed.fire(PAT, "record_induction", inducted_on=site.now().date().isoformat(), **INDUCTED)
    return placed


def test_the_form_of_a_review_says_nothing_of_the_last_one(site: Site, client_as: ClientAs) -> None:
    placed, today = running(site), site.now().date().isoformat()
    placed.fire(placed.school, "call_review_now")
    first = form(client_as, placed, placed.school, "continue_it", REVIEW)
    assert day(first, "first_review_on") == "", "it is the day of this review that the case says"
    dates = {"reviewed_on": today, "first_review_on": "2026-12-15", "next_report_on": "2026-12-01"}
    placed.fire(placed.school, "continue_it", **HELD, **dates)
    placed.fire(placed.school, "call_review_now")
    second = form(client_as, placed, placed.school, "continue_it", REVIEW)
    assert [second.value(name) for name in HELD] == ["", "", ""]
    assert [day(second, name) for name in dates] == ["", "", ""]
    assert placed.case().fields["found"] == HELD["found"], "the last one stays on the case"


def test_the_day_on_which_an_end_was_planned_stands_in_the_form_that_decides_it(
    site: Site, client_as: ClientAs
) -> None:
    placed = running(site)
    placed.fire(placed.school, "call_review_now")
    ends = form(client_as, placed, placed.school, "decide_to_end", "It ends")
    year, month, last = plan(site.now())["until"].split("-")
    assert day(ends, "until") == f"{int(last)}{int(month)}{year}"


def test_what_is_left_empty_is_asked_for_and_what_was_typed_comes_back(site: Site, client_as: ClientAs) -> None:
    placed = running(site)
    placed.fire(placed.school, "call_review_now")
    asked = form(client_as, placed, placed.school, "continue_it", REVIEW)
    back = Page(asked.send(client_as(placed.school), REVIEW, found="It goes better."))
    assert "first_review_on-day" in back.errors
    assert back.form(REVIEW).value("found") == "It goes better."


def test_whoever_lifts_a_suspension_is_not_asked_when_it_is_reviewed(site: Site, client_as: ClientAs) -> None:
    provider, _ = a_listed_site(site.handler)
    site.handler.fire(provider, "suspend", SUSPENDED, actor=MAGDA, now=site.now())
    lifts = Page(client_as(MAGDA).get(f"/cases/{provider}/do/lift_suspension"))
    assert "What has changed" in lifts.text
    assert "When is the suspension reviewed?" not in lifts.text
    stays = Page(client_as(MAGDA).get(f"/cases/{provider}/do/leave_suspended"))
    assert "When is it reviewed next?" in stays.text
