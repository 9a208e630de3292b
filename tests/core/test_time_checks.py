"""What a check says of time: each slip at its own place, and nothing of a policy that has none."""

import pytest

from apflow.loader import Library
from tests.core.repairs import problems_of


def test_the_small_policy_has_no_problem_of_time(library: Library) -> None:
    assert problems_of(library) == []


@pytest.mark.parametrize(
    ("old", "new", "place", "code"),
    [
        ("5 working days left", "20 working days left", "deadlines.mended.remind.0.at.0", "reminder-too-early"),
        ("5 working days left", "6 weeks left", "deadlines.mended.remind.0.at.0", "reminder-too-early"),
        (
            "at: 5 working days left",
            "at: [1 week left, 1 week left]",
            "deadlines.mended.remind.0.at.1",
            "reminded-twice",
        ),
        (
            "{states: parts_ordered, at_most",
            "{states: [waiting, parts_ordered, on_the_bench], at_most",
            "deadlines.mended.paused_in.states",
            "never-runs",
        ),
        (
            "states:\n  waiting",
            "  sold:\n    label: It should be sold\n    after_deadline: mended\n    within: 5 working days\n"
            "    while_in: [waiting, on_the_bench]\n    paused_in: {states: waiting, at_most: 1 week}\n"
            "    then: {escalate: manager}\n    assumed: x\nstates:\n  waiting",
            "deadlines.sold.paused_in",
            "pauses-apart",
        ),
        (
            "then: {escalate: manager}\n    assumed: x\nstates",
            "then: {event: give_back}\n    assumed: x\nstates",
            "deadlines.mended.then.event",
            "not-there",
        ),
        (
            "every: 1 month, then: {event: dust}",
            "every: 1 month, formerly: mended, then: {event: dust}",
            "states.on_the_bench.deadlines.dust.formerly",
            "former-name-taken",
        ),
        (
            "every: 1 month, then: {event: dust}",
            "every: 1 month, then: {event: dust, after_warning: 1 week}",
            "states.on_the_bench.deadlines.dust.then.after_warning",
            "warned-each-time",
        ),
        (
            "    deadlines: {ask: {label: Ask where they are, every: 1 week",
            "    tasks: {phone: {title: Phone, for: officer, due: 2 weeks, assumed: x}}\n"
            "    deadlines: {ask: {label: Ask where they are, every: 1 week",
            "states.parts_ordered.deadlines.ask.every",
            "cycle-too-short",
        ),
    ],
)
def test_a_slip_of_time_is_found_at_its_place(library: Library, old: str, new: str, place: str, code: str) -> None:
    assert (place, code) in problems_of(library, (old, new))


def lost_within(span: str) -> list[tuple[str, str]]:
    """The changes by which a toy in waiting is lost after this time, whatever anybody does."""
    deadline = f"gone: {{label: It is lost, within: {span}, then: {{event: lose}}, assumed: x}}"
    event = "lose: {label: Lose it, by: clock, to: done}"
    return [
        ("deadlines: {look: {label: Someone", f"deadlines: {{{deadline}, look: {{label: Someone"),
        ("      take: {label", f"      {event}\n      take: {{label"),
    ]


def test_a_deadline_that_another_always_comes_before_is_found(library: Library) -> None:
    assert problems_of(library, *lost_within("2 working days")) == [("states.waiting.deadlines.look", "shadowed")]


def test_one_that_only_sometimes_comes_later_is_not_shadowed(library: Library) -> None:
    assert problems_of(library, *lost_within("1 week")) == []


def test_a_pause_is_limited_in_days_or_weeks(library: Library) -> None:
    with pytest.raises(Exception, match="a pause is limited in working days, calendar days or weeks"):
        problems_of(library, ("at_most: 10 working days", "at_most: 2 months"))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("    within: 20 working days\n", "", "says either how long there is"),
        ("within: 20 working days", "within: 20 working days\n    every: 1 week", "says either how long there is"),
        ("every: 1 month", "every: 0 calendar days", "what comes round does so after some time"),
        ("after: glue,", "after: glue, of: toy,", "is counted from one thing"),
    ],
)
def test_a_deadline_has_one_span_and_one_anchor(library: Library, old: str, new: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        problems_of(library, (old, new))
