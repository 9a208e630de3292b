"""Files that would harm whoever reads them are refused, or read within bounds that are counted."""

import copy
import os
from pathlib import Path
from typing import Any

import pytest
import yaml

from apflow.loader import find_problems
from apflow.loader.nodes import PARTS_LIMIT, SIZE_LIMIT, read_document
from tests.loader.small import NOTICES, WORKFLOW, a_small_folder


def told(folder: Path) -> list[tuple[str, int, str]]:
    return [(Path(found.file).name, found.line, found.code) for found in find_problems(folder, NOTICES)]


@pytest.mark.parametrize("size", [SIZE_LIMIT + 1, 10_000_000], ids=["a little", "ten megabytes"])
def test_a_file_that_is_too_large_is_refused(tmp_path: Path, size: int) -> None:
    folder = a_small_folder(tmp_path)
    (folder / "large.yaml").write_text("workflow: large\n# " + "x" * size, encoding="utf-8")

    assert told(folder) == [("large.yaml", 1, "too-large")]


def test_ten_thousand_states_are_refused_before_any_is_looked_at(tmp_path: Path) -> None:
    states = "".join(f"  s{number}: {{label: x, awaiting: librarian}}\n" for number in range(10_000))
    folder = a_small_folder(tmp_path, ("  closed: {label", f"{states}  closed: {{label"))

    (problem,) = find_problems(folder, NOTICES)

    assert (problem.code, problem.message) == ("too-large", f"the file has more than {PARTS_LIMIT:,} keys and values")


def test_a_link_that_leads_out_of_the_folder_is_not_followed(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    (tmp_path / "elsewhere.yaml").write_text("catalogue: secret\n", encoding="utf-8")
    (folder / "linked.yaml").symlink_to(tmp_path / "elsewhere.yaml")

    assert told(folder) == [("linked.yaml", 1, "outside")]


def test_a_link_inside_the_folder_is_followed(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    (folder / "versions").mkdir()
    (folder / "loan.yaml").rename(folder / "versions" / "loan.txt")
    (folder / "loan.yaml").symlink_to(folder / "versions" / "loan.txt")

    assert told(folder) == []


def test_a_link_to_itself_is_unreadable(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    (folder / "round.yaml").symlink_to(folder / "round.yaml")

    assert told(folder) == [("round.yaml", 1, "unreadable")]


def test_a_directory_with_the_name_of_a_file_is_unreadable(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    (folder / "x.yaml").mkdir()

    assert told(folder) == [("x.yaml", 1, "unreadable")]


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path)
    os.mkfifo(folder / "pipe.yaml")

    assert told(folder) == [("pipe.yaml", 1, "unreadable")]


@pytest.mark.parametrize("data", [b"title: \xff\xfe", b"title: \x80", "title: x".encode("utf-16")])
def test_what_is_not_utf_8_is_unreadable(tmp_path: Path, data: bytes) -> None:
    folder = a_small_folder(tmp_path)
    (folder / "old.yaml").write_bytes(data)

    assert told(folder) == [("old.yaml", 1, "unreadable")]


@pytest.mark.parametrize("number", ["1e999", "-1e999", "9" * 5000, ".nan"])
def test_a_number_beyond_counting_is_refused(number: str) -> None:
    assert [found.code for found in read_document("file.yaml", f"version: {number}\n").problems] == ["number"]


@pytest.mark.parametrize("number", ["9" * 4000, "-1", "1.5", "0x7fffffffffffffffffffffff"])
def test_a_number_nobody_meant_is_a_problem_or_none_but_never_an_error(tmp_path: Path, number: str) -> None:
    folder = a_small_folder(tmp_path, ("version: 1", f"version: {number}"))

    assert {code for _, _, code in told(folder)} <= {"wrong-value"}


ODD: tuple[Any, ...] = (None, 7, 1.5, True, "", "odd", [], {}, [[]], {"odd": {}}, ["odd", 7])


def test_no_value_in_any_place_is_more_than_a_problem(tmp_path: Path) -> None:
    """Every value of the small policy in turn is something else altogether; nothing is ever raised."""
    folder = a_small_folder(tmp_path)
    document = read_document("loan.yaml", WORKFLOW)
    for number, path in enumerate(document.values):
        for odd in ODD[number % 7 :: 7]:
            whole = copy.deepcopy(document.value)
            if not path:
                continue
            place = whole
            for step in path[:-1]:
                place = place[step]
            place[path[-1]] = odd
            (folder / "loan.yaml").write_text(yaml.safe_dump(whole, sort_keys=False), encoding="utf-8")
            find_problems(folder, NOTICES)
