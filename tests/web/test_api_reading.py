"""Reading through the API: what is listed, what a case shows, and that nobody is told more than their role may know."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from apflow.handler import Handler
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, StoppedClock, bring_to, enquire, leave
from tests.web.conftest import Client

ApiAs = Callable[..., Client]

ACCEPTED, SENT_BACK = "public_liability", "anti_bullying"
STAFF_ONLY = ("Looks sound to us.", "Animal care, well run.", "Well prepared.", "Petra Panel", "Olive Officer")


def reference_of(answer: object) -> list[str]:
    assert isinstance(answer, dict)
    return [item["reference"] for item in answer["items"]]


def checked_once(handler: Handler) -> str:
    """A case being checked: every document accepted but one, which is sent back with a reason."""
    reference = bring_to(handler, "checking_evidence")
    evidence = handler.library.catalogues["evidence"].items
    for key, item in evidence.items():
        if item.required and key != SENT_BACK:
            handler.fire(reference, "accept", {}, actor=OLIVE, now=MONDAY, item=key)
    reason = {"reason": "It is out of date."}
    handler.fire(reference, "send_back", reason, actor=OLIVE, now=MONDAY, item=SENT_BACK)
    return reference


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
    (workflow,) = api_as(OLIVE).get("/api/v1/workflows").json()["items"]

    assert workflow["name"] == "provider"
    (start,) = workflow["start"]
    assert start["event"] == "log_enquiry"
    assert "organisation" in [question["name"] for question in start["questions"]]


def test_a_provider_is_offered_no_way_to_begin_that_is_not_theirs(api_as: ApiAs) -> None:
    (workflow,) = api_as(PAT).get("/api/v1/workflows").json()["items"]

    assert workflow["start"] == []


# Sight


@pytest.mark.parametrize("path", ["", "/history", "/events/withdraw"])
@pytest.mark.parametrize("reference", ["theirs", "AP-NONE-SUCH"])
def test_another_providers_case_looks_as_if_there_were_none(
    api_as: ApiAs, handler: Handler, path: str, reference: str
) -> None:
    theirs = enquire(handler)

    answer = api_as(DAN).get(f"/api/v1/cases/{theirs if reference == 'theirs' else reference}{path}")

    assert (answer.status_code, answer.json()["code"]) == (404, "not-found")


def test_a_provider_is_never_told_what_staff_wrote_or_the_panel_thinks(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "panel")
    view = {"view": "decline", "comments": "Well prepared."}
    handler.fire(reference, "give_view", view, actor=PETRA, now=MONDAY)
    api = api_as(PAT)

    told = api.get(f"/api/v1/cases/{reference}").text + api.get(f"/api/v1/cases/{reference}/history?limit=200").text

    assert not [words for words in STAFF_ONLY if words in told]
    assert "panel_views" not in told
    assert "A panel is considering your application" in told


def test_staff_are_told_what_the_panel_thinks(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "panel")
    view = {"view": "decline", "comments": "Well prepared."}
    handler.fire(reference, "give_view", view, actor=PETRA, now=MONDAY)

    case = api_as(MAGDA).get(f"/api/v1/cases/{reference}").json()

    views = next(one for one in case["collections"] if one["name"] == "panel_views")["items"]
    assert [(view["label"], [said["text"] for said in view["answers"]]) for view in views] == [
        ("Petra Panel", ["Decline", "Well prepared."])
    ]


def test_a_provider_reads_why_a_document_came_back_once_the_case_is_theirs_again(
    api_as: ApiAs, handler: Handler
) -> None:
    reference = checked_once(handler)
    api = api_as(PAT)
    before = api.get(f"/api/v1/cases/{reference}").text

    asked = {"what_we_need": "A newer policy, please."}
    handler.fire(reference, "ask_for_information", asked, actor=OLIVE, now=MONDAY)

    after = api.get(f"/api/v1/cases/{reference}").text
    assert "It is out of date." not in before
    assert "It is out of date." in after


def test_a_note_of_staff_on_an_item_stays_with_staff(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    evidence = handler.library.catalogues["evidence"].items
    item = next(key for key, one in evidence.items() if one.not_applicable and not one.required)
    claim, agree = {"why": "We keep no animals."}, {"check_note": "Looks sound to us."}
    handler.fire(reference, "say_not_applicable", claim, actor=PAT, now=MONDAY, item=item)
    leave(handler, reference, "gathering_evidence")
    handler.fire(reference, "agree_not_applicable", agree, actor=OLIVE, now=MONDAY, item=item)

    provider, officer = (api_as(who).get(f"/api/v1/cases/{reference}").text for who in (PAT, OSCAR))

    assert "We keep no animals." in provider
    assert "Looks sound to us." not in provider
    assert "Looks sound to us." in officer


def test_a_provider_is_told_only_the_deadlines_they_must_keep(api_as: ApiAs, handler: Handler) -> None:
    theirs, ours = bring_to(handler, "gathering_evidence"), bring_to(handler, "checking_evidence")
    api = api_as(PAT)

    def deadlines(reference: str) -> list[str]:
        return [deadline["name"] for deadline in api.get(f"/api/v1/cases/{reference}").json()["deadlines"]]

    assert deadlines(theirs) == ["evidence_due"]
    assert deadlines(ours) == []


# History


def test_history_comes_a_page_at_a_time_and_oldest_first(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    api = api_as(OLIVE)

    first = api.get(f"/api/v1/cases/{reference}/history?limit=1").json()
    second = api.get(f"/api/v1/cases/{reference}/history?limit=1&cursor={first['next']}").json()

    assert [line["version"] for line in first["items"]] == [1]
    assert [line["moved_to"] for line in second["items"]] == ["Gathering evidence"]
    assert second["next"] is None


def test_history_tells_staff_what_was_said(api_as: ApiAs, handler: Handler) -> None:
    reference = bring_to(handler, "panel")

    told = api_as(OLIVE).get(f"/api/v1/cases/{reference}/history?limit=200").json()["items"]

    assert "Animal care, well run." in [said["text"] for line in told for said in line["said"]]


def test_history_tells_a_provider_the_moves_by_the_team_and_all_they_did_themselves(
    api_as: ApiAs, handler: Handler
) -> None:
    reference = bring_to(handler, "panel")

    told = api_as(PAT).get(f"/api/v1/cases/{reference}/history?limit=200").json()["items"]

    assert {line["who"] for line in told} == {"A member of the public", "Pat Provider", "Alternative Learning Team"}
    assert told[-1]["moved_to"] == "A panel is considering your application"
    assert "Made Up Farm" in [said["text"] for said in told[0]["said"]]
    assert all(not line["said"] for line in told if line["who"] == "Alternative Learning Team")
