"""An action plan as each side finds it: what the provider must do by when, and what the officer must look at."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.testing import MONDAY, OLIVE, PAT
from apflow.web.site import Site
from tests.brought import bring_to
from tests.quality import case, do, newest
from tests.web.browsing import Client
from tests.web.reading import Page

ClientAs = Callable[[Actor], Client]
ACTION: dict[str, Any] = {"what": "Mend the fence", "owner": "The head", "how_shown": "A picture"}
UPDATE = "Tuesday 10 November 2026"


def in_days(days: int) -> str:
    return (MONDAY + timedelta(days=days)).date().isoformat()


@pytest.fixture
def plan(handler: Handler, site: Site) -> str:
    """A plan that runs: an action by 12 November and an update by 10 November."""
    provider = bring_to(handler, "approved")
    do(handler, provider, "begin_action_plan", now=MONDAY, why="The barn must be safe.")
    plan = newest(handler, provider, "action_plan")
    do(handler, plan, "add_action", now=MONDAY, by_when=in_days(10), **ACTION)
    do(handler, plan, "ask_for_update", now=MONDAY, due_on=in_days(8))
    do(handler, plan, "propose", now=MONDAY, why="The barn must be safe.")
    do(handler, plan, "agree", PAT, now=MONDAY, agreed=True)
    return plan


def send_the_update(handler: Handler, plan: str) -> None:
    do(handler, plan, "send_update", PAT, now=MONDAY, item="1", update="The wood is ordered.")


def page_for(client: Client, plan: str) -> Page:
    return Page(client.get(f"/cases/{plan}"))


def test_a_provider_is_told_the_first_day_that_is_theirs_and_not_when_the_council_looks_again(
    handler: Handler, plan: str, client_as: ClientAs
) -> None:
    pat = client_as(PAT)
    assert f"An update should come by 11:59pm on {UPDATE}" in page_for(pat, plan).below("Do now")

    send_the_update(handler, plan)
    assert "An action should be done by 11:59pm on Thursday 12 November 2026" in page_for(pat, plan).below("Do now")

    do(handler, plan, "say_done", PAT, now=MONDAY, item="1", what_was_done="It is mended.")
    assert "Look at how the plan goes" not in page_for(pat, plan).text


def test_a_deadline_of_which_nothing_is_left_is_not_on_the_officers_page(
    handler: Handler, plan: str, client_as: ClientAs
) -> None:
    assert "An update should come" in page_for(client_as(OLIVE), plan).below("Deadlines")

    send_the_update(handler, plan)

    assert "An update should come" not in page_for(client_as(OLIVE), plan).below("Deadlines")


def test_each_update_is_a_task_of_its_own_and_goes_with_it(handler: Handler, plan: str, client_as: ClientAs) -> None:
    do(handler, plan, "ask_for_update", now=MONDAY, due_on=in_days(20))
    send_the_update(handler, plan)
    do(handler, plan, "send_update", PAT, now=MONDAY, item="2", update="It stands.")
    page = page_for(client_as(OLIVE), plan)
    assert f"Read the provider's update: {UPDATE}" in page.text
    assert "Read the provider's update: Sunday 22 November 2026" in page.text

    do(handler, plan, "read_update", now=MONDAY, item="1")

    assert [task.item for task in case(handler, plan).tasks] == ["2"]


def test_the_task_leads_on_to_what_finishes_it(handler: Handler, plan: str, client_as: ClientAs) -> None:
    do(handler, plan, "say_done", PAT, now=MONDAY, item="1", what_was_done="It is mended.")
    olive = client_as(OLIVE)
    page = page_for(olive, plan)
    assert "What you did about it" not in page.text, "what finishes it is said by the event"

    form = Page(olive.get(page.link("It is done"))).form("It is done")
    assert form.send(olive).status_code == 303

    assert case(handler, plan).tasks == ()


def test_once_the_plan_is_over_the_task_is_finished_with_a_note(
    handler: Handler, plan: str, client_as: ClientAs
) -> None:
    send_the_update(handler, plan)
    do(handler, plan, "call_off", now=MONDAY, why_off="You have closed.")

    assert "What you did about it" in page_for(client_as(OLIVE), plan).text
