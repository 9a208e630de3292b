"""A spot check and the provider it is about: who is asked beforehand, and what becomes of it when the provider goes."""

from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Parent, Snapshot
from apflow.handler import Handler
from apflow.records.door import add
from apflow.records.of_cases.offered import with_records
from apflow.records.people.pupils import PROFESSIONAL
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MONDAY, OLIVE, PAT, a_handler, add_people
from tests.brought import bring_to
from tests.placing import a_school_with_an_account
from tests.quality import do, newest
from tests.records.council import a_placement, a_pupil, a_school, a_site, by
from tests.registered import ADDRESS, a_register, found_by
from tests.removal import remove

HILL = ("Hill School", "999901", "sally@hill-school.example")
TODAY = MONDAY.date().isoformat()
CONCERN: dict[str, Any] = {"what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    return bring_to(handler, "approved")


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def tasks_on(handler: Handler, reference: str) -> list[str]:
    return [task.name for task in case(handler, reference).tasks]


def looked_into(handler: Handler, concern: str, **more: Any) -> str:
    """The spot check that the concern leads to."""
    said = {"category": "attendance", "organisation": "Made Up Farm", "in_care": False, **more}
    do(handler, concern, "triage_other", now=MONDAY, **said)
    do(handler, concern, "begin_spot_check", now=MONDAY, visit_by=TODAY)
    return newest(handler, concern, "spot_check")


def in_care(handler: Handler, forename: str, email: str | None) -> None:
    """A child in care placed there, with the address of a social worker, or without one."""
    pupil = a_pupil(handler, forename=forename, true_of=["looked_after"])
    a_placement(handler, pupil)
    if email:
        who = {"role": "social_worker", "name": "Saffron Worker", "email": email}
        add(handler.store, PROFESSIONAL, who, by(handler), {"pupil_id": pupil})


def test_each_social_worker_of_a_child_in_care_is_asked_once_by_a_request_that_names_no_child(
    handler: Handler, provider: str
) -> None:
    a_school(handler)
    a_site(handler, case(handler, provider).id or 0)
    for forename, email in (("Ada", "saffron@council.example"), ("Bo", None), ("Cy", "Saffron@council.example")):
        in_care(handler, forename, email)
    do(handler, provider, "log_concern_here", now=MONDAY, **CONCERN)
    visit = looked_into(handler, newest(handler, provider, "concern"), in_care=True)
    asked: dict[str, Any] = {"asked_on": TODAY, "what_to_tell": "How do reviews go there?"}
    do(handler, visit, "ask_social_workers", now=MONDAY, item="social_workers", **asked)

    with handler.store.reading() as connection:
        mail = connection.execute(select(messages).where(messages.c.notice == "information_request/asked")).all()
    seen = case(handler, visit)
    assert seen.items["beforehand"]["social_workers"].status == "asked"
    requests = [case(handler, one.reference) for one in seen.children if one.kind == "information_request"]
    assert sorted(one.fields["who"] for one in requests) == [
        "No social worker is on record for 1 child in care there: find out who it is",
        "Saffron Worker: 2 children in care there",
    ]
    assert [one.to_email.lower() for one in mail] == ["saffron@council.example"], "one email for two children"
    assert not any(name in mail[0].text for name in ("Ada", "Sparrow", "attendance", "concern"))
    assert [task.name for one in requests for task in one.tasks] == ["see_it_answered"] * 2

    do(handler, visit, "leave_it", now=MONDAY, why_not="It closed.")
    assert {case(handler, one.reference).state for one in requests} == {"dropped"}


def test_a_concern_that_a_school_told_hears_of_the_removal_once_an_officer_has_said_which_provider_it_is(
    handler: Handler, provider: str
) -> None:
    concern = handler.open_case(
        "concern", "log_concern", {**CONCERN, "organisation": "The farm"}, actor=OLIVE, now=MONDAY
    ).reference
    do(handler, concern, "choose_provider", now=MONDAY, provider=case(handler, provider).id)
    known = case(handler, concern)
    assert known.parent == Parent(provider, "concern")
    assert (known.fields["organisation"], known.fields["contact_email"]) == ("Made Up Farm", EMAILS[PAT])
    visit = looked_into(handler, concern)

    remove(handler, provider)
    hear_all(handler, machine_now=lambda: MONDAY)

    assert "provider_has_gone" in tasks_on(handler, concern)
    assert case(handler, visit).state == "to_arrange", "a spot check is not dropped: children may still be there"
    assert "provider_has_gone" in tasks_on(handler, visit)
    do(handler, visit, "leave_it", now=MONDAY, why_not="Nobody is placed there any more.")
    assert "provider_has_gone" not in tasks_on(handler, visit)


def test_an_officer_hears_on_the_concern_that_its_spot_check_is_left_unmade(handler: Handler, provider: str) -> None:
    do(handler, provider, "log_concern_here", now=MONDAY, **CONCERN)
    concern = newest(handler, provider, "concern")
    visit = looked_into(handler, concern)

    do(handler, visit, "leave_it", now=MONDAY, why_not="They could not agree a day.")

    assert "read_spot_check" in tasks_on(handler, concern)


def test_a_spot_check_whose_concern_turns_out_to_be_about_safeguarding_waits_for_the_lado(
    handler: Handler, provider: str
) -> None:
    """Source: guidance, Quality Assurance: where there is a safeguarding concern LADO support will be required."""
    do(handler, provider, "log_concern_here", now=MONDAY, **CONCERN)
    concern = newest(handler, provider, "concern")
    visit = looked_into(handler, concern)
    meeting: dict[str, Any] = {"visit_on": TODAY, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive"}
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting)

    do(handler, concern, "turns_out_safeguarding", now=MONDAY, category="safeguarding", why_safeguarding="A bruise.")
    hear_all(handler, machine_now=lambda: MONDAY)

    assert "concern_has_changed" in tasks_on(handler, visit)
    made: dict[str, Any] = {"visited_on": TODAY, "visitors": "Olive"}
    with pytest.raises(Blocked, match="it takes LADO support at the visit"):
        do(handler, visit, "took_place", now=MONDAY, **made)
    settled: dict[str, Any] = {"answered_on": TODAY, "answer": "The LADO's officer comes along."}
    do(handler, visit, "settle", now=MONDAY, item="lado_support", **settled)
    do(handler, visit, "took_place", now=MONDAY, **made)
    assert "concern_has_changed" not in tasks_on(handler, visit)


def test_a_visit_that_was_made_before_the_removal_is_still_written_up(handler: Handler, provider: str) -> None:
    do(handler, provider, "plan_visit", now=MONDAY, kind="routine", visit_by=TODAY)
    visit = newest(handler, provider, "visit")
    meeting: dict[str, Any] = {"visit_on": TODAY, "visit_time": "10:30", "visit_place": "The farm", "visitors": "Olive"}
    do(handler, visit, "arrange_visit", now=MONDAY, **meeting)
    do(handler, visit, "took_place", now=MONDAY, visited_on=TODAY, visitors="Olive")

    remove(handler, provider)
    hear_all(handler, machine_now=lambda: MONDAY)

    assert case(handler, visit).state == "writing_up"
    assert tasks_on(handler, visit) == ["write_note"], "and nobody is told that something was refused"


def a_registered_provider(handler: Handler, by_whom: Actor = OLIVE) -> str:
    a_register(handler)
    return found_by(handler, by_whom)


def test_a_concern_can_be_put_with_a_registered_provider_and_with_its_case_leads_to_a_spot_check(
    handler: Handler,
) -> None:
    oaks = a_registered_provider(handler)
    told = {**CONCERN, "organisation": "Three Oaks"}
    concern = handler.open_case("concern", "log_concern", told, actor=OLIVE, now=MONDAY).reference
    do(handler, concern, "choose_provider", now=MONDAY, provider=case(handler, oaks).id)

    known = case(handler, concern)
    assert known.parent == Parent(oaks, "concern")
    assert (known.fields["organisation"], known.fields["contact_email"]) == ("Three Oaks School", ADDRESS)
    visit = looked_into(handler, concern)
    assert case(handler, visit).state == "to_arrange"


@pytest.mark.parametrize("has_address", [True, False])
def test_an_officer_logs_a_concern_on_the_case_of_a_registered_provider(handler: Handler, has_address: bool) -> None:
    oaks = a_registered_provider(handler, OLIVE if has_address else a_school_with_an_account(handler, *HILL))
    do(handler, oaks, "log_concern_here", now=MONDAY, **CONCERN)

    known = case(handler, newest(handler, oaks, "concern"))
    assert known.parent == Parent(oaks, "concern")
    assert known.state == "reported"
    assert (known.fields["organisation"], known.fields.get("contact_email")) == (
        "Three Oaks School",
        ADDRESS if has_address else None,
    )


def test_the_question_which_provider_it_is_tells_a_registered_one_from_one_on_the_list(
    handler: Handler, provider: str
) -> None:
    oaks = a_registered_provider(handler)
    told = {**CONCERN, "organisation": "Three Oaks"}
    concern = case(handler, handler.open_case("concern", "log_concern", told, actor=OLIVE, now=MONDAY).reference)
    with handler.store.reading() as connection:
        definition = handler.definition(connection, concern.digest)
        world = with_records(connection, handler.library, definition, concern, OLIVE, handler.world(MONDAY))
    assert set(world.people["known_providers"].values()) == {
        f"Made Up Farm ({provider})",
        f"Three Oaks School ({oaks}, registered, not on the approved list)",
    }
