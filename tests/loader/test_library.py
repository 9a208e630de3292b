"""A council's folder of policy as one value, or everything that stands in its way."""

from pathlib import Path

import pytest

from apflow.core.errors import DefinitionError
from apflow.letters.notices import Notices
from apflow.loader import Library, find_problems, load_library, read_library
from apflow.loader.library import digest_of
from apflow.settings import shipped
from tests.loader.folder import a_folder, rewrite
from tests.loader.small import ATTENDANCE, REGISTRATION, a_small_folder


def told(folder: Path) -> list[str]:
    """Each problem as file:line:column: code."""
    return [f"{Path(found.file).name}:{found.line}:{found.column}: {found.code}" for found in find_problems(folder)]


def test_the_policy_as_it_ships_has_no_problem() -> None:
    assert find_problems(shipped("workflows"), Notices(shipped("notifications")).names()) == []


def test_the_catalogue_as_it_ships_has_the_papers_that_were_counted(library: Library) -> None:
    papers = library.catalogues["evidence"].items.values()

    assert (len([paper for paper in papers if paper.required]), len(papers)) == (22, 28)


def test_the_letters_of_a_reference_say_of_which_workflow_as_it_ships_a_case_is(library: Library) -> None:
    letters = [library.current(name).workflow.reference for name in library.sources]

    assert len(set(letters)) == len(letters)


def test_a_workflow_is_read_once_and_shared(library: Library) -> None:
    assert library.current("provider") is library.current("provider")
    assert library.current("provider").digest == digest_of(library.sources["provider"].text)


def test_a_case_keeps_the_text_it_began_under_while_the_council_has_another(tmp_path: Path) -> None:
    days = "{} working days\n        remind: {{at: [10"
    old = read_library(a_folder(tmp_path / "old"))
    new = read_library(a_folder(tmp_path / "new", (days.format(30), days.format(40))))
    source = old.sources["provider"]

    pinned = new.pinned(source.digest, source.text)

    both = (pinned, new.current("provider"))
    within = [definition.state("gathering_evidence").deadlines["evidence_due"].span.count for definition in both]
    assert within == [30, 40]
    assert (new.knows(source.digest), old.knows(new.sources["provider"].digest)) == (True, False)


def test_a_pinned_text_with_a_problem_is_refused(library: Library) -> None:
    text = library.sources["provider"].text + "\nsurprise: true\n"

    with pytest.raises(DefinitionError, match='"surprise" is not a key here'):
        library.pinned(digest_of(text), text)


def test_loading_fails_with_every_problem_of_every_file(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ("journey: [enquiry,", "journey: [inquiry,"))
    rewrite(folder / "council.yaml", ('  cut_off: "17:00"', '  cut_off: "25:00"'))
    rewrite(
        folder / "evidence.yaml",
        ("    label: Registration status\n    section: registration", "    section: registration"),
    )

    with pytest.raises(DefinitionError) as refused:
        load_library(folder)

    assert {Path(problem.file).name for problem in refused.value.problems} == {"council.yaml", "evidence.yaml"}
    assert str(refused.value).count("\n") == len(refused.value.problems) - 1


def test_a_file_that_is_not_utf_8_is_told_to_be_so(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    (folder / "council.yaml").write_bytes("council: Zürich".encode("latin-1"))

    (problem,) = find_problems(folder)

    assert str(problem).startswith(f"{folder}/council.yaml:1:1: unreadable: the file cannot be read as UTF-8 text")


def test_a_file_saved_on_windows_reads_the_same(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    text = (folder / "council.yaml").read_text(encoding="utf-8")
    (folder / "council.yaml").write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())

    assert find_problems(folder) == []


def test_an_empty_file_and_a_file_of_something_else_are_told_to_be_so(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    (folder / "empty.yaml").write_text("")
    (folder / "shopping.yaml").write_text("milk: 2\n")
    (folder / "list.yaml").write_text("- milk\n")
    (folder / "visit.yml").write_text("workflow: visit\n")

    assert told(folder) == [
        "empty.yaml:1:1: empty",
        "list.yaml:1:1: unknown-file",
        "shopping.yaml:1:1: unknown-file",
        "visit.yml:1:1: file-name",
    ]


@pytest.mark.parametrize(
    ("file", "code"),
    [
        ("loan", "duplicate-workflow"),
        ("papers", "duplicate-catalogue"),
        ("schools", "duplicate-registration"),
        ("marks", "duplicate-attendance"),
    ],
)
def test_a_name_given_to_two_files_is_told_at_the_second(tmp_path: Path, file: str, code: str) -> None:
    folder = a_small_folder(tmp_path)
    (folder / "schools.yaml").write_text(REGISTRATION, encoding="utf-8")
    (folder / "marks.yaml").write_text(ATTENDANCE, encoding="utf-8")
    text = (folder / f"{file}.yaml").read_text(encoding="utf-8")
    (folder / "zz_copy.yaml").write_text(text, encoding="utf-8")

    (problem,) = find_problems(folder)

    assert (Path(problem.file).name, problem.code) == ("zz_copy.yaml", code)
    assert problem.message.endswith(f"already, in {file}.yaml")


@pytest.mark.parametrize("councils", [0, 2])
def test_there_is_exactly_one_council(tmp_path: Path, councils: int) -> None:
    folder = a_small_folder(tmp_path)
    text = (folder / "council.yaml").read_text(encoding="utf-8")
    (folder / "council.yaml").unlink()
    for number in range(councils):
        (folder / f"council_{number}.yaml").write_text(text, encoding="utf-8")

    (problem,) = find_problems(folder)

    assert problem.message == "there must be exactly one file that starts with council:"


def test_a_folder_that_is_not_there_has_no_council(tmp_path: Path) -> None:
    assert [problem.code for problem in find_problems(tmp_path / "nowhere")] == ["council"]


def test_the_councils_own_closed_days_are_in_its_calendar(tmp_path: Path) -> None:
    folder = a_folder(tmp_path)
    rewrite(folder / "council.yaml", ("  closed: []", "  closed: [{on: 2026-12-24, because: Office closed}]"))

    calendar = read_library(folder).calendar

    closed = [day for day in calendar.closures if day.month == 12 and day.year == 2026]
    assert sorted(day.day for day in closed) == [24, 25, 28]
