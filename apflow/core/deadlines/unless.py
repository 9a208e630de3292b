"""Which deadlines are not wanted of a case, as their own condition holds, and what that makes of a change to it."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apflow.core.conditions import Facts, holds
from apflow.core.deadlines import deadlines
from apflow.core.deadlines.among import Items
from apflow.core.deadlines.changes import Changes, Happening
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import collections_read
from apflow.core.facts import items_facts
from apflow.core.snapshot import RunningDeadline, Snapshot


def unwanted_of(definition: Definition, state: str, fields: Mapping[str, Any], items: Items, today: str) -> set[str]:
    """The deadlines that are not wanted in the state of a case that says this; one of which it is unknown is."""
    conditions = definition.unless.get(state, {})
    read = {name for condition in conditions.values() for name in collections_read(condition)}
    collections = {
        name: items_facts(definition, items.get(name, {}), name)
        for name in read & definition.workflow.collections.keys()
    }
    facts = Facts(fields, today, collections=collections)
    return {name for name, condition in conditions.items() if holds(condition, facts) is True}


def as_wanted(happening: Happening, snapshot: Snapshot, changes: Changes, unwanted: set[str]) -> Changes:
    """The changes with those deadlines, and no other, kept as not wanted.

    One that follows dates of items is not kept: it begins with what dates there are once it is wanted.
    """
    changed = {one.name for one in (*changes.altered, *changes.started)}
    touched = changed | {one.name for one in changes.stopped}
    kept = [one for name, one in snapshot.deadlines.items() if name in unwanted and name not in touched]
    altered = [*_each(happening, changes.altered, unwanted), *_each(happening, kept, unwanted)]
    altered += [one for name, one in _again(happening, snapshot, unwanted) if name not in touched]
    over = [one for one in (*changes.altered, *kept) if one.name in unwanted and _follows_items(happening, one.name)]
    return Changes(
        started=(*_each(happening, changes.started, unwanted), *_begun(happening, snapshot, changed, unwanted)),
        altered=tuple(one for one in altered if snapshot.unwanted.get(one.name) != one),
        stopped=(*changes.stopped, *over),
    )


def _each(happening: Happening, some: Iterable[RunningDeadline], unwanted: set[str]) -> Iterator[RunningDeadline]:
    for one in some:
        if one.name not in unwanted:
            yield one
        elif not _follows_items(happening, one.name):
            yield deadlines.unwanted(one)


def _again(happening: Happening, snapshot: Snapshot, unwanted: set[str]) -> Iterator[tuple[str, RunningDeadline]]:
    """Those that were not wanted and now are, as far as they run in the state that the case is in."""
    for name, one in snapshot.unwanted.items():
        if name not in unwanted and (spec := happening.specs.get(name)) is not None:
            yield name, deadlines.wanted_again(one, spec, happening.definition.calendar, happening.now)


def _begun(
    happening: Happening, snapshot: Snapshot, changed: set[str], unwanted: set[str]
) -> Iterator[RunningDeadline]:
    """Those that follow dates of items, there are such dates, and nothing but what they are not wanted for stopped."""
    for name in happening.definition.unless.get(happening.state, {}):
        runs = name in changed or name in snapshot.deadlines
        if name in unwanted or runs or not _follows_items(happening, name):
            continue
        if one := happening.start(name, {}):
            yield one


def _follows_items(happening: Happening, name: str) -> bool:
    return happening.specs[name].among is not None
