"""The council's settings compared."""

from collections.abc import Iterator
from functools import partial

from apflow.core.compare.calendars import compare_applications, compare_calendars, compare_school_calendars
from apflow.core.compare.grammar import Saying, differences, gained_and_lost, listed, worded
from apflow.core.compare.kept_records import compare_closed_cases, compare_copies, compare_retention
from apflow.core.compare.nightly import compare_nightly_checks
from apflow.core.compare.reminding import compare_reminders
from apflow.core.compare.roles import compare_roles
from apflow.core.definition.council import Council, FurthestDate, ReviewOfDecisions, RoutineVisits, Urgent
from apflow.core.definition.meeting_length import USUAL, Meetings
from apflow.core.definition.putting_off import PuttingOff
from apflow.core.definition.signing_in import UNSAID, SigningIn
from apflow.core.definition.undoing import UndoSending


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
        "roles": lambda was, now: compare_roles(new, was, now),
        "calendar": compare_calendars,
        "school_calendar": compare_school_calendars,
        "applications": compare_applications,
        "routine_visits": _routine_visits,
        "furthest_date": _furthest_date,
        "undo_sending": lambda was, now: [f"E-mails to people outside {_undone(now)}; before, they {_undone(was)}."],
        "signing_in": _signing_in,
        "meetings": _meetings,
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


def _meetings(old: Meetings | None, new: Meetings | None) -> Iterator[str]:
    """What lasts another time; nothing where it is only written down."""
    sayings: dict[str, Saying] = {
        "minutes": lambda was, now: [f"A meeting now stands in calendars for {now} minutes, was {was}."],
    }
    if new is None:
        yield "The settings no longer say how long a meeting takes."
    yield from differences("Meetings", old or USUAL, new or USUAL, sayings)


def _signing_in(old: SigningIn | None, new: SigningIn | None) -> Iterator[str]:
    """What lasts another time; nothing where it is only written down."""
    sayings: dict[str, Saying] = {
        "links_last": _lasts("The link in an e-mail to somebody outside", ""),
        "asked_for_minutes": _lasts("What somebody asks for to sign in", "minute"),
        "signed_in_hours": lambda was, now: [
            f"Whoever signs in stays so for at most {_counted(now, 'hour')}, was {was}."
        ],
        "idle_hours": lambda was, now: [
            f"Whoever opens no page for {_counted(now, 'hour')} has to sign in anew, was {was}."
        ],
        "reading_hours": lambda was, now: [
            f"Whoever reads a case without an account opens the link again after {_counted(now, 'hour')}, was {was}."
        ],
    }
    if new is None:
        yield "The settings no longer say how long links and sign-ins last."
    yield from differences("Signing in", old or UNSAID, new or UNSAID, sayings)


def _lasts(what: str, unit: str) -> Saying:
    return lambda was, now: [f"{what} now lasts {_counted(now, unit) if unit else now}, lasted {was}."]


def _counted(count: int, unit: str) -> str:
    return f"{count} {unit}{'' if count == 1 else 's'}"


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
