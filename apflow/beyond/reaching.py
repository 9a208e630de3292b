"""What a decision reaches beyond its own case: records that it reads of, and cases further up that hear of its end."""

from collections.abc import Callable
from datetime import date

from msgspec import structs
from sqlalchemy import Connection

from apflow.core.commands import Command, WithAnswers
from apflow.core.days.calendar import shift
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.outcome import Outcome
from apflow.core.snapshot import Snapshot, World
from apflow.loader import Library
from apflow.provision.drawn import KEPT_PLACEMENTS, PLACEMENTS_ELSEWHERE, PLACEMENTS_PREPARED, SOCIAL_WORKERS
from apflow.store.family import line_of
from apflow.store.records.commissioned import Besides, Commissioned, commissioned
from apflow.store.records.prepared import Preparing


def is_wide(definition: Definition, spec: EventSpec) -> bool:
    """Whether the event draws items from records of a provider, or writes to everybody on a register."""
    drawn = {definition.source_name(name) for name in spec.draws} - {PLACEMENTS_ELSEWHERE}
    return bool(drawn) or any(_is_register(definition, role) for role in spec.notify)


def wide_events(library: Library) -> frozenset[str]:
    """The events, of whatever workflow, that may write hundreds of e-mails, which nobody should have to wait for."""
    current = (library.current(name) for name in library.sources)
    offered = ((made, events) for made in current for events in made.events.values())
    return frozenset(name for made, events in offered for name, spec in events.items() if is_wide(made, spec))


def keeping_events(library: Library) -> frozenset[str]:
    """The events, of whatever workflow, that write the record their case keeps: decided with what they read held."""
    current = (library.current(name) for name in library.sources)
    offered = (events for made in current for events in made.events.values())
    return frozenset(name for events in offered for name, spec in events.items() if spec.keeps)


def records_for(
    connection: Connection,
    library: Library,
    definition: Definition,
    snapshot: Snapshot,
    command: Command,
    world: World,
) -> Commissioned | None:
    """Who commissions and what is placed at the provider that the case is about, if what is asked needs to know.

    Where the case joins another by this, that is the provider whose case it joins.
    """
    offered = definition.events[snapshot.state]
    asked = [offered[command.event]] if isinstance(command, WithAnswers) and command.event in offered else []
    specs = asked if isinstance(command, WithAnswers) else list(offered.values())
    if not any(is_wide(definition, spec) for spec in specs):
        return None
    drawn = {definition.source_name(name) for spec in specs for name in spec.draws}
    joined = _joined(definition, snapshot, command, world) if isinstance(command, WithAnswers) else None
    provider = first_of(connection, joined) if joined else provider_of(connection, snapshot)
    prepared_by = _preparing(library) if PLACEMENTS_PREPARED in drawn else ()
    collections = {name: definition.collection(name) for spec in specs for name in spec.draws}
    spans = [one.ended_within for one in collections.values() if one.ended_within]
    ended_since = min((shift(world.today, span, -1) for span in spans), default=None)
    besides = Besides(SOCIAL_WORKERS in drawn, prepared_by, ended_since)
    return commissioned(connection, provider, world.today, besides)


def _joined(definition: Definition, snapshot: Snapshot, command: WithAnswers, world: World) -> str | None:
    """The reference of the case that this one would join, by the record that is chosen; None where it joins none."""
    spec = definition.events[snapshot.state].get(command.event)
    if spec is None or spec.joins is None or spec.joins.case not in definition.taken:
        return None
    question, fact = definition.taken[spec.joins.case]
    asked = definition.forms[snapshot.state, command.event].get(question)
    offered = world.chosen.get(asked.records or "", {}) if asked else {}
    chosen = str(command.answers.get(question, ""))
    said = offered.get(int(chosen), {}).get(fact) if chosen.isdecimal() else None
    return str(said) if said else None


def _preparing(library: Library) -> tuple[Preparing, ...]:
    """The workflows whose cases keep a placement once it begins, with what they call its site and its commissioner."""
    current = [library.current(name).workflow for name in library.sources]
    keeping = [(one.workflow, one.keeps.as_) for one in current if one.keeps and one.keeps.records == KEPT_PLACEMENTS]
    return tuple(Preparing(name, as_["site"], as_["commissioner"]) for name, as_ in keeping)


def register_for(
    connection: Connection, definition: Definition, snapshot: Snapshot, outcome: Outcome, today: date
) -> Commissioned | None:
    """The same for an outcome that is only looked at, where it would write to a register."""
    if not any(_is_register(definition, send.role) for send in outcome.sends):
        return None
    return commissioned(connection, provider_of(connection, snapshot), today)


def _is_register(definition: Definition, role: str) -> bool:
    known = definition.council.roles.get(role)
    return known is not None and known.mail == "register"


def provider_of(connection: Connection, snapshot: Snapshot) -> str:
    """The reference of the case that all of this began from."""
    if snapshot.parent is None:
        return snapshot.reference
    return first_of(connection, snapshot.parent.reference)


def first_of(connection: Connection, reference: str) -> str:
    """The reference of the case at the top of the line that this one stands in."""
    *_, first = line_of(connection, reference)
    return str(first.reference)


def further_up(
    connection: Connection, snapshot: Snapshot, outcome: Outcome, definition_of: Callable[[Connection, str], Definition]
) -> Outcome:
    """The outcome, with the case's end told to those above its parent as well, where an event is said to follow."""
    ends = [signal for signal in outcome.signals if signal.purpose == "ended"]
    if not ends or snapshot.parent is None:
        return outcome
    above = list(line_of(connection, snapshot.parent.reference))[1:]
    told = (
        structs.replace(signal, to=case.reference)
        for signal in ends
        for case in above
        if (spec := definition_of(connection, case.digest).workflow.children.get(signal.kind))
        and signal.event in spec.ends
    )
    return structs.replace(outcome, signals=(*outcome.signals, *told))
