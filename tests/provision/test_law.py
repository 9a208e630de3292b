"""The dated wordings of the law: which is in force, what is wrong with a file, and what a change of it says."""

import shutil
from datetime import date
from pathlib import Path

import pytest

from apflow.core.errors import Problem
from apflow.loader import Library, find_problems, read_folder
from apflow.loader.reports import assumptions
from apflow.provision.law import Registration, compare_registrations
from apflow.settings import shipped
from tests.core.every_leaf import altered
from tests.loader.small import NOTICES, a_small_folder
from tests.loader.snippet import problems_with


@pytest.fixture
def registration(library: Library) -> Registration:
    assert library.registration
    return library.registration


def with_the_act_from(registration: Registration, day: date) -> Registration:
    wordings = dict(registration.wordings)
    wordings["act_of_2026"] = wordings["act_of_2026"].model_copy(update={"since": day})
    return registration.model_copy(update={"wordings": wordings})


def test_a_later_wording_takes_over_on_its_day(registration: Registration) -> None:
    changed = with_the_act_from(registration, date(2027, 9, 1))

    before, after = changed.in_force(date(2027, 8, 31)), changed.in_force(date(2027, 9, 1))

    assert before
    assert after
    assert (before.title[:18], after.title[:28]) == ("Education Act 1996", "Children's Wellbeing and Sch")
    assert [one.title for one in changed.to_come(date(2027, 8, 31))] == [after.title]
    assert changed.to_come(date(2027, 9, 1)) == ()


def test_before_the_first_of_them_none_is_in_force(registration: Registration) -> None:
    assert registration.in_force(date(2014, 8, 31)) is None


def test_the_assumptions_are_listed_for_the_team_to_confirm() -> None:
    told = [line for line in assumptions(read_folder(shipped("workflows"))) if "registration.yaml" in line]

    assert len(told) == 2
    assert "Education Act 1996, section 463: That 18 hours" in told[0]


@pytest.mark.parametrize(
    ("snippet", "line", "code"),
    [
        ("wordings:\n  old_act:\n    warn_from: 6\n", 3, "backwards"),
        ("wordings:\n  old_act:\n    daytime: {starts: '16:00', ends: '08:00'}\n", 3, "backwards"),
        ("wordings:\n  old_act:\n    one_pupil_with: [sen]\n", 3, "wrong-value"),
        ("wordings:\n  old_act:\n    pupil_over: 200\n", 3, "wrong-value"),
        ("wordings:\n  old_act:\n    sinze: 2015-01-01\n", 3, "unknown-key"),
        ("wordings:\n  old_act:\n    assumed: ''\n", 2, "unsourced"),
        (
            "wordings:\n  new_act: {title: New, since: 2014-01-01, pupils: 5, warn_from: 4, pupil_over: 18, "
            "open_over: 18, mention_over: 15, assumed: x}\n",
            2,
            "said-twice",
        ),
    ],
)
def test_what_is_wrong_is_told_with_its_line(tmp_path: Path, snippet: str, line: int, code: str) -> None:
    told: list[tuple[int, Problem]] = problems_with(tmp_path, snippet, "registration")

    assert [(at, problem.code) for at, problem in told] == [(line, code)]


def test_the_shipped_file_is_sound(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    shutil.copy(shipped("workflows") / "registration.yaml", folder)

    assert find_problems(folder, NOTICES) == []


def test_every_leaf_has_a_sentence_when_it_changes(registration: Registration) -> None:
    silent = [where for where, new in altered(registration) if not list(compare_registrations(registration, new))]

    assert silent == []


def test_the_day_of_a_law_is_told_in_words(registration: Registration) -> None:
    changed = with_the_act_from(registration, date(2027, 9, 1))

    assert list(compare_registrations(registration, changed)) == [
        "Children's Wellbeing and Schools Act 2026, section 43 (Education and Skills Act 2008, section 92): "
        "since is now 1 Sep 2027; nothing was said before."
    ]
    assert list(compare_registrations(None, registration)) == [
        "“Registration as an independent school” is added, with 2 wordings of the law."
    ]
    assert list(compare_registrations(registration, None)) == [
        "“Registration as an independent school” is taken away: the pages no longer say who must register."
    ]
    assert list(compare_registrations(registration, registration)) == []
