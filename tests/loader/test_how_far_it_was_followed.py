"""What `apflow check` says of how far it followed a workflow, and that it follows a guard that may be set aside."""

from pathlib import Path

import pytest

from apflow.core.errors import Problem
from apflow.core.explore.bounds import Bounds
from apflow.loader import find_problems, read_folder
from apflow.loader.reports import followed
from tests.core.test_compare import said
from tests.loader.small import NOTICES, a_small_folder

Change = tuple[str, str]

GUARD = "  is_wanted: {when: {fact: wanted_on, is_present: true}, reason: Say when., assumed: x"
WAIT = "      wait: {label: Wait, by: librarian,"
SPARE = ("books", "size")  # Fields of the small policy that are there for the tests alone.
FIELDS = "  books: {type: number, label: How many?}\n"
OVERRIDE = (GUARD, f"{GUARD}, override: {{by: librarian, at_most: 1 week, assumed: x}}")
UNSAID = ("    wanted_on: {date_must_be: today or after}", "    wanted_on: {optional: true}")
SAID = (
    "alerts:\n",
    "invariants:\n  a: {says: There is a day., on_entry_to: lent, assumed: x, holds: {fact: wanted_on, "
    "is_present: true}}\nalerts:\n",
)


def problems(folder: Path) -> list[Problem]:
    return find_problems(folder, NOTICES)


def bounds(tmp_path: Path, *changes: Change) -> Bounds:
    folder = a_small_folder(tmp_path, *changes)
    (one,) = followed(read_folder(folder), problems(folder))
    return one


def asked(*questions: str) -> tuple[Change, Change]:
    """Yes/no questions that the small policy's guard reads."""
    whether = ", ".join(f"{{fact: {question}, is_present: false}}" for question in questions)
    fields = "".join(f"  {question}: {{type: yes/no, label: What?, optional: true}}\n" for question in questions)
    is_yes = ", ".join(f"{{fact: {question}, is: true}}" for question in questions)
    return (FIELDS, FIELDS + fields), (
        "when: {fact: wanted_on, is_present: true}",
        f"when: {{any: [{{fact: wanted_on, is_present: true}}, {is_yes}, {whether}]}}",
    )


def test_a_workflow_that_was_followed_to_its_end_says_so(tmp_path: Path) -> None:
    one = bounds(tmp_path)

    assert (one.workflow, one.is_whole, one.some_answers, one.either_way, one.kinds) == ("loan", True, (), (), 2)
    assert str(one).startswith(f"loan: all {one.situations} situations followed; ")


@pytest.mark.parametrize(
    ("changes", "unasked"),
    [
        (("requires: [papers_seen, is_wanted]", "requires: papers_seen"), "is_wanted"),
        (("forms:\n", "forms:\n  spare: {name: }\n"), "spare"),
        (("    member:\n    card:\n", ""), "member, card"),
    ],
)
def test_what_stands_in_the_file_and_nothing_asks_is_named(tmp_path: Path, changes: Change, unasked: str) -> None:
    one = bounds(tmp_path, changes)

    assert [name for name in one.unasked if name not in SPARE] == unasked.split(", ")
    assert f"nothing asks {', '.join(one.unasked)}" in str(one)


def test_an_event_with_more_sets_of_answers_than_are_tried_is_named(tmp_path: Path) -> None:
    seven = [f"q{number}" for number in range(7)]

    one = bounds(tmp_path, *asked(*seven), (WAIT, f"{WAIT} form: {{{', '.join(f'{q}: ' for q in seven)}}},"))

    assert one.some_answers == ("wait",)
    assert "no more than 64 sets of answers tried to wait" in str(one)


def test_a_workflow_with_more_situations_than_are_looked_at_says_so(tmp_path: Path) -> None:
    many = [f"q{number}" for number in range(9)]  # each yes, no or not said
    events = "".join(f"      ask_{q}: {{label: Ask, by: librarian, form: {{{q}: }}}}\n" for q in many)

    one = bounds(tmp_path, *asked(*many), (WAIT, f"{events}{WAIT}"))

    assert not one.is_whole
    assert str(one).startswith("loan: only the first 10,000 situations followed; ")


def test_nothing_is_said_of_who_can_act_where_nothing_was_tried_any_more(tmp_path: Path) -> None:
    """A book is lent once five of nine are answered, and by then there are too many situations to go on from there."""
    many = [f"q{number}" for number in range(9)]
    events = "".join(f"      ask_{q}: {{label: Ask, by: librarian, form: {{{q}: }}}}\n" for q in many)
    fields = "".join(f"  {q}: {{type: yes/no, label: What?, optional: true}}\n" for q in many)
    answered = [f"{{fact: {q}, is: true}}, {{fact: {q}, is: false}}" for q in many]
    five = ", ".join(f"{{any: [{one}]}}" for one in answered[:5])
    either_way = ", ".join(
        f"{{any: [{one}, {{fact: {q}, is_present: false}}]}}" for q, one in zip(many[5:], answered[5:], strict=True)
    )
    guard = ("when: {fact: wanted_on, is_present: true}", f"when: {{all: [{five}, {either_way}]}}")

    folder = a_small_folder(tmp_path, (FIELDS, FIELDS + fields), guard, (WAIT, f"{events}{WAIT}"))

    assert {one.code for one in problems(folder)} & {"cannot-act", "task-not-theirs"} == set()


IN_TIME = (
    ("to: waiting, asks: request", "to: waiting, asks: request, requires: in_time"),
    (
        GUARD,
        "  in_time: {when: {not: {fact: answer.wanted_on, is_before: today}}, reason: Late., assumed: x}\n" + GUARD,
    ),
)


def test_a_day_of_which_only_that_it_is_there_is_asked_any_more_is_followed_as_one(tmp_path: Path) -> None:
    by_day = (GUARD, GUARD.replace("is_present: true", "is_on_or_after: today"))

    plain = bounds(tmp_path / "plain").situations
    assert bounds(tmp_path / "one", *IN_TIME).situations == plain
    assert bounds(tmp_path / "several", *IN_TIME, by_day).situations > plain


@pytest.mark.parametrize(
    "counted",
    [
        ("        within: 5 working days\n", "        of: wanted_on\n        within: 5 working days\n"),
        ("        within: 5 working days\n", "        after_deadline: wanted_by\n        within: 5 working days\n"),
    ],
)
def test_a_deadline_that_may_not_run_is_found_though_nothing_else_asks_for_its_day(
    tmp_path: Path, counted: Change
) -> None:
    unasked = ("requires: [papers_seen, is_wanted]", "requires: papers_seen")

    sure = find_problems(a_small_folder(tmp_path / "sure", unasked, counted), NOTICES)
    found = find_problems(a_small_folder(tmp_path / "found", unasked, counted, UNSAID), NOTICES)
    assert [one.code for one in sure] == []
    assert [one.code for one in found] == ["no-deadline"]


def test_a_guard_that_no_case_decides_is_named_as_free(tmp_path: Path) -> None:
    is_open = "is_open: {when: {fact: council.applications_open, is: true}, reason: Closed., assumed: x}"

    one = bounds(tmp_path, (GUARD, f"  {is_open}\n{GUARD}"), ("is_wanted]", "is_wanted, is_open]"))

    assert one.either_way == ("is_open",)
    assert "1 taken as free to come out either way (is_open)" in str(one)


def test_what_is_asked_of_items_within_items_is_named_as_not_followed(tmp_path: Path) -> None:
    within = "has: {any: [{fact: item.status, is: seen}, {every: views, has: {fact: item.status, is: given}}]}"

    one = bounds(tmp_path, ("has: {fact: item.status, is: seen}", within))

    assert one.unfollowed == ("papers_seen",)


def test_a_workflow_that_could_not_be_followed_says_nothing(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path, ("called: name", "called: nam"))

    assert followed(read_folder(folder), problems(folder)) == []


def test_what_only_following_finds_does_not_stop_it_from_saying_how_far(tmp_path: Path) -> None:
    folder = a_small_folder(tmp_path, UNSAID, SAID, ("[papers_seen, is_wanted]", "papers_seen"))

    assert "broken" in {problem.code for problem in problems(folder)}
    assert [one.workflow for one in followed(read_folder(folder), problems(folder))] == ["loan"]


def test_a_guard_that_may_be_set_aside_does_not_keep_an_invariant(tmp_path: Path) -> None:
    (found,) = problems(a_small_folder(tmp_path, UNSAID, SAID, OVERRIDE))

    assert found.code == "broken"
    assert "librarian: Lend (with “is wanted” set aside)" in found.message


def test_a_guard_that_nobody_may_set_aside_does(tmp_path: Path) -> None:
    assert problems(a_small_folder(tmp_path, UNSAID, SAID)) == []


@pytest.mark.parametrize(
    ("change", "codes"),
    [
        ((GUARD, GUARD), {"never-happens", "task-not-theirs", "unreachable"}),
        (OVERRIDE, {"never-happens", "task-not-theirs"}),
    ],
)
def test_what_lies_behind_a_guard_that_may_be_set_aside_can_be_come_to(
    tmp_path: Path, change: Change, codes: set[str]
) -> None:
    never = ("when: {fact: wanted_on, is_present: true}", "when: {fact: wanted_on, is_present: false}")

    found = problems(a_small_folder(tmp_path, change, never))

    assert {problem.code for problem in found} == codes
    told = next(problem.message for problem in found if problem.code == "never-happens")
    assert ("happens only with a guard set aside" in told) is (change == OVERRIDE)


def test_a_guard_that_may_be_set_aside_is_no_way_out_by_itself(tmp_path: Path) -> None:
    stay = ("        then: {event: lapse, after_warning: 1 working day}\n", "        then: {escalate: librarian}\n")
    found = problems(
        a_small_folder(tmp_path, UNSAID, OVERRIDE, stay, ("      lapse: {label: Lapse, by: clock, to: closed}\n", ""))
    )

    assert {problem.code for problem in found} == {"stuck"}


OWN = "size: {type: choice, label: How large?, options: {small: Small}}"


@pytest.mark.parametrize(
    ("asked", "unoffered"),
    [
        (f", {OWN}", ("size: large",)),
        (f", {OWN.replace('small: Small', 'large: Large, small: Small')}", ()),
        (", size: ", ()),
    ],
    ids=["left out", "listed too", "as the field has it"],
)
def test_a_choice_that_no_form_offers_is_named_by_the_check_and_in_a_comparison(
    tmp_path: Path, asked: str, unoffered: tuple[str, ...]
) -> None:
    form = ("form: {books: ,", f"form: {{books: {asked},")
    one = bounds(tmp_path, form)

    assert one.unoffered == unoffered
    assert ("no form offers size: large" in str(one)) == bool(unoffered)
    told = [sentence for sentence in said(form) if "no form offers" in sentence]
    sentence = "“How large?”: no form offers the choice “Large”, as each form that asks lists choices of its own."
    assert told == ([sentence] if unoffered else [])
