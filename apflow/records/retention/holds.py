"""What holds something back from erasure whose time is over: the same of a pupil's record and of a closed case."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Row

from apflow.core.definition.words import short_day


def told_of_holds(holds: Iterable[Row[Any]], today: date) -> list[str]:
    """Who holds it back and why, and when it is asked again. It is held back after that day too, until it is let go."""
    return [_told(one, today) for one in holds]


def _told(one: Row[Any], today: date) -> str:
    again = "" if one.ask_again_on > today else ", which has come: hold it back anew, or let it go"
    because = one.because.rstrip(".")
    return f"{one.held_by} holds it back: {because}. To be asked again on {short_day(one.ask_again_on)}{again}."


def waits_since(today: date, last: date, held_back: Sequence[str], holds: Sequence[Row[Any]]) -> date | None:
    """The day since which somebody is to decide on what was kept until its `last` day; None while it need not be.

    A hold is a reason only until it is asked again; any other reason for which it is `held_back` is one.
    """
    asked_again: list[date] = [hold.ask_again_on for hold in holds]
    if last >= today or len(held_back) > len(holds) or any(day > today for day in asked_again):
        return None
    return max([last + timedelta(days=1), *asked_again])
