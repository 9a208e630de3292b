"""What is told of one slip of the hand: what to do about it, and nothing of what only follows from it."""

from pathlib import Path

import pytest

from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder
from apflow.loader import find_problems
from apflow.loader.library import read_folder
from apflow.loader.reports import assumptions
from tests.lending import a_council
from tests.loader.folder import a_folder, rewrite
from tests.loader.small import a_small_folder
from tests.loader.test_yaml import told as told_of_yaml
from tests.mutants.bursary import FILES


@pytest.mark.parametrize(
    ("text", "mend"),
    [
        ("a:\n  b: 1\n\tc: 2\n", "indent with spaces, not with tabs"),
        ("a:\n\tb: 1\n", "indent with spaces, not with tabs"),
        ("a: Panel: the decision\n", "put a text with a colon in it in quotes"),
        ("a: @panel\n", "put a text that begins with @, % or ` in quotes"),
        ("a:\n  b: {c: 1,\nd: 2\n", "close the bracket of line 2, or put a comma before this"),
        ("a:\n    b: 1\n  c: 2\n", "let the keys that belong together begin below each other"),
        ("a: 'it's'\n", "where quotes end, nothing more can follow"),
        ('a: 1\nb: "c\nd: 2\n', "close the quotes of line 2"),
        ("a: 1\nb\n", "write a colon after the key of line 2"),
        ("a:\n  - b\n  c: 1\n", "let the items of a list begin below each other, each with a dash"),
        ("a: 1\n---\nb: 2\n", "leave out the line of dashes"),
        ('a: "C:\\papers"\n', "use single quotes around a text with a backslash in it"),
        ("a: |b\n", "put a text that begins with | or > in quotes"),
        ("a: - b\n", "begin a list on a line of its own"),
    ],
)
def test_what_cannot_be_read_comes_with_what_was_most_likely_meant(text: str, mend: str) -> None:
    (problem,) = told_of_yaml(text)

    assert mend in problem


def test_a_misspelt_state_is_one_problem_though_it_cuts_off_all_that_follow(tmp_path: Path) -> None:
    (problem,) = find_problems(a_small_folder(tmp_path, ("to: waiting, asks", "to: waitng, asks")))

    assert 'did you mean "waiting"' in str(problem)


SENT = "    emails: [asked, to_look_at, granted]"


def trips(tmp_path: Path, *changes: tuple[str, str]) -> Path:
    """The policy about paying for trips, with some of its lines written differently."""
    for name, text in FILES.items():
        (tmp_path / f"{name}.yaml").write_text(text, encoding="utf-8")
    rewrite(tmp_path / "bursary.yaml", *changes)
    return tmp_path


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("[asked, to_look_at]", '"granted" goes out as well'),
        ("[asked, to_look_at, granted, refused]", '"refused" does not go out'),
        ("[asked, granted, to_look_at]", '"to_look_at" goes out where "granted" is written'),
        ("[]", '"asked" goes out as well'),
    ],
)
def test_a_story_of_other_emails_is_told_by_the_first_that_is_not_as_written(
    tmp_path: Path, written: str, said: str
) -> None:
    (problem,) = find_problems(trips(tmp_path, (SENT, f"    emails: {written}")))

    assert f"{said}; these go out, in order: asked, to_look_at" in problem.message


@pytest.mark.parametrize("part", ["subject.txt", "txt", "html"])
def test_a_notice_of_which_a_file_is_missing_is_told_by_the_files_that_are_there(tmp_path: Path, part: str) -> None:
    council = a_council(tmp_path)
    notices = council.notifications / "loan"
    (notices / f"lent.{part}").rename(notices / f"lemt.{part}")

    found = check_folder(council.workflows, Notices(council.notifications))

    said = {Path(problem.file).name: problem.message for problem in found if problem.code == "half-a-notice"}
    first = "txt" if part == "subject.txt" else "subject.txt"
    assert said[f"lent.{first}"].startswith(f"there is no loan/lent.{part} beside this")
    assert f"lemt.{part}" in said


def test_a_key_that_belongs_elsewhere_is_not_offered_in_place_of_itself(tmp_path: Path) -> None:
    begun = "by: librarian, to: waiting, asks: request"

    (problem,) = find_problems(a_small_folder(tmp_path, (begun, f"{begun}, assumed: Our rule.")))

    assert str(problem).endswith('"assumed" is not a key here, though it is in other places')
    assert problem.suggestion is None


def test_what_is_assumed_is_said_as_what_it_is(tmp_path: Path) -> None:
    said = [line.split(": ", 1)[1] for line in assumptions(read_folder(a_folder(tmp_path)))]

    assert any(line.startswith("Set aside for at most 30 calendar days, by: manager: ") for line in said)
    assert "Nobody is visited before a panel has given its views, or has met and decided: Quorum of 3." in said
    assert len([line for line in said if line.startswith("Working days and hours")]) == 1


def test_the_folders_as_they_are_have_no_problem(tmp_path: Path) -> None:
    assert find_problems(a_small_folder(tmp_path)) == []
    assert find_problems(trips(tmp_path)) == []
