"""The cases that a case is linked to, as far as whoever looks at it may see them."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from apflow.core.definition.base import Names
from apflow.core.definition.words import all_in_words
from apflow.core.errors import NotFound
from apflow.core.snapshot import Child
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.web.case.opened import Opened, open_case
from apflow.web.case.told_apart import key_facts_line

_REFERENCE = re.compile("[A-Z]{2,4}-[A-Z0-9]{4}-[A-Z0-9]{4}")


@dataclass(frozen=True, slots=True)
class Related:
    """One linked case: what kind it is, how it stands, and what tells it from others of its kind."""

    kind: str
    kind_label: str
    reference: str
    title: str
    state: str
    state_label: str
    is_open: bool
    key_facts: str = ""


def parent_of(opened: Opened) -> Related | None:
    """The case that opened this one; None when there is none, or none that the actor may see."""
    parent = opened.snapshot.parent
    found = seen(opened, parent.reference) if parent else None
    return _related(found, found.definition.name, found.definition.workflow.title) if found else None


def children_of(opened: Opened) -> list[Related]:
    """The cases that this one opened and the actor may see, oldest first."""
    return _all_seen(opened, [child for child in opened.snapshot.children if child.reference])


def first_children_of(opened: Opened, most: int) -> list[Related]:
    """So many of them at most: those that go on before those that have ended, the newest first."""
    newest_first = [child for child in opened.snapshot.children[::-1] if child.reference]
    return _all_seen(opened, sorted(newest_first, key=lambda child: not child.is_open)[:most])


def named(opened: Opened, reference: str) -> Related | None:
    """The case of this reference, if it is one that the actor may see."""
    found = seen(opened, reference) if _REFERENCE.fullmatch(reference) else None
    return _related(found, found.definition.name, found.definition.workflow.title) if found else None


def _all_seen(opened: Opened, children: Iterable[Child]) -> list[Related]:
    """Each is opened as its own page would be, which for hundreds takes its time."""
    return [
        _related(found, child.kind, _kind_label(opened, child.kind))
        for child in children
        if (found := seen(opened, child.reference))
    ]


def seen(opened: Opened, reference: str) -> Opened | None:
    """The case of this reference; None where whoever looks may not see it."""
    try:
        return open_case(opened.site, opened.actor, reference)
    except NotFound:
        return None


def _kind_label(opened: Opened, kind: str) -> str:
    spec = opened.definition.workflow.children.get(kind)
    return spec.label.to(opened.audience) if spec else kind


def _related(found: Opened, kind: str, label: str) -> Related:
    state = found.definition.state(found.snapshot.state)
    return Related(
        kind=kind,
        kind_label=label,
        reference=found.reference,
        title=found.title,
        state=found.snapshot.state,
        state_label=state.label.to(found.audience),
        is_open=not state.final,
        key_facts=key_facts_line(found.definition, found.snapshot.fields, found.actor),
    )


def beside(opened: Opened) -> list["Earlier"]:
    """Of the cases that belong with the same one, the newest of every other kind, and what each holds."""
    parent = opened.snapshot.parent
    whole = seen(opened, parent.reference) if parent else None
    if parent is None or whole is None:
        return []
    newest = {child.kind: child for child in whole.snapshot.children if child.reference}
    others = [(kind, seen(whole, child.reference)) for kind, child in newest.items() if kind != parent.kind]
    return [
        Earlier(_related(one, kind, _kind_label(whole, kind)), one.snapshot.entered_at, _holds(one))
        for kind, one in others
        if one is not None
    ]


def shown_above(opened: Opened) -> list["Earlier"]:
    """What the cases it belongs to have shown beside every case of its workflow, the nearest first."""
    return [
        Earlier(_related(above, above.definition.name, way.beside.title), above.snapshot.entered_at, holds)
        for above in _line_above(opened)
        for way in above.definition.workflow.children.values()
        if way.workflow == opened.snapshot.workflow and way.beside
        if (holds := _holds(above, way.beside.shows))
    ]


def _line_above(opened: Opened) -> list[Opened]:
    parent = opened.snapshot.parent
    above = seen(opened, parent.reference) if parent else None
    return [above, *_line_above(above)] if above else []


@dataclass(frozen=True, slots=True)
class Earlier:
    """Another case of the same outsider, and what it holds that the reader may read."""

    case: Related
    at: datetime
    holds: tuple[tuple[str, str], ...]


def earlier_of(opened: Opened, most: int) -> list[Earlier]:
    """The newest of those before this one: what was noted last is there to be referred to the next time."""
    snapshot, found = opened.snapshot, []
    with opened.site.store.reading() as connection:
        for party in {*snapshot.party_roles.values()}:
            wanted = CaseFilter(names=party, workflow=snapshot.workflow)
            found += list_cases(connection, wanted, limit=most + 1)
        before = [*{row.reference: row for row in found if row.reference != opened.reference}.values()]
    found_as = ((row, seen(opened, row.reference)) for row in before[:most])
    return [
        Earlier(_related(one, snapshot.workflow, ""), row.entered_at, _holds(one))
        for row, one in found_as
        if one is not None
    ]


def as_earlier(found: Opened, holds: tuple[tuple[str, str], ...]) -> Earlier:
    """Another case as a list of those before this one has it."""
    return Earlier(_related(found, found.definition.name, ""), found.snapshot.entered_at, holds)


def _holds(found: Opened, shows: Names = ()) -> tuple[tuple[str, str], ...]:
    """What it says in these fields, or in all but the party's own, as far as its reader may read it."""
    fields, said = found.shown, all_in_words(found.shown, found.snapshot.fields, found.names)
    workflow = found.definition.workflow
    left_out = () if shows else (workflow.party_name, workflow.party_email)
    told = {name: text for name, text in said.items() if text and name not in left_out and name in (shows or said)}
    return tuple((fields[name].label, text) for name, text in told.items())
