"""The home school's code for each kind of session, by the shipped table; and what is wrong with such a table."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from apflow.loader import Library, find_problems
from apflow.provision.attendance import coded, coded_closed, is_pattern
from apflow.provision.chasing import AbsencePattern
from apflow.provision.coding import (
    Arranger,
    Attendance,
    Circumstances,
    CodeTable,
    Setting,
    every_session,
)
from apflow.provision.coding_compared import compare_attendances
from apflow.settings import shipped
from tests.core.every_leaf import altered
from tests.loader.small import NOTICES, a_small_folder
from tests.loader.snippet import problems_with

USUAL = Circumstances(
    Setting.PROVIDER,
    Arranger.SCHOOL,
    planned=True,
    supervised=True,
    authorised=True,
    part_time=False,
    compulsory_age=True,
    attended=True,
)
BY_COUNCIL = replace(USUAL, arranged_by=Arranger.COUNCIL, supervised=False, authorised=False)
AT_HOME = replace(USUAL, setting=Setting.HOME)
NOT_PLANNED = replace(USUAL, planned=False, attended=None)


@pytest.fixture
def attendance(library: Library) -> Attendance:
    assert library.attendance
    return library.attendance


@pytest.fixture
def table(attendance: Attendance) -> CodeTable:
    found = attendance.in_force(date(2026, 11, 2))
    assert found
    return found


# Sources: SI 2024/208, regulation 10 (B, D, K, P, W), 11(6) (C2); guidance, Attendance coding whilst using AP (B, D).
@pytest.mark.parametrize(
    ("session", "reason", "code", "because"),
    [
        (USUAL, None, "B", "someone authorised by the school supervised it"),
        (replace(USUAL, supervised=False), None, None, "the supervision must be arranged or agreed"),
        (replace(USUAL, authorised=False), None, None, "a person must be authorised"),
        (BY_COUNCIL, None, "K", "The council arranged this"),
        (replace(BY_COUNCIL, setting=Setting.SCHOOL), None, "K", "The council arranged this"),
        (replace(USUAL, setting=Setting.SCHOOL), None, "B", "should be dual registered"),
        (replace(USUAL, setting=Setting.SPORT), None, "P", "this sporting activity"),
        (replace(USUAL, setting=Setting.WORK), None, "W", "this work experience"),
        (replace(BY_COUNCIL, setting=Setting.SPORT), None, "K", "The council arranged this"),
        (replace(BY_COUNCIL, setting=Setting.WORK), None, "K", "The council arranged this"),
        (replace(USUAL, setting=Setting.SPORT, supervised=False), None, None, "must be arranged or agreed"),
        (replace(USUAL, setting=Setting.WORK, authorised=False), None, None, "a person must be authorised"),
        (replace(USUAL, setting=Setting.SPORT, attended=False), "ill", "I", "marked an absence"),
        (replace(USUAL, setting=Setting.DUAL), None, "D", "registered at the other school too"),
        (replace(BY_COUNCIL, setting=Setting.DUAL), None, "D", "registered at the other school too"),
        (replace(USUAL, setting=Setting.DUAL, attended=False), None, "D", "registered at the other school too"),
        (replace(USUAL, setting=Setting.DUAL, attended=None), None, "D", "registered at the other school too"),
        (replace(AT_HOME, part_time=True), None, "C2", "The part-time timetable is agreed"),
        (AT_HOME, None, None, "no part-time timetable"),
        (replace(AT_HOME, arranged_by=Arranger.COUNCIL), None, None, "Work at home or online is not B"),
        (replace(USUAL, attended=False), "ill", "I", "marked an absence. Ill."),
        (replace(BY_COUNCIL, attended=False), "ill", "I", "marked an absence"),
        (replace(AT_HOME, attended=False, part_time=True), "appointment", "M", "medical or dental"),
        (replace(USUAL, attended=False), "not_authorised", "O", "does not authorise"),
        (replace(USUAL, attended=False), "no_transport", "Y1", "did not come"),
        (replace(USUAL, attended=False), "not_arranged", "Q", "not arranged yet"),
        (replace(USUAL, attended=False), "excluded", "E", "Suspended or excluded"),
        (replace(USUAL, attended=False), "no_travel", "Y2", "snow or a flood"),
        (replace(USUAL, attended=False), "part_closed", "Y3", "Part of the school"),
        (replace(USUAL, attended=False), "school_closed", "Y4", "closed unexpectedly"),
        (replace(USUAL, attended=False), "detained", "Y5", "criminal justice detention"),
        (replace(USUAL, attended=False), "public_health", "Y6", "public health guidance"),
        (replace(USUAL, attended=False), "unavoidable", "Y7", "Say in your register what the cause was."),
        (replace(BY_COUNCIL, attended=False), "provider_closed", "Y7", "register that the provider was closed."),
        (replace(USUAL, attended=False), "performance", "C1", "licensed performance"),
        (replace(USUAL, attended=False), "travelling", "T", "travels for work"),
        (replace(USUAL, attended=False), None, "N", "Nobody has given a reason"),
        (replace(USUAL, attended=False), "no_longer_in_the_table", "N", "Nobody has given a reason"),
        (replace(USUAL, attended=None), None, None, "has not marked"),
        (replace(NOT_PLANNED, part_time=True), None, "C2", "part-time timetable"),
        (NOT_PLANNED, None, None, "due at school"),
        (replace(NOT_PLANNED, part_time=True, compulsory_age=False), None, "X", "not of compulsory school age"),
        (replace(AT_HOME, part_time=True, compulsory_age=False), None, None, "not B"),
    ],
)
def test_the_code_follows_from_what_happened(
    table: CodeTable, session: Circumstances, reason: str | None, code: str | None, because: str
) -> None:
    found = coded(table, session, reason, 0)

    assert found.code == code
    assert because in found.because


@pytest.mark.parametrize(("days", "code"), [(0, "N"), (5, "N"), (6, "O")])
def test_an_absence_nobody_explains_becomes_unauthorised(table: CodeTable, days: int, code: str) -> None:
    found = coded(table, replace(USUAL, attended=False), None, days)

    assert (found.code, found.is_unexplained) == (code, True)


def test_an_absence_is_never_given_a_code_that_says_the_pupil_came(table: CodeTable) -> None:
    absent = [session for session in every_session() if session.planned and session.attended is False]
    attending = {code for code, meaning in table.codes.items() if meaning.counts == "attending"}

    assert {coded(table, one, None, 0).code for one in absent} == {"N", "D"}
    assert not attending & {coded(table, one, reason, 0).code for one in absent for reason in table.reasons}


def test_a_day_on_which_the_school_is_closed_has_the_laws_code_and_none_where_the_table_has_none(
    table: CodeTable,
) -> None:
    without = table.model_copy(update={"closed": None})

    assert coded_closed(table, "INSET day").code == "#"
    assert table.codes["#"].counts == "not counted"
    assert coded_closed(without, "INSET day").code is None
    assert coded_closed(without, "INSET day").because == coded_closed(table, "INSET day").because


def test_every_code_that_is_explained_can_follow_from_something(table: CodeTable) -> None:
    led_to = {rule.code for rule in table.rules} | {reason.code for reason in table.reasons.values()}
    led_to |= {table.no_reason.code, table.no_reason.becomes, table.closed.code if table.closed else None}

    assert led_to - {None} == set(table.codes)


def test_whoever_could_not_attend_is_counted_neither_as_there_nor_as_absent(table: CodeTable) -> None:
    unable = {code for code, meaning in table.codes.items() if meaning.counts == "unable to attend"}

    assert unable == {"Q", *(f"Y{number}" for number in range(1, 8))}


def test_what_is_seldom_said_stands_after_what_is_said_every_day(table: CodeTable) -> None:
    usual, seldom = table.offered("provider")

    assert list(usual) == ["ill", "appointment", "no_transport"]
    assert list(seldom) == ["no_travel", "public_health"]
    assert table.offered("school")[1].keys() > seldom.keys()


def test_that_a_provider_was_closed_is_the_schools_to_say_so_that_it_is_asked_at_once(table: CodeTable) -> None:
    assert "provider_closed" not in table.reasons_for("provider")
    assert coded(table, replace(USUAL, attended=False), None, 0).is_unexplained


def test_b_p_and_w_are_never_given_without_supervision_and_somebody_authorised(table: CodeTable) -> None:
    given = [session for session in every_session() if coded(table, session, None, 0).code in ("B", "P", "W")]

    assert given
    assert all(one.supervised and one.authorised and one.arranged_by is Arranger.SCHOOL for one in given)


def test_the_table_of_the_day_holds(attendance: Attendance) -> None:
    assert attendance.in_force(date(2024, 8, 18)) is None
    assert attendance.in_force(date(2024, 8, 19)) is not None


@pytest.mark.parametrize(
    ("marks", "is_one"),
    [
        ([], False),
        (["absent"] * 2, False),
        (["absent"] * 3, True),
        (["absent", *["present"] * 8, "absent", "absent"], False),
        (["absent", *["late"] * 7, "absent", "absent"], True),
    ],
)
def test_three_absences_in_ten_are_a_pattern(marks: list[str], is_one: bool) -> None:
    assert is_pattern(AbsencePattern(absences=3, of=10), marks) is is_one


@pytest.mark.parametrize(
    ("snippet", "line", "code"),
    [
        ("tables:\n  old_law:\n    no_reason: {code: Z}\n", 3, "unknown-register-code"),
        ("tables:\n  old_law:\n    closed: {code: '#', because: x}\n", 3, "unknown-register-code"),
        ("tables:\n  old_law:\n    no_reason: {after: 5 weeks}\n", 3, "wrong-value"),
        ("tables:\n  old_law:\n    codes:\n      lower: {says: x, counts: attending}\n", 4, "wrong-value"),
        ("tables:\n  old_law:\n    codes:\n      Z: {says: x, counts: perhaps}\n", 4, "wrong-value"),
        ("tables:\n  old_law:\n    reasons:\n      ill: {says: x, code: N, read_by: [school]}\n", 4, "told-unread"),
        ("tables:\n  old_law:\n    assumed: ''\n", 2, "unsourced"),
        ("tables:\n  old_law:\n    rules:\n      - {code: B, absence: true, because: x}\n", 4, "said-twice"),
        ("chasing: {am: {flag_at: '10:00'}}\n", 1, "backwards"),
        ("pattern:\n  absences: 11\n", 2, "backwards"),
        ("chasing:\n  school:\n    after_days: 7\n    within: 1 week\n    every: 1 week\n", 3, "backwards"),
        ("chasing:\n  school:\n    after_days: 2\n    within: 0 weeks\n    every: 1 week\n", 4, "wrong-value"),
        (
            "long_absences:\n  one: {reasons: lost, school_days: 15, counted: running, assumed: x}\n",
            2,
            "unknown-reason",
        ),
        (
            "long_absences:\n  one: {reasons: busy, school_days: 6, in_care: 7, counted: running, assumed: x}\n",
            2,
            "backwards",
        ),
        ("long_absences:\n  one: {reasons: busy, school_days: 15, counted: running}\n", 2, "unsourced"),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, snippet: str, line: int, code: str) -> None:
    told = problems_with(tmp_path, snippet, "attendance")

    assert (line, code) in [(at, problem.code) for at, problem in told]


def test_the_shipped_file_is_sound(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    for file in ("attendance.yaml", "council.yaml"):
        shutil.copy(shipped("workflows") / file, folder)

    assert [one for one in find_problems(folder, NOTICES) if one.file.endswith("attendance.yaml")] == []


def test_every_leaf_has_a_sentence_when_it_changes(attendance: Attendance) -> None:
    silent = [where for where, new in altered(attendance) if not list(compare_attendances(attendance, new))]

    assert silent == []
    assert list(compare_attendances(attendance, attendance)) == []
