"""Which deadlines of a state are sure to run, by what is known of every case that comes there."""

from collections.abc import Mapping, Set

from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import DeadlineSpec


def sure_of(definition: Definition, state: str, known: Set[str], event: str) -> frozenset[str]:
    """Those that run once the event has led there, where these fields have an answer."""
    specs = definition.deadlines[state]
    return frozenset(name for name in specs if _runs(specs, name, known, event, frozenset()))


def _runs(specs: Mapping[str, DeadlineSpec], name: str, known: Set[str], event: str, seen: frozenset[str]) -> bool:
    """Whether it runs; one that may not be wanted need not, nor one of dates that items have, as none may have one."""
    spec = specs[name]
    if spec.unless is not None or (spec.among is not None and not spec.or_entering):
        return False
    if spec.of is not None:
        return spec.or_entering or spec.of in known
    if spec.after is not None:
        return spec.after == event
    first = spec.after_deadline
    return first is None or (first in specs and first not in seen and _runs(specs, first, known, event, seen | {first}))
