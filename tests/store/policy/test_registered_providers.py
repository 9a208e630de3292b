"""A registered provider that is not on the approved list: found by its number, chosen like any other, held to nothing
that the list asks, and no longer to be chosen from the day on which the register has it as closed."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked, Invalid, NotAllowed
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.provision.registration import Light
from apflow.records.door import add, change
from apflow.records.placements.places import PLACEMENT
from apflow.records.providers.lights import lights
from apflow.records.providers.sites import SITE, answers_of_site
from apflow.store.cases.loading import load_case
from apflow.store.records.placements import placements_of
from apflow.store.records.sites import sites_of
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT, PETRA, TODAY
from tests.brought import bring_to
from tests.placing import PROGRAMME, a_pupil_of, a_school_with_an_account, plan, prepare, refer
from tests.records.council import by
from tests.registered import ADDRESS, CLOSED, CLOSING, OPEN, a_register, asked_for_there, found_by, reached
from tests.removal import SUSPENDED
from tests.store.witness import at_once


@pytest.fixture
def hill(handler: Handler) -> Actor:
    a_register(handler)
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def case_of(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return case


def site_of(handler: Handler, reference: str) -> Any:
    with handler.store.reading() as connection:
        (site,) = sites_of(connection, case_of(handler, reference).id or 0)
    return site


def mail(handler: Handler) -> list[tuple[str, str]]:
    with handler.store.reading() as connection:
        return [(row.notice, row.to_email) for row in connection.execute(select(messages).order_by(messages.c.id))]


def how_many(handler: Handler) -> int:
    with handler.store.reading() as connection:
        return len(connection.execute(select(cases.c.id).where(cases.c.workflow == "registered_provider")).all())


def test_what_the_register_says_is_on_its_case_and_its_place_is_a_site(handler: Handler, hill: Actor) -> None:
    reference = found_by(handler, hill, address="1 Invented Lane")

    fields = case_of(handler, reference).fields
    assert (fields["organisation"], fields["urn"], fields["registration"]) == ("Three Oaks School", OPEN, "registered")
    site = site_of(handler, reference)
    assert (site.name, site.proprietor_name, site.address, site.postcode) == (
        "Main site",
        "Three Oaks School",
        "1 Invented Lane",
        "BA1 1AA",
    )
    assert mail(handler) == [("registered_provider/recorded_staff", handler.library.council.mailbox)]
    with handler.store.reading() as connection:
        assert [row.name for row in connection.execute(select(tasks))] == ["look_at_contact"]


@pytest.mark.parametrize(
    ("urn", "why"),
    [
        ("999899", "has no establishment with the number 999899"),
        (CLOSED, "has Old Mill School as “Closed”, closed on 31 Aug 2024"),
        ("99 98", "a URN is a number of 6 digits"),
        ("\x00\x00", "Enter the number: Unique reference number (URN)"),
        ("999801; --", "a URN is a number of 6 digits"),
        (["999801"], "a URN is a number of 6 digits"),
        (True, "a URN is a number of 6 digits"),
    ],
)
def test_what_cannot_be_taken_is_refused_with_the_reason(handler: Handler, hill: Actor, urn: Any, why: str) -> None:
    with pytest.raises(Invalid) as refusal:
        found_by(handler, hill, establishment=urn)

    assert why.lower() in refusal.value.errors["establishment"].lower()
    assert how_many(handler) == 0


def test_without_an_extract_of_the_register_nobody_is_found(handler: Handler) -> None:
    with pytest.raises(Invalid) as refusal:
        found_by(handler, OLIVE)

    assert "has not been imported" in refusal.value.errors["establishment"]


def test_one_that_is_on_the_list_or_was_found_before_is_to_be_chosen_there(handler: Handler, hill: Actor) -> None:
    bring_to(handler, "approved", registration="registered", urn=CLOSING)
    found_by(handler, hill)

    for urn, name in ((OPEN, "Three Oaks School"), (CLOSING, "Made Up Farm")):
        with pytest.raises(Invalid) as refusal:
            found_by(handler, hill, establishment=urn)
        assert f"{name} is here already" in refusal.value.errors["establishment"]


def test_two_schools_that_find_it_at_the_same_moment_find_it_once(handler: Handler, hill: Actor) -> None:
    vale = a_school_with_an_account(handler, "Vale Academy", "999902", "val@vale.example")

    found = at_once(*(lambda who=who: found_by(handler, who) for who in (hill, vale, OLIVE)))

    assert sum(isinstance(one, str) for one in found) == 1
    assert all("is here already" in one.errors["establishment"] for one in found if isinstance(one, Invalid))
    assert how_many(handler) == 1


@pytest.mark.parametrize("somebody", [PAT, PETRA])
def test_only_schools_and_the_council_find_one(handler: Handler, hill: Actor, somebody: Actor) -> None:
    with pytest.raises(NotAllowed):
        found_by(handler, somebody)


def test_a_placement_there_needs_no_papers_and_no_place_on_the_list_and_says_so(handler: Handler, hill: Actor) -> None:
    place = site_of(handler, reached(handler, found_by(handler, hill))).id
    pupil = a_pupil_of(handler, "Hill School", "Pip", true_of=["ehcp", "looked_after"])

    reference = refer(handler, hill, pupil, place)
    oaks = asked_for_there(handler)
    prepare(handler, reference, hill, provider=oaks, hours=30)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)

    case = case_of(handler, reference)
    assert case.state == "induction"
    assert case.fields["provider_standing"] == f"Registered, not on the approved list: URN {OPEN}"
    assert case.party_roles == {"commissioner": hill.id, "provider": oaks.id}
    with handler.store.reading() as connection:
        assert [row.provider for row in placements_of(connection, pupil)] == ["Three Oaks School"]
        assert handler.library.registration
        (lit,) = lights(connection, handler.library.registration, TODAY + timedelta(days=8))
    assert lit.assessment.light is Light.GREEN
    assert ("placement/referral_to_consider", "office@oaks.example") in mail(handler)
    assert ("placement/starts_with_you", "office@oaks.example") in mail(handler)


def test_from_the_day_on_which_it_is_closed_nobody_is_referred_or_placed_there(handler: Handler, hill: Actor) -> None:
    place = site_of(handler, reached(handler, found_by(handler, hill, establishment=CLOSING))).id
    pip, robin = (a_pupil_of(handler, "Hill School", name) for name in ("Pip", "Robin"))
    reference = refer(handler, hill, pip, place)
    prepare(handler, reference, hill, provider=asked_for_there(handler))
    closed = MONDAY + timedelta(days=2)

    for do in (
        lambda: handler.fire(reference, "start_placement", {}, actor=hill, now=closed),
        lambda: refer(handler, hill, robin, place, now=closed),
    ):
        with pytest.raises(Blocked) as refusal:
            do()
        assert "open in the national register today" in " ".join(refusal.value.reasons)
    by_hand = {"provider": "Last Term School", "commissioner": "Hill School", "hours": "5", "has_breaks": True}
    with pytest.raises(Invalid) as refused:
        add(handler.store, PLACEMENT, {**by_hand, "starts_on": "2026-11-05"}, by(handler, days_on=3), {"pupil_id": pip})
    assert "does not have this establishment as open today" in refused.value.errors["provider"]


def test_a_placement_there_can_be_recorded_by_hand(handler: Handler, hill: Actor) -> None:
    found_by(handler, OLIVE)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    by_hand = {"provider": "Three Oaks School", "commissioner": "Hill School", "hours": "25", "has_breaks": True}

    add(handler.store, PLACEMENT, {**by_hand, "starts_on": "2026-11-02"}, by(handler), {"pupil_id": pupil})

    with handler.store.reading() as connection:
        assert [row.provider for row in placements_of(connection, pupil)] == ["Three Oaks School"]


def test_one_that_is_taken_off_is_chosen_no_more_and_can_be_found_anew(handler: Handler, hill: Actor) -> None:
    reference = found_by(handler, hill)
    place = site_of(handler, reference).id
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    handler.fire(reference, "take_off", {"closed_because": "Nobody goes there."}, actor=OLIVE, now=MONDAY)

    with pytest.raises(Invalid) as refusal:
        refer(handler, hill, pupil, place)
    assert refusal.value.errors == {"site": "Where?: choose one of those offered"}
    assert found_by(handler, hill) != reference


def test_who_joins_the_list_afterwards_is_offered_once(handler: Handler, hill: Actor) -> None:
    place = site_of(handler, found_by(handler, hill)).id
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    approved = bring_to(handler, "approved", organisation="Three Oaks School", registration="registered", urn=OPEN)
    within = {"case_id": case_of(handler, approved).id or 0}
    add(handler.store, SITE, {"name": "The yard", "proprietor": "Three Oaks School"}, by(handler), within)

    with pytest.raises(Invalid):
        refer(handler, hill, pupil, place)


def test_nobody_is_written_to_and_nobody_let_in_at_an_address_that_only_a_school_has_said(
    handler: Handler, hill: Actor
) -> None:
    reference = found_by(handler, hill, said_email="typed-wrong@elsewhere.example")
    referred = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site_of(handler, reference).id)

    assert not any(to == "typed-wrong@elsewhere.example" for _, to in mail(handler))
    assert case_of(handler, reference).parties == frozenset()
    assert case_of(handler, referred).party_roles == {"commissioner": hill.id}

    reached(handler, reference)

    assert ("registered_provider/recorded", ADDRESS) in mail(handler)
    assert case_of(handler, reference).parties == {asked_for_there(handler).id}


def test_until_somebody_there_can_be_written_to_an_officer_records_what_they_say(handler: Handler, hill: Actor) -> None:
    place = site_of(handler, found_by(handler, hill)).id
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place)
    told = {"told_by": "Ona Oaks, by phone on 2 November"}

    def recorded(event: str, **answers: Any) -> None:
        handler.fire(reference, event, answers, actor=OLIVE, now=MONDAY)

    recorded("record_offer", **told, can_meet=True, offered_from=TODAY.isoformat())
    recorded("record_programme", **told, **PROGRAMME)
    handler.fire(reference, "set_plan", plan(MONDAY), actor=hill, now=MONDAY)
    recorded("record_signature", signed_as="Ona Oaks, head", is_held=True)
    handler.fire(reference, "sign", {"signed_as": "Sally", "agrees": True}, actor=hill, now=MONDAY)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    gave = {"inducted_on": TODAY.isoformat(), "given_by": "Ona", "health_and_safety": True, "who_to_tell": True}
    recorded("record_their_induction", **told, **gave)
    recorded("record_their_report", **told, progress="It goes well.", next_report_on="2026-12-01")

    assert case_of(handler, reference).state == "active"
    with handler.store.reading() as connection:
        sent = {row.notice: row for row in connection.execute(select(messages))}
    assert "placement/referral_to_consider" not in sent
    assert "Ring the provider" in sent["placement/referral_made"].text
    assert (
        f"Ona Oaks is reached at {ADDRESS}. Nothing is sent there yet"
        in sent["registered_provider/recorded_staff"].text
    )


def test_of_a_provider_that_has_an_address_an_officer_records_nothing(handler: Handler, hill: Actor) -> None:
    place = site_of(handler, reached(handler, found_by(handler, hill))).id
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place)
    offer = {"told_by": "Ona Oaks", "can_meet": True, "offered_from": TODAY.isoformat()}

    with pytest.raises(Blocked) as refusal:
        handler.fire(reference, "record_offer", offer, actor=OLIVE, now=MONDAY)
    assert refusal.value.reasons == ("The provider has an email address, so it does this itself.",)


def test_a_suspension_is_not_got_round_by_the_number_before_a_manager_says_so(handler: Handler, hill: Actor) -> None:
    found = found_by(handler, hill)
    place = site_of(handler, found).id
    pip, robin = (a_pupil_of(handler, "Hill School", name) for name in ("Pip", "Robin"))
    approved = bring_to(handler, "approved", organisation="Three Oaks School", registration="registered", urn=OPEN)
    handler.fire(approved, "suspend", SUSPENDED, actor=MAGDA, now=MONDAY)

    with pytest.raises(Blocked) as refusal:
        refer(handler, hill, pip, place)
    assert "The provider does not take placements today" in refusal.value.reasons[0]
    with pytest.raises(Invalid) as again:
        found_by(handler, hill)
    assert "It takes no new placements" in again.value.errors["establishment"]
    by_hand = {"provider": found, "commissioner": "Hill School", "hours": "5", "has_breaks": True}
    with pytest.raises(Invalid) as refused:
        add(handler.store, PLACEMENT, {**by_hand, "starts_on": TODAY.isoformat()}, by(handler), {"pupil_id": robin})
    assert "on its approved list, or had it there" in refused.value.errors["provider"]

    until = TODAY + timedelta(days=30)
    handler.set_aside(found, "was_never_listed", until, "The matter is settled.", actor=MAGDA, now=MONDAY)
    refer(handler, hill, robin, place)
    assert ("registered_provider/guard_set_aside", handler.library.council.mailbox) in mail(handler)


def test_its_site_is_changed_on_its_own_page(handler: Handler, hill: Actor) -> None:
    site = site_of(handler, found_by(handler, hill))
    said = {**answers_of_site(site), "monday": "9am to 3pm"}

    change(handler.store, SITE, site.id, site.version, said, by(handler))

    assert site_of(handler, case_of(handler, site.reference).reference).hours == {"monday": ["09:00", "15:00"]}
