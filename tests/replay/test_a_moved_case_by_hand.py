"""A case that was moved to another version of its workflow, replayed by hand: each text counts while it went by it."""

from collections.abc import Callable
from datetime import datetime
from pathlib import Path

import pytest
from msgspec.structs import replace

from apflow.core.definition.compiled import Definition
from apflow.core.machine import START
from apflow.core.people.actor import THE_CLOCK, THE_PUBLIC
from apflow.core.replay.comparing import Compared, compared
from apflow.core.replay.past import Happened, Past
from apflow.testing import MAGDA, OLIVE
from tests.replay.objections import objections
from tests.replay.test_a_replay_by_hand import DECIDING, HISTORY, NOW, OPEN, at, told

Texts = Callable[[int], Definition]
FOURTEEN = "within: 14 calendar days"


def within(days: int, *, anew: str = "on_migration: recompute") -> tuple[str, str]:
    return FOURTEEN, f"within: {days} calendar days\n        {anew}"


@pytest.fixture
def first(tmp_path: Path) -> Definition:
    return objections(tmp_path / "first")


@pytest.fixture
def second(tmp_path: Path) -> Definition:
    """Comments close after three weeks, also for those who objected before."""
    return objections(tmp_path / "second", ("version: 1", "version: 2"), within(21))


def a_history(first: Definition, second: Definition) -> tuple[Happened, ...]:
    """The objection of 12 October, moved on the 20th: by the first text comments would have closed on the 26th.

    Counted anew, three weeks from the 12th are over on 2 November; an officer invites two days later, and a manager
    upholds the day after five working days from the 3rd are over.
    """
    begun = Happened(
        "event", "object", THE_PUBLIC, at(10, 12, 10), START, OPEN, {"name": "Made Up"}, {"name": "Made Up"}
    )
    before = (begun, Happened("event", "comment", OLIVE, at(10, 15, 11), OPEN, OPEN))
    after = (
        moved(second, at(10, 20, 10)),
        Happened("reminder", "comments_close", THE_CLOCK, at(10, 30, 9), OPEN, OPEN),
        Happened("event", "close", THE_CLOCK, at(11, 2, 23, 59), OPEN, DECIDING),
        Happened("event", "invite", OLIVE, at(11, 4, 15, 30), DECIDING, DECIDING, {"heard_on": "2026-11-11"}),
        Happened("escalation", "decide_by", THE_CLOCK, at(11, 10, 23, 59), DECIDING, DECIDING),
        Happened("event", "uphold", MAGDA, at(11, 11, 12), DECIDING, "decided"),
    )
    return (*under(first, *before), *under(second, *after))


def moved(to: Definition, when: datetime, name: str = "moved to version 2") -> Happened:
    return Happened("version", name, MAGDA, when, OPEN, OPEN, digest=to.digest)


def under(definition: Definition, *happened: Happened) -> tuple[Happened, ...]:
    return tuple(replace(entry, digest=definition.digest) for entry in happened)


def replayed(changed: Definition, first: Definition, second: Definition, history: tuple[Happened, ...]) -> Compared:
    texts = {one.digest: one for one in (first, second)}
    return compared(texts.__getitem__, changed, Past("OB-2345-6789", "Made Up", history), NOW)


def test_it_comes_out_as_it_went_under_the_one_text_and_then_the_other(first: Definition, second: Definition) -> None:
    same = replayed(second, first, second, a_history(first, second))

    assert (same.verdict, same.differences, same.why) == ("same", (), "")
    assert same.since == at(10, 20, 10)


def test_a_changed_text_counts_only_from_when_it_was_moved(
    first: Definition, second: Definition, tmp_path: Path
) -> None:
    """Four weeks from the 12th are over on 9 November; all that came after comes a week later."""
    third = objections(tmp_path / "third", ("version: 1", "version: 3"), within(28))

    later = replayed(third, first, second, a_history(first, second))

    assert told(later) == [
        ("later", "comments_close", at(11, 6, 9)),
        ("later", "close", at(11, 9, 23, 59)),
        ("later", "invite", at(11, 11, 15, 30)),
        ("later", "decide_by", at(11, 17, 23, 59)),
        ("later", "uphold", at(11, 18, 12)),
    ]


def test_a_changed_text_that_does_not_count_anew_leaves_the_date_that_ran_at_the_move(
    first: Definition, second: Definition, tmp_path: Path
) -> None:
    kept = objections(tmp_path / "third", ("version: 1", "version: 3"), within(28, anew="on_migration: keep"))

    earlier = replayed(kept, first, second, a_history(first, second))

    assert told(earlier)[:3] == [
        ("earlier", "comments_close", at(10, 23, 9)),
        ("earlier", "close", at(10, 26, 23, 59)),
        ("earlier", "invite", at(10, 28, 15, 30)),
    ]


def test_a_text_to_which_it_could_not_have_been_moved_says_why(
    first: Definition, second: Definition, tmp_path: Path
) -> None:
    asks = objections(tmp_path / "third", ("version: 1", "version: 3"), within(28, anew="on_migration: ask"))

    case = replayed(asks, first, second, a_history(first, second))

    assert case.verdict == "impossible"
    (refused,) = (one for one in case.differences if one.how == "impossible")
    assert refused.name == "moved to version 2"
    assert "Say --deadline comments_close=keep or --deadline comments_close=recompute." in refused.why


def test_what_was_answered_when_it_was_moved_is_answered_again(
    first: Definition, second: Definition, tmp_path: Path
) -> None:
    asks = objections(tmp_path / "third", ("version: 1", "version: 3"), within(21, anew="on_migration: ask"))
    history = a_history(first, second)
    answered = (*history[:2], replace(history[2], answers={"comments_close": "recompute"}), *history[3:])

    assert replayed(asks, first, second, answered).verdict == "same"


def test_with_the_text_that_it_went_by_before_it_would_not_have_been_moved(
    first: Definition, second: Definition
) -> None:
    case = replayed(first, first, second, a_history(first, second))

    assert told(case)[:2] == [
        ("gone", "moved to version 2", at(10, 20, 10)),
        ("earlier", "comments_close", at(10, 23, 9)),
    ]


def test_a_move_that_was_taken_back_left_nothing_behind(first: Definition, second: Definition, tmp_path: Path) -> None:
    there_and_back = (
        moved(second, at(10, 20, 10)),
        moved(first, at(10, 20, 11), "moved back to version 1"),
    )
    history = (*under(first, *HISTORY[:2]), *there_and_back, *under(first, *HISTORY[2:]))

    same, later = (replayed(with_, first, second, history) for with_ in (first, second))

    assert (same.verdict, same.differences, same.since) == ("same", (), None)
    assert (later.verdict, later.since) == ("later", None)  # The whole of it under the second text, a week later.
    assert told(later)[0] == ("later", "comments_close", at(10, 30, 9))
