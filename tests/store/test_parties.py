"""Who an outsider on a case is: known by address, one person whatever they write, and replaced when the contact is."""

from typing import Any

import pytest
from sqlalchemy import select, update

from apflow.core.errors import NotFound
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.people import people
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people as accounts
from apflow.testing import DAN, ENQUIRY, MONDAY, OLIVE, PAT, PETRA, enquire
from tests.placing import a_school_with_an_account
from tests.store.witness import case_of, count

NEW = "new@elsewhere.example"


def test_a_second_enquiry_from_the_same_address_is_the_same_persons(store: Store, handler: Handler) -> None:
    one = enquire(handler, contact_email=NEW)
    other = enquire(handler, contact_email=NEW.upper(), contact_name="Another Name", organisation="Second Farm")
    assert case_of(store, one).parties == case_of(store, other).parties
    assert count(store, accounts, accounts.c.email == NEW) == 1


def test_a_known_address_keeps_its_name_and_gains_the_role(store: Store, handler: Handler) -> None:
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = enquire(handler, contact_email="sally@hill-school.example", contact_name="Somebody Else")
    with store.reading() as connection:
        sally = people.person_by_email(connection, "sally@hill-school.example")
    assert sally is not None
    assert (sally.name, sorted(sally.roles)) == (hill.name, ["commissioner", "provider"])
    assert case_of(store, reference).parties == {sally.id}


def test_no_form_changes_what_one_of_the_staff_may_do_and_the_case_is_taken_with_the_address_as_typed(
    store: Store, handler: Handler
) -> None:
    enquired = enquire(handler, contact_email="Petra@council.example", contact_name="Somebody Else")
    moved = enquire(handler)
    _change_contact(handler, moved, "petra@council.example")
    with store.reading() as connection:
        petra = people.person_by_email(connection, "petra@council.example")
        sent = select(messages.c.to_email).where(messages.c.notice == "provider/contact_changed")
        assert connection.scalars(sent).all() == ["petra@council.example"]
    assert petra is not None
    assert (petra.name, petra.roles) == (PETRA.name, sorted(PETRA.roles))
    assert case_of(store, enquired).fields["contact_email"] == "Petra@council.example"
    with pytest.raises(NotFound):
        handler.fire(enquired, "correct_details", _details(), actor=people.actor_of(petra), now=MONDAY)


def test_a_new_contact_takes_the_place_of_the_old_one_who_no_longer_sees_the_case(
    store: Store, handler: Handler
) -> None:
    reference = enquire(handler)
    _change_contact(handler, reference, "dan@elsewhere.example")
    assert case_of(store, reference).parties == {DAN.id}
    with pytest.raises(NotFound):
        handler.fire(reference, "correct_details", _details(), actor=PAT, now=MONDAY)
    handler.fire(reference, "correct_details", _details(), actor=DAN, now=MONDAY)
    assert _theirs(store, PAT) == []
    assert _theirs(store, DAN) == [reference]


def test_the_new_contact_is_told_and_the_old_one_is_not(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    _change_contact(handler, reference, NEW)
    with store.reading() as connection:
        told = connection.execute(select(messages.c.to_email).where(messages.c.notice == "provider/contact_changed"))
        assert told.scalars().all() == [NEW]


def test_writing_the_address_in_other_letters_changes_nobody(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    _change_contact(handler, reference, "Pat@Made-Up-Farm.example")
    assert case_of(store, reference).parties == {PAT.id}


def test_a_contact_who_comes_back_sees_the_case_again(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    for email in (NEW, ENQUIRY["contact_email"]):
        _change_contact(handler, reference, email)
    assert case_of(store, reference).parties == {PAT.id}


def test_adding_someone_known_gives_them_these_roles_under_the_id_they_had(store: Store) -> None:
    with store.writing() as connection:
        person = people.add_person(
            connection,
            name="Dan Now Officer",
            email=" DAN@elsewhere.example ",
            roles=["officer"],
            agency=None,
            now=MONDAY,
        )
        dan = people.person(connection, person)
    assert dan is not None
    assert (dan.id, dan.name, dan.roles, dan.is_active) == (DAN.id, "Dan Now Officer", ["officer"], True)


def test_only_the_active_hold_a_role(store: Store) -> None:
    with store.writing() as connection:
        before = [row.name for row in people.with_role(connection, "panel_member")]
        connection.execute(update(accounts).where(accounts.c.name == "Petra Panel").values(is_active=False))
        after = [row.name for row in people.with_role(connection, "panel_member")]
    assert before == ["Pavel Panel", "Petra Panel", "Poppy Panel"]
    assert after == ["Pavel Panel", "Poppy Panel"]


def test_an_address_is_found_in_any_case_of_letters_and_nonsense_is_not(store: Store) -> None:
    with store.reading() as connection:
        found = people.person_by_email(connection, " PAT@Made-Up-Farm.EXAMPLE ")
        missing = [people.person_by_email(connection, email) for email in ("", "nobody", "\x00", "pat@\ud800")]
    assert found is not None
    assert found.id == PAT.id
    assert missing == [None] * 4


def test_people_are_named_by_id(store: Store) -> None:
    with store.reading() as connection:
        assert people.names(connection, []) == {}
        assert people.names(connection, [1, 7, 1, 999]) == {1: "Olive Officer", 7: "Pat Provider"}


def test_a_person_acts_with_the_roles_and_the_agency_they_have(store: Store) -> None:
    with store.reading() as connection:
        row = people.person(connection, 4)
    assert row is not None
    assert people.actor_of(row) == Actor(4, "Petra Panel", frozenset({"panel_member"}), agency="send")


def _change_contact(handler: Handler, reference: str, email: str) -> None:
    answers = {"contact_name": "New Contact", "contact_email": email, "how_known": "They rang."}
    handler.fire(reference, "change_contact", answers, actor=OLIVE, now=MONDAY)


def _details() -> dict[str, Any]:
    return {name: answer for name, answer in ENQUIRY.items() if name != "contact_email"}


def _theirs(store: Store, actor: Actor) -> list[str]:
    with store.reading() as connection:
        return [row.reference for row in list_cases(connection, CaseFilter(party=actor.id), limit=10)]
