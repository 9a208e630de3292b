"""Statuses of items that a file never tells apart: wherever one of them is named, the others are named with it.

What can happen to an item and what is said of it is then the same, whichever of them it has.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from apflow.core.definition.conditions import Compare, FactRef
from apflow.core.definition.workflow import Workflow
from tests.mutants.judge.instance import parts_of


def alike(workflow: Workflow) -> Mapping[str, Mapping[str, str]]:
    """By collection, for each status the first of those that are as good as it: itself, if it stands for itself."""
    named = list(_named_together(workflow))
    found: dict[str, dict[str, str]] = {}
    for name, collection in workflow.collections.items():
        first: dict[tuple[bool, ...], str] = {}
        for status in collection.statuses:
            where = tuple(status in one for one in named)
            found.setdefault(name, {})[status] = first.setdefault(where, status)
    return {} if _is_compared_as_it_stands(workflow) else found


def _named_together(workflow: Workflow) -> Iterator[tuple[Any, ...]]:
    """What each comparison names, and every list; that an event leads to a status tells nothing of what comes of it."""
    for part in parts_of(workflow):
        if isinstance(part, Compare):
            yield (part.comparison[1],)
        yield from (one for name in type(part).model_fields if isinstance(one := getattr(part, name), tuple))


def _is_compared_as_it_stands(workflow: Workflow) -> bool:
    """Whether a status is compared with another fact, not with a name."""
    both = ((one, one.comparison[1]) for one in parts_of(workflow) if isinstance(one, Compare))
    facts = (fact for one, other in both if isinstance(other, FactRef) for fact in (one.fact, other.fact))
    return any(fact.split(".")[-1] in ("status", *workflow.collections) for fact in facts)
