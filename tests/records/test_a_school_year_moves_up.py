"""A school year that was given, of a pupil who is a year behind: it moves up with the child, every September."""

from datetime import date

import pytest
from sqlalchemy import Row

from apflow.handler import Handler
from apflow.provision.ages import school_year
from apflow.records.door import change
from apflow.records.people.pupils import PUPIL, answers_of
from apflow.store.records.pupils import pupil
from tests.records.council import PIP, a_pupil, a_school, by

THIS_YEAR, NEXT_YEAR = date(2026, 11, 2), date(2027, 9, 1)


def row_of(door: Handler, number: int) -> Row[tuple[object, ...]]:
    with door.store.reading() as connection:
        found = pupil(connection, number)
    assert found is not None
    return found


@pytest.fixture
def behind(door: Handler) -> int:
    """Pip is in Year 9, though most children of the age are in Year 10."""
    a_school(door)
    return a_pupil(door, **PIP | {"year": "9"})


def test_the_form_shows_next_september_the_year_above(door: Handler, behind: int) -> None:
    row = row_of(door, behind)

    assert answers_of(row, THIS_YEAR)["year"] == 9
    assert answers_of(row, NEXT_YEAR)["year"] == 10
    assert school_year(row.born, row.years_out, date(2028, 9, 1)) == 11


def test_saving_the_form_in_another_year_changes_nothing(door: Handler, behind: int) -> None:
    row = row_of(door, behind)
    later = by(door, days_on=(NEXT_YEAR - THIS_YEAR).days)

    assert not change(door.store, PUPIL, behind, row.version, answers_of(row, NEXT_YEAR), later)


def test_one_of_the_usual_year_who_is_kept_down_is_behind_from_then_on(door: Handler) -> None:
    a_school(door)
    number = a_pupil(door)
    row = row_of(door, number)
    assert answers_of(row, THIS_YEAR)["year"] is None

    change(door.store, PUPIL, number, row.version, {**answers_of(row, NEXT_YEAR), "year": 10}, by(door, days_on=303))

    assert row_of(door, number).years_out == -1
