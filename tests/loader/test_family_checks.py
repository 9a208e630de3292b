"""What would go wrong between a case and its children is found before any case begins."""

from pathlib import Path

import pytest

from apflow.loader import find_problems
from tests.loader.family import a_family_folder
from tests.loader.folder import rewrite

BEGINS = "{action_plan: {name: organisation, email: contact_email, contact: contact_name, why: concern}}"
ALERTS = (
    "alerts:\n  signal_refused: {title: A linked case could not act, for: officer, due: 1 working day, assumed: x}\n"
)
NEXT = "children: {next: {label: The next, workflow: plan, start: begin}}\n"
BESIDE = "    start: begin\n    beside: {{title: Before, shows: [{}]}}\n"
COPIED = "{next: {name: name, contact: contact, email: email}}"


def found(tmp_path: Path, *changes: tuple[str, str], file: str = "provider.yaml") -> list[str]:
    """The problems of the policy as changed, each with the file it is in."""
    problems = find_problems(a_family_folder(tmp_path, *changes, file=file))
    return [f"{Path(problem.file).name}:{problem.code}: {problem.message}" for problem in problems]


def test_the_small_family_has_no_problem(tmp_path: Path) -> None:
    assert found(tmp_path) == []


def test_a_state_that_only_a_parent_brings_its_child_to_is_reached(tmp_path: Path) -> None:
    assert (
        found(tmp_path, ("stop: {label: Stop, by: [clock, officer]", "stop: {label: Stop, by: clock"), file="plan.yaml")
        == []
    )


def test_one_that_no_parent_brings_it_to_any_more_is_not(tmp_path: Path) -> None:
    folder = a_family_folder(tmp_path, (", signals: {action_plan: stop}", ""), file="provider.yaml")
    rewrite(folder / "plan.yaml", ("stop: {label: Stop, by: [clock, officer]", "stop: {label: Stop, by: clock"))

    codes = {problem.code for problem in find_problems(folder)}

    assert "unreachable" in codes


@pytest.mark.parametrize(
    ("file", "before", "after", "problem"),
    [
        ("provider.yaml", ALERTS, "", "provider.yaml:refusal-unheard: nobody would hear"),
        ("plan.yaml", ALERTS, "", "plan.yaml:refusal-unheard: nobody would hear"),
        ("plan.yaml", "by: clock, to: open, form", "by: officer, to: open, form", "provider.yaml:not-the-clock:"),
        (
            "provider.yaml",
            "organisation, email: contact_email",
            "organisation",
            'provider.yaml:not-copied: the child needs "email" to begin',
        ),
        ("plan.yaml", ", why: {optional: true}", "", 'provider.yaml:not-asked-there: "why" is not asked when'),
        (
            "provider.yaml",
            "state, is: met",
            "state, is: mett",
            'never-true: "child.action_plan.state" is never "mett"; did',
        ),
        ("provider.yaml", "plan.open, is: 0", "plan.opened, is: 0", "unknown-fact: "),
        ("provider.yaml", "plan.open, is: 0", "plan.open, is: none", "never-true: "),
        ("provider.yaml", "    start: begin\n", BESIDE.format("concerns"), 'no field called "concerns"'),
        ("provider.yaml", "    start: begin\n", BESIDE.format("concern, concern"), 'said-twice: "concern" is in this'),
        ("provider.yaml", "{type: long text, label: What is wrong?}", "{type: file, label: Scan}", "file-copied: "),
    ],
)
def test_what_would_keep_relatives_from_hearing_each_other(
    tmp_path: Path, file: str, before: str, after: str, problem: str
) -> None:
    problems = found(tmp_path, (before, after), file=file)
    assert any(problem in line for line in problems), problems


def test_a_workflow_nobody_is_related_to_needs_no_alert(tmp_path: Path) -> None:
    folder = a_family_folder(tmp_path, (ALERTS, ""), file="plan.yaml")
    (folder / "provider.yaml").unlink()
    assert "refusal-unheard" not in [problem.code for problem in find_problems(folder)]


def test_a_child_that_begins_the_next_as_it_begins_never_ends(tmp_path: Path) -> None:
    begun = ("to: open, form", f"to: open, begins: {COPIED}, form")
    (problem,) = found(tmp_path, ("start:\n", NEXT + "start:\n"), begun, file="plan.yaml")
    assert problem.startswith('plan.yaml:endless-children: a "next" leads to the next without end, at once, and no')


def test_nor_does_one_whose_clock_begins_the_next_and_that_there_is_a_delay_is_said(tmp_path: Path) -> None:
    late = ("to: failed}", f"to: failed, begins: {COPIED}}}")
    (problem,) = found(tmp_path, ("start:\n", NEXT + "start:\n"), late, file="plan.yaml")
    assert problem.startswith(
        'plan.yaml:endless-children: a "next" leads to the next without end, each after a while, and no person'
    )


def test_nor_one_whose_end_begins_it_again_at_once(tmp_path: Path) -> None:
    folder = a_family_folder(
        tmp_path,
        ("from: [on_plan], to: removed}", f"from: [on_plan], begins: {BEGINS}}}"),
    )
    plan = folder / "plan.yaml"
    plan.write_text(
        plan.read_text(encoding="utf-8").replace("by: clock, to: open", "by: clock, to: failed"), encoding="utf-8"
    )
    assert any(problem.code == "endless-children" for problem in find_problems(folder))


def test_a_child_that_a_person_begins_may_begin_another(tmp_path: Path) -> None:
    by_hand = ("to: met}", f"to: met, begins: {COPIED}}}")
    assert found(tmp_path, ("start:\n", NEXT + "start:\n"), by_hand, file="plan.yaml") == []


def test_a_child_that_is_begun_again_each_time_one_lapses_is_no_loop(tmp_path: Path) -> None:
    again = ("from: [on_plan], to: removed}", f"from: [on_plan], begins: {BEGINS}}}")
    assert not any("endless" in line for line in found(tmp_path, again))


def test_two_workflows_whose_cases_people_begin_by_the_same_name(tmp_path: Path) -> None:
    twice = ("start:\n  begin:", "start:\n  add: {label: Add, by: officer, to: open, form: {name: }}\n  begin:")
    told = [str(problem) for problem in find_problems(a_family_folder(tmp_path, twice, file="plan.yaml"))]
    assert len(told) == 2
    assert (
        'started-twice: people begin a "plan" by an event called "add" as well; call one of them otherwise' in told[1]
    )
