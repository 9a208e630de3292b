"""Deadlines that are counted from each other: those after one stand still with it, and are not wanted with it."""

from collections.abc import Mapping
from typing import Any

from apflow.core.definition.conditions import AnyOf, Condition
from apflow.core.definition.timing import DeadlineSpec


def together(specs: Mapping[str, DeadlineSpec]) -> Mapping[str, DeadlineSpec]:
    """The same, each with what it has from the deadlines that it is counted from, however far back."""
    found = dict[str, DeadlineSpec]()
    waiting = list(specs)
    while ready := next((name for name in waiting if specs[name].after_deadline not in waiting), None):
        waiting.remove(ready)
        found[ready] = _with(specs[ready], found.get(specs[ready].after_deadline or ""))
    # Those that wait for each other in a circle are left as they are, for the check to find.
    return {name: found.get(name, spec) for name, spec in specs.items()}


def _with(spec: DeadlineSpec, earlier: DeadlineSpec | None) -> DeadlineSpec:
    if earlier is None:
        return spec
    had: dict[str, Any] = {}
    if spec.paused_in is None and earlier.paused_in is not None:
        had["paused_in"] = earlier.paused_in
    if earlier.unless is not None:
        had["unless"] = _either(earlier.unless, spec.unless)
    return spec.model_copy(update=had) if had else spec


def _either(one: Condition, other: Condition | None) -> Condition:
    return one if other is None else AnyOf.model_validate({"any": (one, other)})
