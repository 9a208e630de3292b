"""When a provider is written to at somebody else's address, all that is its own follows at once, and nothing else."""

from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import NotFound
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.reading.history import newest_of
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT
from tests.colleagues import TOM, let_act
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.registered import a_register, asked_for_there, found_by, place_at, reached

NIA = "nia@made-up-farm.example"
TELLS = {"matter": "He said that he was hit at home.", "in_short": "A bruise"}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def change_contact(handler: Handler, reference: str, email: str = NIA) -> Actor:
    answers = {"contact_name": "Nia New", "contact_email": email, "how_known": "They rang."}
    handler.fire(reference, "change_contact", answers, actor=OLIVE, now=MONDAY)
    return asked_for_there(handler, email)


def running(handler: Handler, hill: Actor, site: int, forename: str = "Pip") -> str:
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", forename), site)
    prepare(handler, reference, hill)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    return reference


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def theirs(handler: Handler, actor: Actor) -> list[str]:
    with handler.store.reading() as connection:
        return sorted(row.reference for row in list_cases(connection, CaseFilter(party=actor.id), limit=50))


def begun(handler: Handler, workflow: str) -> str:
    hear_all(handler, machine_now=lambda: MONDAY)
    with handler.store.reading() as connection:
        return str(connection.execute(select(cases.c.reference).where(cases.c.workflow == workflow)).scalar_one())


def written(store: Store, notice: str) -> list[str]:
    query = select(messages.c.to_email).where(messages.c.notice == notice).order_by(messages.c.id)
    with store.reading() as connection:
        return list(connection.scalars(query))


def test_the_contact_before_sees_no_placement_any_longer_and_the_new_one_acts_there(
    handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    nia = change_contact(handler, provider)

    assert theirs(handler, PAT) == []
    with pytest.raises(NotFound):
        handler.fire(placement, "safeguarding_matter", TELLS, actor=PAT, now=MONDAY)
    assert theirs(handler, nia) == sorted([provider, placement])
    handler.fire(placement, "safeguarding_matter", TELLS, actor=nia, now=MONDAY)
    fields = case(handler, placement).fields
    assert (fields["provider_contact"], fields["provider_email"]) == ("Nia New", NIA)


def test_what_comes_after_is_written_to_the_new_one(store: Store, handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    change_contact(handler, provider)
    said = {"what_changed": "Allergy", "says": "Carries an EpiPen from today."}
    handler.fire(placement, "tell_provider_of_change", said, actor=hill, now=MONDAY)

    assert written(store, "placement/change_told") == [NIA]


def test_the_history_says_so_and_names_nobody_of_the_council(handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    officer = case(handler, placement).assigned_to
    change_contact(handler, provider)

    with handler.store.reading() as connection:
        (last,) = newest_of(connection, placement, limit=1)
    assert (last.name, last.actor_audience) == ("changed who_acts", "clock")
    assert last.payload["note"] == "Whom we write to at Made Up Farm has changed."
    assert case(handler, placement).assigned_to == officer


def test_an_action_plan_that_is_begun_is_sent_to_the_new_one(handler: Handler) -> None:
    provider, _ = a_listed_site(handler)
    handler.fire(provider, "begin_action_plan", {"why": "The fire doors."}, actor=OLIVE, now=MONDAY)
    plan = begun(handler, "action_plan")
    nia = change_contact(handler, provider)

    assert case(handler, plan).party_roles == {"provider": nia.id}
    assert case(handler, plan).fields["contact_email"] == NIA


def test_a_concern_leads_to_a_spot_check_with_the_new_one(handler: Handler) -> None:
    provider, _ = a_listed_site(handler)
    said = {"what_happened": "A gate stood open.", "told_by": "school", "how_told": "By telephone."}
    handler.fire(provider, "log_concern_here", said, actor=OLIVE, now=MONDAY)
    concern = begun(handler, "concern")
    change_contact(handler, provider)

    assert case(handler, concern).fields["contact_email"] == NIA


def test_of_two_providers_with_one_contact_only_what_is_of_the_one_follows(handler: Handler, hill: Actor) -> None:
    farm, site = a_listed_site(handler)
    yard, other = a_listed_site(handler, proprietor="Boat Yard Ltd", organisation="Boat Yard")
    there, elsewhere = running(handler, hill, site), running(handler, hill, other, "Bea")
    handler.fire(yard, "begin_action_plan", {"why": "The pontoon."}, actor=OLIVE, now=MONDAY)
    plan = begun(handler, "action_plan")
    nia = change_contact(handler, farm)

    assert theirs(handler, nia) == sorted([farm, there])
    assert theirs(handler, PAT) == sorted([yard, elsewhere, plan])


def test_a_placement_on_which_somebody_else_acts_stays_with_them(handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    said = {"provider_contact": "Dan Deputy", "provider_email": "dan@elsewhere.example"}
    handler.fire(placement, "provider_contact_changes", said, actor=OLIVE, now=MONDAY)
    change_contact(handler, provider)

    assert case(handler, placement).fields["provider_email"] == "dan@elsewhere.example"


def test_a_placement_that_is_over_is_out_of_sight_of_the_contact_before_as_well(handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    handler.fire(
        placement, "decline", {"declined_because": "full", "standing_because": "We are full."}, actor=PAT, now=MONDAY
    )
    assert placement in theirs(handler, PAT)
    change_contact(handler, provider)

    assert theirs(handler, PAT) == []


def test_whoever_acted_beside_the_contact_before_acts_beside_the_new_one(handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    _, tom = let_act(handler, PAT, TOM)
    nia = change_contact(handler, provider)

    assert case(handler, placement).colleagues == {"provider": {tom.id}}
    assert case(handler, placement).party_roles["provider"] == nia.id


def test_an_agreement_that_names_the_contact_before_is_signed_anew_and_the_school_hears_of_it(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, placement, hill)
    nia = change_contact(handler, provider)

    assert "signatures" not in case(handler, placement).items
    assert written(store, "placement/sign_anew") == ["sally@hill-school.example"]
    for who in (nia, hill):
        handler.fire(placement, "sign", {"signed_as": who.name, "agrees": True}, actor=who, now=MONDAY)
    handler.fire(placement, "start_placement", {}, actor=hill, now=MONDAY)


def test_what_was_signed_before_it_began_stays_signed(store: Store, handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    change_contact(handler, provider)

    assert len(case(handler, placement).items["signatures"]) == 2
    assert written(store, "placement/sign_anew") == []


def test_whoever_is_asked_for_at_a_registered_provider_no_longer_sees_who_is_placed_there(handler: Handler) -> None:
    a_register(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    provider = reached(handler, found_by(handler, hill))
    ona = asked_for_there(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    placement = refer(handler, hill, pupil, place_at(handler, provider))
    assert placement in theirs(handler, ona)
    said: dict[str, Any] = {"contact_name": "Nia New", "contact_email": NIA, "is_theirs": True}
    handler.fire(provider, "contact_changes", said, actor=OLIVE, now=MONDAY)

    assert theirs(handler, ona) == []
    assert theirs(handler, asked_for_there(handler, NIA)) == sorted([provider, placement])


def test_where_nobody_is_written_to_any_more_nobody_sees_it_for_the_provider(handler: Handler) -> None:
    a_register(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    provider = reached(handler, found_by(handler, hill))
    ona = asked_for_there(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place_at(handler, provider))
    handler.fire(
        provider, "contact_changes", {"contact_name": "Ona Oaks", "contact_email": None}, actor=OLIVE, now=MONDAY
    )

    assert theirs(handler, ona) == []
    assert "provider_email" not in case(handler, placement).fields
