"""What the checker says of overrides, of steps kept apart and of tasks of a person."""

import shutil
from pathlib import Path

import pytest

from apflow.loader import find_problems
from apflow.settings import shipped
from tests.loader.folder import a_folder
from tests.loader.small import NOTICES, a_small_folder
from tests.loader.test_privacy import of_provider

WANTED = "  is_wanted: {when: {fact: wanted_on, is_present: true}, reason: Say when., assumed: x}"
LOOK = "      look: {title: Look for the book, for: librarian,"
PEOPLE = (
    "  name: {type: text, label: Your name}\n",
    "  name: {type: text, label: Your name}\n"
    "  looker: {type: person, label: Who looks?, role: librarian}\n"
    "  borrower: {type: person, label: Who asks?, role: reader}\n",
)


def told(tmp_path: Path, *changes: tuple[str, str]) -> list[str]:
    return [f"{one.code}: {one.message}" for one in find_problems(a_small_folder(tmp_path, *changes), NOTICES)]


def with_override(override: str) -> tuple[str, str]:
    return WANTED, WANTED.removesuffix("}") + f", override: {{{override}}}}}"


def test_an_override_and_a_step_kept_apart_and_a_task_of_a_person_are_no_problem(tmp_path: Path) -> None:
    override = with_override("by: [librarian, reader], at_most: 2 weeks, tell: {reader: lent}, assumed: x")
    apart = (
        "      wait: {label: Wait, by: librarian,",
        "      wait: {label: Wait, by: librarian, not_by: [lend, ask],",
    )
    assert told(tmp_path, PEOPLE, override, apart, (LOOK, f"{LOOK} person: looker,")) == []


@pytest.mark.parametrize(
    ("override", "problem"),
    [
        ("by: clock, at_most: 1 week, assumed: x", "override-by-nobody: a guard is set aside by a person who answers"),
        (
            "by: [librarian, public], at_most: 1 week, assumed: x",
            "override-by-nobody: a guard is set aside by a person",
        ),
        ("by: libarian, at_most: 1 week, assumed: x", 'unknown-role: there is no role called "libarian"; did you mean'),
        ("by: librarian, at_most: 1 week", "unsourced: say where this comes from"),
        ("by: librarian, at_most: 1 week, tell: {readers: lent}, assumed: x", "unknown-role: there is no role called"),
        ("by: librarian, at_most: 1 week, tell: {reader: lant}, assumed: x", "unknown-notice: there is no notice"),
        ("by: librarian, assumed: x", "missing-key: "),
    ],
)
def test_in_overrides(tmp_path: Path, override: str, problem: str) -> None:
    found = told(tmp_path, with_override(override))
    assert [one for one in found if one.startswith(problem)], found


def test_an_override_for_a_role_that_does_not_see_the_case(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path, with_override("by: porter, at_most: 1 week, assumed: x"))
    council = folder / "council.yaml"
    text = council.read_text().replace("roles:\n", "roles:\n  porter: {title: Porter, assumed: x}\n")
    council.write_text(text)
    assert [one.code for one in find_problems(folder, NOTICES)] == ["override-unseen"]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            "wait: {label: Wait, ",
            "wait: {label: Wait, not_by: lent, ",
            'unknown-event: there is no event called "lent"',
        ),
        ("lapse: {label: Lapse, ", "lapse: {label: Lapse, not_by: lend, ", "clock-kept-out: the clock is nobody"),
        (LOOK, f"{LOOK} person: lookr,", 'unknown-field: there is no field called "lookr"; did you mean "looker"?'),
        (LOOK, f"{LOOK} person: size,", 'not-a-person: "size" is no person'),
        (LOOK, f"{LOOK} person: borrower,", 'wrong-people: "borrower" is chosen from the people of "reader"'),
        ("due: 1 week, each: views,", "due: 1 week, each: views, person: looker,", "each-person: what everyone does"),
    ],
)
def test_in_who_does_what(tmp_path: Path, before: str, after: str, problem: str) -> None:
    found = told(tmp_path, PEOPLE, (before, after))
    assert [one for one in found if one.startswith(problem)], found


ALSO = "notify: {reader: {notice: lent, about: back_due, invite: {on: wanted_on, title: A book}"
SEVERAL = (
    PEOPLE[0],
    f"{PEOPLE[1]}  helpers: {{type: people, label: Who helps?, role: librarian}}\n"
    "  friends: {type: people, label: Who reads it too?, role: reader}\n",
)


@pytest.mark.parametrize(
    ("also", "problems"),
    [
        ("friends", []),
        ("frends", ['unknown-field: there is no field called "frends"; did you mean "friends"?']),
        ("borrower", ['unknown-field: there is no field called "borrower"']),
        ("helpers", ['wrong-people: "helpers" is chosen from the people of "librarian"']),
    ],
    ids=["people of its role", "no field", "one person", "people of another role"],
)
def test_in_whom_a_notice_also_goes_to(tmp_path: Path, also: str, problems: list[str]) -> None:
    found = told(tmp_path, SEVERAL, (ALSO, f"{ALSO}, also: {also}"))
    assert len(found) == len(problems), found
    assert all(one.startswith(problem) for one, problem in zip(found, problems, strict=True))


def test_a_notice_of_an_override_is_rehearsed_like_any_other(tmp_path: Path) -> None:
    shutil.copytree(shipped("notifications"), tmp_path / "notifications")
    notice = tmp_path / "notifications" / "provider" / "guard_set_aside.txt"
    notice.write_text(notice.read_text().replace("{{ override.by }}", "{{ override.boss }}"))
    (problem,) = of_provider(tmp_path / "notifications")
    assert (problem.code, Path(problem.file).stem) == ("unknown-value", "guard_set_aside")
    assert "boss" in problem.message


AGENCIES = (
    "      where: {fact: item.status, is: given}\n      distinct: agency\n      at_least: 2\n",
    "      where: {{all: [{{fact: item.status, is: given}}, {{fact: item.agency, is: {}}}]}}\n      at_least: 1\n",
)


@pytest.mark.parametrize(
    ("agency", "told"),
    [
        ("safeguarding", []),
        ("safegarding", ['"item.agency" is never "safegarding"; did you mean "safeguarding"?']),
    ],
)
def test_an_agency_that_must_be_heard_is_one_of_the_council_s(tmp_path: Path, agency: str, told: list[str]) -> None:
    folder = a_folder(tmp_path, (AGENCIES[0], AGENCIES[1].format(agency)))

    assert [problem.message for problem in find_problems(folder)] == told
