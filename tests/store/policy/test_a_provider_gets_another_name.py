"""When a provider is called otherwise, every open case of it says the new name at once, with a line in its history."""

import pytest

from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.outbox import messages_of
from apflow.store.reading.history import newest_of
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.testing import MONDAY, OLIVE, PAT, a_handler, add_people
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

NEW = "Made Up Meadow"
CONCERN = {"what_happened": "A gate stood open.", "told_by": "school", "how_told": "By telephone."}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def rename(handler: Handler, provider: str, name: str = NEW) -> None:
    known = case(handler, provider).fields
    entry = {field: known.get(field) for field in ("description", "ages", "places", "subjects", "needs", "days")}
    said = {**entry, "organisation": name, "registration": known["registration"]}
    handler.fire(provider, "change_entry", said, actor=OLIVE, now=MONDAY)


def titles(handler: Handler, workflow: str) -> list[str]:
    hear_all(handler, machine_now=lambda: MONDAY)
    with handler.store.reading() as connection:
        return [row.title for row in list_cases(connection, CaseFilter(workflow=workflow), limit=9)]


def test_a_placement_says_the_new_name_and_its_history_since_when(handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    rename(handler, provider)

    assert case(handler, placement).fields["organisation"] == NEW
    assert titles(handler, "placement") == [NEW]
    with handler.store.reading() as connection:
        (last,) = newest_of(connection, placement, limit=1)
    assert (last.name, last.actor_audience) == ("changed name", "clock")
    assert last.payload["note"] == "Made Up Farm is called Made Up Meadow from now on."


def test_what_is_written_about_it_afterwards_says_the_new_name(store: Store, handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    rename(handler, provider)
    handler.fire(
        placement, "decline", {"declined_because": "full", "standing_because": "We are full."}, actor=PAT, now=MONDAY
    )

    with store.reading() as connection:
        last = messages_of(connection, placement)[-1]
    assert NEW in last.text
    assert "Made Up Farm" not in last.text


def test_plans_and_concerns_below_the_provider_follow(handler: Handler) -> None:
    provider, _ = a_listed_site(handler)
    handler.fire(provider, "begin_action_plan", {"why": "The fire doors."}, actor=OLIVE, now=MONDAY)
    handler.fire(provider, "log_concern_here", CONCERN, actor=OLIVE, now=MONDAY)
    assert titles(handler, "action_plan") == titles(handler, "concern") == ["Made Up Farm"]
    rename(handler, provider)

    assert titles(handler, "action_plan") == titles(handler, "concern") == [NEW]


def test_a_placement_that_could_not_begin_there_says_so_of_the_new_name(handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    leaving = {"leaves_on": "2026-12-18", "why_it_leaves": "We close."}
    handler.fire(provider, "leave_list", leaving, actor=PAT, now=MONDAY)
    hear_all(handler, machine_now=lambda: MONDAY)
    rename(handler, provider)

    assert case(handler, placement).fields["none_begins_at"] == NEW


def test_nothing_of_another_provider_of_the_same_name_changes(handler: Handler, hill: Actor) -> None:
    farm, _ = a_listed_site(handler)
    _, other = a_listed_site(handler, proprietor="Boat Yard Ltd", organisation="Made Up Farm")
    elsewhere = refer(handler, hill, a_pupil_of(handler, "Hill School", "Bea"), other)
    rename(handler, farm)

    assert case(handler, elsewhere).fields["organisation"] == "Made Up Farm"


def test_a_placement_that_is_over_keeps_the_name_it_had(handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    handler.fire(
        placement, "decline", {"declined_because": "full", "standing_because": "We are full."}, actor=PAT, now=MONDAY
    )
    rename(handler, provider)

    assert case(handler, placement).fields["organisation"] == "Made Up Farm"


def test_an_agreement_that_says_the_name_before_is_signed_anew(store: Store, handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, placement, hill)
    rename(handler, provider)

    assert "signatures" not in case(handler, placement).items
    with store.reading() as connection:
        last = messages_of(connection, placement)[-1]
    assert (last.notice, last.to_email) == ("placement/sign_anew", "sally@hill-school.example")
