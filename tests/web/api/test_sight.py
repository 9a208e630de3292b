"""What the API tells whom: an outsider their own side of a case, and nobody more than their role may know."""

import pytest

from apflow.handler import Handler
from apflow.testing import DAN, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA, enquire, leave
from tests.brought import bring_to
from tests.web.api.client import ApiAs

SENT_BACK = "anti_bullying"
STAFF_ONLY = ("Looks sound to us.", "Animal care, well run.", "Well prepared.", "Petra Panel", "Olive Officer")


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


def test_a_provider_is_not_told_that_a_document_comes_back_while_the_officer_still_checks(
    api_as: ApiAs, handler: Handler
) -> None:
    reference = checked_once(handler)

    def status() -> str:
        found = api_as(PAT).get(f"/api/v1/cases/{reference}").json()["collections"]
        evidence = next(one for one in found if one["name"] == "evidence")["items"]
        return next(str(one["status"]) for one in evidence if one["key"] == SENT_BACK)

    before = status()
    asked = {"what_we_need": "A newer policy, please."}
    handler.fire(reference, "ask_for_information", asked, actor=OLIVE, now=MONDAY)

    assert (before, status()) == ("supplied", "returned")


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
