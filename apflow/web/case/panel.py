"""What each person of a panel has said: a collection with one item for everyone who acts."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection

from apflow.core.definition.fields import FieldSpec
from apflow.core.people.permission import hidden_of_items, may_see_collection
from apflow.core.snapshot import Item
from apflow.store.people import people
from apflow.web.case.opened import Opened
from apflow.web.case.timeline import Said, Told


@dataclass(frozen=True, slots=True)
class View:
    """What one person said."""

    name: str
    agency: str
    status: str
    colour: str
    said: tuple[Said, ...]
    is_own: bool
    at: datetime | None


@dataclass(frozen=True, slots=True)
class Views:
    """Everyone's, and who has yet to say anything."""

    label: str
    views: tuple[View, ...]
    waiting: tuple[str, ...]


def views_of(connection: Connection, opened: Opened) -> list[Views]:
    """Those collections that hold what people said and that the actor may see, once they matter to the case."""
    found = []
    for name, collection in opened.definition.workflow.collections.items():
        if collection.keyed_by != "actor" or not may_see_collection(opened.definition, name, opened.actor):
            continue
        items = opened.snapshot.items.get(name, {})
        waiting = _waiting(connection, opened, name)
        if items or waiting:
            views = tuple(_view(opened, name, item) for item in items.values())
            found.append(Views(collection.label.staff, views, waiting))
    return found


def _view(opened: Opened, collection: str, item: Item) -> View:
    status = opened.definition.collection(collection).statuses[item.status]
    told, asked = Told(opened.definition, opened.actor, names=opened.names), asked_of_items(opened, collection)
    agency = str(item.data.get("agency") or "")
    name = str(item.data.get("label") or "")
    is_theirs = not opened.snapshot.colleagues or name == opened.actor.name  # And not a colleague's in their place.
    return View(
        name=name,
        agency=opened.site.council.agencies.get(agency, agency),
        status=status.label.staff,
        colour=status.colour,
        said=tuple(told.answer(asked[name], value) for name, value in item.data.items() if name in asked),
        is_own=item.key == str(opened.actor.id) and is_theirs,
        at=item.changed_at,
    )


def asked_of_items(opened: Opened, collection: str) -> Mapping[str, FieldSpec]:
    """What there is to say of such an item, drawn, brought or asked here, that the actor reads."""
    definition = opened.definition
    hidden = set(hidden_of_items(definition, collection, opened.actor))
    hidden |= definition.drawn_facts(collection).keys() - definition.shown_facts(collection).keys()
    return {name: spec for name, spec in definition.said_of_items(collection) if name not in hidden}


def _waiting(connection: Connection, opened: Opened, collection: str) -> tuple[str, ...]:
    """The people who are asked, and whose part of a task of the present state is still to come."""
    tasks = opened.definition.state(opened.snapshot.state).tasks.values()
    roles = {task.for_ for task in tasks if task.each == collection and not task.done_by}
    items: Any = opened.snapshot.items.get(collection, {})
    return tuple(
        row.name
        for role in sorted(roles)
        for row in people.with_role(connection, role)
        if str(row.id) not in items and is_asked(opened, role, row.id)
    )


def is_asked(opened: Opened, role: str, person: int) -> bool:
    """Whether somebody of the role is one of those whom the case writes to, where it chooses among them."""
    chosen = opened.snapshot.fields.get(opened.definition.workflow.writes_to.get(role, ""))
    return not chosen or person in chosen
