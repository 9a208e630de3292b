"""Somebody who is no colleague any more: every address answers them as it does somebody who never was one."""

import re
from collections.abc import Callable, Iterator, Mapping
from functools import partial

import httpx
import pytest

from apflow.core.people.actor import Actor
from apflow.store.people import people
from apflow.testing import MONDAY, PAT, StoppedClock
from apflow.web.app import create_app
from apflow.web.lists.spreadsheet import XLSX
from apflow.web.site import Site
from tests.colleagues import CLARA, TOM, end, let_act
from tests.permissions.asking import Route, routes
from tests.placing import Between, a_prepared_placement
from tests.web.api.client import ApiAs
from tests.web.browsing import Client

ClientAs = Callable[[Actor], Client]
_PARAMETER = re.compile(r"\{([a-z_]+)(?::[a-z]+)?\}")
_ROLES = {"commissioner": ("refer_a_pupil", "set_plan", CLARA), "provider": ("report_concern", "update_risk", TOM)}


@pytest.fixture
def between(site: Site, clock: StoppedClock) -> Between:
    return a_prepared_placement(site)


def nobody_in_particular(site: Site) -> Actor:
    """Somebody with an account and no role."""
    with site.store.writing() as connection:
        number = people.add_person(
            connection, name="Nemo Nobody", email="nemo@nowhere.example", roles=[], agency=None, now=MONDAY
        )
    return Actor(number, "Nemo Nobody", frozenset())


def addresses(between: Between, start: str, event: str) -> Iterator[tuple[Route, str]]:
    """Every address of the site, filled in with what the colleague could see and do."""
    filled = {"reference": between.reference, "number": "1", "task": "1", "collection": "objectives", "year": "2026"}
    filled |= {"name": "agreement", "how": "claim", "ending": "csv", "form": "2026", "guard": "agreement_is_signed"}
    for method, path in routes(create_app(between.site)):
        if path != "/sign-out":
            asked = start if path.startswith("/start/") else event
            known = {**filled, "event": asked}
            yield (method, path), _PARAMETER.sub(partial(_known, known), path)


def _known(known: Mapping[str, str], found: re.Match[str]) -> str:
    return known.get(found[1], "none")


def told(answer: httpx.Response, *names: str) -> tuple[int, str]:
    is_a_workbook = answer.headers.get("content-type", "") == XLSX  # Which says when it was made.
    text = re.sub('[0-9a-f]{8,}|name="key" value="[^"]*"', "", "" if is_a_workbook else answer.text)
    for name in names:
        text = text.replace(name, "")
    return answer.status_code, text


@pytest.mark.parametrize("role", _ROLES)
def test_with_the_end_every_address_answers_as_it_does_somebody_without_the_role(
    site: Site, between: Between, client_as: ClientAs, api_as: ApiAs, role: str
) -> None:
    start, event, email = _ROLES[role]
    named = between.school if role == "commissioner" else PAT
    number, who = let_act(site.handler, named, email, "Nemo Ended")
    nemo = nobody_in_particular(site)
    asking = [(client_as(one), api_as(one), one.name) for one in (who, nemo)]  # Who is signed in stays so.
    client, api, _ = asking[0]
    opened = [client.get(f"/start/{start}"), client.get(f"/cases/{between.reference}"), client.get("/attendance")]
    assert {answer.status_code for answer in opened} <= {200, 303}
    assert api.get("/api/v1/cases?workflow=placement").json()["items"]

    end(site.handler, named, number)

    differ = []
    for (method, path), address in addresses(between, start, event):
        answers = [
            told((one if path.startswith("/api/") else page).request(method, address), name)
            for page, one, name in asking
        ]
        if answers[0] != answers[1]:
            differ.append((method, address, answers[0][0], answers[1][0]))
    assert differ == []
    assert api.get("/api/v1/cases?workflow=placement").json()["items"] == []


def test_somebody_whose_last_role_has_ended_is_no_staff(site: Site, client_as: ClientAs) -> None:
    client = client_as(nobody_in_particular(site))

    assert [client.get(address).headers.get("location") for address in ("/work", "/cases")] == ["/home", "/home"]
    assert client.get("/home").status_code == 200
