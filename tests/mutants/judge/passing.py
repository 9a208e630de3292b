"""Letting time pass over a case: until a deadline changes it, and to the days that its dates are about."""

from collections.abc import Hashable
from datetime import UTC, datetime, time, timedelta

from msgspec import structs

from apflow.core.errors import ApflowError
from apflow.core.play import Play, next_due
from tests.mutants.judge.seen import Seen, afresh

MOST_RINGS = 25


def let_time_pass(seen: Seen, key: Hashable, play: Play) -> None:
    """Let deadlines ring until the case is another than it was."""
    trial, rung = afresh(play), set[str]()
    for _ in range(MOST_RINGS):
        due = _next(seen, trial, rung)
        if due is None:
            break
        before = trial.case
        try:
            outcome = trial.ring(due)
        except ApflowError:
            break
        trial.deliver()
        if outcome.entry.kind == "event" or seen.key(trial) != key:
            after = afresh(trial)
            seen.happened(key, after, before, outcome)
            if seen.key(after) != key:
                break
        if trial.now >= before.deadlines[due].due_at:
            rung.add(due)


def _next(seen: Seen, play: Play, rung: set[str]) -> str | None:
    """The next deadline to act, of those that have not come to their end once already."""
    case = structs.replace(
        play.case, deadlines={name: one for name, one in play.case.deadlines.items() if name not in rung}
    )
    due = next_due(case, seen.instance.first + timedelta(days=900))
    if due is None or due.next_at is None:
        return None
    play.now = max(play.now, due.next_at)
    return due.name


def let_days_come(seen: Seen, key: Hashable, play: Play) -> None:
    """Let the days come that a date of the case, or of its items, is about, without a deadline if none is due."""
    asked, today = seen.ahead.names(play.case.state), play.world.today.isoformat()
    dates = [value for name, value in play.case.fields.items() if name in asked]
    said = [item.data for items in play.case.items.values() for item in items.values()]
    dates += [value for data in said for name, value in data.items() if name in asked]
    later = sorted(
        {str(day) for day in dates if isinstance(day, str) and len(day) == 10 and day[4] == "-" and day >= today}
    )
    for day in later[:2]:
        at = datetime.combine(datetime.fromisoformat(day).date() + timedelta(days=1), time(10), UTC)
        due = next_due(play.case, at)
        ends = seen.definition.deadlines[play.case.state][due.name].then.event if due else None
        if due is not None and play.now < due.due_at <= at and ends:
            continue
        trial = afresh(play)
        trial.now = max(trial.now, at)
        seen.onward.setdefault(key, set()).add(seen.came_to(trial))
