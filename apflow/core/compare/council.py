"""The council's settings compared."""

from collections.abc import Iterable, Iterator, Mapping
from functools import partial
from typing import Any

from apflow.core.compare.grammar import Saying, differences, gained_and_lost, keyed, listed, say, worded
from apflow.core.compare.kept_records import compare_closed_cases, compare_copies, compare_retention
from apflow.core.compare.names import in_words, role_words
from apflow.core.compare.nightly import compare_nightly_checks
from apflow.core.compare.questions import KEPT_AS
from apflow.core.compare.reminding import compare_reminders
from apflow.core.definition import words
from apflow.core.definition.council import (
    Applications,
    CalendarSpec,
    ClosedPeriod,
    Closure,
    Council,
    FurthestDate,
    ReviewOfDecisions,
    Role,
    RoutineVisits,
    Term,
    Urgent,
    WorksWith,
)
from apflow.core.definition.fields import PrivacyClass
from apflow.core.definition.putting_off import PuttingOff
from apflow.core.definition.undoing import UndoSending

_PLACES = {"england-and-wales": "England and Wales", "scotland": "Scotland", "northern-ireland": "Northern Ireland"}
_MAIL = {
    "assigned": "whoever has the case, else the mailbox",
    "everyone": "everyone with the role",
    "mailbox": "the mailbox",
    "party": "the outsider the case is about",
    "register": "everybody on a register",
    "by_link": "those on a case who read it by a link of their own",
    "works_with": "those who work with the child of a case",
    "nobody": "nobody",
}


def compare_councils(old: Council | None, new: Council) -> Iterator[str]:
    """At least one sentence for every difference in the council's settings."""
    if old is None:
        yield f"The council's settings are added: {new.council}, with {len(new.roles)} roles."
        return
    sayings: dict[str, Saying] = {
        "council": lambda was, now: [f"The council is now called “{now}”, was “{was}”."],
        "team": lambda was, now: [f"The team is now called “{now}”, was “{was}”."],
        "short_name": lambda was, now: [f"The council is now “{now}” for short, was “{was}”."],
        "mailbox": lambda was, now: [f"The council's mailbox is now {now}, was {was}."],
        "telephone": lambda was, now: [
            f"The council's telephone number is now {now or 'not given'}, was {was or 'not given'}."
        ],
        "urgent": lambda was, now: [f"What is said first when it is urgent is now {_urgent(now)}, was {_urgent(was)}."],
        "review_of_decisions": lambda was, now: [f"Decisions {_reviewed(now)} now; before, they {_reviewed(was)}."],
        "roles": lambda was, now: _roles(new, was, now),
        "calendar": _calendar,
        "school_calendar": _schools,
        "applications": _applications,
        "routine_visits": _routine_visits,
        "furthest_date": _furthest_date,
        "undo_sending": lambda was, now: [f"E-mails to people outside {_undone(now)}; before, they {_undone(was)}."],
        "putting_off": _putting_off,
        "nightly_check": compare_nightly_checks,
        "reminders": compare_reminders,
        "copy_of_record": compare_copies,
        "retention": lambda was, now: compare_retention(new, was, now),
        "closed_cases": lambda was, now: compare_closed_cases(new, was, now),
        "agencies": partial(worded, "", "agency", "agencies", noticed="whoever is of it must be put in it anew"),
        "titles": _titles,
    }
    yield from differences("The council", old, new, sayings)


def _titles(old: tuple[str, ...], new: tuple[str, ...]) -> Iterator[str]:
    """Words that count for nothing where the names of people are compared."""
    gained, lost = gained_and_lost(old, new)
    if gained:
        yield f"Now a title, and no part of a name: {listed(gained)}."
    if lost:
        yield f"No longer a title, and so a part of a name: {listed(lost)}."


def _undone(undo: UndoSending | None) -> str:
    return f"wait {undo.seconds} seconds, to be taken back by whoever causes them" if undo else "go at once"


def _furthest_date(old: FurthestDate | None, new: FurthestDate | None) -> Iterator[str]:
    if old is None or new is None:
        yield (
            "A date may now be however far ahead, where its question does not say otherwise."
            if new is None
            else f"A date may now be at most {new.ahead} ahead, where its question does not say otherwise."
        )
        return
    sayings: dict[str, Saying] = {
        "ahead": lambda was, now: [f"A date may now be at most {now} ahead, could be {was} before."],
    }
    yield from differences("The furthest date", old, new, sayings)


def _putting_off(old: PuttingOff | None, new: PuttingOff | None) -> Iterator[str]:
    if old is None or new is None:
        yield (
            "Nobody can put a task off any more."
            if new is None
            else f"Whoever has a task can now put it off, by {new.at_most} at most"
            f"{', also what is urgent' if new.urgent else ''}."
        )
        return
    sayings: dict[str, Saying] = {
        "at_most": lambda was, now: [f"A task can now be put off by {now} at most, could be by {was} before."],
        "urgent": lambda _, now: [f"What is urgent can {'now' if now else 'no longer'} be put off."],
    }
    yield from differences("Putting off", old, new, sayings)


def _routine_visits(old: RoutineVisits | None, new: RoutineVisits | None) -> Iterator[str]:
    if old is None or new is None:
        yield (
            "Routine visits are no longer planned."
            if new is None
            else (
                f"Routine visits are now planned, about every {new.every}, "
                f"no sooner than {new.at_least} and no later than {new.at_most} after the last."
            )
        )
        return
    sayings: dict[str, Saying] = {
        "every": lambda was, now: [f"Routine visits are now made about every {now}, were every {was}."],
        "at_least": lambda was, now: [f"No routine visit is now sooner than {now} after the last, was {was}."],
        "at_most": lambda was, now: [f"No routine visit is now later than {now} after the last, was {was}."],
        "arrange": lambda was, now: [f"A routine visit is now to be arranged {now} ahead, was {was}."],
    }
    yield from differences("Routine visits", old, new, sayings)


def _reviewed(review: ReviewOfDecisions | None) -> str:
    if review is None:
        return "cannot be looked at again"
    claims = (("source", review.source), ("assumed", review.assumed))
    said = "".join(f" ({what}: {value})" for what, value in claims if value)
    return f"can be looked at again by {review.by}, if that is asked for within {review.within}{said}"


def _urgent(urgent: Urgent | None) -> str:
    if urgent is None:
        return "nothing"
    return f"“{urgent.says}”" + (f" (assumed: {urgent.assumed})" if urgent.assumed else "")


def _roles(council: Council, old: Mapping[str, Role], new: Mapping[str, Role]) -> Iterator[str]:
    def changed(name: str, was: Role, now: Role) -> Iterator[str]:
        subject = f"The role “{now.title}”"
        sayings: dict[str, Saying] = {
            "title": lambda before, after: [f"The role “{before}” is now called “{after}”."],
            "audience": lambda before, after: [f"{subject} now reads the words for {after}, was for {before}."],
            "mail": lambda before, after: [
                f"Mail to {role_words(council, name)} now goes to {_MAIL.get(after, after)}, "
                f"did to {_MAIL.get(before, before)}."
            ],
            "register_": lambda before, after: [
                f"Mail to {role_words(council, name)} now goes to everybody on the register {_register(after)}, "
                f"did to {_register(before)}."
            ],
            "works_with": lambda before, after: [
                f"Mail to {role_words(council, name)} now goes to {_works_with(after)}, did to {_works_with(before)}."
            ],
            "mailbox": lambda before, after: [
                f"{subject} now has the mailbox {after or 'of the council'}, had {before or 'that of the council'}."
            ],
            "sees": lambda before, after: _sees(subject, before, after),
            "sees_on_pages": lambda before, after: _sees(f"On pages of its own cases, {subject}", before, after),
            "passes_on": lambda before, after: _passes_on(council, subject, before, after),
            "most_conflicts": lambda before, after: [
                f"{subject}: at most {after} of those who hold it may have an interest in one case, was {before}."
            ],
            "least": lambda before, after: [f"{subject} is now held by {_people(after)}, was by {_people(before)}."],
        }
        return differences(subject, was, now, sayings)

    return keyed(
        old,
        new,
        added=lambda _, role: [f"A role is added: “{role.title}”, whose mail goes to {_MAIL[role.mail]}."],
        removed=lambda _, role: [f"The role “{role.title}” is taken away."],
        changed=changed,
        called=lambda role: f"The role “{role.title}”",
        noticed="whoever has it is no longer in it, until it is given to them anew",
    )


def _passes_on(council: Council, subject: str, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    more, less = gained_and_lost(old, new)
    if more:
        yield f"{subject} may now give away the tasks of {listed(role_words(council, one) for one in more)}."
    if less:
        yield f"{subject} may no longer give away the tasks of {listed(role_words(council, one) for one in less)}."


def _register(name: str | None) -> str:
    return f"“{in_words(name)}”" if name else "nobody's"


def _works_with(those: WorksWith | None) -> str:
    if those is None:
        return "nobody who works with a child"
    only = f", only of one with {listed(map(in_words, those.only_of))}" if those.only_of else ""
    expected = f", expected of one with {listed(map(in_words, those.expected_of))}" if those.expected_of else ""
    return f"whoever the child's record names as “{in_words(those.who)}”{only}{expected}"


def _people(least: int | None) -> str:
    if least is None:
        return "however many people"
    return f"at least {least} {'person' if least == 1 else 'people'}"


def _sees(subject: str, old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    more, less = gained_and_lost(old, new)
    if more:
        yield f"{subject} may now also read what is {listed(KEPT_AS[PrivacyClass(one)] for one in more)}."
    if less:
        yield f"{subject} may no longer read what is {listed(KEPT_AS[PrivacyClass(one)] for one in less)}."


def _calendar(old: CalendarSpec, new: CalendarSpec) -> Iterator[str]:
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


def _schools(old: Any, new: Any) -> Iterator[str]:
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


def _applications(old: Applications, new: Applications) -> Iterator[str]:
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
