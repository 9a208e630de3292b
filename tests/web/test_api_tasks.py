"""Tasks through the API: taking them on, putting them back and finishing them."""

from datetime import timedelta
from typing import Any

import pytest

from apflow.handler import Handler
from apflow.testing import DAN, MONDAY, OLIVE, OSCAR, PAT, PETRA, enquire
from apflow.web.site import Site
from tests.store.long_queue import add_tasks
from tests.web.api import ApiAs, entries
from tests.web.browsing import Client


def the_task(api: Client) -> dict[str, Any]:
    (task,) = api.get("/api/v1/tasks").json()["items"]
    assert isinstance(task, dict)
    return task


def test_a_task_is_claimed_by_one_person_at_a_time(api_as: ApiAs, handler: Handler) -> None:
    enquire(handler)
    olive, oscar = api_as(OLIVE), api_as(OSCAR)
    task = the_task(olive)["id"]

    claimed = olive.post(f"/api/v1/tasks/{task}/claim")
    refused = oscar.post(f"/api/v1/tasks/{task}/claim")

    assert claimed.status_code == 200
    assert the_task(olive)["is_yours"]
    assert (refused.status_code, refused.json()["detail"]) == (409, "Someone else has taken this task.")
    assert oscar.get("/api/v1/tasks").json()["items"] == []


def test_a_released_task_is_there_for_everyone_again(api_as: ApiAs, handler: Handler) -> None:
    enquire(handler)
    olive, oscar = api_as(OLIVE), api_as(OSCAR)
    task = the_task(olive)["id"]
    olive.post(f"/api/v1/tasks/{task}/claim")

    assert oscar.post(f"/api/v1/tasks/{task}/release").status_code == 409
    assert olive.post(f"/api/v1/tasks/{task}/release").status_code == 200

    assert the_task(oscar)["can_be_claimed"]


def test_an_alert_is_completed_by_saying_what_was_done(api_as: ApiAs, handler: Handler) -> None:
    reference = enquire(handler)
    handler.alert(reference, "mail_failed", "The mailbox is full.", now=MONDAY)
    api = api_as(OLIVE)
    alert = next(task for task in api.get("/api/v1/tasks").json()["items"] if task["can_be_completed"])

    silent = api.post(f"/api/v1/tasks/{alert['id']}/complete", json={"note": " "})
    done = api.post(f"/api/v1/tasks/{alert['id']}/complete", json={"note": "Telephoned."})

    assert (silent.status_code, silent.json()["errors"]) == (422, {"note": "Say what you did about it."})
    assert done.status_code == 200
    assert not [task for task in api.get("/api/v1/tasks").json()["items"] if task["can_be_completed"]]


def test_a_task_of_the_state_is_not_ticked_off(api_as: ApiAs, handler: Handler) -> None:
    enquire(handler)
    api = api_as(OLIVE)

    answer = api.post(f"/api/v1/tasks/{the_task(api)['id']}/complete", json={"note": "Done."})

    assert (answer.status_code, answer.json()["code"]) == (409, "blocked")


def test_a_repeated_claim_with_the_same_key_leaves_one_line_of_history(
    api_as: ApiAs, handler: Handler, site: Site
) -> None:
    reference = enquire(handler)
    api = api_as(OLIVE)
    task = the_task(api)["id"]

    sent = [api.post(f"/api/v1/tasks/{task}/claim", headers={"Idempotency-Key": "one"}) for _ in range(2)]

    assert sent[0].json() == sent[1].json()
    assert entries(site, reference) == ["enquire", "claimed answer_enquiry"]


@pytest.mark.parametrize(("who", "status"), [(PAT, 403), (DAN, 404), (PETRA, 404)])
def test_a_task_is_refused_to_whoever_it_is_not_for(api_as: ApiAs, handler: Handler, who: Any, status: int) -> None:
    enquire(handler)
    task = the_task(api_as(OLIVE))["id"]

    assert api_as(who).post(f"/api/v1/tasks/{task}/claim").status_code == status
    assert api_as(who).get("/api/v1/tasks").json()["items"] == []


def test_there_is_no_such_task(api_as: ApiAs) -> None:
    assert api_as(OLIVE).post("/api/v1/tasks/999/claim").status_code == 404


def test_tasks_come_a_page_at_a_time_soonest_due_first(api_as: ApiAs, handler: Handler, site: Site) -> None:
    dues = [*(MONDAY + timedelta(days=day // 3) for day in range(9)), None, None]
    add_tasks(site.store, enquire(handler), dues)
    api, read, cursor = api_as(OLIVE), list[dict[str, Any]](), ""
    while True:
        page = api.get(f"/api/v1/tasks?limit=5{cursor}").json()
        read += page["items"]
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"
    assert len({task["id"] for task in read}) == len(read) == 12
    assert [task["due_at"] for task in read] == sorted((task["due_at"] for task in read), key=lambda at: at or "z")
    assert api.get("/api/v1/tasks?cursor=nonsense").status_code == 400
