"""Child cases as their relatives see them: what an event says to them, and what conditions may ask about them."""

from collections.abc import Iterator, Mapping
from typing import Any

from apflow.core.definition.compiled import Definition
from apflow.core.definition.workflow import EventSpec
from apflow.core.outcome import Signal
from apflow.core.snapshot import Snapshot


def signals_of(
    definition: Definition,
    snapshot: Snapshot,
    spec: EventSpec,
    to_state: str,
    fields: Mapping[str, Any],
    answers: Mapping[str, Any],
) -> tuple[Signal, ...]:
    """What the event says to the case's relatives, told in this order; `fields` are those it leaves behind."""
    return (
        *_begun(definition, spec, {**fields, **{f"answer.{name}": given for name, given in answers.items()}}),
        *(Signal("tell", kind, event) for kind, event in spec.signals.items()),
        *_ended(definition, snapshot, to_state),
    )


def child_facts(definition: Definition, snapshot: Snapshot) -> dict[str, Any]:
    """For each kind, how many children are open, and in which state the newest is; missing until it has one."""
    facts: dict[str, Any] = {}
    for kind in definition.workflow.children:
        mine = [child for child in snapshot.children if child.kind == kind]
        facts[f"{kind}.open"] = sum(child.is_open for child in mine)
        facts[f"{kind}.state"] = (mine[-1].state or None) if mine else None
    return facts


def _begun(definition: Definition, spec: EventSpec, known: Mapping[str, Any]) -> Iterator[Signal]:
    for kind, copied in spec.begins.items():
        child = definition.workflow.children[kind]
        answers = {theirs: known[ours] for theirs, ours in copied.items() if known.get(ours) is not None}
        yield Signal("begin", kind, child.start, child.workflow, answers)


def _ended(definition: Definition, snapshot: Snapshot, to_state: str) -> Iterator[Signal]:
    if snapshot.parent is not None and snapshot.state != to_state and definition.state(to_state).final:
        yield Signal("ended", snapshot.parent.kind, to_state)
