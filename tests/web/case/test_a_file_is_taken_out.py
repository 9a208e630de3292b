"""A file that was sent with an optional question: it stays, another takes its place, or it is taken out."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.loader import read_library
from apflow.store.reading.past import everybody, past_of
from apflow.testing import MONDAY, OLIVE, PAT, a_handler, a_staged_file
from apflow.web.site import Site
from tests.brought import bring_to
from tests.files import a_pdf
from tests.loader.folder import a_folder
from tests.quality import case, do, newest
from tests.web.api.client import ApiAs
from tests.web.browsing import Client
from tests.web.reading import Form, Page

TODAY = MONDAY.date().isoformat()
ACTION: dict[str, Any] = {"what": "Mend the fence", "owner": "The head", "by_when": TODAY, "how_shown": "A picture"}
DONE = "Mended, on Monday"
SEND = "Tell us that it is done"
CHECKED_FIRST = (
    "    notify: {officer: action_to_check}",
    "    check_answers: true\n    notify: {officer: action_to_check}",
)
ClientAs = Callable[[Actor], Client]


@pytest.fixture
def plan(handler: Handler, site: Site) -> str:
    return a_plan(handler)


def a_plan(handler: Handler) -> str:
    """A plan with one action, said to be done with a file (policy.pdf) that shows it, and sent back."""
    provider = bring_to(handler, "approved")
    do(handler, provider, "begin_action_plan", now=MONDAY, why="The barn must be safe.")
    plan = newest(handler, provider, "action_plan")
    do(handler, plan, "add_action", now=MONDAY, **ACTION)
    do(handler, plan, "ask_for_update", now=MONDAY, due_on=TODAY)
    do(handler, plan, "propose", now=MONDAY, why="The barn must be safe.")
    do(handler, plan, "agree", PAT, now=MONDAY, agreed=True)
    shown = a_staged_file(handler.store, PAT)
    do(handler, plan, "say_done", PAT, now=MONDAY, item="1", what_was_done=DONE, evidence=shown)
    do(handler, plan, "send_back_action", now=MONDAY, item="1", reason="Whose fence is this?", by_when=TODAY)
    return plan


def evidence(handler: Handler, plan: str) -> str | None:
    """The id of the file that shows that the action is done."""
    action = case(handler, plan).item("actions", "1")
    assert action is not None
    return action.data.get("evidence")


def asked(client: Client, plan: str) -> Page:
    return Page(client.get(f"/cases/{plan}/do/say_done?item=1"))


def the_form(page: Page) -> Form:
    return page.form(SEND)


def test_the_form_says_which_file_there_is_and_that_it_stays(handler: Handler, plan: str, client_as: ClientAs) -> None:
    before, pat = evidence(handler, plan), client_as(PAT)
    page = asked(pat, plan)

    assert "Something that shows it (optional): there is policy.pdf" in page.text
    assert "It stays unless you choose another or take it out" in page.text
    the_form(page).send(pat, SEND, what_was_done="Mended again")
    assert evidence(handler, plan) == before


def test_it_is_taken_out_and_the_history_says_so(handler: Handler, plan: str, client_as: ClientAs) -> None:
    pat, olive = client_as(PAT), client_as(OLIVE)
    the_form(asked(pat, plan)).send(pat, SEND, what_was_done=DONE, evidence__out="yes")

    assert evidence(handler, plan) is None
    assert "Something that shows it\nTaken out" in Page(olive.get(f"/cases/{plan}/timeline")).text


def test_answers_that_are_checked_first_say_that_it_is_taken_out(
    site: Site, sign_in_to: Callable[[Site, Actor], Client], tmp_path: Path
) -> None:
    library = read_library(a_folder(tmp_path, CHECKED_FIRST, file="action_plan.yaml"))
    handler = a_handler(site.store, library)
    plan = a_plan(handler)
    pat = sign_in_to(replace(site, library=library, handler=handler), PAT)

    check = Page(asked(pat, plan).form("Continue").send(pat, "Continue", what_was_done=DONE, evidence__out="yes"))
    assert check.heading.endswith("Check your answers")
    assert "Something that shows it\nTaken out" in check.text
    the_form(check).send(pat, SEND)
    assert evidence(handler, plan) is None


def test_who_follows_the_history_again_takes_it_out_again(handler: Handler, plan: str, client_as: ClientAs) -> None:
    pat = client_as(PAT)
    the_form(asked(pat, plan)).send(pat, SEND, what_was_done=DONE, evidence__out="yes")

    with handler.store.reading() as connection:
        definition = handler.definition_of(connection, case(handler, plan))
        past = past_of(connection, definition, plan, everybody(connection), {}, {})
    assert past.happened[-1].answers == {"what_was_done": DONE, "evidence": None}


def test_another_that_is_chosen_takes_its_place_whatever_is_ticked(
    handler: Handler, plan: str, client_as: ClientAs
) -> None:
    before, pat = evidence(handler, plan), client_as(PAT)
    another = {"evidence": ("fence.pdf", a_pdf(), "application/pdf")}
    the_form(asked(pat, plan)).send(pat, SEND, what_was_done=DONE, evidence__out="yes", files=another)

    assert evidence(handler, plan) not in (before, None)


def test_what_was_ticked_is_ticked_still_when_the_form_comes_back(plan: str, client_as: ClientAs) -> None:
    pat = client_as(PAT)
    wrong = Page(the_form(asked(pat, plan)).send(pat, SEND, what_was_done="", evidence__out="yes"))
    assert set(wrong.errors) == {"what_was_done"}
    assert the_form(wrong).value("evidence-out") == "yes"

    the_form(wrong).send(pat, "Save and come back later", what_was_done="Half of it", evidence__out="yes")
    assert the_form(asked(pat, plan)).value("evidence-out") == "yes"


def test_nothing_is_taken_out_where_there_is_nothing(handler: Handler, plan: str, client_as: ClientAs) -> None:
    pat = client_as(PAT)
    the_form(asked(pat, plan)).send(pat, SEND, what_was_done=DONE, evidence__out="yes")
    do(handler, plan, "send_back_action", now=MONDAY, item="1", reason="And the gate?", by_when=TODAY)
    page = asked(pat, plan)

    assert "Take out" not in page.text
    assert pat.post(
        f"/cases/{plan}/do/say_done?item=1", data={"what_was_done": DONE, "evidence-out": "yes"}
    ).is_redirect
    assert Page(client_as(OLIVE).get(f"/cases/{plan}/timeline")).text.count("Taken out") == 1


def test_a_program_takes_it_out_by_null(handler: Handler, plan: str, api_as: ApiAs) -> None:
    address = f"/api/v1/cases/{plan}/events/say_done"
    body = {"item": "1", "answers": {"what_was_done": DONE, "evidence": None}}

    done = api_as(OLIVE).post(address, json=body, headers={"If-Match": "*"})
    assert done.status_code == 200, done.text
    assert evidence(handler, plan) is None
