"""Reading through the API: what is listed, and what a case shows."""

from datetime import timedelta

import pytest

from apflow.handler import Handler
from apflow.testing import MONDAY, OLIVE, PAT, PETRA, StoppedClock, enquire, leave
from tests.brought import bring_to
from tests.web.api.client import ApiAs

ACCEPTED = "public_liability"


def reference_of(answer: object) -> list[str]:
    assert isinstance(answer, dict)
    return [item["reference"] for item in answer["items"]]


# Lists


def test_an_officer_lists_every_case_a_page_at_a_time(api_as: ApiAs, handler: Handler) -> None:
    made = [enquire(handler, organisation=f"Made Up Farm {number}") for number in range(5)]
    api, found, cursor = api_as(OLIVE), [], ""

    while True:
        page = api.get(f"/api/v1/cases?limit=2{cursor}").json()
        found += reference_of(page)
        if page["next"] is None:
            break
        cursor = f"&cursor={page['next']}"

    assert found == made


def test_a_list_of_exactly_one_page_has_no_next(api_as: ApiAs, handler: Handler) -> None:
    enquire(handler)

    assert api_as(OLIVE).get("/api/v1/cases?limit=1").json()["next"] is None


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {"first", "second", "third"}),
        ("states=enquiry", {"first", "third"}),
        ("states=enquiry,gathering_evidence", {"first", "second", "third"}),
        ("states=approved", set()),
        ("awaiting=provider", {"second"}),
        ("assigned=me", {"second"}),
        ("assigned=nobody", {"first", "third"}),
        ("text=Second", {"second"}),
        ("text=%25", set()),
        ("text=%00Second", {"second"}),
        ("open_only=true", {"first", "second"}),
        ("overdue=true", {"first"}),
    ],
)
def test_filters_choose_the_cases(
    api_as: ApiAs, handler: Handler, clock: StoppedClock, query: str, expected: set[str]
) -> None:
    clock.at = MONDAY + timedelta(days=9)
    made = {enquire(handler, organisation="First"): "first"}
    second = enquire(handler, organisation="Second", now=clock.at)
    leave(handler, second, "enquiry", now=clock.at)
    third = enquire(handler, organisation="Third")
    withdrawal = {"sure": True}
    handler.fire(third, "withdraw", withdrawal, actor=PAT, now=MONDAY)
    made |= {second: "second", third: "third"}
    if query.startswith("states=enquiry"):
        made[enquire(handler, organisation="Third again")] = "third"

    found = reference_of(api_as(OLIVE).get(f"/api/v1/cases?{query}").json())

    assert {made[reference] for reference in found} == expected


def test_a_provider_lists_only_cases_of_their_own(api_as: ApiAs, handler: Handler) -> None:
    own = enquire(handler)
    enquire(handler, contact_email="dan@elsewhere.example", contact_name="Dan Stranger")

    (line,) = api_as(PAT).get("/api/v1/cases").json()["items"]

    assert line["reference"] == own
    assert (line["assigned_to"], line["due_at"]) == (None, None)
    assert line["state_label"] == "We have your enquiry"


@pytest.mark.parametrize("query", ["assigned=1", "assigned=nobody", "overdue=true"])
def test_a_provider_does_not_find_out_by_a_filter_who_has_their_case_or_what_is_late_there(
    api_as: ApiAs, handler: Handler, query: str
) -> None:
    enquire(handler)

    refused = api_as(PAT).get(f"/api/v1/cases?{query}")

    assert (refused.status_code, refused.json()["code"]) == (403, "not-allowed")


def test_a_panel_member_lists_only_cases_that_are_with_the_panel_or_beyond(api_as: ApiAs, handler: Handler) -> None:
    enquire(handler)
    with_panel = bring_to(handler, "panel")

    assert reference_of(api_as(PETRA).get("/api/v1/cases").json()) == [with_panel]


@pytest.mark.parametrize(
    "query",
    ["limit=0", "limit=201", "cursor=x", "cursor=9999999999", "assigned=Olive", "states=Enquiry", "open_only=perhaps"],
)
def test_a_query_that_cannot_be_read_is_refused_by_name(api_as: ApiAs, query: str) -> None:
    answer = api_as(OLIVE).get(f"/api/v1/cases?{query}")

    assert answer.status_code == 400
    assert query.partition("=")[0] in answer.json()["errors"]


def test_an_unknown_workflow_is_not_found(api_as: ApiAs) -> None:
    assert api_as(OLIVE).get("/api/v1/cases?workflow=complaints").status_code == 404


# One case


def test_a_case_says_where_it_stands_and_what_can_be_done(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "checking_evidence")

    answer = api_as(OLIVE).get(f"/api/v1/cases/{reference}")

    case = answer.json()
    assert answer.headers["etag"] == f'"{case["version"]}"'
    assert case["state"]["label"] == "Checking evidence"
    assert {field["name"]: field["text"] for field in case["fields"]}["registration"] == "No, and we do not need to be"
    assert [deadline["name"] for deadline in case["deadlines"]] == ["check_due"]
    refer = next(offer for offer in case["offers"] if offer["event"] == "refer_to_panel")
    assert not refer["is_possible"]
    assert any("Public liability insurance" in reason for reason in refer["reasons"])


def test_what_an_offer_points_to_says_what_it_asks(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    api = api_as(PAT)
    (evidence,) = api.get(f"/api/v1/cases/{reference}").json()["collections"]
    item = next(item for item in evidence["items"] if item["key"] == ACCEPTED)
    supply = next(offer for offer in item["offers"] if offer["event"] == "supply")

    form = api.get(supply["href"]).json()

    assert form["item"] == ACCEPTED
    assert [question["name"] for question in form["questions"]] == ["file", "expires_on", "note"]


def test_a_question_that_depends_on_another_says_on_which(api_as: ApiAs, handler: Handler) -> None:
    reference = enquire(handler)

    form = api_as(PAT).get(f"/api/v1/cases/{reference}/events/correct_details").json()

    questions = {question["name"]: question for question in form["questions"]}
    assert questions["urn"]["asked_if"] == {"fact": "answer.registration", "is": "registered"}
    assert questions["organisation"]["value"] == "Made Up Farm"
    assert [choice["value"] for choice in questions["registration"]["choices"]][:2] == ["registered", "not_needed"]


@pytest.mark.parametrize(
    ("event", "status"), [("refer_to_panel", 409), ("no_such_event", 404), ("invite", 200), ("supply", 409)]
)
def test_the_form_of_an_event_that_is_not_open_is_refused(
    api_as: ApiAs, handler: Handler, event: str, status: int
) -> None:
    reference = enquire(handler)

    assert api_as(OLIVE).get(f"/api/v1/cases/{reference}/events/{event}?item={ACCEPTED}").status_code == status


def test_the_workflows_say_what_it_takes_to_begin(api_as: ApiAs) -> None:
    workflows = {each["name"]: each for each in api_as(OLIVE).get("/api/v1/workflows").json()["items"]}

    assert {"provider", "concern", "visit", "action_plan", "formal_escalation"} <= workflows.keys()
    start = next(one for one in workflows["provider"]["start"] if one["event"] == "log_enquiry")
    assert "organisation" in [question["name"] for question in start["questions"]]


def test_a_provider_is_offered_no_way_to_begin_that_is_not_theirs(api_as: ApiAs) -> None:
    workflows = api_as(PAT).get("/api/v1/workflows").json()["items"]

    assert [start["event"] for workflow in workflows for start in workflow["start"]] == [
        "report_concern",
        "tell_of_breach",
    ]
