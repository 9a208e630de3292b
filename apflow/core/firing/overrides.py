"""Setting a guard aside on one case: who may, until when at the latest, and what stands aside now."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time

from msgspec.structs import replace

from apflow.core.commands import SetGuardAside, TakeGuardBack
from apflow.core.days.calendar import LONDON
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.records import Taking
from apflow.core.definition.timing import Override
from apflow.core.definition.words import day
from apflow.core.errors import Invalid, NotAllowed, NotFound, NotOpen
from apflow.core.facts import facts_of, set_aside_on
from apflow.core.firing.guards import objections
from apflow.core.firing.typed import clean
from apflow.core.outcome import Entry, Outcome, Send, unmoved
from apflow.core.people.actor import Actor
from apflow.core.people.permission import acts_as, may_see
from apflow.core.snapshot import SetAside, Snapshot, World

REASON_LIMIT = 1000


@dataclass(frozen=True, slots=True)
class Barrier:
    """A guard that stands in the way and that the actor may set aside, with the reason it gives.

    `label` says what of; `event` is its name, or None where it is a record that could be added to the case.
    """

    guard: str
    reason: str
    event: str | None
    label: str


def set_aside(
    definition: Definition, snapshot: Snapshot, command: SetGuardAside, world: World, now: datetime
) -> Outcome:
    """Set the guard aside, in place of any earlier time; everyone its override names is told."""
    override = permitted(definition, snapshot, command.guard, command.actor)
    reason = clean(command.reason)
    last = latest(definition, override, world.today)
    if errors := _errors(reason, command.until, world.today, last):
        raise Invalid(errors)
    new = SetAside(command.until, command.actor.name, reason)
    entry = _entry(snapshot, f"set aside {command.guard}", command.actor, now)
    return replace(
        unmoved(snapshot, replace(entry, set_aside={command.guard: new}, note=reason)),
        sends=tuple(Send(notice, role) for role, notice in override.tell.items()),
        overrides={**set_aside_on(snapshot, world.today), command.guard: new},
    )


def take_back(
    definition: Definition, snapshot: Snapshot, command: TakeGuardBack, world: World, now: datetime
) -> Outcome:
    """End an override before its day; whoever may set the guard aside may do this."""
    permitted(definition, snapshot, command.guard, command.actor)
    standing = set_aside_on(snapshot, world.today)
    if command.guard not in standing:
        raise NotOpen(f"“{in_words(command.guard).capitalize()}” is not set aside at present.")
    return replace(
        unmoved(snapshot, _entry(snapshot, f"took back {command.guard}", command.actor, now)),
        overrides={guard: kept for guard, kept in standing.items() if guard != command.guard},
    )


def permitted(definition: Definition, snapshot: Snapshot, guard: str, actor: Actor) -> Override:
    """The guard's override; refused unless the case is seen and open, the guard has one, and it is this actor's."""
    if not may_see(definition, snapshot, actor):
        raise NotFound
    spec = definition.workflow.guards.get(guard)
    if spec is None:
        raise NotFound(f'There is no guard called "{guard}".')
    if spec.override is None:
        raise NotAllowed(f"Nobody may set this aside: {in_words(guard)}.")
    if not acts_as(definition, snapshot, spec.override.by, actor):
        raise NotAllowed
    if definition.state(snapshot.state).final:
        raise NotOpen("The case has ended, so there is nothing to set aside.")
    return spec.override


def latest(definition: Definition, override: Override, today: date) -> date:
    """The last day until which the guard may be set aside today."""
    # Midnight, as no cut-off comes before it: counting starts today even in the evening.
    return definition.calendar.due(datetime.combine(today, time.min, LONDON), override.at_most).on


def may_set_aside(definition: Definition, snapshot: Snapshot, guard: str, actor: Actor) -> bool:
    """Whether the guard has an override that is this actor's."""
    spec = definition.workflow.guards.get(guard)
    return spec is not None and spec.override is not None and acts_as(definition, snapshot, spec.override.by, actor)


def barriers(definition: Definition, snapshot: Snapshot, actor: Actor, world: World) -> tuple[Barrier, ...]:
    """What the actor may set aside of all that stands in the way here, of anybody's events and of adding records."""
    if not may_see(definition, snapshot, actor):
        return ()
    facts = facts_of(definition, snapshot, world)
    return tuple(
        Barrier(guard, reason, event, label)
        for event, label, asks in _asking(definition, snapshot)
        for guard, reason in objections(definition, asks, facts, reading_answers=False).items()
        if may_set_aside(definition, snapshot, guard, actor)
    )


def _asking(definition: Definition, snapshot: Snapshot) -> Iterator[tuple[str | None, str, EventSpec | Taking]]:
    """What asks guards here, with what people call it: events on the case itself, and records that it takes."""
    for event, spec in definition.events[snapshot.state].items():
        if spec.item is None:
            yield event, spec.label.staff, spec
    for kind, taking in definition.workflow.takes.items():
        if snapshot.state in taking.while_in:
            yield None, f"New {in_words(kind)}", taking


def in_words(guard: str) -> str:
    """A guard's name inside a sentence: guards are named as what must be true."""
    return guard.replace("_", " ")


def said_of(standing: Mapping[str, SetAside]) -> tuple[str, ...]:
    """Each guard that is set aside, until when and by whom, as a sentence; not why, which is for staff."""
    return tuple(
        f"“{in_words(guard).capitalize()}” is set aside until {day(one.until)} by {one.by}."
        for guard, one in standing.items()
    )


def _errors(reason: str, until: date, today: date, last: date) -> dict[str, str]:
    errors = {}
    if not reason:
        errors["reason"] = "Say why it is set aside."
    elif len(reason) > REASON_LIMIT:
        errors["reason"] = f"Use {REASON_LIMIT:,} characters or fewer."
    if until < today:
        errors["until"] = "Give today or a day to come."
    elif until > last:
        errors["until"] = f"Give {day(last)} or an earlier day, which is the most allowed."
    return errors


def _entry(snapshot: Snapshot, name: str, actor: Actor, now: datetime) -> Entry:
    return Entry("override", name, actor, now, snapshot.state, snapshot.state)
