"""How a case would have gone beside how it went: entry by entry, and what that makes of the whole."""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from apflow.core.definition.compiled import Definition
from apflow.core.recounting import RECOUNTED
from apflow.core.replay.past import Happened, Past
from apflow.core.replay.playing import Course, Played, Step, Texts, course_of, play_again

How = Literal["later", "earlier", "impossible", "gone", "to come", "added", "otherwise"]
Verdict = Literal["same", "later", "earlier", "otherwise", "impossible", "unknown"]

ERASED = "What was said on it has been erased."
_COUNTED_ANEW = " Its deadlines were counted anew on the way, by another calendar or by a day that the case had said."
_AFTER_THAT = "what came before it could not be done either"


class Difference(Struct, frozen=True):
    """One thing that would have gone differently: `was` and `would_be` say when, if it happened or would have."""

    how: How
    kind: str
    name: str
    state: str
    was: datetime | None
    would_be: datetime | None
    why: str = ""

    @property
    def by(self) -> timedelta | None:
        """How much later; less than nothing when it is earlier."""
        return self.would_be - self.was if self.was and self.would_be else None


class Compared(Struct, frozen=True):
    """One case: what would have differed, where it stands and would stand, and the e-mails it sent and would send.

    `by` is how much later its last move would have come. `why` says of one that is unknown why nothing can be told.
    `since` is when it was last moved to another version, if ever: until then it is played as it went.
    """

    reference: str
    title: str
    verdict: Verdict
    by: timedelta | None = None
    state: str = ""
    would_be: str = ""
    differences: tuple[Difference, ...] = ()
    mails: int = 0
    would_send: int = 0
    why: str = ""
    since: datetime | None = None


def compared(texts: Texts, changed: Definition, past: Past, until: datetime) -> Compared:
    """The case under what it went by, and with the changed definition for the last of that, from when it went by it.

    Whatever differs comes of the definitions: its history played again as it was must be its history, else it is
    unknown what would have been.
    """
    if past.is_erased:
        return _unknown(past, ERASED)
    course = course_of(texts, past)
    past = course.past
    as_it_was = play_again(course, until)
    if amiss := list(_differences(course, as_it_was)):
        counted_anew = _COUNTED_ANEW if any(entry.name == RECOUNTED for entry in past.happened) else ""
        why = f"Played again as it was, it does not come out as recorded: {_told(amiss[0])}.{counted_anew}"
        return _unknown(past, why)
    would_be = play_again(course, until, instead=changed)
    differences = [*_differences(course, would_be), *_mails_differ(as_it_was, would_be, past)]
    by = _last_move_moved(past, would_be)
    return Compared(
        reference=past.reference,
        title=past.title,
        verdict=_verdict(differences, by),
        by=by,
        state=as_it_was.case.state,
        would_be=would_be.case.state,
        differences=tuple(sorted(differences, key=_in_order)),
        mails=_mails(as_it_was),
        would_send=_mails(would_be),
        since=past.happened[course.last_moved].at if course.last_moved else None,
    )


def _unknown(past: Past, why: str) -> Compared:
    state = past.happened[-1].to_state if past.happened else ""
    return Compared(past.reference, past.title, "unknown", state=state, would_be=state, why=why)


def _told(one: Difference) -> str:
    return f"{one.kind} {one.name}: {one.how}{f' ({one.why})' if one.why else ''}"


def _in_order(one: Difference) -> datetime:
    found = one.would_be or one.was
    assert found is not None
    return found


def _differences(course: Course, played: Played) -> Iterator[Difference]:
    happened = {step.of: step for step in played.steps if step.of is not None}
    first_refused = min(played.refused, default=-1)
    for place, entry in enumerate(course.past.happened):
        if step := happened.get(place):
            yield from _moved(entry, step)
        elif refused := played.refused.get(place):
            how: How = "gone" if refused.unasked else "impossible"
            why = refused.why if place == first_refused or not entry.moved else f"{refused.why} ({_AFTER_THAT})"
            yield _of(how, entry, refused.at, why)
        else:
            yield _absent(course, played, place)
    for step in played.steps:
        if step.of is None:
            entry_made = step.outcome.entry
            yield Difference("added", entry_made.kind, entry_made.name, entry_made.from_state, None, step.at)


def _moved(entry: Happened, step: Step) -> Iterator[Difference]:
    made = step.outcome.entry
    if made.to_state != entry.to_state:
        yield _of("otherwise", entry, step.at, f"it leads to {made.to_state}, not to {entry.to_state}")
    elif made.kind != entry.kind:
        yield _of("otherwise", entry, step.at, made.note)
    elif step.at != entry.at:
        yield _of("later" if step.at > entry.at else "earlier", entry, step.at)


def _absent(course: Course, played: Played, place: int) -> Difference:
    """An entry that has not come: it is still to come, or no deadline does it any more."""
    entry = course.past.happened[place]
    if place in played.to_come:
        return _of("to come", entry, played.to_come[place])
    if not course.by_itself[place] or course.causes[place] not in played.settled:
        return _of("to come", entry, None)
    due = _due(played, entry)
    return _of("to come" if due else "gone", entry, due)


def _due(played: Played, entry: Happened) -> datetime | None:
    """When a deadline that still runs does what the entry says, if one does."""
    specs, case = played.definition.deadlines[played.case.state], played.case
    if entry.from_state != case.state:
        return None
    for name, running in case.deadlines.items():
        does = specs[name].then.event if entry.kind == "event" and name in specs else name
        if does == entry.name and running.next_at is not None:
            return running.next_at if entry.kind == "reminder" else running.due_at
    return None


def _of(how: How, entry: Happened, would_be: datetime | None, why: str = "") -> Difference:
    return Difference(how, entry.kind, entry.name, entry.from_state, entry.at, would_be, why)


def _mails_differ(as_it_was: Played, would_be: Played, past: Past) -> Iterator[Difference]:
    """What happens in both, but would write to others, or with other words."""
    wrote = {step.of: _letters(step) for step in as_it_was.steps}
    for step in would_be.steps:
        if step.of is not None and (before := wrote.get(step.of)) is not None and before != _letters(step):
            more, fewer = _letters(step) - before, before - _letters(step)
            said = [f"also {name} to {role}" for name, role in more] + [f"no {name} to {role}" for name, role in fewer]
            yield _of("otherwise", past.happened[step.of], step.at, f"e-mails: {', '.join(said)}")


def _letters(step: Step) -> Counter[tuple[str, str]]:
    return Counter((send.notice, send.role) for send in step.outcome.sends)


def _mails(played: Played) -> int:
    return sum(len(step.outcome.sends) for step in played.steps)


def _last_move_moved(past: Past, would_be: Played) -> timedelta | None:
    """How much later the last move comes that happens in both."""
    both = [step for step in would_be.steps if step.of is not None and past.happened[step.of].moved]
    last = max(both, key=lambda step: step.of or 0, default=None)
    return last.at - past.happened[last.of or 0].at if last else None


def _verdict(differences: list[Difference], by: timedelta | None) -> Verdict:
    found = {one.how for one in differences}
    if not found:
        return "same"
    if "impossible" in found:
        return "impossible"
    if found <= {"later", "earlier", "to come"}:
        if "to come" in found or (by and by > timedelta(0)):
            return "later"
        return "earlier" if by and by < timedelta(0) else "otherwise"
    return "otherwise"
