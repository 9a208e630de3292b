"""A text that is screened has no pupil's name in it; who is told of which pupils is no way to find out who is one."""

import pytest
from sqlalchemy import select

from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.core.screening.screening import PupilNamed
from apflow.handler import Handler
from apflow.records.door import change
from apflow.records.people.pupils import PUPIL, answers_of
from apflow.store.cases.loading import load_case
from apflow.store.records.pupils import named_in_words, pupil
from apflow.store.tables.pupils import pupils
from apflow.testing import MONDAY, OLIVE, PAT, enquire
from tests.placing import DESCRIBED, REFERRAL, a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.records.council import WREN, a_placement, a_pupil, a_school, a_site, by

OF_NOBODY = {"ages": ["ks3"], "places": ["bath"], "subjects": ["english"], "needs": ["semh"], "days": ["monday"]}


@pytest.fixture
def reference(door: Handler) -> str:
    """A provider with one pupil placed there, and another placed nowhere."""
    reference = enquire(door)
    with door.store.reading() as connection:
        case = load_case(connection, reference)
    assert case
    assert case.id
    door.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    a_school(door)
    a_site(door, case.id)
    a_placement(door, a_pupil(door))
    a_pupil(door, **WREN)
    return reference


def describe(door: Handler, reference: str, says: str, actor: Actor) -> None:
    door.fire(reference, "describe_entry", {"description": says, **OF_NOBODY}, actor=actor, now=MONDAY)


@pytest.mark.parametrize("says", ["Goats, as Pip knows.", "Wren Thistle feeds the goats."])
def test_an_officer_is_told_of_the_name_of_any_pupil(door: Handler, reference: str, says: str) -> None:
    with pytest.raises(Invalid) as refused:
        describe(door, reference, says, OLIVE)

    assert "take out what looks like a pupil's name" in refused.value.errors["description"]


def test_a_provider_is_told_of_those_placed_there_only(door: Handler, reference: str) -> None:
    describe(door, reference, "Wren Thistle feeds the goats.", PAT)

    with pytest.raises(Invalid) as refused:
        describe(door, reference, "Pip feeds the goats.", PAT)

    assert "(Pip)" in refused.value.errors["description"]


def test_somebody_else_of_that_forename_may_be_named(door: Handler, reference: str) -> None:
    describe(door, reference, "Pip Otherwise runs the farm.", OLIVE)


def test_a_pupil_is_found_by_the_name_they_have_now(door: Handler, reference: str) -> None:
    with door.store.reading() as connection:
        number = connection.execute(select(pupils.c.id).where(pupils.c.forename == "Wren")).scalar_one()
        wren = pupil(connection, number)
    assert wren is not None
    change(
        door.store,
        PUPIL,
        wren.id,
        wren.version,
        {**answers_of(wren, MONDAY.date()), "surname": "van der Nettle"},
        by(door),
    )

    describe(door, reference, "Wren Thistle feeds the goats.", OLIVE)
    for says in ("Wren van der Nettle feeds the goats.", "Van der Nettle, Wren: the goats."):
        with pytest.raises(Invalid, match="take out what looks like a pupil's name"):
            describe(door, reference, says, OLIVE)


def test_whose_names_are_looked_for_are_those_that_begin_with_a_word_of_it(door: Handler, reference: str) -> None:
    with door.store.reading() as connection:
        assert named_in_words(connection, None, ["goats", "wren"], everybody=True) == (PupilNamed("Wren", "Thistle"),)
        assert named_in_words(connection, None, ["goats"], everybody=True) == ()


@pytest.mark.parametrize(
    ("event", "answers", "asked"),
    [("describe", DESCRIBED, "needs"), ("describe", DESCRIBED, "why_it_suits"), ("answer", {}, "reply")],
)
def test_a_provider_reads_no_name_of_a_pupil_for_whom_it_has_offered_no_place(
    door: Handler, event: str, answers: dict[str, str], asked: str
) -> None:
    _, site = a_listed_site(door)
    school = a_school_with_an_account(door, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(door, "Hill School", "Pip")
    begun = {**REFERRAL, "pupil": pupil, "site": site}
    if event == "describe":
        reference = door.open_case("placement", "refer_a_pupil", begun, actor=school, now=MONDAY).reference
    else:
        reference = refer(door, school, pupil, site)
        door.fire(reference, "ask", {"question": "What does this pupil like?"}, actor=PAT, now=MONDAY)
    item = "1" if event == "answer" else None

    with pytest.raises(Invalid) as refused:
        door.fire(reference, event, {**answers, asked: "Pip likes goats."}, actor=school, now=MONDAY, item=item)

    assert "(Pip)" in refused.value.errors[asked]
