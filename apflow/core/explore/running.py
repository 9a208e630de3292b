"""Which deadlines are sure to run in a case, by what is known of it, and for how long."""

from collections.abc import Mapping, Set

from apflow.core.definition.timing import DeadlineSpec


def is_lasting(spec: DeadlineSpec) -> bool:
    """Whether it still runs however long the case has been about: one of the whole case may be over already."""
    return not spec.while_in or spec.every is not None or spec.then.event is not None


def is_sure(
    spec: DeadlineSpec,
    known: Mapping[str, object],
    deadlines: Mapping[str, DeadlineSpec],
    seen: Set[str] = frozenset(),
) -> bool:
    """Whether it runs in a case of which this is known; one counted from another runs once the other was due."""
    if spec.among is not None:
        return False  # No item need have a date.
    if spec.of is not None:
        return spec.or_entering or known.get(spec.of) is not None
    first = spec.after_deadline
    if first is not None and first in deadlines and first not in seen:
        return is_sure(deadlines[first], known, deadlines, seen | {first})
    return spec.is_sure


def fields_that_decide(deadlines: Mapping[str, DeadlineSpec]) -> frozenset[str]:
    """The fields that say whether at least one of these is sure to run for as long as the case is about."""
    lasting = [one for one in deadlines.values() if is_lasting(one)]
    if any(is_sure(one, {}, deadlines) and one.unless is None for one in lasting):
        return frozenset()
    first = (_first(one, deadlines) for one in lasting)
    return frozenset(one.of for one in first if one.of is not None and one.among is None)


def _first(spec: DeadlineSpec, deadlines: Mapping[str, DeadlineSpec]) -> DeadlineSpec:
    """The deadline that it is counted from, if need be by way of others."""
    seen = set[str]()
    while (before := spec.after_deadline) is not None and before in deadlines and before not in seen:
        seen.add(before)
        spec = deadlines[before]
    return spec
