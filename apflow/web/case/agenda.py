"""Cases that are items of another: how they stand, which of them wait to be taken up, and who decides on them."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldType
from apflow.core.errors import ApflowError, NotFound
from apflow.core.facts import facts_of, status_of
from apflow.core.firing.guards import reasons_against
from apflow.core.firing.items import adds
from apflow.core.people.permission import may_fire, may_see
from apflow.core.snapshot import Snapshot
from apflow.store.cases.loading import load_cases
from apflow.store.people import people
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.web.case.opened import Opened
from apflow.web.case.panel import is_asked

MOST = 100


@dataclass(frozen=True, slots=True)
class Candidate:
    """A case that could become an item, and since when it has stood where it stands."""

    reference: str
    title: str
    since: datetime


@dataclass(frozen=True, slots=True)
class Waiting:
    """Those that wait to become items of a collection, the longest first, and the event that would take them up."""

    collection: str
    label: str
    event: str
    spec: EventSpec
    cases: tuple[Candidate, ...]


@dataclass(frozen=True, slots=True)
class Panel:
    """The people whom the case writes to: what their role is called, and each with where they come from."""

    title: str
    members: tuple[str, ...]


def on_the_agenda(opened: Opened) -> dict[str, Any]:
    """What the page of a case shows of others that are or could be its items; nothing where none can be."""
    return {
        "waiting_cases": waiting_of(opened),
        "panels": panels_of(opened),
        "packed": opened.definition.workflow.pack,
    }


def waiting_of(opened: Opened) -> list[Waiting]:
    """What the reader can take up here; nothing of a collection to which nothing can be added now."""
    found = []
    for event, spec in opened.definition.events[opened.snapshot.state].items():
        collection = spec.item.of if spec.item else ""
        if collection in opened.definition.of_cases and adds(opened.definition, spec) and _may(opened, spec):
            label = opened.definition.collection(collection).label.staff
            found.append(Waiting(collection, label, event, spec, tuple(_candidates(opened, collection, spec))))
    return found


def _may(opened: Opened, spec: EventSpec) -> bool:
    return may_fire(opened.definition, opened.snapshot, spec, opened.actor)


def _candidates(opened: Opened, collection: str, spec: EventSpec) -> list[Candidate]:
    """Those that the reader sees, that are not here yet, and that would not say no to being taken up."""
    wanted = opened.definition.of_cases[collection]
    filter_ = CaseFilter(workflow=wanted.workflow, states=wanted.states, open_only=True)
    telling = spec.tells.get(collection)
    with opened.site.store.reading() as connection:
        rows = list_cases(connection, filter_, limit=MOST)
        snapshots = load_cases(connection, [row.reference for row in rows])
        free = [
            Candidate(case.reference, row.title, case.entered_at)
            for row in rows
            if (case := snapshots.get(row.reference)) is not None
            and _is_free(opened, collection, spec, case.reference)
            and _would(
                opened, opened.site.handler.definition_of(connection, case), case, telling.event if telling else ""
            )
        ]
    return sorted(free, key=lambda one: (one.since, one.title.casefold()))


def _is_free(opened: Opened, collection: str, spec: EventSpec, reference: str) -> bool:
    status = status_of(opened.definition, collection, opened.snapshot.item(collection, reference))
    return spec.item is not None and status in spec.item.from_


def _would(opened: Opened, definition: Definition, case: Snapshot, event: str) -> bool:
    """Whether the case is the reader's to see and, as it stands, does what it would be told."""
    told = definition.events[case.state].get(event)
    if not may_see(definition, case, opened.actor) or (event and told is None):
        return False
    facts = facts_of(definition, case, opened.world)
    return told is None or not reasons_against(definition, told, facts, reading_answers=False)


def take_up(opened: Opened, waiting: Waiting, references: Sequence[str]) -> list[str]:
    """Take each of them up, in a commit of its own; what was said of those that were refused."""
    refused = []
    for reference in dict.fromkeys(references):
        try:
            opened.site.handler.fire(
                opened.reference, waiting.event, {}, actor=opened.actor, now=opened.site.now(), item=reference
            )
        except ApflowError as refusal:
            refused.append(f"{reference}: {refusal.message}" if isinstance(refusal, NotFound) else refusal.message)
    return refused


def panels_of(opened: Opened) -> list[Panel]:
    """Of each role of which several people can be an answer, those asked here, with the agency they come from."""
    asked = (spec for spec in opened.definition.workflow.fields.values() if spec.type is FieldType.PEOPLE)
    roles = sorted({spec.role for spec in asked if spec.role and opened.definition.of_cases})
    with opened.site.store.reading() as connection:
        return [
            Panel(
                opened.site.council.roles[role].title,
                tuple(
                    with_agency(opened, row.name, row.agency)
                    for row in people.with_role(connection, role)
                    if is_asked(opened, role, row.id)
                ),
            )
            for role in roles
        ]


def with_agency(opened: Opened, name: str, agency: str | None) -> str:
    return f"{name}, {opened.site.council.agencies.get(agency, agency)}" if agency else name
