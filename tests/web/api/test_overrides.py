"""Overrides through the API: setting a guard aside, seeing what stands aside, and taking it back."""

from datetime import timedelta
from typing import Any

import httpx
import pytest

from apflow.handler import Handler
from apflow.testing import DAN, ENTRY, MAGDA, MONDAY, OLIVE, PAT, StoppedClock
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.api.client import ApiAs, entries, fire
from tests.web.browsing import Client

GUARD = "evidence_is_in_date"
ASKED = {"guard": GUARD, "until": "2027-09-20", "reason": "Renewal is paid."}
VISIT = {"visit_on": "2026-11-02", "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive Officer"}
FOUND = {"visited_on": "2026-11-02", "seen": "Goats.", "visit_outcome": "satisfied", "no_surprise": True}


@pytest.fixture
def reference(handler: Handler, site: Site, clock: StoppedClock) -> str:
    """A case that only papers past their date keep from being approved."""
    reference = bring_to(handler, "visit")
    handler.fire(reference, "arrange_visit", VISIT, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "describe_entry", ENTRY, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "record_visit", FOUND, actor=OLIVE, now=MONDAY)
    clock.at = MONDAY + timedelta(days=305)
    return reference


def set_aside(
    api: Client, reference: str, *, if_match: str | None = "*", key: str = "", **asked: Any
) -> httpx.Response:
    headers = ({"If-Match": if_match} if if_match else {}) | ({"Idempotency-Key": key} if key else {})
    return api.post(f"/api/v1/cases/{reference}/overrides", json=ASKED | asked, headers=headers)


def take_back(api: Client, reference: str, guard: str = GUARD) -> httpx.Response:
    return api.delete(f"/api/v1/cases/{reference}/overrides/{guard}", headers={"If-Match": "*"})


def shown(api: Client, reference: str) -> dict[str, Any]:
    case = api.get(f"/api/v1/cases/{reference}").json()
    assert isinstance(case, dict)
    return case


def test_what_stands_in_the_way_is_set_aside_and_the_event_then_done(api_as: ApiAs, reference: str) -> None:
    magda, olive = api_as(MAGDA), api_as(OLIVE)
    (barrier,) = shown(magda, reference)["barriers"]
    assert (barrier["guard"], barrier["event"], barrier["latest"]) == (GUARD, "approve", "2027-10-03")
    assert fire(olive, reference, "approve", {"ready": True}).status_code == 409

    done = set_aside(magda, reference)

    assert (done.status_code, done.headers["etag"]) == (200, f'"{done.json()["version"]}"')
    assert shown(magda, reference)["barriers"] == []
    (approve,) = [offer for offer in shown(olive, reference)["offers"] if offer["event"] == "approve"]
    assert (approve["is_possible"], approve["set_aside"]) == (True, [GUARD])
    assert fire(olive, reference, "approve", {"ready": True}).status_code == 200


def test_staff_are_told_what_stands_aside_and_the_provider_is_not(api_as: ApiAs, reference: str) -> None:
    magda = api_as(MAGDA)
    set_aside(magda, reference)
    told = {
        "guard": GUARD,
        "label": "evidence is in date",
        "until": "2027-09-20",
        "by": "Magda Manager",
        "reason": "Renewal is paid.",
    }
    assert shown(magda, reference)["overrides"] == [{**told, "can_be_taken_back": True}]
    assert shown(api_as(OLIVE), reference)["overrides"] == [{**told, "can_be_taken_back": False}]
    pat = api_as(PAT)
    assert (shown(pat, reference)["overrides"], shown(pat, reference)["barriers"]) == ([], [])
    history = pat.get(f"/api/v1/cases/{reference}/history?limit=200").text
    assert "Renewal" not in history
    assert "aside" not in history


def test_staff_read_in_the_history_why_it_was_set_aside_and_what_happened_under_it(
    api_as: ApiAs, reference: str
) -> None:
    set_aside(api_as(MAGDA), reference)
    olive = api_as(OLIVE)
    fire(olive, reference, "approve", {"ready": True})
    override, approval = olive.get(f"/api/v1/cases/{reference}/history?limit=200").json()["items"][-2:]
    assert (override["what"], override["note"]) == (
        "Set aside “evidence is in date” until Monday 20 September 2027",
        "Renewal is paid.",
    )
    assert approval["note"] == "With “evidence is in date” set aside until Monday 20 September 2027 by Magda Manager."


def test_what_is_taken_back_stands_in_the_way_again(api_as: ApiAs, reference: str) -> None:
    magda = api_as(MAGDA)
    set_aside(magda, reference)
    assert take_back(api_as(OLIVE), reference).status_code == 403
    assert take_back(magda, reference).status_code == 200
    assert (shown(magda, reference)["overrides"], len(shown(magda, reference)["barriers"])) == ([], 1)
    again = take_back(magda, reference)
    assert (again.status_code, again.json()["detail"]) == (409, "“Evidence is in date” is not set aside at present.")


def test_a_day_too_late_and_no_reason_are_told_together(api_as: ApiAs, reference: str) -> None:
    refused = set_aside(api_as(MAGDA), reference, until="2027-10-04", reason=" ")
    assert (refused.status_code, refused.json()["errors"]) == (
        422,
        {
            "reason": "Say why it is set aside.",
            "until": "Give Sunday 3 October 2027 or an earlier day, which is the most allowed.",
        },
    )


def test_only_those_the_policy_names_may(api_as: ApiAs, reference: str) -> None:
    assert set_aside(api_as(OLIVE), reference).status_code == 403
    assert set_aside(api_as(PAT), reference).status_code == 403
    assert set_aside(api_as(DAN), reference).status_code == 404
    nobody = set_aside(api_as(MAGDA), reference, guard="enough_views")
    assert (nobody.status_code, nobody.json()["detail"]) == (403, "Nobody may set this aside: enough views.")
    assert set_aside(api_as(MAGDA), reference, guard="nothing").status_code == 404


def test_it_is_refused_when_the_case_is_not_as_it_was_seen(api_as: ApiAs, reference: str) -> None:
    magda = api_as(MAGDA)
    assert set_aside(magda, reference, if_match=None).status_code == 428
    etag = magda.get(f"/api/v1/cases/{reference}").headers["etag"]
    assert set_aside(magda, reference, if_match=etag).status_code == 200
    stale = set_aside(magda, reference, if_match=etag)
    assert (stale.status_code, stale.json()["changes"]) == (
        412,
        ["Magda Manager: Set aside “evidence is in date” until Monday 20 September 2027"],
    )


def test_sent_twice_with_the_same_key_it_is_done_once(api_as: ApiAs, reference: str, site: Site) -> None:
    magda = api_as(MAGDA)
    sent = [set_aside(magda, reference, key="one") for _ in range(2)]
    assert sent[0].json() == sent[1].json()
    assert entries(site, reference)[-2:] == ["record_visit", f"set aside {GUARD}"]
