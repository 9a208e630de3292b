"""What is counted of a case: how many choices were made, and the dates that clocks count out by its own school days."""

from collections.abc import Iterator, Mapping
from typing import Any

from apflow.core.conditions import Facts, holds
from apflow.core.definition.clocks import Counted
from apflow.core.definition.compiled import Definition


def counted_anew(definition: Definition, fields: Mapping[str, Any], today: str) -> dict[str, Any]:
    """Those that are no longer what they were; None for one that there is no more."""
    changed = dict[str, Any](_numbers(definition, fields))
    known = {**fields, **changed}
    for name, counted in definition.counted.items():
        value = _counted(definition, counted, known, today)
        if value != fields.get(name):
            known[name] = changed[name] = value
    return changed


def _numbers(definition: Definition, fields: Mapping[str, Any]) -> Iterator[tuple[str, int]]:
    """How many were chosen; while nothing was, a number that was given before there was a choice stays."""
    for name, of in definition.numbers.items():
        if fields.get(of) and fields.get(name) != len(fields[of]):
            yield name, len(fields[of])


def _counted(definition: Definition, counted: Counted, fields: Mapping[str, Any], today: str) -> str | None:
    clock = definition.clocks[counted.clock]
    said = {theirs: fields[ours] for theirs, ours in counted.from_.items() if fields.get(ours) is not None}
    if any(name not in said for name in clock.needs):
        return None
    if counted.when is not None and holds(counted.when, Facts(fields, today)) is not True:
        return None
    return clock.counts(said, counted.span.count, definition.calendar.school)
