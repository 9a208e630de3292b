"""Until when what is held about a child is kept."""

from datetime import date

import pytest

from apflow.core.definition.keeping import Retention
from apflow.provision.retention import kept_until, last_that_is_over

RULE = Retention(
    years=6, until_age=25, longer_for=("ehcp", "looked_after"), decided_by=("manager",), assumed="Made up."
)
LAST, BORN = date(2026, 7, 22), date(2012, 2, 29)


def until(*true_of: str, says_so: bool = False, last: date = LAST) -> date:
    return kept_until(RULE, last=last, born=BORN, true_of=true_of, says_so=says_so).day


def test_it_is_kept_so_many_years_after_the_last_placement() -> None:
    assert until() == until("sen_support") == date(2032, 7, 22)
    assert until(last=date(2028, 2, 29)) == date(2034, 2, 28)


@pytest.mark.parametrize("true_of", ["ehcp", "looked_after"])
def test_of_some_it_is_kept_to_a_birthday(true_of: str) -> None:
    assert until(true_of) == date(2037, 2, 28)
    assert until(says_so=True) == date(2037, 2, 28)


def test_a_birthday_that_comes_sooner_shortens_nothing() -> None:
    assert until("ehcp", last=date(2035, 7, 20)) == date(2041, 7, 20)


@pytest.mark.parametrize("last", [date(2020, 2, 29), date(2020, 2, 28), date(2020, 3, 1), date(2019, 12, 31)])
@pytest.mark.parametrize("day", [date(2026, 2, 28), date(2026, 3, 1), date(2026, 3, 2), date(2028, 2, 29)])
def test_no_record_whose_time_is_over_is_passed_over(last: date, day: date) -> None:
    assert until(last=last) >= day or last < last_that_is_over(RULE, day)
