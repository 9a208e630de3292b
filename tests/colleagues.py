"""Colleagues for tests: adding one for a school or a provider, and ending it, through the one door."""

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import By
from apflow.records.letters import Writing
from apflow.records.people.colleagues import Organisation, add_colleague, end_colleague, of_person
from apflow.store.people import people
from apflow.store.records.colleagues import colleague, colleagues_of
from apflow.testing import MONDAY, OLIVE

CLARA = "clara@hill-school.example"
TOM = "tom@made-up-farm.example"


def organisation_of(handler: Handler, person: Actor) -> Organisation:
    """Those for whom we write to this person, in the one role they have."""
    (role,) = person.roles
    with handler.store.reading() as connection:
        found = of_person(connection, person.id or 0, role)
    assert found is not None
    return found


def let_act(
    handler: Handler, named: Actor, email: str, name: str = "Clara Colleague", *, by: Actor = OLIVE
) -> tuple[int, Actor]:
    """Let whoever has this address act for somebody; the number of that, and who they are now."""
    answers = {"name": name, "email": email}
    who = By(by, MONDAY, handler.library, own={"person_id": by.id or 0})
    add_colleague(handler.store, writing(handler), organisation_of(handler, named), answers, who)
    with handler.store.reading() as connection:
        row = people.person_by_email(connection, email)
        (role,) = named.roles
        numbers = [one.id for one in colleagues_of(connection, named.id or 0, role) if one.email == email]
    assert row is not None
    return numbers[-1], people.actor_of(row)


def end(handler: Handler, named: Actor, number: int, *, by: Actor = OLIVE) -> None:
    with handler.store.reading() as connection:
        row = colleague(connection, number)
    assert row is not None
    who = By(by, MONDAY, handler.library, own={"person_id": by.id or 0})
    end_colleague(handler.store, writing(handler), row, organisation_of(handler, named), who)


def writing(handler: Handler) -> Writing:
    return Writing(handler.letters, handler.library.council, MONDAY)
