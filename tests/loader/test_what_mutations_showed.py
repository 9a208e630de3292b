"""Mistakes that the corpus of mutations showed the checker to pass over, and one that was none."""

from pathlib import Path

import pytest

from apflow.loader import find_problems
from tests.loader.family import a_family_folder
from tests.loader.folder import a_folder, place_of, rewrite
from tests.loader.small import NOTICES, a_small_folder

NO_PLAN = "{when: {fact: child.action_plan.open, is: 0}"
OPEN = "{fact: child.action_plan.open, is: 0}"
WHOLE = (
    "deadlines:\n  all_done: {label: Done, within: 9 weeks, while_in: [waiting, lent], "
    "then: {escalate: librarian}, assumed: x}\n"
)
STEPS = "[{who: public, does: ask}, {wait: 2 months}]"
ASIDE = "        by: panel_member\n        not_by: declare_conflict\n        emphasis: main\n"
LEADS = (
    ("to: listed}\n      call_off", "to: on_plan}\n      call_off"),
    ("by: officer, to: listed, signals", "by: officer, to: on_plan, signals"),
    ("drop: {label: Drop, by: officer, to: removed}", "drop: {label: Drop, by: officer, to: on_plan}"),
)


def told(folder: Path) -> list[str]:
    return [f"{problem.line} {problem.code}" for problem in find_problems(folder, NOTICES)]


@pytest.mark.parametrize("event", ["wait: {label: Wait, ", "correct: {label: Correct, "])
def test_an_event_that_names_nobody_is_told_at_its_line(tmp_path: Path, event: str) -> None:
    folder = a_small_folder(tmp_path, (f"{event}by: librarian", f"{event}by: []"))
    line, _ = place_of(folder / "loan.yaml", event)

    assert f"{line} nobody-may" in told(folder)


def test_events_that_lead_back_to_their_own_state_are_no_way_out(tmp_path: Path) -> None:
    folder = a_family_folder(tmp_path, *LEADS)
    line, _ = place_of(folder / "provider.yaml", "  on_plan:\n")

    assert f"{line} dead-end" in told(folder)


def test_what_no_case_settles_cannot_be_so_and_not_so_at_once(tmp_path: Path) -> None:
    contradiction = f"{{when: {{all: [{OPEN}, {{not: {OPEN}}}]}}"

    folder = a_family_folder(tmp_path, (NO_PLAN, contradiction))
    line, _ = place_of(folder / "provider.yaml", contradiction)

    assert f"{line} never-happens" in told(folder)


def test_what_no_case_settles_can_be_the_one_or_the_other(tmp_path: Path) -> None:
    either = f"{{when: {{any: [{OPEN}, {{not: {OPEN}}}]}}"

    assert told(a_family_folder(tmp_path, (NO_PLAN, either))) == []


def test_a_case_that_only_the_clock_begins_must_be_begun_by_a_parent(tmp_path: Path) -> None:
    add = "add: {label: Add, by: officer, to: listed, form: {organisation: , contact_name: , contact_email: }}"
    folder = a_family_folder(tmp_path, (add, add.replace("officer", "clock")))
    line, _ = place_of(folder / "provider.yaml", "add: {")

    assert f"{line} never-happens" in told(folder)


def test_a_deadline_of_the_whole_case_must_tell_somebody_who_sees_the_case(tmp_path: Path) -> None:
    sight = ("  librarian: all\n", "  librarian: {states: [waiting]}\n")
    whole = ("alerts:\n", WHOLE + "alerts:\n")
    (tmp_path / "one").mkdir()
    (tmp_path / "two").mkdir()

    unseen = a_small_folder(tmp_path / "one", sight, whole)
    seen = a_small_folder(tmp_path / "two", whole)
    line, _ = place_of(unseen / "loan.yaml", "all_done:")

    assert f"{line} task-for-nobody" in told(unseen)
    assert told(seen) == []


def test_a_scenario_makes_up_no_answers_to_questions_its_people_are_not_asked(tmp_path: Path) -> None:
    folder = a_small_folder(
        tmp_path,
        ("size: {type: choice, label", "size: {type: choice, write: librarian, label"),
        ("    member:\n", "    member:\n    size:\n"),
        ("by: librarian, to: waiting", "by: [public, librarian], to: waiting"),
        ("alerts:\n", f"scenarios:\n  a: {{says: A., steps: {STEPS}, ends: closed}}\nalerts:\n"),
    )
    anyone = "  public: {title: Anyone, audience: provider, mail: nobody, assumed: x}\ncalendar:"
    rewrite(folder / "council.yaml", ("calendar:", anyone))

    assert told(folder) == []


def test_whoever_has_voted_one_way_and_so_may_not_vote_the_other_has_voted(tmp_path: Path) -> None:
    guard = "  is_wanted: {when: {fact: wanted_on, is_present: true}, reason: Say when., assumed: x}\n"
    enough = "  enough: {when: {count: views, at_least: 2}, reason: Two., assumed: x}\n"
    opine = (
        "      opine: {label: Say what you think, by: librarian, item: {of: views, from: [none, given], to: given}}\n"
    )
    again = opine.replace("opine: {", "agree: {", 1).replace("by: librarian", "by: librarian, not_by: opine")
    folder = a_small_folder(
        tmp_path, (guard, guard + enough), ("is_wanted]\n", "is_wanted, enough]\n"), (opine, opine + again)
    )
    rewrite(folder / "council.yaml", ("{title: Librarian,", "{title: Librarian, least: 2,"))

    assert told(folder) == []


def test_whoever_stands_aside_is_taken_away_once_as_one_of_the_conflicts(tmp_path: Path) -> None:
    folder = a_folder(tmp_path, ("        by: panel_member\n        emphasis: main\n", ASIDE))

    assert find_problems(folder) == []
