"""When a school's record gets another address, all that named whoever was written to follows at once, nothing else."""

from collections.abc import Mapping
from typing import Any

import pytest
from msgspec.structs import replace
from sqlalchemy import select, update

from apflow.beyond.units import unborn
from apflow.core.commands import Open
from apflow.core.errors import NotFound
from apflow.core.people.actor import THE_CLOCK, THE_PUBLIC, Actor
from apflow.core.snapshot import Parent
from apflow.handler import Handler
from apflow.records.door import By, Handed, add, tried
from apflow.records.door import changed as changed_record
from apflow.records.people.commissioners import COMMISSIONER
from apflow.rounds.signals import hear_all
from apflow.store.driver.engine import Store
from apflow.store.reading.history import newest_of
from apflow.store.records.offered import own_pupils
from apflow.store.records.records import changes_of
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT, a_handler
from tests.colleagues import CLARA, let_act
from tests.handing import HILL, NORA, SALLY, by, case, change_school, running, sent, theirs, who_is_at, written
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.versions import changed

INVOICE = {
    "invoice_number": "7",
    "period_from": "2026-11-02",
    "period_until": "2026-11-06",
    "amount": "120",
    "pay_by": "2026-11-30",
}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", SALLY)


@pytest.fixture
def vale(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Vale School", "999902", "val@vale-school.example")


def begun(handler: Handler, workflow: str) -> str:
    hear_all(handler, machine_now=lambda: MONDAY)
    with handler.store.reading() as connection:
        return str(connection.execute(select(cases.c.reference).where(cases.c.workflow == workflow)).scalar_one())


def _shares_the_address(handler: Handler) -> None:
    """Vale School has the address that Hill School has."""
    said = {"kind": "school", "name": "Vale School", "urn": "999902", "email": SALLY}
    add(handler.store, COMMISSIONER, said, by(handler))


def _asked_about(handler: Handler, provider: str, placement: int) -> str:
    """A request to the commissioner of the placement of this number to look at it again."""
    said: dict[str, Any] = {
        "organisation": "Made Up Farm",
        "commissioner": "A school",
        "placement": "Since Monday",
        "site": "Main site",
        "contact_name": "Sally",
        "contact_email": SALLY,
        "hours": "15",
        "starts_on": "2026-11-09",
        "placement_number": placement,
        "why": "It was removed.",
    }
    definition = handler.library.current("placement_review")
    child = replace(unborn(definition, MONDAY), parent=Parent(provider, "placement_review"))
    command = Open("begin", THE_CLOCK, said)
    saved = handler.commit(None, lambda connection: handler.decided(connection, definition, child, command, MONDAY))
    return saved.reference


def test_whoever_was_written_to_sees_no_placement_any_longer_and_the_new_one_acts_there(
    handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    change_school(handler)
    nora = who_is_at(handler, NORA)

    assert theirs(handler, hill) == []
    said = {"what_changed": "Allergy", "says": "Carries an EpiPen from today."}
    with pytest.raises(NotFound):
        handler.fire(placement, "tell_provider_of_change", said, actor=hill, now=MONDAY)
    assert theirs(handler, nora) == [placement]
    handler.fire(placement, "tell_provider_of_change", said, actor=nora, now=MONDAY)
    fields = case(handler, placement).fields
    assert (fields["your_name"], fields["your_email"]) == ("Nora New", NORA)
    with handler.store.reading() as connection:
        assert [len(own_pupils(connection, one.id or 0, MONDAY.date())) for one in (hill, nora)] == [0, 1]


def test_the_history_of_the_case_says_so_and_the_record_says_which_they_are(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    officer = case(handler, placement).assigned_to
    change_school(handler)

    with handler.store.reading() as connection:
        (last,) = newest_of(connection, placement, limit=1)
        (change_of_record, _) = changes_of(connection, "commissioner", 1, limit=2)
    assert (last.name, last.actor_audience) == ("changed who_acts", "clock")
    assert last.payload["note"] == "Whom we write to at Hill School has changed."
    assert case(handler, placement).assigned_to == officer
    assert change_of_record.fields["handed_over"] == [None, placement]
    assert change_of_record.actor_name == OLIVE.name


def test_an_invoice_of_the_placement_follows(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    handler.fire(placement, "send_invoice", INVOICE, actor=PAT, now=MONDAY)
    invoice = begun(handler, "invoice")
    change_school(handler)

    assert case(handler, invoice).party_roles["commissioner"] == who_is_at(handler, NORA).id


def test_an_invoice_that_was_asked_for_before_begins_with_the_new_one(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    handler.fire(placement, "send_invoice", INVOICE, actor=PAT, now=MONDAY)
    change_school(handler)

    assert case(handler, begun(handler, "invoice")).fields["your_email"] == NORA


def test_a_placement_that_is_over_is_out_of_sight_as_well_and_stands_as_it_stood(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    declined = {"declined_because": "full", "standing_because": "We are full."}
    handler.fire(placement, "decline", declined, actor=PAT, now=MONDAY)
    with store.writing() as connection:
        connection.execute(update(messages).values(status="sent", sent_at=MONDAY))
    before, letters = case(handler, placement), len(sent(store, "placement/%"))
    change_school(handler)

    after = case(handler, placement)
    assert theirs(handler, hill) == []
    assert (after.state, after.entered_at, after.tasks) == (before.state, before.entered_at, before.tasks)
    assert len(sent(store, "placement/%")) == letters


def test_a_placement_on_which_a_deputy_acts_stays_with_them(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    said = {"your_name": "Dan Deputy", "your_email": "dan@hill-school.example"}
    handler.fire(placement, "commissioner_changes", said, actor=OLIVE, now=MONDAY)
    other = running(handler, hill, site, "Bea")
    change_school(handler)

    assert case(handler, placement).fields["your_email"] == "dan@hill-school.example"
    assert case(handler, other).fields["your_email"] == NORA


def test_of_two_schools_with_one_address_only_what_is_of_the_one_follows(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    _shares_the_address(handler)
    here = running(handler, hill, site)
    there = running(handler, hill, site, "Bea", at="Vale School")
    change_school(handler)

    assert theirs(handler, hill) == [there]
    assert theirs(handler, who_is_at(handler, NORA)) == [here]


def test_what_is_asked_about_a_placement_follows_with_whoever_commissions_that(handler: Handler, hill: Actor) -> None:
    provider, site = a_listed_site(handler)
    _shares_the_address(handler)
    asked = dict[str, str]()
    for name, at in (("Pip", "Hill School"), ("Bea", "Vale School")):
        running(handler, hill, site, name, at=at)
        asked[at] = _asked_about(handler, provider, len(asked) + 1)
    change_school(handler)

    assert case(handler, asked["Hill School"]).fields["contact_email"] == NORA
    assert case(handler, asked["Vale School"]).fields["contact_email"] == SALLY


def test_its_own_checks_of_a_provider_follow_where_whoever_kept_them_stands_for_no_other(
    handler: Handler, hill: Actor
) -> None:
    said = {"organisation": "Made Up Farm", "commissioner": "Hill School", "your_name": hill.name, "your_email": SALLY}
    checks = handler.open_case("own_checks", "keep_checks", said, actor=THE_PUBLIC, now=MONDAY).reference
    _shares_the_address(handler)
    change_school(handler)
    assert theirs(handler, hill) == [checks]

    change_school(handler, NORA, name="Vale School")
    assert theirs(handler, who_is_at(handler, NORA)) == [checks]


def test_a_placement_of_another_school_on_which_the_contact_helps_out_stays_theirs(
    handler: Handler, hill: Actor, vale: Actor
) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, vale, site, "Bea", at="Vale School")
    said = {"your_name": hill.name, "your_email": SALLY}
    handler.fire(placement, "commissioner_changes", said, actor=OLIVE, now=MONDAY)
    change_school(handler)

    assert theirs(handler, hill) == [placement]


def test_two_schools_that_swap_addresses_each_keep_their_own_pupils(handler: Handler, hill: Actor, vale: Actor) -> None:
    _, site = a_listed_site(handler)
    here, there = running(handler, hill, site), running(handler, vale, site, "Bea", at="Vale School")
    change_school(handler, "val@vale-school.example", contact_name=vale.name)
    change_school(handler, SALLY, name="Vale School", contact_name=hill.name)

    assert (theirs(handler, hill), theirs(handler, vale)) == ([there], [here])


def test_whoever_acted_beside_the_one_before_acts_beside_the_new_one(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    _, clara = let_act(handler, hill, CLARA)
    change_school(handler)

    assert case(handler, placement).colleagues == {"commissioner": {clara.id}}
    assert case(handler, placement).party_roles["commissioner"] == who_is_at(handler, NORA).id


def test_an_agreement_that_names_the_one_before_is_signed_anew_and_the_provider_hears_of_it(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, placement, hill)
    change_school(handler)

    assert "signatures" not in case(handler, placement).items
    assert written(store, "placement/sign_anew") == ["pat@made-up-farm.example"]


def test_where_a_school_has_no_address_any_more_nobody_sees_it_until_there_is_one(
    handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    handler.fire(placement, "send_invoice", INVOICE, actor=PAT, now=MONDAY)
    invoice = begun(handler, "invoice")
    change_school(handler, None)

    assert theirs(handler, hill) == []
    assert "your_email" not in case(handler, placement).fields
    change_school(handler)
    assert theirs(handler, who_is_at(handler, NORA)) == sorted([placement, invoice])


def test_another_name_at_the_same_address_hands_nothing_over(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    version = case(handler, placement).version
    change_school(handler, SALLY.upper(), contact_name="Sally Married-Name")

    assert case(handler, placement).version == version


def test_a_placement_under_an_older_text_follows(handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    newer = changed(handler.library, ("  commissioner_changes:", "  somebody_else_acts:"), workflow="placement")
    change_school(a_handler(handler.store, newer))

    assert case(handler, placement).fields["your_email"] == NORA


def test_what_would_go_is_seen_before_and_nothing_goes(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    placement = running(handler, hill, site)
    would: list[Handed] = []
    who = By(OLIVE, MONDAY, handler.library, hand_over=handler.hand_over_within, handed=would)
    answers: Mapping[str, Any] = {**HILL, "email": NORA}
    tried(store, lambda connection: changed_record(connection, COMMISSIONER, 1, answers, who))

    assert would == [Handed("Hill School", SALLY, "Nora New", NORA, (placement,))]
    assert case(handler, placement).fields["your_email"] == SALLY
