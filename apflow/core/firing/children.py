"""What an event says to other cases: which children it begins, and what it tells those and keepers of records."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from msgspec.structs import replace

from apflow.core.conditions import Facts, holds
from apflow.core.deadlines.among import Items
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import Condition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.linked import KEPT_BY, THIS_CASE
from apflow.core.definition.workflow import ChildSpec
from apflow.core.facts import items_facts
from apflow.core.outcome import Signal
from apflow.core.snapshot import Snapshot


def signals_of(
    definition: Definition,
    snapshot: Snapshot,
    spec: EventSpec,
    to_state: str,
    fields: Mapping[str, Any],
    answers: Mapping[str, Any],
    items: Items,
    today: date,
) -> tuple[Signal, ...]:
    """What the event says to the case's relatives, told in this order; `fields` and `items` are as it leaves them."""
    begun: Iterable[Signal] = ()
    told: Iterable[Signal] = ()
    called: Iterable[Signal] = ()
    if spec.begins or spec.signals or spec.calls:
        left = replace(snapshot, fields=fields, items=items)
        known = {**fields, **{f"answer.{name}": given for name, given in answers.items()}}
        known[THIS_CASE] = snapshot.reference
        begun = _begun(definition, left, today, spec, known)
        told = _told(spec, known)
        called = _called(definition, left, today, spec, known)
    return (*begun, *told, *called, *_ended(definition, snapshot, to_state))


def _begun(
    definition: Definition, left: Snapshot, today: date, spec: EventSpec, known: Mapping[str, Any]
) -> Iterator[Signal]:
    for kind, copied in spec.begins.items():
        child = definition.workflow.children[kind]
        for said in _each(definition, left, today, child):
            told = {**known, **said}
            answers = {theirs: told[ours] for theirs, ours in copied.items() if told.get(ours) is not None}
            yield Signal("begin", kind, child.start, child.workflow, answers)


def _each(definition: Definition, left: Snapshot, today: date, child: ChildSpec) -> Iterator[Mapping[str, Any]]:
    """What may be copied of each item that one is begun for; nothing, once, where it is no matter of items."""
    if child.each is None:
        yield {}
        return
    for facts in _meant(definition, left, today, child.each.items, child.each.where):
        yield {f"item.{name}": value for name, value in facts.items()}


def _told(spec: EventSpec, known: Mapping[str, Any]) -> Iterator[Signal]:
    for kind, signalling in spec.signals.items():
        answers = {theirs: known[ours] for theirs, ours in signalling.with_.items() if known.get(ours) is not None}
        yield Signal("tell", kind, signalling.event, answers=answers)


def _called(
    definition: Definition, left: Snapshot, today: date, spec: EventSpec, known: Mapping[str, Any]
) -> Iterator[Signal]:
    for collection, calling in spec.calls.items():
        for facts in _meant(definition, left, today, collection, calling.where):
            told = {**known, **{f"item.{name}": value for name, value in facts.items()}}
            answers = {theirs: told[ours] for theirs, ours in calling.with_.items() if told.get(ours) is not None}
            if facts.get(KEPT_BY):
                yield Signal("tell", collection, calling.event, calling.workflow, answers, to=facts[KEPT_BY])


def _meant(
    definition: Definition, left: Snapshot, today: date, collection: str, where: Condition | None
) -> Iterator[Mapping[str, Any]]:
    """The facts of those items of the collection that are `where`."""
    for facts in items_facts(definition, left.items.get(collection, {}), collection).values():
        if where is None or holds(where, Facts(left.fields, today.isoformat(), item=facts)) is True:
            yield facts


def _ended(definition: Definition, snapshot: Snapshot, to_state: str) -> Iterator[Signal]:
    if snapshot.parent is not None and snapshot.state != to_state and definition.state(to_state).final:
        yield Signal("ended", snapshot.parent.kind, to_state)
