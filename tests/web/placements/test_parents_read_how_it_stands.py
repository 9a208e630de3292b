"""Whoever reads a placement at home is told first how it stands, and of nothing that no longer comes."""

import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, StoppedClock
from apflow.web.site import Site
from tests.placing import Between, a_prepared_placement, a_running_placement
from tests.reviewed import HELD
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ANN: dict[str, Any] = {
    "parent_name": "Ann Sparrow",
    "relation": "Mother",
    "responsible": True,
    "is_safe": True,
    "parent_email": "ann@home.example",
}
REASON = "A burst pipe that nobody mended."
BROKEN: dict[str, Any] = {"standing_because": REASON, "kept_for": "six_years", "meanwhile": "Tutoring at the library"}
STILL_TO_COME = ("Next review", "The next report", "Last day, as planned", "If your child is absent")
NOTHING_TO_DO = "You do not have to do anything"
LAST = MONDAY.date() + timedelta(days=8)
_LINK = re.compile(r"https?://[^/]+(/for-parents/\S+)")


@pytest.fixture
def placed(site: Site) -> Between:
    """A placement that runs, read at home by one parent."""
    one = a_running_placement(site)
    one.fire(one.school, "write_by_email", **ANN)
    return one


def letters(store: Store) -> list[Any]:
    with store.reading() as connection:
        query = select(messages).where(messages.c.to_email == "ann@home.example").order_by(messages.c.id)
        return list(connection.execute(query))


def read_at_home(store: Store, client: Client) -> Page:
    found = _LINK.search(letters(store)[-1].text)
    assert found is not None
    client.post(found[1])
    return Page(client.get("/for-parents/page"))


def begins_with(page: Page) -> str:
    return next(text for level, text in page.headings if level == "h2")


def break_off(placed: Between, clock: StoppedClock, **more: Any) -> None:
    clock.at += timedelta(days=8)
    placed.fire(placed.school, "break_off", **BROKEN, ends_on=LAST.isoformat(), **more)


def test_after_a_breakdown_they_read_that_it_has_ended_and_are_not_told_that_nothing_is_to_be_done(
    placed: Between, store: Store, clock: StoppedClock, client: Client
) -> None:
    break_off(placed, clock)
    newest = letters(store)[-1]
    assert newest.notice == "placement/parent_ended_early"
    assert "does not go there any more" in newest.text
    assert "Tuesday 10 November 2026" in newest.text
    for said in (newest.text, newest.html):
        assert NOTHING_TO_DO not in said
        assert REASON not in said
        assert "library" not in said

    page = read_at_home(store, client)
    assert begins_with(page) == "The placement has ended early"
    stands = page.below("The placement has ended early")
    for said in (
        "Your child does not go there any more",
        "10 November 2026",
        "Tutoring at the library",
        "Sally School",
    ):
        assert said in stands
    assert [word for word in (*STILL_TO_COME, REASON, "It is now") if word in page.text] == []
    assert "The placement ended early" in page.below("What was decided last")


def test_a_pause_says_that_the_child_does_not_go_there_and_that_it_goes_on_again(
    placed: Between, store: Store, client: Client
) -> None:
    placed.fire(placed.school, "pause", standing_because=REASON, meanwhile="At school")
    newest = letters(store)[-1]
    assert newest.notice == "placement/parent_paused"
    assert "does not go there for the time being" in newest.text
    assert NOTHING_TO_DO not in newest.text

    page = read_at_home(store, client)
    assert begins_with(page) == "The placement is paused"
    assert "At school" in page.below("The placement is paused")
    decided = page.below("What was decided last")
    assert "The placement was paused" in decided
    assert "2 November 2026" in decided, "since when"
    assert [word for word in (*STILL_TO_COME, REASON, "Pause the placement") if word in page.text] == []

    placed.fire(placed.school, "resume", is_safe=True)
    assert letters(store)[-1].notice == "placement/parent_goes_on"
    page = read_at_home(store, client)
    assert begins_with(page) == "The placement runs"
    assert "Next review" in page.below("The placement runs")
    assert "At school" not in page.below("The placement runs")


def test_a_placement_that_is_called_off_reads_as_one_that_did_not_begin(
    site: Site, store: Store, client: Client
) -> None:
    placed = a_prepared_placement(site)
    placed.fire(placed.school, "write_by_email", **ANN)
    assert begins_with(read_at_home(store, client)) == "The placement is being prepared"
    placed.fire(placed.school, "start_placement")
    starts = letters(store)[-1]
    assert starts.notice == "placement/parent_starts"
    assert "The first day is Monday 9 November 2026" in starts.text
    assert begins_with(read_at_home(store, client)) == "The placement starts"

    placed.fire(placed.school, "call_off", never_began=True, standing_because=REASON, meanwhile="At school")
    assert letters(store)[-1].notice == "placement/parent_called_off"
    page = read_at_home(store, client)
    assert begins_with(page) == "The placement did not begin"
    assert "At school" in page.below("The placement did not begin")
    assert [word for word in (*STILL_TO_COME, REASON, "First day", "never began") if word in page.text] == []


def test_the_recorded_end_says_where_the_child_goes(
    placed: Between, store: Store, clock: StoppedClock, client: Client
) -> None:
    placed.fire(placed.school, "call_review_now")
    assert begins_with(read_at_home(store, client)) == "The placement is being reviewed"
    review = {**HELD, "reviewed_on": MONDAY.date().isoformat(), "until": LAST.isoformat()}
    placed.fire(placed.school, "decide_to_end", **review)
    assert NOTHING_TO_DO not in letters(store)[-1].text
    page = read_at_home(store, client)
    assert begins_with(page) == "The placement comes to its end"
    assert "10 November 2026" in page.below("The placement comes to its end")
    assert "Next review" not in page.text

    clock.at += timedelta(days=8)
    end = {"destination": "school", "destination_detail": "Hill School"}
    end |= {"outcome_progress": "Reads.", "reflections": "Good."}
    placed.fire(placed.school, "finish", ends_on=LAST.isoformat(), kept_for="six_years", **end)
    assert letters(store)[-1].notice == "placement/parent_ended"
    page = read_at_home(store, client)
    assert begins_with(page) == "The placement has ended"
    assert "Hill School" in page.below("The placement has ended")
    assert [word for word in STILL_TO_COME if word in page.text] == []


def test_a_breakdown_is_recorded_before_anybody_has_asked_the_pupil_who_is_asked_with_what_comes_next(
    placed: Between, clock: StoppedClock, client_as: ClientAs
) -> None:
    break_off(placed, clock)
    asked = client_as(placed.school).get(f"/cases/{placed.reference}/do/say_what_is_next").text
    assert "What does the pupil say of it?" in asked
    with pytest.raises(Invalid) as refused:
        placed.fire(placed.school, "say_what_is_next", has_now="school", next_steps="None.")
    assert refused.value.errors.keys() == {"reflections"}
    placed.fire(placed.school, "say_what_is_next", has_now="school", next_steps="None.", reflections="Too loud.")
    assert placed.case().fields["reflections"] == "Too loud."
    again = client_as(placed.school).get(f"/cases/{placed.reference}/do/say_what_is_next").text
    assert "What does the pupil say of it?" not in again


def test_while_it_is_decided_on_at_once_they_are_told_neither_that_it_runs_nor_why(
    placed: Between, store: Store, client: Client
) -> None:
    placed.fire(placed.school, "pause", standing_because=REASON, meanwhile="At school")
    placed.fire(placed.school, "commissioner_tells_matter", in_short="A bruise", matter="A bruise was seen.")
    page = read_at_home(store, client)
    assert begins_with(page) == "What was decided last still holds"
    assert "At school" in page.below("What was decided last still holds"), "who sees to the child's education"
    assert "The placement was paused" in page.text.partition("What was decided last still holds")[2]
    assert [word for word in ("The placement runs", "bruise", "at once", "urgent") if word in page.text] == []
