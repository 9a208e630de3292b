"""People and clocks that do not fit: each mistake is told at its line, and what is nearly the same is left alone."""

from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path

import pytest

from apflow.core.errors import Problem
from apflow.loader import find_problems
from tests.loader.folder import place_of, rewrite
from tests.loader.small import NOTICES, a_small_folder

Change = tuple[str, str]

BACK = "      back_due: {label: Due back, within: 3 weeks, then: {escalate: librarian}, assumed: x}\n"
RETURN = "      return: {label: Return, by: reader, to: closed}\n"
BRING = "    tasks:\n      bring: {title: Bring the book back, for: reader, assumed: x}\n"
WAIT = "      wait: {label: Wait, by: librarian,"
LAPSE = "      lapse: {label: Lapse, by: clock, to: closed}\n"
LAPSES = "        then: {event: lapse, after_warning: 1 working day}\n"
SIGHT = "  reader: {own: true, states: [waiting, lent]}"
TITLES = "  librarian: {title: Librarian,"
GUARD = "  is_wanted: {when: {fact: wanted_on, is_present: true}, reason: Say when., assumed: x}\n"
CORRECT = "form: {name: }}\nalerts:"
TELL = "  tell_everyone: {title: Tell everyone, for: librarian,"
END = "alerts:\n"


@dataclass(frozen=True)
class Mistake:
    """Lines of the small policy written wrongly, and where the checker says so; and the same lines written right."""

    code: str
    at: str
    wrong: tuple[Change, ...]
    right: tuple[Change, ...]
    wrong_council: Change | None = None
    right_council: Change | None = None


def found(tmp_path: Path, changes: tuple[Change, ...], council: Change | None) -> list[Problem]:
    folder = a_small_folder(tmp_path, *changes)
    if council:
        rewrite(folder / "council.yaml", council)
    return find_problems(folder, NOTICES)


def two_ends(second: str, *guards: str) -> tuple[Change, ...]:
    """A book that is written off after eight weeks, and given away after the second deadline."""
    lost = "      lost_due: {label: It is lost, within: 8 weeks, then: {event: write_off}, assumed: x}\n"
    free = f"      free_due: {{label: It is free, {second}, then: {{event: give_away}}, assumed: x}}\n"
    ends = zip_longest(("write_off", "give_away"), guards, fillvalue="is_wanted")
    events = (f"      {name}: {{label: End, by: clock, to: closed, requires: {guard}}}\n" for name, guard in ends)
    return (BACK, BACK + lost + free), (RETURN, RETURN + "".join(events))


def round_and_round(after: str) -> tuple[Change, ...]:
    """A book that the clock takes back at once, and lends again after so long."""
    taken = "      at_once: {label: Take it, of: wanted_on, within: 1 week, then: {event: take}, assumed: x}\n"
    taking = "      take: {label: Take it back, by: clock, to: waiting}\n"
    again = f"      again: {{label: Lend it, within: {after}, then: {{event: relend}}, assumed: x}}\n      wanted_by:\n"
    lending = "      relend: {label: Lend again, by: clock, to: lent, requires: is_wanted}\n"
    return (
        (BACK, BACK + taken),
        (RETURN, RETURN + taking),
        ("      wanted_by:\n", again),
        (LAPSE, LAPSE + lending),
    )


def views_needed(count: str) -> tuple[Change, ...]:
    given = f"views_given: {{when: {{{count}}}, reason: More views., assumed: x}}"
    return (GUARD, f"{GUARD}  {given}\n"), ("is_wanted]\n", "is_wanted, views_given]\n")


def no_way_out(*mending: Change) -> tuple[Change, ...]:
    """A book that nobody need want on any day, is lent only once somebody does, and never lapses."""
    return (
        ("    wanted_on: {date_must_be: today or after}", "    wanted_on: {optional: true}"),
        (LAPSES, "        then: {escalate: librarian}\n"),
        (LAPSE, ""),
        *mending,
    )


def story(steps: str, rest: str) -> Change:
    return END, f"scenarios:\n  a:\n    says: A.\n    steps:\n{steps}    {rest}\n{END}"


def least(number: int, conflicts: int = 0) -> Change:
    return TITLES, f"{TITLES} least: {number}, most_conflicts: {conflicts},"


def porters(number: int) -> Change:
    return "roles:\n", f"roles:\n  porter: {{title: Porter, mail: nobody, least: {number}, assumed: x}}\n"


def either_first(back: str) -> tuple[Change, ...]:
    """A book that is lent by hand or by post, and may be posted after it was handed out if it comes back in between."""
    post = "      post: {label: Post it, by: librarian, to: lent}\n"
    hand = "      hand: {label: Hand it out, by: librarian, to: lent}\n"
    shelve = "      shelve: {label: Shelve it, by: librarian, to: closed, not_by: [post, hand]}\n"
    undo = f"      undo: {{label: Undo, by: reader, to: {back}}}\n"
    return (LAPSE, LAPSE + post + hand), (RETURN, RETURN + shelve + undo)


MEMBERS = (
    GUARD,
    GUARD
    + "  is_member: {when: {fact: member, is: true}, reason: No., assumed: x}\n"
    + "  is_not: {when: {fact: member, is: false}, reason: No., assumed: x}\n",
)
WAY_OUT = (
    (
        "      back_due:",
        "      ended: {label: It ends, of: wanted_on, within: 0 calendar days, then: {event: end}, assumed: x}\n"
        "      back_due:",
    ),
    (
        "      take: {label",
        "      end: {label: End, by: clock, to: closed, requires: papers_seen}\n      take: {label",
    ),
)
PORTER = ("  librarian: all\n", "  librarian: all\n  porter: all\n")
VIEWS = "count: views, where: {fact: item.status, is: given}"
ASKED = "      - {who: librarian, does: ask}\n"
UNSIZED_OR_LARGE = "{any: [{fact: size, is_present: false}, {fact: size, is: large}]}"
SIZED = (WAIT, f"{WAIT} form: {{size: }},")
NEVER_SMALL = f"invariants:\n  a:\n    says: No.\n    always: true\n    assumed: x\n    holds: {UNSIZED_OR_LARGE}\n"

MISTAKES = {
    "two ends at one moment": Mistake(
        "same-moment",
        "free_due:",
        two_ends("within: 56 calendar days"),
        two_ends("of: wanted_on, within: 56 calendar days"),
    ),
    "two ends of which each has a condition": Mistake(
        "same-moment",
        "free_due:",
        (*two_ends("within: 8 weeks", "is_member", "is_member"), MEMBERS),
        (*two_ends("within: 8 weeks", "is_member", "is_not"), MEMBERS),
    ),
    "round and round": Mistake(
        "endless", "      at_once:", round_and_round("0 calendar days"), round_and_round("1 calendar day")
    ),
    "round and round beside a way out": Mistake(
        "endless",
        "      at_once:",
        (*round_and_round("0 calendar days"), *WAY_OUT),
        (*round_and_round("1 calendar day"), *WAY_OUT),
    ),
    "a quorum without those in conflict": Mistake(
        "quorum",
        "views_given: {",
        views_needed(f"{VIEWS}, at_least: 3"),
        views_needed(f"{VIEWS}, at_least: 3"),
        least(3, 1),
        least(4, 1),
    ),
    "a quorum among others": Mistake(
        "quorum",
        "views_given: {",
        views_needed(f"all: [{{{VIEWS}, at_least: 3}}]"),
        views_needed(f"all: [{{{VIEWS}, at_least: 2}}]"),
        least(2),
        least(2),
    ),
    "nobody left for the second step": Mistake(
        "same-person",
        "      wait: {",
        ((WAIT, f"{WAIT} not_by: [opine, see],"),),
        ((WAIT, f"{WAIT} not_by: [opine, see],"),),
        least(2),
        least(3),
    ),
    "the first step only afterwards": Mistake(
        "same-person",
        "      wait: {",
        ((LAPSE, f"{LAPSE}      stamp: {{label: Stamp it, by: librarian}}\n"), (WAIT, f"{WAIT} not_by: stamp,")),
        ((RETURN, f"{RETURN}      stamp: {{label: Stamp it, by: librarian}}\n"), (WAIT, f"{WAIT} not_by: stamp,")),
        least(1),
        least(1),
    ),
    "the one first step or the other": Mistake(
        "same-person",
        "      shelve: {",
        either_first(back="waiting"),
        either_first(back="lent"),
        least(2),
        least(2),
    ),
    "the first step by somebody else": Mistake(
        "same-person",
        "      wait: {",
        ((WAIT, f"{WAIT} not_by: see,"),),
        ((WAIT, f"{WAIT} not_by: see,"), ("see: {label: See a paper, by: librarian", "see: {label: See, by: reader")),
        least(1),
        least(1),
    ),
    "no way out": Mistake(
        "stuck", "  waiting:\n", no_way_out(), no_way_out((CORRECT, CORRECT.replace("name: }", "name: , wanted_on: }")))
    ),
    "a task that another role finishes": Mistake(
        "task-not-theirs",
        "      bring: {",
        ((BRING, BRING.replace("for: reader", "for: librarian")),),
        ((BRING, BRING.replace("for: reader", "for: librarian")), ("by: reader, to", "by: [reader, librarian], to")),
    ),
    "a task that another event finishes": Mistake(
        "task-not-theirs",
        "      look: {",
        (("done_by: lend,", "done_by: lapse,"),),
        (("done_by: lend,", "done_by: [lapse, lend],"),),
    ),
    "an alert for nobody": Mistake(
        "task-for-nobody",
        "  tell_everyone: {",
        (PORTER, (TELL, TELL.replace("librarian", "porter"))),
        (PORTER, (TELL, TELL.replace("librarian", "porter"))),
        porters(0),
        porters(1),
    ),
    "an escalation to those who do not see it": Mistake(
        "task-for-nobody",
        "      back_due: {",
        ((SIGHT, SIGHT.replace(", lent", "")), (BACK, BACK.replace("librarian", "reader"))),
        ((BACK, BACK.replace("librarian", "reader")),),
    ),
    "a reminder to those who do not see it": Mistake(
        "task-for-nobody", "who: reader", ((SIGHT, SIGHT.replace("waiting, ", "")),), ()
    ),
    "an event of those who do not see it": Mistake(
        "nobody-may",
        "      wait: {",
        ((WAIT, WAIT.replace("librarian", "[librarian, reader]")), (SIGHT, SIGHT.replace("waiting, ", ""))),
        ((WAIT, WAIT.replace("librarian", "[librarian, reader]")),),
    ),
    "a deadline once and no task": Mistake(
        "forgotten-later",
        "  lent:\n",
        ((BRING, ""),),
        ((BRING, ""), (BACK, BACK.replace("within", "every"))),
    ),
    "always, and broken later": Mistake(
        "broken",
        "    holds: ",
        (SIZED, (END, NEVER_SMALL + END)),
        ((END, NEVER_SMALL + END),),
    ),
    "a refusal that does not come": Mistake(
        "scenario",
        "refused: see",
        (story(ASKED + "      - {who: librarian, does: wait, refused: see}\n", "ends: waiting"),),
        (story(ASKED + "      - {who: librarian, does: lend, refused: First}\n", "ends: waiting"),),
    ),
    "refused for another reason": Mistake(
        "scenario",
        "refused: Say when",
        (story(ASKED + "      - {who: librarian, does: lend, refused: Say when}\n", "ends: waiting"),),
        (story(ASKED + "      - {who: librarian, does: lend, refused: 'first:'}\n", "ends: waiting"),),
    ),
    "an email that does not go": Mistake(
        "scenario",
        "emails: [lent]",
        (story(ASKED + "      - {wait: 2 months}\n", "ends: closed\n    emails: [lent]"),),
        (story(ASKED + "      - {wait: 2 months}\n", "ends: closed\n    emails: [overdue, due_soon]"),),
    ),
}


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_the_mistake_is_told_at_its_line(tmp_path: Path, mistake: Mistake) -> None:
    told = found(tmp_path, mistake.wrong, mistake.wrong_council)

    line, _ = place_of(tmp_path / "small" / "loan.yaml", mistake.at)
    assert (mistake.code, line) in [(problem.code, problem.line) for problem in told], told


@pytest.mark.parametrize("mistake", MISTAKES.values(), ids=MISTAKES)
def test_what_is_nearly_the_same_but_right_is_not_told(tmp_path: Path, mistake: Mistake) -> None:
    assert found(tmp_path, mistake.right, mistake.right_council) == []


def test_a_story_in_which_deadlines_follow_on_each_other_for_ever_is_told_and_not_played_for_ever(
    tmp_path: Path,
) -> None:
    waited = story(f"{ASKED}      - {{wait: 8 weeks}}\n", "ends: closed")

    told = found(tmp_path, (*round_and_round("0 calendar days"), waited), None)

    assert "endless" in [problem.code for problem in told]
    (never,) = (problem for problem in told if problem.code == "scenario")
    assert never.line == place_of(tmp_path / "small" / "loan.yaml", "      - {wait: 8 weeks}")[0]
    assert never.message.startswith('deadlines follow on each other at one moment without end, "')
