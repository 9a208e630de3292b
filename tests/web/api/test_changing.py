"""Changing a case through the API: the version that was seen, and every way of no."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from apflow.handler import Handler
from apflow.testing import DAN, ENQUIRY, MONDAY, OLIVE, OSCAR, PAT, PETRA, TODAY, a_document, a_staged_file, enquire
from apflow.web.site import Site
from tests.brought import bring_to
from tests.web.api.client import ApiAs, entries, fire

THE_CONTACT = {"contact_name": "Pat Provider", "contact_email": "pat@made-up-farm.example"}
A_LOGGED_ENQUIRY = {**ENQUIRY, "received_on": TODAY.isoformat()}


# Opening


def test_an_officer_opens_a_case(api_as: ApiAs) -> None:
    api = api_as(OLIVE)
    opening = {"workflow": "provider", "event": "log_enquiry", "answers": A_LOGGED_ENQUIRY}

    opened = api.post("/api/v1/cases", json=opening)

    assert opened.status_code == 201
    case = api.get(opened.headers["location"])
    assert case.json()["reference"] == opened.json()["reference"]
    assert case.headers["etag"] == opened.headers["etag"]


def test_the_same_key_opens_one_case_however_often_it_is_sent(api_as: ApiAs) -> None:
    api = api_as(OLIVE)
    opening = {"workflow": "provider", "event": "log_enquiry", "answers": A_LOGGED_ENQUIRY}

    sent = [api.post("/api/v1/cases", json=opening, headers={"Idempotency-Key": "one"}) for _ in range(3)]

    assert {answer.status_code for answer in sent} == {201}
    assert len({answer.json()["reference"] for answer in sent}) == 1
    assert len(api.get("/api/v1/cases").json()["items"]) == 1


@pytest.mark.parametrize(
    ("changes", "status", "code"),
    [
        ({"workflow": "online_safety"}, 404, "not-found"),
        ({"event": "no_such_event"}, 404, "unknown-event"),
        ({"event": "enquire"}, 403, "not-allowed"),
        ({"answers": {}}, 422, "invalid"),
        ({"answers": {**A_LOGGED_ENQUIRY, "postcode": "Bath"}}, 422, "invalid"),
        ({"answers": {**A_LOGGED_ENQUIRY, "approved": True}}, 422, "invalid"),
        ({"answers": [1]}, 400, "malformed"),
        ({"colour": "green"}, 400, "malformed"),
    ],
)
def test_opening_is_refused_with_the_reason(api_as: ApiAs, changes: dict[str, Any], status: int, code: str) -> None:
    opening = {"workflow": "provider", "event": "log_enquiry", "answers": A_LOGGED_ENQUIRY}
    api = api_as(OLIVE)

    answer = api.post("/api/v1/cases", json={**opening, **changes})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert api.get("/api/v1/cases").json()["items"] == []


def test_every_wrong_answer_is_named_with_how_to_mend_it(api_as: ApiAs) -> None:
    answers = {**A_LOGGED_ENQUIRY, "postcode": "Bath", "contact_email": "pat"}

    answer = api_as(OLIVE).post(
        "/api/v1/cases", json={"workflow": "provider", "event": "log_enquiry", "answers": answers}
    )

    assert set(answer.json()["errors"]) == {"postcode", "contact_email"}


# Firing


def test_an_event_moves_the_case_and_answers_with_its_new_version(api_as: ApiAs, handler: Handler) -> None:
    reference = enquire(handler)
    api = api_as(OLIVE)
    seen = api.get(f"/api/v1/cases/{reference}").headers["etag"]

    done = fire(api, reference, "invite", if_match=seen)

    assert done.status_code == 200
    case = api.get(f"/api/v1/cases/{reference}")
    assert case.json()["state"]["name"] == "gathering_evidence"
    assert case.headers["etag"] == done.headers["etag"] == f'"{done.json()["version"]}"'


def test_a_provider_supplies_a_document_by_a_file_sent_before(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    supplied = {"item": "public_liability", "answers": a_document(handler, PAT, "public_liability")}
    api = api_as(PAT)

    done = api.post(f"/api/v1/cases/{reference}/events/supply", json=supplied, headers={"If-Match": "*"})

    assert done.status_code == 200
    (evidence,) = api.get(f"/api/v1/cases/{reference}").json()["collections"]
    item = next(item for item in evidence["items"] if item["key"] == "public_liability")
    assert item["status_label"] == "Sent to us"
    assert item["answers"][0]["text"] == "policy.pdf"


def test_an_application_is_put_on_an_agenda_under_its_reference(api_as: ApiAs, handler: Handler) -> None:
    application, api = bring_to(handler, "panel"), api_as(OLIVE)
    when = {"meeting_on": MONDAY.date().isoformat(), "meeting_time": "14:00", "meeting_place": "Room 1", "chair": 4}
    meeting = handler.open_case("panel_meeting", "plan_meeting", when, actor=OLIVE, now=MONDAY).reference
    address = f"/api/v1/cases/{meeting}/events/put_on_agenda"

    done = api.post(address, json={"item": application}, headers={"If-Match": "*"})

    assert done.status_code == 200, done.text
    agenda, _ = api.get(f"/api/v1/cases/{meeting}").json()["collections"]
    assert [item["key"] for item in agenda["items"]] == [application]


def test_a_file_that_someone_else_sent_cannot_be_used(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    supplied = {**a_document(handler, PAT, "public_liability"), "file": a_staged_file(handler.store, DAN)}
    body = {"item": "public_liability", "answers": supplied}

    answer = api_as(PAT).post(f"/api/v1/cases/{reference}/events/supply", json=body, headers={"If-Match": "*"})

    assert (answer.status_code, set(answer.json()["errors"])) == (422, {"file"})


def test_a_change_without_if_match_is_refused(api_as: ApiAs, handler: Handler, site: Site) -> None:
    reference = enquire(handler)

    answer = api_as(OLIVE).post(f"/api/v1/cases/{reference}/events/invite", json={})

    assert (answer.status_code, answer.json()["code"]) == (428, "if-match-missing")
    assert entries(site, reference) == ["enquire"]


@pytest.mark.parametrize("if_match", ['"1"', '"99"', '"1", "99"', '"1", W/"2"'])
def test_a_change_to_another_version_than_was_seen_is_refused(
    api_as: ApiAs, handler: Handler, site: Site, if_match: str
) -> None:
    reference = bring_to(handler, "gathering_evidence")

    answer = fire(api_as(OLIVE), reference, "allow_more_time", {"why": "Half term"}, if_match=if_match)

    assert (answer.status_code, answer.json()["code"]) == (412, "stale")
    assert entries(site, reference) == ["enquire", "invite"]


@pytest.mark.parametrize("if_match", ['W/"2"', "2", "", '"x"'])
def test_what_is_no_etag_is_refused_with_how_to_send_one_and_not_as_if_somebody_had_changed_something(
    api_as: ApiAs, handler: Handler, site: Site, if_match: str
) -> None:
    reference = bring_to(handler, "gathering_evidence")

    answer = fire(api_as(OLIVE), reference, "allow_more_time", {"why": "Half term"}, if_match=if_match)

    assert (answer.status_code, answer.json()["code"]) == (400, "malformed")
    assert "Send the ETag as it came with the case" in answer.json()["errors"]["If-Match"]
    assert entries(site, reference) == ["enquire", "invite"]


def test_an_item_is_refused_where_an_event_is_about_none(api_as: ApiAs, handler: Handler, site: Site) -> None:
    reference = enquire(handler)

    address = f"/api/v1/cases/{reference}/events/invite?item=public_liability"
    answer = api_as(OLIVE).post(address, json={}, headers={"If-Match": "*"})

    assert (answer.status_code, list(answer.json()["errors"])) == (422, ["item"])
    assert entries(site, reference) == ["enquire"]


@pytest.mark.parametrize("if_match", ['"2"', '"1", "2"', "*", " * "])
def test_if_match_may_name_several_versions_or_any(api_as: ApiAs, handler: Handler, if_match: str) -> None:
    reference = bring_to(handler, "gathering_evidence")

    answer = fire(api_as(OLIVE), reference, "allow_more_time", {"why": "Half term"}, if_match=if_match)

    assert answer.status_code == 200


def test_of_many_who_saw_the_same_version_at_once_only_one_changes_it(
    api_as: ApiAs, handler: Handler, site: Site
) -> None:
    reference = bring_to(handler, "gathering_evidence")
    api = api_as(OLIVE)

    def allow_more_time(number: int) -> int:
        return fire(api, reference, "allow_more_time", {"why": f"Reason {number}"}, if_match='"2"').status_code

    with ThreadPoolExecutor(8) as threads:
        statuses = sorted(threads.map(allow_more_time, range(8)))

    assert statuses == [200] + [412] * 7
    assert entries(site, reference).count("allow_more_time") == 1


def test_whoever_is_late_is_told_what_has_changed_since(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    why = {"why": "Half term"}
    handler.fire(reference, "allow_more_time", why, actor=OSCAR, now=MONDAY)

    answer = fire(api_as(OLIVE), reference, "allow_more_time", why, if_match='"2"')

    assert answer.json()["changes"] == ["Oscar Officer: Allow more time"]


def test_a_provider_who_is_late_is_told_in_their_own_words_and_without_names(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    handler.fire(reference, "allow_more_time", {"why": "Half term"}, actor=OSCAR, now=MONDAY)
    handler.fire(reference, "change_contact", {**THE_CONTACT, "how_known": "By phone"}, actor=OSCAR, now=MONDAY)

    answer = fire(api_as(PAT), reference, "withdraw", {"sure": True}, if_match='"2"')

    assert answer.status_code == 412
    assert "Oscar" not in answer.text
    assert "Alternative Learning Team: Allow more time" in answer.json()["changes"]


@pytest.mark.parametrize(
    ("event", "answers", "status", "code"),
    [
        ("no_such_event", {}, 404, "unknown-event"),
        ("submit", {}, 403, "not-allowed"),
        ("record_visit", {}, 409, "not-open"),
        ("refer_to_panel", {}, 409, "blocked"),
        ("accept", {}, 422, "invalid"),
        ("correct_details", {"postcode": "Bath"}, 422, "invalid"),
    ],
)
def test_an_event_is_refused_with_the_reason(
    api_as: ApiAs, handler: Handler, event: str, answers: dict[str, Any], status: int, code: str
) -> None:
    reference = bring_to(handler, "checking_evidence")

    answer = fire(api_as(OLIVE), reference, event, answers)

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert answer.headers["content-type"] == "application/problem+json"


def test_a_guard_that_says_no_gives_its_reasons(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")

    answer = fire(api_as(OLIVE), reference, "refer_to_panel")

    assert any("Public liability insurance" in reason for reason in answer.json()["reasons"])


def test_an_event_on_a_case_that_may_not_be_seen_is_as_if_there_were_none(api_as: ApiAs, handler: Handler) -> None:
    reference = enquire(handler)

    assert fire(api_as(DAN), reference, "withdraw").status_code == 404
    assert fire(api_as(PETRA), reference, "invite").status_code == 404


def test_identity_comes_from_the_token_and_never_from_the_body(api_as: ApiAs, handler: Handler, site: Site) -> None:
    reference = enquire(handler)
    body = {"answers": {}, "actor": 3}

    answer = api_as(OLIVE).post(f"/api/v1/cases/{reference}/events/invite", json=body, headers={"If-Match": "*"})

    assert (answer.status_code, set(answer.json()["errors"])) == (400, {"actor"})
    assert entries(site, reference) == ["enquire"]


# Items


def test_an_item_is_named_in_the_address_as_an_offer_has_it_or_with_the_answers(api_as: ApiAs, site: Site) -> None:
    reference = bring_to(site.handler, "checking_evidence")
    api, address = api_as(OLIVE), f"/api/v1/cases/{reference}/events/accept"

    in_address = api.post(f"{address}?item=public_liability", json={}, headers={"If-Match": "*"})
    two = api.post(f"{address}?item=online_safety", json={"item": "public_liability"}, headers={"If-Match": "*"})

    assert in_address.status_code == 200
    assert two.status_code == 422
    assert two.json()["errors"] == {
        "item": 'The address says "online_safety", and what was sent says "public_liability".'
    }
