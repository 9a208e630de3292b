"""A calendar that ends before a deadline set today could: told ahead, with the day until which it must last."""

from datetime import date, timedelta
from pathlib import Path

from apflow.loader.reading import read_folder, read_library
from apflow.loader.reports import calendar_problems
from tests.loader.folder import place_of
from tests.loader.small import a_small_folder

HALF_A_YEAR = timedelta(days=180)
BACK = "within: 3 weeks, then: {escalate: librarian}, assumed: x}"
WHOLE = (
    "deadlines:\n  over: {{label: Over, within: {}, while_in: [waiting, lent], then: {{escalate: librarian}}, "
    "assumed: x{}}}\n{}start:"
)
TERMS = """\
school_calendar:
  terms:
    - {name: One, first_day: 2026-09-02, last_day: 2026-10-23}
    - {name: Two, first_day: 2026-11-02, last_day: 2026-12-18}
  assumed: x
"""


def known_until(folder: Path) -> date:
    return read_library(folder).calendar.known_until


def codes(folder: Path, today: date) -> list[str]:
    return [problem.code for problem in calendar_problems(read_folder(folder), today)]


def a_loan_over(tmp_path: Path, span: str, more: str = "", after: str = "") -> Path:
    return a_small_folder(tmp_path, ("start:", WHOLE.format(span, more, after)))


def test_holidays_must_be_known_for_half_a_year_in_any_case(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    last = known_until(folder) - HALF_A_YEAR

    assert codes(folder, last) == []
    assert codes(folder, last + timedelta(days=1)) == ["calendar-ends"]


def test_a_deadline_of_many_working_days_asks_for_more(tmp_path: Path) -> None:
    folder = a_loan_over(tmp_path, "180 working days")  # Two working days a week, so almost two years.

    assert codes(folder, known_until(folder) - timedelta(days=750)) == []
    assert codes(folder, known_until(folder) - timedelta(days=650)) == ["calendar-ends"]


def test_one_counted_from_another_asks_for_the_time_of_both(tmp_path: Path) -> None:
    later = (
        "  later: {label: Later, within: 100 working days, after_deadline: over, while_in: [waiting, lent], "
        "then: {escalate: librarian}, assumed: x}\n"
    )
    folder = a_loan_over(tmp_path, "12 months", "", later)

    assert codes(folder, known_until(folder) - timedelta(days=750)) == []
    assert codes(folder, known_until(folder) - timedelta(days=650)) == ["calendar-ends"]


def test_the_longest_pause_is_counted_too(tmp_path: Path) -> None:
    folder = a_loan_over(tmp_path, "100 working days", ", paused_in: {states: waiting, at_most: 52 weeks}")

    assert codes(folder, known_until(folder) - timedelta(days=750)) == []
    assert codes(folder, known_until(folder) - timedelta(days=650)) == ["calendar-ends"]


def test_days_that_no_holiday_moves_ask_for_nothing(tmp_path: Path) -> None:
    folder = a_loan_over(tmp_path, "2 years")

    assert codes(folder, known_until(folder) - HALF_A_YEAR) == []


def test_terms_that_are_listed_no_further_are_told_where_they_are_listed(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path, ("applications:\n", f"{TERMS}applications:\n"), file="council.yaml")

    (problem,) = calendar_problems(read_folder(folder), date(2026, 9, 7))

    assert (problem.file, problem.code) == (str(folder / "council.yaml"), "school-calendar-ends")
    assert (problem.line, problem.column) == place_of(folder / "council.yaml", "terms:")
    assert "school terms are listed until 18 December 2026, but deadlines set from 07 September 2026" in problem.message
