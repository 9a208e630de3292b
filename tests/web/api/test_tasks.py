"""Tasks through the API: taking them on, putting them back and finishing them."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from apflow.handler import Handler
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, enquire
from apflow.web.site import Site
from tests.store.long_queue import add_tasks
from tests.web.api.client import ApiAs, entries
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


# Passing one on


def holding(api: Client, handler: Handler) -> tuple[str, int]:
    """A case with a task that the program's owner has taken on."""
    reference = enquire(handler)
    task = the_task(api)["id"]
    assert api.post(f"/api/v1/tasks/{task}/claim").status_code == 200
    return reference, task


def passed(api: Client, task: int, to: Any, held_by: Any, *, key: str | None = None) -> httpx.Response:
    headers = {} if key is None else {"Idempotency-Key": key}
    return api.post(f"/api/v1/tasks/{task}/pass", json={"to": to, "held_by": held_by}, headers=headers)


def test_a_task_is_passed_to_a_colleague_as_on_the_page(api_as: ApiAs, handler: Handler, site: Site) -> None:
    olive, oscar = api_as(OLIVE), api_as(OSCAR)
    reference, task = holding(olive, handler)

    found = olive.get(f"/api/v1/tasks/{task}/pass").json()
    done = passed(olive, task, OSCAR.id, OLIVE.id)

    assert found["held_by"] == {"id": OLIVE.id, "name": "Olive Officer", "away_until": None}
    assert {"id": OSCAR.id, "name": "Oscar Officer", "away_until": None} in found["others"]
    assert done.status_code == 200
    assert done.headers["etag"] == f'"{done.json()["version"]}"'
    assert the_task(oscar)["is_yours"]
    assert entries(site, reference)[-1] == "passed answer_enquiry"


def test_a_managers_program_passes_on_what_an_officer_has_and_nobody_elses_does(
    api_as: ApiAs, handler: Handler
) -> None:
    _, task = holding(api_as(OLIVE), handler)

    for who, status in ((PAT, 403), (DAN, 404), (PETRA, 404)):
        assert api_as(who).get(f"/api/v1/tasks/{task}/pass").status_code == status
        assert passed(api_as(who), task, OSCAR.id, OLIVE.id).status_code == status
    assert passed(api_as(MAGDA), task, OSCAR.id, OLIVE.id).status_code == 200
    assert api_as(MAGDA).get("/api/v1/tasks/99/pass").status_code == 404


@pytest.mark.parametrize(
    ("to", "held_by", "status", "said"),
    [
        (MAGDA.id, OLIVE.id, 422, "This person cannot do this. Choose somebody else."),
        (PAT.id, OLIVE.id, 422, "This person cannot do this. Choose somebody else."),
        (4711, OLIVE.id, 422, "This person cannot do this. Choose somebody else."),
        (OLIVE.id, OLIVE.id, 422, "Olive Officer has this already."),
        (OSCAR.id, None, 409, "This task has changed hands since you looked at it."),
    ],
)
def test_a_task_is_not_passed_to_whoever_cannot_have_it_nor_by_whoever_looked_too_early(
    to: int, held_by: int | None, status: int, said: str, api_as: ApiAs, handler: Handler
) -> None:
    olive = api_as(OLIVE)
    _, task = holding(olive, handler)

    refused = passed(olive, task, to, held_by)

    assert (refused.status_code, refused.json()["detail"]) == (status, said)


def test_passing_again_with_the_same_key_is_answered_and_not_done_twice(
    api_as: ApiAs, handler: Handler, site: Site
) -> None:
    olive = api_as(OLIVE)
    reference, task = holding(olive, handler)

    sent = [passed(olive, task, OSCAR.id, OLIVE.id, key="one") for _ in range(2)]
    handler.fire(reference, "invite", {}, actor=OSCAR, now=MONDAY)
    late = passed(olive, task, OSCAR.id, OLIVE.id, key="one")

    assert sent[0].json() == sent[1].json() == late.json()
    assert entries(site, reference).count("passed answer_enquiry") == 1
    assert passed(olive, task, OSCAR.id, OLIVE.id).json()["detail"] == (
        "This task has been finished or is no longer needed."
    )


def test_staff_read_on_a_case_who_has_its_tasks_and_what_they_may_do_with_them(api_as: ApiAs, handler: Handler) -> None:
    reference, task = holding(api_as(OLIVE), handler)

    def told(who: Any) -> list[tuple[Any, ...]]:
        found = api_as(who).get(f"/api/v1/cases/{reference}").json()["tasks"]
        return [
            (one["id"], one["held_by"], one["is_yours"], one["can_be_claimed"], one["can_be_passed"]) for one in found
        ]

    assert told(OLIVE) == [(task, "Olive Officer", True, False, True)]
    assert told(MAGDA) == [(task, "Olive Officer", False, False, True)]
    assert told(PAT) == []
