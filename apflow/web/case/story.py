"""A case's way so far, as an outsider follows it: the journey, what they were told last, and how it ended."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from operator import attrgetter
from typing import Any

from apflow.core.deadlines.kept import asked_of, kept_by
from apflow.core.definition import words
from apflow.core.definition.labels import STAFF
from apflow.core.definition.workflow import StateSpec
from apflow.core.people.permission import readable
from apflow.core.snapshot import RunningDeadline
from apflow.store.outbox import is_stopped
from apflow.store.reading.history import HistoryView
from apflow.web.case.mails import how_far
from apflow.web.case.opened import Opened

# Whatever event asks one of these, its answer is written for the provider, and is in the e-mail it sends.
TOLD = {
    "what_we_need": "What we need from you",
    "reasons": "Our reasons",
    "what_next": "What you could do next",
    "message": "A message from the officer",
    "seen": "What we saw and talked about",
    "agreed": "What was agreed",
    "strengths": "What we saw to celebrate",
    "visit_outcome": "What the visit found",
    "going": "Who is coming from the team",
    "visitors": "Who is coming",
    "what_to_prepare": "What to have ready",
}


@dataclass(frozen=True, slots=True)
class Step:
    """One step of the journey: `done`, `now`, `reached` (the good end), `ended` (where it broke off) or `ahead`.

    `at` is when it was last left, for the present one when it was reached, and for the good end when that first was.
    """

    title: str
    how: str
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Told:
    """What the council said to the provider with one event."""

    at: datetime
    words: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Letter:
    """One e-mail that was sent to the reader."""

    subject: str
    at: datetime
    state: str
    colour: str
    has_arrived: bool


@dataclass(frozen=True, slots=True)
class Due:
    """The one deadline that an outsider is told of."""

    label: str
    running: RunningDeadline
    ends_case: bool
    is_over: bool


def journey_of(opened: Opened, entries: Sequence[HistoryView]) -> list[Step]:
    """The steps to the journey's end."""
    journey, state = opened.definition.workflow.journey, opened.snapshot.state
    called = opened.definition.now_called
    moves = [entry for entry in entries if entry.kind == "event" and entry.from_state != entry.to_state]
    left = {called(entry.from_state): entry.at for entry in moves}
    came = {called(entry.to_state): entry.at for entry in reversed(moves)}
    reached = moves[-1].at if moves else None
    passed = [state] if state in journey else [at for move in moves if (at := called(move.from_state)) in journey]
    last = passed[-1] if passed else state
    place = journey.index(last) if last in journey else -1
    hows = [_how(opened, name, number, place) for number, name in enumerate(journey)]
    return [
        Step(
            _step(opened.definition.state(name), opened.audience),
            how,
            came.get(name) if how == "reached" else reached if name == state else left.get(name),
        )
        for name, how in zip(journey, hows, strict=True)
    ]


def ahead(opened: Opened) -> str | None:
    """The step after the present one, or None at the journey's end and off it."""
    journey, state = opened.definition.workflow.journey, opened.snapshot.state
    following = journey[journey.index(state) + 1 :] if state in journey else ()
    return _step(opened.definition.state(following[0]), opened.audience) if following else None


def due_of(opened: Opened) -> Due | None:
    """The state's first deadline, as long as it runs, whoever is to keep it."""
    first = next(iter(opened.definition.state(opened.snapshot.state).deadlines), "")
    running = opened.snapshot.deadlines.get(first)
    return _told_of(opened, running) if running else None


def due_for(opened: Opened) -> Due | None:
    """The earliest of the deadlines that are the reader's to keep."""
    theirs = kept_by(opened.definition, opened.snapshot.state, opened.actor.roles)
    running = [one for one in opened.snapshot.deadlines.values() if one.name in theirs]
    return _told_of(opened, min(running, key=attrgetter("due_at"))) if running else None


def due_from_others(opened: Opened) -> Due | None:
    """The earliest of the deadlines that another outsider whose move it is has been asked to keep."""
    awaits = opened.definition.workflow.party_roles & {opened.definition.state(opened.snapshot.state).awaiting or ""}
    names = asked_of(opened.definition, opened.snapshot.state, awaits - opened.actor.roles)
    running = [one for one in opened.snapshot.deadlines.values() if one.name in names]
    return _told_of(opened, min(running, key=attrgetter("due_at"))) if running else None


def _told_of(opened: Opened, running: RunningDeadline) -> Due:
    spec = opened.definition.deadlines[opened.snapshot.state][running.name]
    return Due(spec.label, running, spec.then.event is not None, running.due_at < opened.now)


def comes_round(opened: Opened) -> list[tuple[str, RunningDeadline]]:
    """The linked cases that begin by themselves every so often: what each is called, and when the next one does."""
    definition, snapshot = opened.definition, opened.snapshot
    offered, kinds = definition.events[snapshot.state], definition.workflow.children
    found = []
    for name, spec in definition.deadlines[snapshot.state].items():
        event = offered.get(spec.then.event or "")
        if spec.every is not None and event is not None and name in snapshot.deadlines:
            found += [(kinds[kind].label.to(opened.audience), snapshot.deadlines[name]) for kind in event.begins]
    return found


def told_on_arrival(opened: Opened, entries: Sequence[HistoryView]) -> Told | None:
    """What staff said to the provider when the case came to be where it is; None when they said nothing."""
    state, called = opened.snapshot.state, opened.definition.now_called
    moved = (entry for entry in entries if entry.kind == "event" and entry.from_state != entry.to_state)
    moves = [entry for entry in moved if called(entry.to_state) == state]
    return _told(opened, moves[-1]) if moves and moves[-1].actor_audience == STAFF else None


def told_by(opened: Opened, entries: Sequence[HistoryView], event: str) -> Told | None:
    """What staff last said to the provider with this event."""
    last = next((entry for entry in reversed(entries) if entry.kind == "event" and entry.name == event), None)
    return _told(opened, last) if last is not None else None


def letters(opened: Opened, messages: Sequence[Any]) -> list[Letter]:
    """The e-mails in the words of the page; not those that somebody stopped, as nobody was told anything by them."""
    return [_letter(opened, row) for row in messages if not is_stopped(row)]


def _step(state: StateSpec, audience: str) -> str:
    return (state.step or state.label).to(audience)


def _how(opened: Opened, name: str, number: int, place: int) -> str:
    state = opened.snapshot.state
    if number != place:
        return "done" if number < place else "ahead"
    if name != state:  # Beside the journey: where it is over, or where it goes on from what was reached.
        return "ended" if opened.definition.state(state).final else "reached"
    return "reached" if opened.definition.state(state).outcome == "good" else "now"


def _told(opened: Opened, entry: HistoryView) -> Told | None:
    answers: Mapping[str, Any] = entry.payload.get("answers") or {}
    asked = opened.definition.forms.get((entry.from_state, entry.name), {})
    form, names = readable(opened.definition, asked, opened.actor), opened.names_in([entry])
    said = [
        (_heading(name, entry), words.in_words(form[name], answers[name], names) or "")
        for name in TOLD
        if name in answers and name in form
    ]
    return Told(entry.at, tuple(said)) if said else None


def _heading(name: str, entry: HistoryView) -> str:
    return "The panel's reasons" if (name, entry.from_state) == ("reasons", "panel") else TOLD[name]


def _letter(opened: Opened, row: Any) -> Letter:
    state, colour = how_far(row)
    subject = row.subject.removesuffix(f" ({opened.reference})")  # The page says it once.
    return Letter(subject, row.sent_at or row.queued_at, state, colour, row.status == "sent")
