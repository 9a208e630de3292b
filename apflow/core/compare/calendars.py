"""The days that count, compared: working days, those of schools, and when applications are closed."""

from collections.abc import Iterable, Iterator
from typing import Any

from apflow.core.compare.grammar import Saying, differences, listed, say
from apflow.core.definition import words
from apflow.core.definition.calendars import Applications, CalendarSpec, ClosedPeriod, Closure, Term

_PLACES = {"england-and-wales": "England and Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland"}


def compare_calendars(old: CalendarSpec, new: CalendarSpec) -> Iterator[str]:
    sayings: dict[str, Saying] = {
        "working_days": lambda was, now: [
            f"The working days are now {_days(now)}; they were {_days(was)}.",
        ],
        "closed": lambda was, now: _closures("the council is closed", was, now),
        "bank_holidays": lambda was, now: [
            f"The bank holidays are now those of {_PLACES.get(now, now)}, were of {_PLACES.get(was, was)}."
        ],
        "cut_off": lambda was, now: [
            f"What arrives after {words.clock(now)} now counts as received a working day later, was {words.clock(was)}."
        ],
        "day_starts": lambda was, now: [f"Reminders now go at {words.clock(now)}, did at {words.clock(was)}."],
        "day_ends": lambda was, now: [f"Deadlines now pass at {words.clock(now)}, did at {words.clock(was)}."],
    }
    return differences("The calendar", old, new, sayings)


def _days(days: Iterable[str]) -> str:
    return listed(day.capitalize() for day in days)


def compare_school_calendars(old: Any, new: Any) -> Iterator[str]:
    if old is None or new is None:
        yield f"The school calendar is {'added' if old is None else 'taken away'}."
        yield from (f"A term is added: {_term(term)}." for term in (new.terms if new else ()))
        return
    sayings: dict[str, Saying] = {
        "terms": lambda was, now: _members(was, now, _term, "A term is added", "A term is taken away"),
        "inset": lambda was, now: _closures("there is no school", was, now),
    }
    yield from differences("The school calendar", old, new, sayings)


def _term(term: Term) -> str:
    return f"{term.name}, {words.short_day(term.first_day)} to {words.short_day(term.last_day)}"


def _closures(what: str, old: Iterable[Closure], new: Iterable[Closure]) -> Iterator[str]:
    def said(closure: Closure) -> str:
        if closure.until is None:
            return f"{words.day(closure.on)} ({closure.because})"
        return f"{words.short_day(closure.on)} to {words.short_day(closure.last)} ({closure.because})"

    for several, days in ((False, "A day is"), (True, "Days are")):
        before, after = ([one for one in them if (one.until is not None) is several] for them in (old, new))
        yield from _members(before, after, said, f"{days} added on which {what}", f"{days} taken away on which {what}")


def _members(old: Iterable[Any], new: Iterable[Any], said: Any, added: str, removed: str) -> Iterator[str]:
    before, after = list(old), list(new)
    yield from (f"{removed}: {said(one)}." for one in before if one not in after)
    yield from (f"{added}: {said(one)}." for one in after if one not in before)


def compare_applications(old: Applications, new: Applications) -> Iterator[str]:
    def period(one: ClosedPeriod) -> str:
        return f"{words.short_day(one.start)} to {words.short_day(one.until)} ({one.because})"

    sayings: dict[str, Saying] = {
        "open": lambda _, now: [f"Applications are {'open again' if now else 'closed from now on'}."],
        "because": lambda was, now: [
            f"The reason given while applications are closed is now {_because(now)}, was {_because(was)}."
        ],
        "closed_periods": lambda was, now: _members(
            was,
            now,
            period,
            "A time is added in which applications are closed",
            "A time is taken away in which applications were to be closed",
        ),
    }
    return differences("Applications", old, new, sayings)


def _because(reason: str | None) -> str:
    return say(reason) if reason else "the usual one"
