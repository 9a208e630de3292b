"""Firing an event: the walk every event takes, from "may you see this?" to what changes."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from apflow.core.commands import Fire
from apflow.core.conditions import Facts, holds
from apflow.core.deadlines.among import Items
from apflow.core.deadlines.changes import Happening, on_move, on_stay
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec, IfHolds
from apflow.core.errors import Blocked, NotAllowed, NotFound, NotOpen, Stale, UnknownEvent
from apflow.core.facts import facts_of
from apflow.core.firing import moves
from apflow.core.firing.against import others_against
from apflow.core.firing.answers import read_answers
from apflow.core.firing.children import signals_of
from apflow.core.firing.guards import passed_over, reasons_against
from apflow.core.firing.hiding import refuse_if_hidden_from_all
from apflow.core.firing.holders import asked_again, asked_anew, given, handed_on, kept_by
from apflow.core.firing.items import (
    drawn_items,
    dropped_by,
    expiry_of,
    holder_of,
    item_key,
    item_of_another,
    items_after,
    refuse_item,
    refuse_unknown_item,
    settled_anew,
)
from apflow.core.firing.keeping_from import refuse_who_is_barred
from apflow.core.firing.proposals import PROPOSAL, refuse_without_proposal
from apflow.core.firing.telling import sends_of, tells_of
from apflow.core.firing.written import fields_changed, joined, said_of_item
from apflow.core.invariants import broken_on_entry
from apflow.core.machine import START
from apflow.core.outcome import Entry, Outcome, TaskChange
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.people.doers import doer
from apflow.core.people.permission import asked_of, form_for, may_fire, may_see
from apflow.core.snapshot import Snapshot, World, items_left


def fire(definition: Definition, snapshot: Snapshot, command: Fire, world: World, now: datetime) -> Outcome:
    """Take the event through every refusal in order, and say what it changes."""
    spec = _permitted(definition, snapshot, command)
    item = item_key(definition, snapshot, spec, command)
    _refuse_if_stale(definition, snapshot, command, spec, item)
    spec = _open(definition, snapshot, command.event, spec)
    refuse_without_proposal(snapshot.fields, spec)
    refuse_unknown_item(definition, snapshot, spec, command)
    refuse_item(definition, snapshot, spec, item)
    facts = facts_of(definition, snapshot, world, item=item)
    reasons = reasons_against(definition, spec, facts, reading_answers=False)
    reasons += others_against(definition, snapshot, command.event, spec, command.actor)
    if reasons:
        raise Blocked(reasons)
    form = form_for(definition, snapshot.state, command.event, command.actor)
    answers = read_answers(form, command.answers, facts, snapshot.uploads, world.people, world.pupils, world.refused)
    if another := item_of_another(spec, answers):
        refuse_item(definition, snapshot, spec, another)
        item = another
    answered = replace(facts, answers=answers | (expiry_of(definition, *item, answers) if item else {}))
    if reasons := reasons_against(definition, spec, answered, reading_answers=True):
        raise Blocked(reasons)
    refuse_who_is_barred(definition, snapshot, spec, item, answers)
    outcome = outcome_of(definition, snapshot, command.event, spec, command.actor, answers, item, world, now)
    refuse_if_hidden_from_all(definition, outcome, world)
    if reasons := broken_on_entry(definition, snapshot, outcome, world):
        raise Blocked(reasons)
    return with_overrides_used(definition, snapshot, spec, outcome, answered)


def _permitted(definition: Definition, snapshot: Snapshot, command: Fire) -> EventSpec:
    """Whoever might do what tells this case need not be allowed anything here: the event is the clock's, as theirs."""
    if command.told_by is None:
        return permitted(definition, snapshot, command.event, command.actor)
    return permitted(definition, snapshot, command.event, THE_CLOCK)


def with_overrides_used(
    definition: Definition, snapshot: Snapshot, spec: EventSpec, outcome: Outcome, facts: Facts
) -> Outcome:
    """The event's outcome, its history saying which guards it passed only because they were set aside."""
    used = {guard: snapshot.overrides[guard] for guard in passed_over(definition.workflow, spec, facts)}
    return replace(outcome, entry=replace(outcome.entry, set_aside=used)) if used else outcome


def permitted(definition: Definition, snapshot: Snapshot, event: str, actor: Actor) -> EventSpec:
    """The event as this state has it, or as some other state has it; refused unless seen, known and allowed."""
    if snapshot.state != START and not may_see(definition, snapshot, actor):
        raise NotFound
    here = definition.events[snapshot.state].get(event)
    specs = [here] if here else [events[event] for events in definition.events.values() if event in events]
    if not specs:
        raise UnknownEvent(f'There is no event called "{event}".')
    allowed = [spec for spec in specs if may_fire(definition, snapshot, spec, actor)]
    if not allowed:
        raise NotAllowed
    return allowed[0]


def outcome_of(
    definition: Definition,
    snapshot: Snapshot,
    event: str,
    spec: EventSpec,
    actor: Actor,
    answers: Mapping[str, Any],
    item: tuple[str, str] | None,
    world: World,
    now: datetime,
) -> Outcome:
    """What the event changes once nothing stands against it."""
    to_state = definition.machine.step(snapshot.state, event)
    changed = fields_changed(definition, snapshot, event, spec, actor, answers, world)
    fields, spec = {**snapshot.fields, **changed}, spec if changed else spec.unchanging
    said = said_of_item(definition, snapshot, event, actor, answers, item, world)
    emptied = tuple(name for name, value in said.items() if value is None) if None in said.values() else ()
    answers = _said(answers)
    items = items_after(definition, snapshot, spec, said, item, holder_of(spec, answers, actor, world), now)
    items += drawn_items(definition, snapshot, spec, world.drawn, now)
    left = items_left(snapshot.items, spec.clears, dropped := dropped_by(spec, item), items)
    if spec.if_holds is not None:
        after = replace(snapshot, fields=fields, items=left)
        spec = _as_it_holds(definition, after, spec, spec.if_holds, answers, world)
    if spec.settles_anew:
        left = items_left(left, (), (), items := settled_anew(definition, items, left))
    common: dict[str, Any] = {
        "state": to_state,
        "fields": _said(fields),
        "entry": Entry("event", event, actor, now, snapshot.state, to_state, answers, changed, item, emptied=emptied),
        "items": items,
        "cleared": spec.clears,
        "dropped": dropped,
        "sends": sends_of(spec),
        "signals": signals_of(definition, snapshot, spec, to_state, fields, answers, left, world.today),
        "tells": tells_of(definition, snapshot, spec, item, fields, answers),
        "assigned_to": kept_by(definition, fields, _assigned(definition, snapshot, spec, actor)),
        "uploads": _uploads(definition, snapshot.state, event, answers),
        "doers": doer(definition, snapshot, event, actor),
        "keeps": spec.keeps,
        "joins": joined(spec, fields),
        "signs": spec.signs,
    }
    if spec.to is None:
        return _stay(definition, snapshot, event, spec, actor, changed, left, now, common)
    return _move(definition, snapshot, event, spec, actor, to_state, changed, left, now, common)


def _said(values: Mapping[str, Any]) -> Mapping[str, Any]:
    """Those that say something; as a rule all do."""
    return {name: value for name, value in values.items() if value is not None} if None in values.values() else values


def _as_it_holds(
    definition: Definition,
    after: Snapshot,
    spec: EventSpec,
    if_holds: IfHolds,
    answers: Mapping[str, Any],
    world: World,
) -> EventSpec:
    """The event with whom it asks and tells, as the case is `after` it; what is not known holds not."""
    facts = replace(facts_of(definition, after, world), answers=answers)
    return spec if holds(if_holds.when, facts) is True else spec.unasking


def _stay(
    definition: Definition,
    snapshot: Snapshot,
    event: str,
    spec: EventSpec,
    actor: Actor,
    changed: Mapping[str, Any],
    left: Items,
    now: datetime,
    common: dict[str, Any],
) -> Outcome:
    state = definition.state(snapshot.state)
    happening = Happening(definition, event, snapshot.state, common["fields"], now, left)
    clocks = on_stay(happening, snapshot, spec, changed)
    on = common["entry"].item
    done = moves.tasks_done_by({**state.tasks, **definition.workflow.alerts}, snapshot.tasks, event, on, actor)
    done += moves.settled_of_everybody(definition, left, on, snapshot.tasks, actor)
    done += moves.no_longer_overdue(snapshot.tasks, moves.settled(happening, snapshot.tasks, clocks), actor)
    moved = moves.tasks_moved(state, snapshot.tasks, (*clocks.started, *clocks.altered), clocks.stopped)
    over, anew = asked_anew(definition, snapshot.state, changed, snapshot.tasks)
    anew |= asked_again(definition, snapshot.state, snapshot.tasks, clocks.started)
    done += tuple(TaskChange(task.id, "cancelled", actor.id) for task in over)
    finished = {change.task for change in done}
    kept = [task for task in snapshot.tasks if task.id not in finished]
    opened = moves.alerts_of(definition, spec, common["entry"], left, kept, common["assigned_to"])
    if anew:
        running = clocks.running(snapshot.deadlines).values()
        entered = moves.tasks_on_entry(definition, state, running, common["assigned_to"], now)
        opened += tuple(task for task in entered if task.name in anew)
    return Outcome(
        entered_at=snapshot.entered_at,
        opened=given(definition, snapshot.state, common["fields"], opened),
        tasks=done + moved + handed_on(definition, snapshot.state, common["fields"], changed, kept),
        started=clocks.started,
        altered=clocks.altered,
        stopped=clocks.stopped,
        **common,
    )


def _move(
    definition: Definition,
    snapshot: Snapshot,
    event: str,
    spec: EventSpec,
    actor: Actor,
    to_state: str,
    changed: Mapping[str, Any],
    left: Items,
    now: datetime,
    common: dict[str, Any],
) -> Outcome:
    entered, assigned_to = definition.state(to_state), common["assigned_to"]
    happening = Happening(definition, event, to_state, common["fields"], now, left)
    clocks = on_move(happening, snapshot, changed)
    running = clocks.running(snapshot.deadlines).values()
    closed = (
        moves.tasks_on_leaving(definition.state(snapshot.state), snapshot.tasks, event, actor)
        if snapshot.state != START
        else ()
    )
    if stood := [task for task in snapshot.tasks if task.is_alert]:
        closed += moves.no_longer_overdue(stood, moves.settled(happening, snapshot.tasks, clocks), actor)
        closed += moves.tasks_done_by(definition.workflow.alerts, stood, event, common["entry"].item, actor)
    finished = {change.task for change in closed}
    opened = moves.tasks_on_entry(definition, entered, running, assigned_to, now)
    alerts = [task for task in stood if task.id not in finished]
    opened += moves.alerts_of(definition, spec, common["entry"], left, alerts, assigned_to)
    return Outcome(
        entered_at=now,
        opened=given(definition, to_state, common["fields"], opened),
        tasks=closed + (handed_on(definition, to_state, common["fields"], changed, alerts) if alerts else ()),
        started=clocks.started,
        altered=clocks.altered,
        stopped=clocks.stopped,
        **common,
    )


def _open(definition: Definition, snapshot: Snapshot, event: str, spec: EventSpec) -> EventSpec:
    here = definition.events[snapshot.state].get(event)
    if here is None and snapshot.state == START:
        raise NotOpen(f'A case does not begin with "{spec.label.staff}".')
    if here is None:
        label = definition.state(snapshot.state).label.staff.lower()
        raise NotOpen(f'"{spec.label.staff}" cannot be done while the case is {label}.')
    return here


def _refuse_if_stale(
    definition: Definition, snapshot: Snapshot, command: Fire, spec: EventSpec, item: tuple[str, str] | None
) -> None:
    if command.seen is None or command.seen == snapshot.version:
        return
    form = asked_of(definition.forms.get((snapshot.state, command.event), {}), command.actor)
    written = set(form) & set(definition.workflow.fields) | ({PROPOSAL} if spec.proposal else set())
    written |= definition.signed_fields(spec)
    clashes = [
        change
        for change in snapshot.since
        if change.moved or change.fields & written or (item is not None and change.item == item)
    ]
    if clashes:
        raise Stale([f"{change.who}: {change.what}" for change in clashes])


def _assigned(definition: Definition, snapshot: Snapshot, spec: EventSpec, actor: Actor) -> int | None:
    """Whoever first does an officer's work on a case has the case, and not who begins it as its party."""
    if (
        snapshot.assigned_to is None
        and not spec.as_party
        and any(moves.follows_the_case(definition, role) for role in actor.roles)
    ):
        return actor.id
    return snapshot.assigned_to


def _uploads(definition: Definition, state: str, event: str, answers: Mapping[str, Any]) -> tuple[str, ...]:
    return tuple(answers[name] for name in definition.asked[state, event].files if name in answers)
