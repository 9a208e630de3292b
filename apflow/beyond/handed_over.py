"""That cases of a provider, or a school, name whoever is written to there from now on, as its own case or record."""

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from apflow.beyond.cases import Decided, DefinitionOf
from apflow.core.commands import HandOver
from apflow.core.definition.compiled import Definition
from apflow.core.firing.handing_over import contact_fields
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.provision.drawn import KEPT_PLACEMENTS
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import PartyDetails, Unit
from apflow.store.people.people import person
from apflow.store.records.colleagues import SCHOOL_ROLE
from apflow.store.records.handed_over import Fields, naming_commissioner, naming_contact, naming_nobody, saying_contact
from apflow.store.records.sites import PROVIDERS


def handed_units(
    connection: Connection,
    library: Library,
    definition: Definition,
    snapshot: Snapshot,
    parties: tuple[PartyDetails, ...],
    now: datetime,
    *,
    definition_of: DefinitionOf,
    decided: Decided,
) -> tuple[Unit, ...]:
    """Each of them as it is handed over, in the same commit: whoever was written to before sees none of them longer."""
    units = []
    for comes, before in _replaced(connection, snapshot, parties):
        named = _naming(connection, library, snapshot, comes.role, before.id)
        said = saying_contact(connection, snapshot.id or 0, before.email, _saying(library, comes.role))
        note = f"Whom we write to at {definition.title_of(snapshot.fields)} has changed."
        command = HandOver(comes.role, comes.name or None, comes.email or None, note, THE_CLOCK)
        for reference in (*named, *said):
            case = load_case(connection, reference)
            theirs = definition_of(connection, case) if case is not None else None
            if case is not None and theirs is not None and contact_fields(theirs, comes.role):
                units.append(decided(connection, theirs, case, command, max(now, case.changed_at or now)))
    return tuple(units)


def left_behind(connection: Connection, library: Library, unit: Unit) -> bool:
    """Whether a case of the provider still names whoever was written to before the unit was saved."""
    return any(
        next(_naming(connection, library, unit.snapshot, comes.role, before.id), None) is not None
        for comes, before in _replaced(connection, unit.snapshot, unit.parties)
    )


def _replaced(
    connection: Connection, snapshot: Snapshot, parties: tuple[PartyDetails, ...]
) -> Iterator[tuple[PartyDetails, Row[Any]]]:
    """Each who comes on a provider's own case, with whom it names until now."""
    if snapshot.id is None or snapshot.workflow not in PROVIDERS:
        return
    for comes in parties:
        was = snapshot.party_roles.get(comes.role)
        before = person(connection, was) if was is not None else None
        if before is not None and before.email != comes.email:
            yield comes, before


def of_commissioner(connection: Connection, library: Library, number: int, was: Row[Any] | None) -> Iterator[str]:
    """The cases of a school, or other commissioner, that name for it whoever it `was` until now, or name nobody."""
    placed_by = placed(library, "commissioner")
    if was is not None:
        yield from naming_commissioner(connection, number, was, placed_by)
        return
    current = [library.current(name) for name in library.sources]
    able = [one.name for one in current if SCHOOL_ROLE in one.workflow.party_roles]
    yield from naming_nobody(connection, number, able, placed_by)


def _naming(connection: Connection, library: Library, snapshot: Snapshot, role: str, was: int) -> Iterator[str]:
    return naming_contact(connection, snapshot.id or 0, was, role, placed(library, "site"))


def placed(library: Library, what: str) -> Fields:
    """The workflows whose cases keep a placement, each with its field that says this of it."""
    current = [library.current(name).workflow for name in library.sources]
    keeping = [(one.workflow, one.keeps) for one in current if one.keeps and one.keeps.records == KEPT_PLACEMENTS]
    return {name: keeps.as_[what] for name, keeps in keeping if what in keeps.as_}


def _saying(library: Library, role: str) -> Fields:
    """The workflows that keep the address of a provider's contact and do not have them on the case."""
    current = [library.current(name) for name in library.sources]
    others = [one for one in current if role not in one.workflow.party_roles]
    return {one.name: names[1] for one in others if (names := contact_fields(one, role))}
