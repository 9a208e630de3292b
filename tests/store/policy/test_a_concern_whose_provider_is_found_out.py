"""A safeguarding concern of which it is found out later where it is: nobody who is placed there is overlooked."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked
from apflow.core.people.actor import THE_PUBLIC
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, a_handler, add_people
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.quality import do
from tests.records.council import a_placement, a_pupil, a_school

URNS = {"Hill School": "999901", "Vale Street School": "999903"}
TODAY = MONDAY.date().isoformat()
SAFEGUARDING: dict[str, Any] = {"category": "safeguarding", "organisation": "The boat place", "in_care": False}
ABOUT_QUALITY: dict[str, Any] = {**SAFEGUARDING, "category": "quality"}
LADO: dict[str, Any] = {"lado_contacted_on": TODAY, "lado_advice": "Find out which place it is."}
END: dict[str, Any] = {"outcome": "unproven", "outcome_reasons": "It could not be shown."}
MEANWHILE: dict[str, Any] = {
    "meanwhile_why": "The LADO says so.",
    "meanwhile_until": (MONDAY + timedelta(weeks=4)).date().isoformat(),
}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def concern(handler: Handler) -> str:
    told = {"organisation": "The boat place", "what_happened": "A man there hit a boy."}
    return handler.open_case("concern", "report_concern", told, actor=THE_PUBLIC, now=MONDAY).reference


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def a_provider_with(handler: Handler, organisation: str, school: str, *true_of: str) -> int:
    """One on the list with a pupil of a school; the number of its case."""
    reference, site = a_listed_site(handler, organisation=organisation, proprietor=f"{organisation} Ltd")
    a_school(handler, name=school, urn=URNS[school])
    pupil = a_pupil(handler, forename=organisation[:3].title(), home_school=school, true_of=list(true_of))
    a_placement(handler, pupil, commissioner=school, provider=organisation, site="Main site")
    return case(handler, reference).id or site


def does(handler: Handler, concern: str, event: str, by: Any = OLIVE, item: str | None = None, **said: Any) -> None:
    do(handler, concern, event, by, now=MONDAY, item=item, **said)
    hear_all(handler, machine_now=lambda: MONDAY)


def placed_there(handler: Handler, concern: str) -> dict[str, str]:
    """Who placed whoever is there, and whether they were told."""
    there = case(handler, concern).items.get("placed_there", {}).values()
    return {str(item.data["commissioner"]): item.status for item in there}


def asked(handler: Handler, concern: str) -> list[str]:
    return sorted(task.name for task in case(handler, concern).tasks if task.role == "manager")


def to_decide(handler: Handler) -> list[str]:
    with handler.store.reading() as connection:
        rows = connection.execute(select(messages.c.to_email).where(messages.c.notice == "concern/to_decide_today"))
        return [row.to_email for row in rows]


def test_nobody_is_taken_not_to_be_there_before_it_is_known_where_that_is(handler: Handler, concern: str) -> None:
    does(handler, concern, "triage_safeguarding", **SAFEGUARDING)
    with pytest.raises(Blocked, match="Say first which provider it is"):
        does(handler, concern, "decide_meanwhile", MAGDA, meanwhile="nobody", meanwhile_why="We know of nobody.")


def test_once_it_is_said_which_provider_it_is_a_manager_is_asked_about_those_placed_there(
    handler: Handler, concern: str
) -> None:
    boats = a_provider_with(handler, "Boat Yard", "Hill School", "looked_after")
    does(handler, concern, "triage_safeguarding", **SAFEGUARDING)
    does(handler, concern, "decide_meanwhile", MAGDA, meanwhile="wait", **MEANWHILE)
    does(handler, concern, "record_lado", **LADO)
    assert asked(handler, concern) == []

    does(handler, concern, "choose_provider", provider=boats)
    assert placed_there(handler, concern) == {"Hill School": "not_told"}
    assert [one.data["children"] for one in case(handler, concern).items["in_care_there"].values()] == [1]
    assert (asked(handler, concern), to_decide(handler)) == (["those_placed_there"], [EMAILS[MAGDA]] * 2)
    with pytest.raises(Blocked) as refusal:
        does(handler, concern, "close_concern", **END)
    assert any("those placed there are kept safe" in reason for reason in refusal.value.reasons)
    with pytest.raises(Blocked, match="are on record"):
        does(handler, concern, "decide_meanwhile", MAGDA, meanwhile="nobody", meanwhile_why="We know of nobody.")
    with pytest.raises(Blocked, match="with that provider already"):
        does(handler, concern, "choose_provider", provider=boats)


def test_of_the_provider_that_it_was_taken_for_nothing_is_left(handler: Handler, concern: str) -> None:
    boats = a_provider_with(handler, "Boat Yard", "Hill School")
    farm = a_provider_with(handler, "Made Up Farm", "Vale Street School", "looked_after")
    does(handler, concern, "choose_provider", provider=boats)
    does(handler, concern, "triage_safeguarding", **{**SAFEGUARDING, "in_care": True})
    does(handler, concern, "decide_meanwhile", MAGDA, meanwhile="schools", **MEANWHILE)
    does(handler, concern, "record_lado", **LADO)
    does(handler, concern, "record_in_care", virtual_school_asked_on=TODAY, social_workers_asked_on=TODAY)

    does(handler, concern, "choose_provider", provider=farm)
    assert placed_there(handler, concern) == {"Vale Street School": "not_told"}
    does(handler, concern, "decide_meanwhile", MAGDA, meanwhile="schools", **MEANWHILE)
    (item,) = case(handler, concern).items["placed_there"]
    told: dict[str, Any] = {"told_on": TODAY, "spoke_with": "The DSL", "they_decided": "He stays at school."}
    does(handler, concern, "was_told", item=item, **told)
    with pytest.raises(Blocked, match="ask the Virtual School"):
        does(handler, concern, "close_concern", **END)


def test_a_concern_told_on_the_page_of_a_placement_has_nobody_there_until_its_provider_is_said(
    handler: Handler,
) -> None:
    boats = a_provider_with(handler, "Boat Yard", "Hill School")
    vale = a_school_with_an_account(handler, "Vale School", "999902", "val@vale-school.example")
    placement = refer(handler, vale, a_pupil_of(handler, "Vale School", "Wren"), 1)
    prepare(handler, placement, vale)
    told: dict[str, Any] = {"what_happened": "He was hit.", "told_by": "school", "how_told": "By telephone"}
    do(handler, placement, "log_concern_here", now=MONDAY, **told)
    hear_all(handler, machine_now=lambda: MONDAY)
    (child,) = case(handler, placement).children
    does(handler, child.reference, "triage_safeguarding", **SAFEGUARDING)
    with pytest.raises(Blocked, match="Say first which provider it is"):
        does(handler, child.reference, "decide_meanwhile", MAGDA, meanwhile="nobody", meanwhile_why="Nobody.")
    does(handler, child.reference, "choose_provider", provider=boats)
    assert placed_there(handler, child.reference) == {"Hill School": "not_told"}


def test_one_that_is_prepared_is_on_the_list_and_a_manager_is_asked_the_day_that_it_begins(
    handler: Handler, concern: str
) -> None:
    boats = a_provider_with(handler, "Boat Yard", "Hill School")
    vale = a_school_with_an_account(handler, "Vale School", "999902", "val@vale-school.example")
    placement = refer(handler, vale, a_pupil_of(handler, "Vale School", "Wren", true_of=["looked_after"]), 1)
    prepare(handler, placement, vale)
    does(handler, concern, "choose_provider", provider=boats)
    does(handler, concern, "triage_safeguarding", **SAFEGUARDING)
    does(handler, concern, "decide_meanwhile", MAGDA, meanwhile="schools", **MEANWHILE)
    does(handler, concern, "record_lado", **LADO)
    assert [one.data["case"] for one in case(handler, concern).items["prepared_there"].values()] == [placement]
    (item,) = case(handler, concern).items["placed_there"]
    told: dict[str, Any] = {"told_on": TODAY, "spoke_with": "The DSL", "they_decided": "He stays at school."}
    does(handler, concern, "was_told", item=item, **told)

    handler.fire(placement, "start_placement", {}, actor=vale, now=MONDAY)
    hear_all(handler, machine_now=lambda: MONDAY)
    assert placed_there(handler, concern) == {"Hill School": "told", "Vale School": "not_told"}
    assert not case(handler, concern).items.get("prepared_there")
    assert (asked(handler, concern), to_decide(handler)) == (["somebody_begins_there"], [EMAILS[MAGDA]] * 2)
    assert "care_has_changed" in [task.name for task in case(handler, concern).tasks]
    with pytest.raises(Blocked) as refusal:
        does(handler, concern, "close_concern", **END)
    assert any("placement by placement" in reason for reason in refusal.value.reasons)
    assert any("Children in care are on record" in reason for reason in refusal.value.reasons)


def test_those_who_left_lately_are_listed_apart_and_those_who_left_long_ago_are_not(
    handler: Handler, concern: str
) -> None:
    boats = a_provider_with(handler, "Boat Yard", "Hill School")
    yesterday = {"starts_on": "2026-09-08", "ends_on": (MONDAY - timedelta(days=1)).date().isoformat()}
    long_ago = {"starts_on": "2026-01-05", "ends_on": "2026-07-20"}
    for forename, when in (("Ada", yesterday), ("Bea", long_ago)):
        pupil = a_pupil(handler, forename=forename)
        a_placement(handler, pupil, provider="Boat Yard", site="Main site", **when)
    does(handler, concern, "choose_provider", provider=boats)
    does(handler, concern, "triage_safeguarding", **SAFEGUARDING)
    does(handler, concern, "record_lado", **LADO)
    (item,) = case(handler, concern).items["lately_there"].values()
    assert item.data["label"].endswith("from Tuesday 8 September 2026 to Sunday 1 November 2026")
    assert placed_there(handler, concern) == {"Hill School": "not_told"}

    said: dict[str, Any] = {"asked_on": TODAY, "asked_whom": "The DSL", "they_said": "She would not go back."}
    with pytest.raises(Blocked, match="Decide first"):
        does(handler, concern, "spoke_of_one_who_left", item=item.key, **said)
    does(handler, concern, "decide_meanwhile", MAGDA, meanwhile="schools", **MEANWHILE)
    does(handler, concern, "spoke_of_one_who_left", item=item.key, **said)
    assert case(handler, concern).items["lately_there"][item.key].status == "asked"


def test_of_what_is_not_about_safeguarding_no_manager_is_asked(handler: Handler, concern: str) -> None:
    boats = a_provider_with(handler, "Boat Yard", "Hill School")
    does(handler, concern, "triage_other", **ABOUT_QUALITY)
    does(handler, concern, "choose_provider", provider=boats)
    a_placement(handler, a_pupil(handler, forename="Ada"), provider="Boat Yard", site="Main site")
    hear_all(handler, machine_now=lambda: MONDAY)
    assert (asked(handler, concern), to_decide(handler)) == ([], [])
