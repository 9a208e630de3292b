"""What the checker finds about who is asked and who reads, about the schools' calendar, and about times of day."""

from datetime import date
from pathlib import Path

import pytest

from apflow.loader import read_folder, read_library
from apflow.loader.reports import calendar_problems
from tests.loader.folder import a_folder, place_of
from tests.loader.small import a_small_folder
from tests.loader.test_checks import has, told

CARD = "card: {type: text, label: Number of your card, asked_if: {fact: answer.member, is: true}"
CALENDAR = "calendar: {"
TERMS = (
    "applications:\n",
    "school_calendar:\n  terms:\n    - {name: A, first_day: 2026-09-02, last_day: 2026-10-23}\n"
    "    - {name: B, first_day: 2026-11-02, last_day: 2026-12-18}\n"
    "  inset: [{on: 2026-11-27, because: INSET}]\n  assumed: x\napplications:\n",
)


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (f"{CARD}}}", f"{CARD}, read: libarian}}", 'unknown-role: there is no role called "libarian"; did you mean'),
        (f"{CARD}}}", f"{CARD}, write: libarian}}", 'unknown-role: there is no role called "libarian"'),
        (f"{CARD}}}", f"{CARD}, privacy: child, read: reader}}", 'never-read: "reader" never reads what is child'),
        ("books: {type: number,", "books: {type: person,", "no-people: say whom there is to choose from"),
        ("books: {type: number,", "books: {type: person, role: libarian,", "unknown-role: there is no role called"),
        ("name: {type: text,", "name: {type: text, read: librarian,", 'name-not-read: a case is called by its "name"'),
        ("name: {type: text,", "name: {type: text, privacy: child,", 'name-not-read: a case is called by its "name"'),
        ("books: {type: number,", "books: {type: number, write: reader,", 'asked-of-nobody: "books" is never asked'),
    ],
)
def test_about_who_is_asked_and_who_reads(tmp_path: Path, before: str, after: str, problem: str) -> None:
    assert has(told(a_small_folder(tmp_path, (before, after))), problem)


HERE = "here: {type: people, role: librarian, label: Who is here?, optional: true}"


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("type: people, role: librarian, apart_from: here", ""),
        ("type: people, role: librarian, apart_from: hear", 'apart-from-nobody: "away" is asked where no question of'),
        ("type: people, role: librarian, apart_from: name", 'apart-from-nobody: "away" is asked where no question of'),
        ("type: text, apart_from: here", "wrong-value: apart_from: keeps several people apart from others"),
    ],
)
def test_about_people_who_are_kept_apart(tmp_path: Path, how: str, problem: str) -> None:
    away = f"away: {{label: Who is not?, optional: true, {how}}}"
    asked = ("form: {books: ,", "form: {here: , away: , books: ,")
    folder = a_small_folder(tmp_path, ("fields:\n", f"fields:\n  {HERE}\n  {away}\n"), asked)

    found = told(folder)
    assert has(found, problem) if problem else found == []


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("type: date, not_before: wanted_on", ""),
        ("type: date, not_before: [wanted_on, lent_on]", 'unknown-field: there is no field called "lent_on"'),
        (
            "type: date, not_before: wanted",
            'unknown-field: there is no field called "wanted"',
        ),
        ("type: date, not_before: name", 'unknown-field: there is no field called "name"'),
        ("type: date, not_before: back_on", 'unknown-field: there is no field called "back_on"'),
        ("type: text, not_before: wanted_on", "wrong-value: not_before: is about days"),
        ("type: date, at_most_ahead: 2 years", ""),
        ("type: text, at_most_ahead: 2 years", "wrong-value: at_most_ahead: is about days"),
        ("type: date, at_most_ahead: 20 working days", 'wrong-value: "20 working days" cannot be counted here'),
    ],
)
def test_about_a_day_that_comes_after_another(tmp_path: Path, how: str, problem: str) -> None:
    back = f"back_on: {{label: Back on?, optional: true, {how}}}"
    asked = ("form: {books: ,", "form: {back_on: , books: ,")
    folder = a_small_folder(tmp_path, ("fields:\n", f"fields:\n  {back}\n"), asked)

    found = told(folder)
    assert has(found, problem) if problem else found == []


@pytest.mark.parametrize(
    ("days", "problem"),
    [
        ("", ""),
        (", read: librarian", ""),
        (", read: reader", 'not-theirs-to-read: "told_on" is case, for reader only, and a refusal of an earlier day'),
    ],
)
def test_a_refused_day_tells_no_other_to_whoever_may_not_read_it(tmp_path: Path, days: str, problem: str) -> None:
    fields = f"fields:\n  told_on: {{type: date, label: Told on?, optional: true{days}}}\n"
    fields += "  back_on: {type: date, label: Back on?, optional: true, not_before: told_on}\n"
    folder = a_small_folder(tmp_path, ("fields:\n", fields), ("form: {books: ,", "form: {back_on: , books: ,"))

    found = told(folder)
    assert has(found, problem) if problem else found == []


DAYS = "days: {type: many, label: Which days?, options: {monday: Monday, friday: Friday}, optional: true}"


@pytest.mark.parametrize(
    ("how", "problem"),
    [
        ("type: number, number_of: days", ""),
        ("type: number, number_of: dais", 'unknown-field: there is no field called "dais"; did you mean "days"'),
        ("type: number, number_of: name", 'unknown-field: there is no field called "name"'),
        ("type: text, number_of: days", "wrong-value: number_of: makes a number, so the field is of type number"),
        ("type: number, columns: 2", "wrong-value: columns: is for the choices of a question of type many"),
    ],
)
def test_about_numbers_of_choices_and_choices_in_columns(tmp_path: Path, how: str, problem: str) -> None:
    count = f"how_many: {{label: Days a week, optional: true, {how}}}"
    folder = a_small_folder(tmp_path, ("fields:\n", f"fields:\n  {DAYS}\n  {count}\n"))

    found = told(folder)
    assert has(found, problem) if problem else found == []


def test_a_number_of_choices_is_asked_of_nobody(tmp_path: Path) -> None:
    count = "how_many: {type: number, label: Days a week, number_of: days}"
    fields, form = ("fields:\n", f"fields:\n  {DAYS}\n  {count}\n"), ("  request:\n", "  request:\n    how_many:\n")
    assert has(told(a_small_folder(tmp_path, fields, form)), 'counted-and-asked: "how_many" is counted')


def test_a_condition_may_ask_whether_any_of_several_choices_was_made(tmp_path: Path) -> None:
    folder = a_small_folder(
        tmp_path,
        ("fields:\n", f"fields:\n  {DAYS}\n"),
        ("  request:\n", "  request:\n    days:\n"),
        ("when: {fact: wanted_on, is_present: true}", "when: {fact: days, is_present: true}"),
    )
    assert told(folder) == []


@pytest.mark.parametrize(
    ("kind", "comparison", "problem"),
    [
        ("money", "at_least: 100", ""),
        ("money", "is: 100", 'never-true: "books" is a sum of money, so it is never "100"'),
        ("person, role: librarian", "is_present: true", ""),
        ("person, role: librarian", "is: 7", 'never-true: "books" is a person, so it is never "7"'),
        ("person, role: librarian", "at_least: 7", 'never-true: "books" is a person, and only numbers are'),
    ],
)
def test_conditions_on_sums_and_people(tmp_path: Path, kind: str, comparison: str, problem: str) -> None:
    folder = a_small_folder(
        tmp_path,
        ("books: {type: number,", f"books: {{type: {kind},"),
        ("when: {fact: wanted_on, is_present: true}", f"when: {{fact: books, {comparison}}}"),
    )

    found = told(folder)
    assert has(found, problem) if problem else not any(line.startswith(("never-true", "unknown")) for line in found)


def test_a_guard_that_reads_what_somebody_is_not_asked_is_found(tmp_path: Path) -> None:
    folder = a_small_folder(
        tmp_path,
        ("is_wanted: {when: {fact: wanted_on,", "is_wanted: {when: {fact: answer.why,"),
        (
            "form: {books: , why: {type: text, label: Why?}}",
            "form: {books: , why: {type: text, label: Why?, write: reader}}",
        ),
        ("        label: Lend\n        by: librarian\n", "        label: Lend\n        by: [librarian, reader]\n"),
    )

    assert has(told(folder), 'not-asked-of: "is_wanted" reads the answer to "why", which is not asked of "librarian"')


@pytest.mark.parametrize("span", ["within: 5 school days", "within: 1 half-term", "within: 2 terms"])
def test_school_time_without_a_school_calendar_is_found(tmp_path: Path, span: str) -> None:
    folder = a_small_folder(tmp_path, ("within: 5 working days", span))

    problems = [problem for problem in told(folder) if problem.startswith("no-school-calendar")]

    assert len(problems) == 1
    assert "council.yaml does not say when schools are open" in problems[0]


def test_school_time_is_understood_wherever_a_duration_may_stand(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path, ("due: 1 week, each: views", "due: 3 school days, each: views"))

    assert has(told(folder), 'no-school-calendar: "3 school days" cannot be counted')


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("", "", ""),
        ("last_day: 2026-10-23", "last_day: 2026-08-23", 'backwards: "A" ends before it starts'),
        ("last_day: 2026-10-23", "last_day: 2026-11-02", 'terms-overlap: "B" starts before "A" has ended'),
        ("    - {name: B, first_day: 2026-11-02, last_day: 2026-12-18}\n", "", "half-a-term: a term is two half-terms"),
        ("{on: 2026-11-27", "{on: 2026-10-27", "inset-in-holiday: 2026-10-27 is in no term"),
        ("{on: 2026-11-27", "{on: 2026-12-17, until: 2026-12-21", "inset-in-holiday: 2026-12-19 is in no term"),
        ("first_day: 2026-09-02", "first_day: September", 'wrong-value: "September" is not a date; write year, month'),
        ("first_day: 2026-09-02", "first_day: 20260902", 'wrong-value: "20260902" is not a date; write year, month'),
        ("  assumed: x\napplications", "applications", "unsourced: say where this comes from"),
    ],
)
def test_about_the_schools_calendar(tmp_path: Path, before: str, after: str, problem: str) -> None:
    calendar = (TERMS[0], TERMS[1].replace(before, after) if before else TERMS[1])
    found = told(a_small_folder(tmp_path, calendar, file="council.yaml"))

    assert has(found, problem) if problem else found == []


CLOSED = "closed: [{{on: 2026-12-24, until: {}, because: Office closed}}], "


@pytest.mark.parametrize(
    ("until", "problem"),
    [
        ("2026-12-31", ""),
        ("2026-12-24", ""),
        ("2026-12-04", "wrong-value: it ends on 2026-12-04, before it begins on 2026-12-24"),
        ("2028-01-03", "wrong-value: 2026-12-24 to 2028-01-03 is more than a year; correct one of the two"),
        ("New Year", 'wrong-value: "New Year" is not a date; write year, month and day'),
    ],
)
def test_about_the_days_on_which_the_office_is_closed(tmp_path: Path, until: str, problem: str) -> None:
    folder = a_small_folder(tmp_path, (CALENDAR, f"{CALENDAR}{CLOSED.format(until)}"), file="council.yaml")
    found = told(folder)

    assert has(found, problem) if problem else found == []


def test_from_the_first_day_of_a_closure_to_its_last_nobody_works(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path, (CALENDAR, f"{CALENDAR}{CLOSED.format('2026-12-31')}"), file="council.yaml")

    calendar = read_library(folder).calendar

    assert calendar.closures[date(2026, 12, 30)] == "Office closed"
    assert [calendar.is_working(date(2026, 12, day)) for day in (22, 29)] == [True, False]


def test_schools_stay_open_when_the_office_is_closed(tmp_path: Path) -> None:
    closed = (CALENDAR, f"{CALENDAR}closed: [{{on: 2026-12-14, until: 2026-12-18, because: Office closed}}], ")
    folder = a_small_folder(tmp_path, closed, TERMS, file="council.yaml")

    assert read_library(folder).calendar.school.why_closed(date(2026, 12, 15)) is None


@pytest.mark.parametrize("written", ["17", "1020", '"5pm"', '"25:00"', "17.5", "true"])
def test_a_time_of_day_is_hours_and_minutes_and_nothing_else(tmp_path: Path, written: str) -> None:
    folder = a_small_folder(tmp_path, (CALENDAR, f"{CALENDAR}cut_off: {written}, "), file="council.yaml")

    assert [problem for problem in told(folder) if "is not a time of day; write hours and minutes, like" in problem]


@pytest.mark.parametrize("written", ['"17:00"', "17:00", '"9:05"'])
def test_a_time_of_day_may_stand_with_or_without_quotes(tmp_path: Path, written: str) -> None:
    folder = a_small_folder(tmp_path, (CALENDAR, f"{CALENDAR}cut_off: {written}, "), file="council.yaml")

    assert not [problem for problem in told(folder) if "time of day" in problem]


def test_the_end_of_the_published_terms_is_told_ahead(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)

    assert calendar_problems(read_folder(folder), date(2027, 12, 1)) == []
    (problem,) = calendar_problems(read_folder(folder), date(2028, 3, 1))
    assert (problem.code, problem.line) == ("school-calendar-ends", place_of(folder / "council.yaml", "  terms:\n")[0])
    assert problem.message.startswith("school terms are listed until 21 July 2028")
