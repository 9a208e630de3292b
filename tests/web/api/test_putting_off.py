"""Putting a task off through the API: by the rules of the page, and brought back."""

from typing import Any

import pytest

from apflow.testing import OLIVE, OSCAR, PAT
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.api.client import ApiAs
from tests.web.browsing import Client

THURSDAY = {"until": "2026-11-05"}


def the_task(api: Client) -> dict[str, Any]:
    (task,) = api.get("/api/v1/tasks").json()["items"]
    assert isinstance(task, dict)
    return task


@pytest.fixture
def olive(site: Site, api_as: ApiAs) -> Client:
    bring_to(site.handler, "checking_evidence")
    return api_as(OLIVE)


def test_a_task_is_put_off_and_brought_back(olive: Client) -> None:
    task = the_task(olive)["id"]

    assert olive.post(f"/api/v1/tasks/{task}/put-off", json=THURSDAY).status_code == 200
    put_off = the_task(olive)
    assert (put_off["is_yours"], put_off["put_off_until"]) == (True, "2026-11-05T00:00:00Z")
    assert put_off["group"] == "Put off"

    assert olive.post(f"/api/v1/tasks/{task}/bring-back").status_code == 200
    back = the_task(olive)
    assert (back["is_yours"], back["put_off_until"]) == (True, None)
    assert olive.post(f"/api/v1/tasks/{task}/bring-back").status_code == 409


@pytest.mark.parametrize(("day", "said"), [("2026-11-02", "after today"), ("2027-11-05", "it is due then")])
def test_a_day_that_cannot_be_is_refused_with_why(olive: Client, day: str, said: str) -> None:
    refused = olive.post(f"/api/v1/tasks/{the_task(olive)['id']}/put-off", json={"until": day})

    assert refused.status_code == 422
    assert said in refused.json()["errors"]["until"]


def test_what_a_colleague_has_is_not_put_off_but_brought_back_by_whoever_could_pass_it_on(
    olive: Client, api_as: ApiAs
) -> None:
    task = the_task(olive)["id"]
    olive.post(f"/api/v1/tasks/{task}/put-off", json=THURSDAY)

    assert api_as(OSCAR).post(f"/api/v1/tasks/{task}/put-off", json=THURSDAY).status_code == 409
    assert api_as(PAT).post(f"/api/v1/tasks/{task}/bring-back").status_code == 409, "the same as where it is not"
    assert the_task(olive)["put_off_until"] is not None
    assert api_as(OSCAR).post(f"/api/v1/tasks/{task}/bring-back").status_code == 200
    assert the_task(olive)["put_off_until"] is None


def test_the_same_key_puts_it_off_once(olive: Client) -> None:
    task = the_task(olive)["id"]
    key = {"idempotency-key": "one"}

    sent = [olive.post(f"/api/v1/tasks/{task}/put-off", json=THURSDAY, headers=key) for _ in range(2)]

    assert [one.status_code for one in sent] == [200, 200]
    assert sent[0].json() == sent[1].json()
