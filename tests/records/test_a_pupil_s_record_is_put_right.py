"""A date of birth or a home school that was wrong: once it is put right, open placements say and count it so."""

from datetime import date

import pytest

from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.records.door import add, change
from apflow.records.people.commissioners import COMMISSIONER
from apflow.records.people.pupils import PUPIL
from apflow.rounds.recounting import recount_pupils
from apflow.store.cases.loading import load_case
from apflow.store.reading.history import history_of
from apflow.testing import MONDAY, OLIVE, PAT
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import by

PIP = {"surname": "Sparrow", "forename": "Pip", "born": "2012-05-04", "home_school": "Hill School"}


@pytest.fixture
def handler(door: Handler) -> Handler:
    return door


@pytest.fixture
def placed(handler: Handler) -> tuple[int, str, Actor]:
    """Pip, and the placement's case, which is active and says when compulsory school age ends."""
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    _, place = a_listed_site(handler)
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    reference = refer(handler, school, pupil, place)
    prepare(handler, reference, school, starts_on=MONDAY.date().isoformat())
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    return pupil, reference, school


def the_case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def test_a_date_of_birth_is_put_right_in_the_case_too(handler: Handler, placed: tuple[int, str, Actor]) -> None:
    pupil, reference, _ = placed
    before = the_case(handler, reference).fields
    assert (before["leaves_school_on"], before["school_year"]) == ("2028-06-30", "Year 10")

    change(handler.store, PUPIL, pupil, 1, {**PIP, "born": "2011-05-04"}, by(handler))

    assert recount_pupils(handler, OLIVE, MONDAY, pupil=pupil) == 1
    after = the_case(handler, reference)
    assert (after.fields["leaves_school_on"], after.fields["school_year"]) == ("2027-06-25", "Year 11")
    with handler.store.reading() as connection:
        last = history_of(connection, reference)[-1]
    assert last.payload["changed"]["leaves_school_on"] == "2027-06-25"
    assert "record has been put right" in last.payload["note"]
    assert recount_pupils(handler, OLIVE, MONDAY) == 0, "nothing is different a second time"


def test_what_was_due_by_the_old_date_is_due_by_the_new(handler: Handler, placed: tuple[int, str, Actor]) -> None:
    pupil, reference, _ = placed
    induction = {
        "inducted_on": MONDAY.date().isoformat(),
        "given_by": "Pat",
        "health_and_safety": True,
        "who_to_tell": True,
    }
    handler.fire(reference, "record_induction", induction, actor=PAT, now=MONDAY)
    assert the_case(handler, reference).deadlines["school_age_ends"].due_at.date() == date(2028, 6, 30)

    change(handler.store, PUPIL, pupil, 1, {**PIP, "born": "2011-05-04"}, by(handler))
    recount_pupils(handler, OLIVE, MONDAY, pupil=pupil)

    assert the_case(handler, reference).deadlines["school_age_ends"].due_at.date() == date(2027, 6, 25)


def test_another_home_school_is_whose_days_count(handler: Handler, placed: tuple[int, str, Actor]) -> None:
    pupil, reference, _ = placed
    other = {"kind": "school", "name": "Dale School", "urn": "999902"}
    number = add(handler.store, COMMISSIONER, other, by(handler))

    change(handler.store, PUPIL, pupil, 1, {**PIP, "home_school": "Dale School"}, by(handler))
    recount_pupils(handler, OLIVE, MONDAY, pupil=pupil)

    assert the_case(handler, reference).fields["school_number"] == number
