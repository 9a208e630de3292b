"""Compulsory school age, by the Education Act 1996, section 8, and the two orders under it."""

from datetime import date

import pytest

from apflow.provision.ages import compulsory_school_age, school_leaving_date, usual_year


@pytest.mark.parametrize(
    ("born", "first"),
    [
        (date(2021, 3, 31), date(2026, 3, 31)),  # Five on a prescribed day: from that day (section 8(2)(a)).
        (date(2021, 4, 1), date(2026, 8, 31)),  # Otherwise from the next one (section 8(2)(b)).
        (date(2021, 8, 31), date(2026, 8, 31)),
        (date(2021, 9, 1), date(2026, 12, 31)),
        (date(2021, 12, 31), date(2026, 12, 31)),
        (date(2021, 1, 1), date(2026, 3, 31)),
        (date(2020, 2, 29), date(2025, 3, 31)),
    ],
)
def test_it_begins_on_the_prescribed_day_on_or_after_the_fifth_birthday(born: date, first: date) -> None:
    assert compulsory_school_age(born).first == first


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2010, 9, 1), date(2027, 6, 25)),
        (date(2011, 6, 25), date(2027, 6, 25)),  # 16 on the leaving date itself (section 8(3)(b)).
        (date(2011, 8, 31), date(2027, 6, 25)),  # 16 only after it, before the next school year (section 8(3)(a)).
        (date(2011, 9, 1), date(2028, 6, 30)),
    ],
)
def test_it_ends_with_the_last_friday_in_june_of_the_school_year_in_which_they_are_16(born: date, last: date) -> None:
    assert compulsory_school_age(born).last == last


def test_the_first_and_the_last_day_both_count() -> None:
    span = compulsory_school_age(date(2010, 9, 1))

    assert [span.has(day) for day in (date(2015, 12, 30), span.first, span.last, date(2027, 6, 26))] == [
        *(False, True),
        *(True, False),
    ]


@pytest.mark.parametrize(("year", "day"), [(2025, 27), (2026, 26), (2028, 30)])
def test_the_leaving_date_is_a_friday_and_the_last_in_june(year: int, day: int) -> None:
    assert school_leaving_date(year) == date(year, 6, day)
    assert school_leaving_date(year).weekday() == 4


@pytest.mark.parametrize(
    ("born", "year"),
    [(date(2010, 9, 1), 11), (date(2010, 8, 31), 12), (date(2022, 8, 31), 0), (date(2022, 9, 1), -1)],
)
def test_the_usual_year_goes_by_the_first_of_september(born: date, year: int) -> None:
    assert usual_year(born, date(2026, 11, 2)) == year
    assert usual_year(born, date(2026, 8, 31)) == year - 1
