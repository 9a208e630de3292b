"""What only following a workflow shows: cases stuck or forgotten, events that never happen, broken invariants."""

from pathlib import Path

import pytest

from apflow.loader import find_problems
from tests.loader.folder import rewrite
from tests.loader.small import NOTICES, a_small_folder

WANTED = "{fact: wanted_on, is_present: true}"
BACK = "back_due: {label: Due back, within: 3 weeks, then: {escalate: librarian}, assumed: x}"
BRING = "    tasks:\n      bring: {title: Bring the book back, for: reader, assumed: x}\n"
END = "alerts:\n"
SMALL = "{fact: size, is: small}"
LAPSES = "[{who: librarian, does: ask}, {wait: 2 months}]"


def told(folder: Path) -> list[str]:
    return [f"{problem.code}: {problem.message}" for problem in find_problems(folder, NOTICES)]


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (WANTED, "{all: [{fact: member, is: true}, {fact: member, is: false}]}", "never-happens: this never holds"),
        ("is_wanted]", "is_wanted]\n        not_by: lend", None),
        ("from: needed, to: seen", "from: seen, to: seen", 'never-happens: "see" can never happen: no item ever'),
        ("then: {event: lapse, after_warning: 1 working day}", "then: {escalate: librarian}", "never-happens: nothing"),
        (BRING, "", 'forgotten-later: once the deadlines of "lent" have passed'),
        ("states: [waiting, lent]", "states: [waiting]", "task-for-nobody: \"reader\" never sees"),
        ("by: reader, to: closed", "by: librarian, to: closed", "cannot-act: \"reader\" is awaited here"),
        ("within: 3 weeks,", "within: 3 weeks, after: see,", 'no-deadline: no deadline is sure to run in "lent"'),
        (END, f"invariants:\n  a: {{says: Only seen., holds: {SMALL}, on_entry_to: lent, assumed: x}}\n{END}",
         "broken: “Only seen” does not always hold. A story that breaks it:"),
        (END, f"invariants:\n  a: {{says: Seen., holds: {WANTED}, on_entry_to: lent, assumed: x}}\n{END}", None),
        (END, f"scenarios:\n  a: {{says: A., steps: [{{who: librarian, does: ask}}], ends: lent}}\n{END}",
         'scenario: the story does not end in "lent"'),
        (END, f"scenarios:\n  a: {{says: A., steps: {LAPSES}, ends: closed}}\n{END}", None),
    ],
)  # fmt: skip
def test_following_the_workflow_shows(tmp_path: Path, before: str, after: str, problem: str | None) -> None:
    found = told(a_small_folder(tmp_path, (before, after)))

    if problem is None:
        assert found == []
    else:
        assert any(line.startswith(problem) for line in found), found


OPINIONS = "{count: views, at_least: 1}"
NO_OPINION = "{not: {count: views, at_least: 1}}"


@pytest.mark.parametrize(
    ("clears", "left", "is_told"),
    [
        ("clears: views", NO_OPINION, False),
        ("clears: views", OPINIONS, True),
        ("clears: views, if_changed: clears", NO_OPINION, False),
        ("clears: views, if_changed: clears", OPINIONS, False),
    ],
)
def test_what_is_cleared_only_if_something_changed_may_be_there_afterwards_or_not(
    tmp_path: Path, clears: str, left: str, is_told: bool
) -> None:
    guard = f"  left: {{when: {left}, reason: No., assumed: x}}\n"
    lends = f"      lend: {{label: Lend, by: librarian, to: lent, form: {{wanted_on: , books: }}, {clears}}}\n"
    looks = "      look_again: {label: Look again, by: librarian, requires: left, to: closed}\n"
    folder = a_small_folder(tmp_path, ("guards:\n", f"guards:\n{guard}"), ("      lend:\n", f"{lends}      lend_it:\n"))
    rewrite(folder / "loan.yaml", ("done_by: lend,", "done_by: lend_it,"), ("      return:", f"{looks}      return:"))

    assert any("look_again" in line or "never holds" in line for line in told(folder)) == is_told, told(folder)


def test_a_role_that_nobody_need_hold_can_do_nothing(tmp_path: Path) -> None:
    change = ("mail: party, assumed: x", "mail: party, least: 0, assumed: x")

    found = told(a_small_folder(tmp_path, change, file="council.yaml"))

    assert any(line.startswith("nobody-may: council.yaml says") for line in found), found


def test_a_broken_invariant_is_shown_with_dates(tmp_path: Path) -> None:
    invariant = "invariants:\n  a: {says: Only seen., holds: {fact: size, is: small}, on_entry_to: lent, assumed: x}\n"

    found = told(a_small_folder(tmp_path, (END, invariant + END)))

    assert any(
        "librarian: Ask for a book; " in line and ", librarian: Lend" in line and " 202" in line for line in found
    )


def test_a_paper_has_no_agency_however_many_there_are(tmp_path: Path) -> None:
    folder = a_small_folder(
        tmp_path, ("has: {fact: item.status, is: seen}", "has: {fact: item.agency, is_present: true}")
    )
    rewrite(folder / "council.yaml", ("applications:\n", "agencies: {health: Health, police: Police}\napplications:\n"))

    assert any(line.startswith("never-happens: this never holds") for line in told(folder)), told(folder)
