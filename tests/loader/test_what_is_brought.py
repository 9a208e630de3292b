"""What a child begins with from an earlier case is checked at both ends, and told when it changes."""

from pathlib import Path

import pytest

from apflow.core.compare.children import compare_children
from apflow.core.compare.names import Names
from apflow.loader import find_problems
from apflow.testing import library_from
from tests.loader.family import a_family_folder
from tests.loader.folder import rewrite

CATALOGUE = """\
catalogue: questions
title: Questions
sections: {all: All}
items:
  training: {label: Training, section: all, required: true, good: Any., assumed: x}
"""
COLLECTION = """\
collections:
  answers:
    label: Answers
    catalogue: questions
    starts: empty
    statuses: {empty: {label: Empty}, given: {label: Given}}
    brought: {last_time: {type: long text, label: Last time}}
"""
ANSWER = (
    "      hold: {label: Hold",
    "      answer: {label: Answer, by: officer, item: {of: answers, from: [empty, given], to: given, afresh: true}, "
    "form: {said: {type: long text, label: What?}}}\n      hold: {label: Hold",
)
BRINGS = "    brings: {answers: {of: action_plan, items: answers, in: [met], takes: {last_time: said}}}\n"
ENDS = "    ends: {met: lift, failed: remove}\n"


def a_folder(tmp_path: Path, *changes: tuple[str, str], file: str = "plan.yaml") -> Path:
    """The small family, whose plans have questions and begin with the answers of the one before."""
    folder = a_family_folder(tmp_path, (ENDS, ENDS + BRINGS))
    rewrite(folder / "plan.yaml", ("start:\n", COLLECTION + "start:\n"), ANSWER)
    (folder / "questions.yaml").write_text(CATALOGUE, encoding="utf-8")
    (folder / "others.yaml").write_text(CATALOGUE.replace("catalogue: questions", "catalogue: others"), "utf-8")
    rewrite(folder / file, *changes)
    return folder


def found(folder: Path) -> list[str]:
    return [f"{Path(problem.file).name}:{problem.code}: {problem.message}" for problem in find_problems(folder)]


def test_a_family_that_brings_answers_along_has_no_problem(tmp_path: Path) -> None:
    assert found(a_folder(tmp_path)) == []


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        (
            "of: action_plan, items",
            "of: acton_plan, items",
            'unknown-child: there is no child called "acton_plan"; did',
        ),
        ("items: answers, in", "items: answer, in", 'unknown-collection: there is no collection called "answer"; did'),
        ("in: [met], takes", "in: [mett], takes", 'unknown-state: there is no state called "mett"; did'),
        ("last_time: said", "last_tyme: said", 'unknown-question: there is no question called "last_tyme"; did'),
        ("last_time: said", "last_time: sayd", 'unknown-question: there is no question called "sayd"; did'),
        ("brings: {answers:", "brings: {answer:", 'unknown-collection: there is no collection called "answer"; did'),
    ],
)
def test_every_name_must_lead_somewhere(tmp_path: Path, before: str, after: str, problem: str) -> None:
    (told,) = found(a_folder(tmp_path, (before, after), file="provider.yaml"))

    assert told.startswith(f"provider.yaml:{problem}")


@pytest.mark.parametrize(
    ("before", "after", "problem"),
    [
        ("brought: {last_time: {type: long text", "brought: {last_time: {type: text", "other-type: "),
        ("said: {type: long text", "said: {type: file", "file-copied: "),
        ("said: {type: long text", "said: {read: manager, type: long text", 'copied-too-openly: "officer" may not'),
    ],
)
def test_what_is_brought_must_be_of_the_same_type_and_as_private(
    tmp_path: Path, before: str, after: str, problem: str
) -> None:
    told = found(a_folder(tmp_path, (before, after)))

    assert any(line.startswith(f"provider.yaml:{problem}") for line in told), told


def test_items_of_another_catalogue_are_other_questions(tmp_path: Path) -> None:
    folder = a_folder(
        tmp_path,
        ("children:\n", "children:\n  other: {label: Other, workflow: other, start: begin}\n"),
        ("of: action_plan, items", "of: other, items"),
        ("form: {concern: }\n", "form: {concern: }\n"),
        ("why: concern}}", "why: concern}, other: {name: organisation, email: contact_email, contact: contact_name}}"),
        file="provider.yaml",
    )
    other = (folder / "plan.yaml").read_text(encoding="utf-8").replace("workflow: plan", "workflow: other")
    (folder / "other.yaml").write_text(other.replace("catalogue: questions", "catalogue: others"), "utf-8")

    assert any("other-catalogue" in line for line in found(folder)), found(folder)


def test_a_condition_may_read_what_was_brought(tmp_path: Path) -> None:
    guard = "guards:\n  known: {when: {fact: item.last_time, is_present: true}, reason: New., assumed: x}\nstart:\n"
    folder = a_folder(tmp_path, ("start:\n", guard), ("answer: {label: Answer,", "answer: {requires: known, label: A,"))

    assert found(folder) == []


def test_a_change_of_what_is_brought_is_told(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    for folder in (one, two):
        folder.mkdir()
    old = library_from(a_folder(one)).current("provider")
    new = library_from(a_folder(two, ("in: [met]", "in: [met, failed]"), file="provider.yaml")).current("provider")

    (told,) = compare_children(
        Names.of(old.workflow, new.workflow, new.council), old.workflow.children, new.workflow.children
    )

    assert told == (
        "The child case “Action plan”: its “answers” now begin with “said” as “last time”, of “answers” in the newest "
        "case of “Action plan” that stands in “met” and “failed”; before, with “said” as “last time”, of “answers” in "
        "the newest case of “Action plan” that stands in “met”."
    )
