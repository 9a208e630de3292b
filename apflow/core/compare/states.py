"""States compared, each with its deadlines, tasks and events."""

from collections.abc import Iterator, Mapping
from functools import partial

from apflow.core.compare.deadlines import compare_deadlines
from apflow.core.compare.events import compare_events
from apflow.core.compare.grammar import Saying, differences, keyed, listed, optional_label, relabelled
from apflow.core.compare.names import Names
from apflow.core.compare.tasks import compare_tasks
from apflow.core.definition.workflow import StateSpec


def compare_states(names: Names, old: Mapping[str, StateSpec], new: Mapping[str, StateSpec]) -> Iterator[str]:
    """The sentences for where a case can be."""
    return keyed(
        old,
        new,
        added=lambda _, spec: _added(names, spec),
        removed=lambda _, spec: [_removed(spec)],
        changed=lambda _, before, after: _changed(names, before, after),
        order="The states are listed in another order.",
        called=lambda spec: f"The state “{spec.label.staff}”",
    )


def _added(names: Names, spec: StateSpec) -> Iterator[str]:
    provider = f" (the provider reads “{spec.label.provider}”)" if spec.label.provider else ""
    end = ", in which a case ends" if spec.final else f", {_awaited(names, spec.awaiting)}"
    yield f"A state is added: “{spec.label.staff}”{provider}{end}."
    yield from _inside(names, f"{spec.label.staff}: ", StateSpec(label=spec.label), spec)


def _removed(spec: StateSpec) -> str:
    counted = (
        (len(spec.deadlines), "deadline"),
        (len(spec.tasks), "task"),
        (len(spec.events), "thing that can be done there"),
    )
    held = [how_many(count, what) for count, what in counted if count]
    return f"The state “{spec.label.staff}” is taken away{f', with {listed(held)}' if held else ''}."


def how_many(count: int, what: str) -> str:
    """1 task, 2 tasks, 3 things that can be done there."""
    if count == 1:
        return f"1 {what}"
    return f"{count} {what.replace('thing ', 'things ')}" if what.startswith("thing ") else f"{count} {what}s"


def _changed(names: Names, old: StateSpec, new: StateSpec) -> Iterator[str]:
    subject = f"“{new.label.staff}”"
    sayings: dict[str, Saying] = {
        "label": partial(relabelled, "", "The state "),
        "step": lambda before, after: optional_label(subject, "its name as a step", before, after),
        "help": lambda before, after: optional_label(subject, "the help text", before, after),
        "awaiting": lambda before, after: [
            f"{subject}: now {_awaited(names, after)}; before, {_awaited(names, before)}."
        ],
        "final": lambda _, after: [f"A case {'now ends' if after else 'no longer ends'} in {subject}."],
        "outcome": lambda before, after: [f"{subject} is now a {after or 'neutral'} end, was {before or 'neutral'}."],
    }
    shallow = {"tasks": old.tasks, "deadlines": old.deadlines, "events": old.events}
    yield from differences(subject, old, new.model_copy(update=shallow), sayings)
    yield from _inside(names, f"{new.label.staff}: ", old, new)


def _awaited(names: Names, role: str | None) -> str:
    return f"where {names.role(role)} is awaited" if role else "where nobody is awaited"


def _inside(names: Names, where: str, old: StateSpec, new: StateSpec) -> Iterator[str]:
    yield from compare_deadlines(names, where, old.deadlines, new.deadlines)
    yield from compare_tasks(names, where, old.tasks, new.tasks)
    yield from compare_events(names, where, old.events, new.events)
