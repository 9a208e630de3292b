"""One case as one person sees it at one moment: what every page of a case begins with."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

from msgspec import structs
from sqlalchemy import Row

from apflow.beyond.cases import with_linked, with_people
from apflow.core.conditions import Facts
from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.labels import OUTSIDER, STAFF
from apflow.core.errors import NotFound
from apflow.core.facts import facts_of
from apflow.core.firing import offers
from apflow.core.firing.offers import Offer
from apflow.core.flags import flags_for
from apflow.core.people.actor import Actor
from apflow.core.people.permission import acting_on, may_see, readable
from apflow.core.snapshot import ItemKey, Snapshot, World
from apflow.records.of_cases.offered import with_records
from apflow.store.cases.loading import load_case
from apflow.store.people import people
from apflow.store.reading.history import HistoryView
from apflow.store.records.erased_cases import erased_case
from apflow.store.records.offered import names_of
from apflow.store.records.retention import ERASED
from apflow.web.lists.leading import led_by
from apflow.web.site import Site


@dataclass(frozen=True)
class Opened:
    """A case that `actor` may see, with its definition and the moment it was looked at."""

    site: Site
    actor: Actor
    definition: Definition
    snapshot: Snapshot
    now: datetime

    @cached_property
    def world(self) -> World:
        """By what it is decided what may be done, with all that forms offer.

        It is read once it is asked for, which it is not of a case that only stands on the page of another.
        """
        world = self.site.handler.world(self.now)
        with self.site.store.reading() as connection:
            world = with_people(connection, self.definition, world)
            return with_records(connection, self.site.library, self.definition, self.snapshot, self.actor, world)

    @property
    def audience(self) -> str:
        """Whose words the actor reads."""
        return audience_of(self.site, self.actor)

    @property
    def reference(self) -> str:
        return self.snapshot.reference

    @property
    def title(self) -> str:
        """What it is called; of one that was erased, and whose name went with it, that it was."""
        named = self.snapshot.fields.get(self.definition.workflow.called)
        return self.definition.title_of(self.snapshot.fields) if named or self.erased is None else ERASED

    @cached_property
    def names(self) -> words.Names:
        """The names of everybody, and of every provider and site, that is now the answer to some question here."""
        asked = {name: spec for form in self.definition.forms.values() for name, spec in form.items()}
        fields = self.definition.workflow.fields
        found = words.people_in(fields, self.snapshot.fields)
        for items in self.snapshot.items.values():
            found |= {person for item in items.values() for person in words.people_in(asked, item.data)}
        return self._names_of(found, words.records_in(fields, self.snapshot.fields))

    def names_in(self, entries: Iterable[HistoryView]) -> words.Names:
        """The same, and of everything that was the answer to some question in these lines of history."""
        forms, found, records = self.definition.forms, set[int](), set[tuple[str, int]]()
        for entry in entries:
            form = forms.get((entry.from_state, entry.name), {})
            found |= words.people_in(form, entry.payload.get("answers") or {})
            records |= words.records_in(form, entry.payload.get("answers") or {})
        return {**self.names, **self._names_of(found, records)}

    def _names_of(self, found: set[int], records: set[tuple[str, int]]) -> words.Names:
        if not found and not records:
            return {}
        with self.site.store.reading() as connection:
            return {**people.names(connection, found), **names_of(connection, records)}

    @cached_property
    def shown(self) -> dict[str, FieldSpec]:
        """The fields that its page shows: those that the actor may read, but for numbers that only lead to records."""
        fields = readable(self.definition, self.definition.workflow.fields, self.actor)
        return {name: spec for name, spec in fields.items() if not _leads_to_record(spec)}

    @property
    def key_facts(self) -> list[tuple[str, str]]:
        """What stands at the top of its page, as far as the actor reads it and it is known."""
        said = words.all_in_words(self.shown, self.snapshot.fields, self.names)
        wanted = self.definition.workflow.key_facts
        return [(self.shown[name].label, text) for name in wanted if (text := said.get(name))]

    @cached_property
    def erased(self) -> Row[Any] | None:
        """When, by whom, by which rule and why what it said was erased, if it was; asked of closed cases alone."""
        state = self.definition.workflow.states.get(self.snapshot.state)
        if state is None or not state.final:
            return None
        with self.site.store.reading() as connection:
            return erased_case(connection, self.reference)

    def facts(self, item: ItemKey | None = None) -> Facts:
        return facts_of(self.definition, self.snapshot, self.world, item=item)

    def offers(self) -> tuple[Offer, ...]:
        """What the actor can do to the case itself, or to an item of their own; to one that was erased nothing."""
        return () if self.erased is not None else offers.offers(self.definition, self.snapshot, self.actor, self.world)

    @cached_property
    def flags(self) -> tuple[str, ...]:
        """What the actor is to know of the case as it stands."""
        return flags_for(self.definition, self.snapshot, self.actor, self.world)

    def item_offers(self, item: ItemKey) -> tuple[Offer, ...]:
        """What the actor can do to one item of a catalogue."""
        if self.erased is not None:
            return ()
        return offers.item_offers(self.definition, self.snapshot, self.actor, self.world, item)

    def spec_of(self, event: str) -> EventSpec | None:
        """The event as the present state has it, else as any other has it."""
        events = self.definition.events
        here = events[self.snapshot.state].get(event)
        return here or next((found[event] for found in events.values() if event in found), None)


def open_case(site: Site, actor: Actor, reference: str) -> Opened:
    """The case as it stands; NotFound when there is none, or none that the actor may see."""
    now = site.now()
    with site.store.reading() as connection:
        snapshot = load_case(connection, reference)
        if snapshot is None:
            raise NotFound
        definition = site.handler.definition_of(connection, snapshot)
        snapshot = with_linked(connection, definition, snapshot)
    if not may_see(definition, snapshot, actor):
        raise NotFound
    return Opened(site, acting_on(definition, snapshot, actor), definition, snapshot, now)


def _leads_to_record(spec: FieldSpec) -> bool:
    """Whether it says nothing to a reader: what was chosen is said by the fields that are taken from it."""
    return bool(spec.records) or (bool(spec.taken_from) and spec.type is FieldType.NUMBER)


def audience_of(site: Site, actor: Actor) -> str:
    """Staff's words for whoever holds a staff role, else the outsider's; so for somebody whose last role has ended."""
    audiences = {site.council.roles[role].audience for role in actor.roles if role in site.council.roles}
    return STAFF if STAFF in audiences else min(audiences, default=OUTSIDER)


def as_staff(site: Site, actor: Actor) -> Actor:
    """The actor with those of their roles that are of the council's own staff: what outsiders do is no queue's."""
    known = site.council.roles
    held = frozenset(role for role in actor.roles if role in known and known[role].audience == STAFF)
    return structs.replace(actor, roles=held, leads=frozenset(led_by(site, actor)))
