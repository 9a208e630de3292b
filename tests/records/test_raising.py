"""A light that turns red becomes an officer's case: once, however often one looks, and again when it turns anew."""

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from apflow.core.errors import NotFound
from apflow.handler import Handler
from apflow.loader.reading import library_of
from apflow.records.door import change
from apflow.records.people.pupils import PUPIL
from apflow.records.placements.places import PLACEMENT
from apflow.rounds.raising import raise_red
from apflow.settings import shipped
from apflow.store.people.people import actor_of, person_by_email
from apflow.store.tables.cases import cases
from apflow.store.tables.messages import messages
from apflow.store.tables.places import red_lights
from apflow.testing import MONDAY, OLIVE, a_handler
from tests.records.council import PIP, a_placement, a_provider, a_pupil, a_school, a_site, by
from tests.store.witness import at_once

EHCP = {**PIP, "true_of": ["ehcp"]}


@pytest.fixture
def pupil(door: Handler) -> int:
    """A pupil who is there full-time, without anything that makes one alone enough."""
    a_school(door)
    a_site(door, a_provider(door))
    number = a_pupil(door)
    a_placement(door, number, "19")
    return number


def opened(door: Handler) -> list[str]:
    with door.store.reading() as connection:
        query = select(cases.c.reference).where(cases.c.workflow == "registration_light").order_by(cases.c.id)
        return list(connection.execute(query).scalars())


def turn_red(door: Handler, pupil: int, seen: int = 1) -> None:
    change(door.store, PUPIL, pupil, seen, EHCP, by(door))


def test_it_is_raised_whichever_role_of_the_staff_begins_such_a_case(door: Handler, pupil: int) -> None:
    texts = {path.name: path.read_text(encoding="utf-8") for path in shipped("workflows").glob("*.yaml")}
    ours = "    by: officer                       # apflow does it"
    assert ours in texts["registration_light.yaml"]
    texts["registration_light.yaml"] = texts["registration_light.yaml"].replace(
        ours, "    by: manager # apflow does it"
    )
    theirs = a_handler(door.store, library_of(texts))
    turn_red(theirs, pupil)

    raised = raise_red(theirs, MONDAY)

    assert len(raised) == 1
    assert opened(theirs) == raised


def test_nothing_is_raised_while_nothing_is_red(door: Handler, pupil: int) -> None:
    assert raise_red(door, MONDAY) == []


def test_a_red_light_opens_one_case_that_says_why_and_names_no_child(door: Handler, pupil: int) -> None:
    turn_red(door, pupil)

    raised = raise_red(door, MONDAY)

    assert opened(door) == raised
    with door.store.reading() as connection:
        case = connection.execute(select(cases).where(cases.c.reference == raised[0])).one()
        subject, text = connection.execute(
            select(messages.c.subject, messages.c.text).where(messages.c.case_id == case.id)
        ).one()
    assert case.title == "Made Up Farm"
    assert case.fields["why"] == "1 pupil with an EHC plan in full-time education here: one is enough."
    assert subject == f"Registration light turned red: Made Up Farm ({raised[0]})"
    assert "1 pupil with an EHC plan" in text
    assert "Sparrow" not in text


def test_looking_again_opens_no_second_case_even_when_it_was_ended(door: Handler, pupil: int) -> None:
    turn_red(door, pupil)
    (reference,) = raise_red(door, MONDAY)

    door.fire(reference, "need_not", {"finding": "They are tutored at home."}, actor=OLIVE, now=MONDAY)

    assert raise_red(door, MONDAY + timedelta(days=1)) == []
    assert opened(door) == [reference]


def test_one_that_is_red_still_the_day_after_it_was_said_to_be_reduced_is_raised_anew(
    door: Handler, pupil: int
) -> None:
    turn_red(door, pupil)
    (reference,) = raise_red(door, MONDAY)
    agreed = {"agreed": "Fewer hours, with the head.", "reduce_by": "2026-11-09"}
    door.fire(reference, "agree_to_reduce", agreed, actor=OLIVE, now=MONDAY)
    door.fire(reference, "has_reduced", {"reduced": "They rang to say so."}, actor=OLIVE, now=MONDAY)

    assert raise_red(door, MONDAY) == [], "the records are changed on the same day, perhaps a little later"
    (again,) = raise_red(door, MONDAY + timedelta(days=1))
    assert again != reference
    assert raise_red(door, MONDAY + timedelta(days=2)) == []


def test_several_that_look_at_once_open_one_case(door: Handler, pupil: int) -> None:
    turn_red(door, pupil)

    at_once(*[lambda: raise_red(door, MONDAY)] * 4)

    assert len(opened(door)) == 1


def test_a_light_that_turns_red_anew_is_raised_anew(door: Handler, pupil: int) -> None:
    turn_red(door, pupil)
    raise_red(door, MONDAY)
    change(door.store, PUPIL, pupil, 2, PIP, by(door))
    raise_red(door, MONDAY + timedelta(days=1))
    turn_red(door, pupil, seen=3)

    raise_red(door, MONDAY + timedelta(days=2))

    assert len(opened(door)) == 2


def test_one_that_turns_red_twice_in_a_day_is_raised_twice(door: Handler, pupil: int) -> None:
    for seen in (1, 3):
        turn_red(door, pupil, seen)
        raise_red(door, MONDAY)
        change(door.store, PUPIL, pupil, seen + 1, PIP, by(door))
        raise_red(door, MONDAY)

    assert len(set(opened(door))) == 2


def test_a_look_that_broke_off_before_it_noted_the_case_is_made_good_by_the_next(door: Handler, pupil: int) -> None:
    turn_red(door, pupil)
    (reference,) = raise_red(door, MONDAY)
    with door.store.writing() as connection:
        connection.execute(update(red_lights).values(reference=None))
    change(door.store, PUPIL, pupil, 2, {**EHCP, "true_of": ["ehcp", "looked_after"]}, by(door))

    assert raise_red(door, MONDAY) == [reference]
    assert opened(door) == [reference]


def test_it_is_followed_to_its_end(door: Handler, pupil: int) -> None:
    turn_red(door, pupil)
    (reference,) = raise_red(door, MONDAY)
    agreed = {"agreed": "They take fewer hours, said Pat.", "reduce_by": "2026-11-20"}
    door.fire(reference, "agree_to_reduce", agreed, actor=OLIVE, now=MONDAY)
    answers = {"provider": "Made Up Farm", "commissioner": "Hill School", "hours": "12", "has_breaks": "yes"}
    change(door.store, PLACEMENT, 1, 1, {**answers, "starts_on": "2026-09-07"}, by(door))

    door.fire(reference, "has_reduced", {"reduced": "Twelve hours, as the register shows."}, actor=OLIVE, now=MONDAY)

    assert raise_red(door, MONDAY) == []
    with door.store.reading() as connection:
        assert connection.execute(select(cases.c.state).where(cases.c.reference == reference)).scalar_one() == "reduced"


def test_a_provider_does_not_see_the_case(door: Handler, pupil: int) -> None:
    turn_red(door, pupil)
    (reference,) = raise_red(door, MONDAY)
    with door.store.reading() as connection:
        contact = person_by_email(connection, "pat@made-up-farm.example")
    assert contact

    with pytest.raises(NotFound):
        door.fire(reference, "need_not", {}, actor=actor_of(contact), now=MONDAY)
