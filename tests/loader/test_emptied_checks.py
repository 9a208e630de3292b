"""What the checker says of fields that an event empties."""

from pathlib import Path

import pytest

from apflow.core.errors import Problem
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import rehearse
from apflow.loader import find_problems, load_library
from tests.loader.folder import rewrite
from tests.loader.small import NOTICES, a_small_folder

RETURN = "return: {label: Return, by: reader, to: closed}"
LENT = "notify: {reader: {notice: lent, about: back_due, invite: {on: wanted_on, title: A book}}}"


def told(folder: Path) -> list[str]:
    return [f"{problem.code}: {problem.message}" for problem in find_problems(folder, NOTICES)]


def returning(more: str) -> tuple[str, str]:
    return RETURN, RETURN.replace("}", f", {more}}}")


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (returning("empties: wanted_on"), None),
        (returning("empties: wanted"), 'unknown-field: there is no field called "wanted"'),
        (returning("empties: [books, books]"), 'said-twice: "books" is in this list already'),
        (returning("form: {books: }, empties: books"), 'asked-and-emptied: "return" asks for "books"'),
        (returning("empties: name"), 'cannot-be-empty: "name" cannot be emptied here: the reader is named by it'),
        (returning("empties: address"), 'cannot-be-empty: "address" cannot be emptied here: the reader is written to'),
        (("asks: request}", "asks: request, empties: books}"), 'empties-nothing: "ask" begins a case'),
        ((LENT, f"{LENT}\n        empties: wanted_on"), 'emptied-and-sent: "wanted_on" is passed on'),
    ],
)
def test_what_is_emptied(tmp_path: Path, change: tuple[str, str], problem: str | None) -> None:
    found = told(a_small_folder(tmp_path, change))

    if problem is None:
        assert not [line for line in found if "empt" in line]
    else:
        assert any(line.startswith(problem) for line in found), found


def test_what_follows_others_is_not_emptied(tmp_path: Path) -> None:
    counted = "  due_by: {type: date, label: Due, counted: {clock: last_day_of_weeks, from: {first_day: wanted_on}, "
    field = ("fields:\n", f"fields:\n{counted}span: 2 weeks, assumed: x}}}}\n")
    found = told(a_small_folder(tmp_path, field, returning("empties: due_by")))

    assert 'empties-nothing: "due_by" is asked of nobody and follows what others say; empty what it follows' in found


def test_an_email_that_speaks_of_what_is_emptied_must_ask_first_whether_it_is_there(tmp_path: Path) -> None:
    folder, notices = a_small_folder(tmp_path, returning("empties: size, notify: {reader: overdue}")), tmp_path / "n"
    (notices / "loan").mkdir(parents=True)
    for name in ("due_soon", "overdue", "lent"):
        for kind in ("subject.txt", "txt", "html"):
            (notices / "loan" / f"{name}.{kind}").write_text("x", encoding="utf-8")
    told_of = notices / "loan" / "overdue.txt"

    told_of.write_text("{{ fields.size.upper() }}", encoding="utf-8")
    assert [problem.code for problem in rehearsed(folder, notices)] == ["notice"]
    told_of.write_text("Bring it.{% if fields.size %} {{ fields.size.upper() }}{% endif %}", encoding="utf-8")
    assert rehearsed(folder, notices) == []
    rewrite(folder / "loan.yaml", ("empties: size, ", ""))
    told_of.write_text("{{ fields.size.upper() }}", encoding="utf-8")
    assert rehearsed(folder, notices) == []


def rehearsed(folder: Path, notifications: Path) -> list[Problem]:
    notices = Notices(notifications)
    return list(rehearse(load_library(folder, notices.names()), notices))
