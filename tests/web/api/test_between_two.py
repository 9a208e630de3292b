"""What the API tells each side of a placement: their own part of it, and of the other's what its page shows."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.testing import MONDAY, PAT, StoppedClock
from apflow.web.site import Site
from tests.placing import (
    CHECKED,
    DESCRIBED,
    Between,
    a_listed_site,
    a_prepared_placement,
    a_pupil_of,
    a_school_with_an_account,
)
from tests.placing import refer as send_referral
from tests.web.api.client import ApiAs, fire
from tests.web.browsing import Client

OBJECTIVE: dict[str, Any] = {
    "objective": "To read for an hour a day",
    "by_when": "2027-02-01",
    "baseline": "Ten minutes.",
    "assessed": "With the tutor.",
}
REPORT: dict[str, Any] = {"standing": "on_track", "shown_by": "Reads to the goats."}


@pytest.fixture
def placed(site: Site) -> Between:
    """A placement that runs, with one objective that the provider has reported on."""
    one = a_prepared_placement(site)
    one.fire(one.school, "start_placement")
    inducted: dict[str, Any] = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat", "health_and_safety": True}
    one.fire(PAT, "record_induction", **inducted, who_to_tell=True)
    one.fire(one.school, "add_objective", **OBJECTIVE)
    one.fire(PAT, "report_on_objective", item="1", **REPORT)
    return one


def history(api: Client, reference: str) -> list[dict[str, Any]]:
    found = api.get(f"/api/v1/cases/{reference}/history?limit=200").json()["items"]
    assert isinstance(found, list)
    return found


def test_a_provider_is_told_nothing_of_a_referral_before_it_was_sent(site: Site, api_as: ApiAs) -> None:
    _, place = a_listed_site(site.handler)
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    reference = send_referral(site.handler, school, a_pupil_of(site.handler, "Hill School", "Pip"), place)

    told = history(api_as(PAT), reference)

    assert [line["what"] for line in told] == ["Send the referral"]
    assert len(history(api_as(school), reference)) == 4


def test_what_a_school_wrote_first_and_put_otherwise_before_it_sent_it_is_not_for_the_provider(
    site: Site, api_as: ApiAs
) -> None:
    _, place = a_listed_site(site.handler)
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(site.handler, "Hill School", "Pip")
    opened = {"kind": "alongside", "pupil": pupil, "site": place}
    placed = Between(
        site,
        site.handler.open_case("placement", "refer_a_pupil", opened, actor=school, now=MONDAY).reference,
        school,
        pupil,
    )
    placed.fire(school, "describe", needs="Was found in the woods.", why_it_suits="It has goats.")
    placed.fire(school, "describe", item=None, **DESCRIBED)
    placed.fire(school, "confirm_checks", item=None, **CHECKED)
    placed.fire(school, "refer")

    assert "woods" not in api_as(PAT).get(f"/api/v1/cases/{placed.reference}/history?limit=200").text


def test_each_side_reads_in_the_history_what_it_said_itself_and_what_the_other_did(
    placed: Between, api_as: ApiAs
) -> None:
    pat, school = history(api_as(PAT), placed.reference), history(api_as(placed.school), placed.reference)

    assert {line["who"] for line in pat if line["said"]} == {"Pat Provider"}
    assert {line["who"] for line in school if line["said"]} == {placed.school.name}
    done = [(line["who"], line["what"]) for line in pat]
    assert ("School or other commissioner", "Start the placement") in done
    assert ("School or other commissioner", "Add an objective") in done
    assert ("Provider", "Record the induction") in [(line["who"], line["what"]) for line in school]


def test_each_side_reads_of_an_item_what_the_other_said_as_on_the_page(placed: Between, api_as: ApiAs) -> None:
    for who in (PAT, placed.school):
        case = api_as(who).get(f"/api/v1/cases/{placed.reference}").json()
        objective = next(one for one in case["collections"] if one["name"] == "objectives")["items"][0]
        said = {one["name"]: one["text"] for one in objective["answers"]}
        assert (said["baseline"], said["shown_by"]) == ("Ten minutes.", "Reads to the goats.")


def test_the_number_of_a_pupil_s_record_is_for_those_who_may_look_the_pupil_up(site: Site, api_as: ApiAs) -> None:
    _, place = a_listed_site(site.handler)
    school = a_school_with_an_account(site.handler, "Hill School", "999901", "sally@hill-school.example")
    reference = send_referral(site.handler, school, a_pupil_of(site.handler, "Hill School", "Pip"), place)

    def fields(who: Actor) -> list[str]:
        return [one["name"] for one in api_as(who).get(f"/api/v1/cases/{reference}").json()["fields"]]

    assert "pupil" in fields(school)
    assert "pupil" not in fields(PAT)
    assert "site" in fields(PAT)


def test_a_side_is_told_no_deadline_of_the_council_s_own(placed: Between, api_as: ApiAs) -> None:
    running = set(placed.case().deadlines)

    told = {
        one["name"]
        for who in (PAT, placed.school)
        for one in api_as(who).get(f"/api/v1/cases/{placed.reference}").json()["deadlines"]
    }

    assert "school_age_ends" in running
    assert "school_age_ends" not in told


def test_a_side_that_is_late_is_told_what_the_other_did_meanwhile(placed: Between, api_as: ApiAs) -> None:
    api, seen = api_as(PAT), placed.case().version
    placed.fire(placed.school, "add_objective", **OBJECTIVE)

    late = fire(api, placed.reference, "report_on_objective", REPORT, if_match=f'"{seen}"')

    assert (late.status_code, late.json()["changes"]) == (412, ["School or other commissioner: Add an objective"])


def test_where_a_pupil_is_taught_after_a_placement_is_none_of_its_provider_s(
    placed: Between, clock: StoppedClock, client_as: Callable[[Actor], Client], api_as: ApiAs
) -> None:
    clock.at += timedelta(days=8)
    ended = {"ends_on": clock.at.date().isoformat(), "standing_because": "It did not work.", "reflections": "No."}
    ended |= {"kept_for": "until_25", "meanwhile": "The school, on its own site"}
    placed.fire(placed.school, "break_off", **ended)

    reads = {}
    for who in (PAT, placed.school):
        page = client_as(who).get(f"/cases/{placed.reference}").text
        reads[who.name] = page + api_as(who).get(f"/api/v1/cases/{placed.reference}").text
    for word in ("The school, on its own site", "Until the pupil is 25"):
        assert word not in reads[PAT.name], "nor that they are looked after, or have a plan"
        assert word in reads[placed.school.name]
