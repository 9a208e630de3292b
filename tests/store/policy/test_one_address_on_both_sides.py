"""A school that places pupils at a centre of its own has one address on both sides, and signs for each."""

import pytest
from sqlalchemy import update

from apflow.core.errors import NotOpen
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import By, add
from apflow.records.people.commissioners import COMMISSIONER
from apflow.store.cases.loading import load_case
from apflow.store.tables.people import people
from apflow.testing import MONDAY, OLIVE, PAT
from tests.placing import PROGRAMME, a_listed_site, a_pupil_of, a_school_with_an_account, plan, prepare, refer

BOTH = Actor(PAT.id, PAT.name, frozenset({"commissioner", "provider"}))


def sign(handler: Handler, reference: str, actor: Actor) -> None:
    handler.fire(reference, "sign", {"signed_as": actor.name, "agrees": True}, actor=actor, now=MONDAY)


def signed(handler: Handler, reference: str) -> int:
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return len(case.items.get("signatures", {}))


def test_whoever_is_both_sides_signs_for_the_one_and_then_for_the_other(handler: Handler) -> None:
    _, site = a_listed_site(handler)
    who = {"kind": "school", "name": "Farm School", "urn": "999902", "email": "pat@made-up-farm.example"}
    add(handler.store, COMMISSIONER, who, By(OLIVE, MONDAY, handler.library))
    with handler.store.writing() as connection:
        connection.execute(update(people).where(people.c.id == PAT.id).values(roles=sorted(BOTH.roles)))
    placement = refer(handler, BOTH, a_pupil_of(handler, "Farm School", "Pip"), site)
    first = {"can_meet": True, "offered_from": MONDAY.date().isoformat()}
    for event, said in (("offer", first), ("set_programme", PROGRAMME), ("set_plan", plan())):
        handler.fire(placement, event, said, actor=BOTH, now=MONDAY)

    sign(handler, placement, BOTH)
    assert signed(handler, placement) == 1
    sign(handler, placement, BOTH)
    assert signed(handler, placement) == 2
    with pytest.raises(NotOpen):
        sign(handler, placement, BOTH)
    handler.fire(placement, "start_placement", {}, actor=BOTH, now=MONDAY)


def test_nobody_who_is_one_side_signs_twice(handler: Handler) -> None:
    _, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    placement = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, placement, hill)

    for who in (PAT, hill):
        with pytest.raises(NotOpen):
            sign(handler, placement, who)
