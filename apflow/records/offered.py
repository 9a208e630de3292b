"""What a decision reads of records beside a case: those that a form offers, and what is known of the one it keeps."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from msgspec import structs
from sqlalchemy import Connection

from apflow.core.actor import Actor
from apflow.core.calendar import Calendar
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.records import RECORD
from apflow.core.snapshot import Snapshot, World
from apflow.loader import Library
from apflow.provision.ages import compulsory_school_age, usual_year
from apflow.provision.drawn import KNOWN_PROVIDERS, LISTED_SITES, OWN_PUPILS
from apflow.records.lights import must_register_with
from apflow.records.stays import planned_stay
from apflow.store.offered import known_providers, listed_sites, own_pupils
from apflow.store.people import person
from apflow.store.sites import PROVIDER
from apflow.taking import PLACEMENTS, takes

Offered = Mapping[int, Mapping[str, Any]]
# E-mails say who commissions, and a parent's surname is often the child's.
_NOT_NAMED = {"parent": "A parent with a personal budget", "learner": "A learner with a personal budget"}


def with_records(
    connection: Connection, library: Library, definition: Definition, snapshot: Snapshot, actor: Actor, world: World
) -> World:
    """The world with the records that the case's forms offer this actor now, and what is known of the one it keeps."""
    asked, reads = definition.records_asked.get(snapshot.state, ()), _reads_record(definition, snapshot)
    if not asked and not reads:
        return world
    chosen = {name: _OFFERED[name](connection, library, actor, world.today) for name in asked}
    names = {name: {number: str(said["label"]) for number, said in found.items()} for name, found in chosen.items()}
    record = _known(connection, library, definition, snapshot, world.today) if reads else {}
    return structs.replace(world, chosen=chosen, people={**world.people, **names}, record=record)


def _reads_record(definition: Definition, snapshot: Snapshot) -> bool:
    """Whether some guard that is asked where the case stands looks at the record."""
    if definition.workflow.keeps is None:
        return False
    guards = definition.workflow.guards
    asked = {name for spec in definition.events[snapshot.state].values() for name in spec.requires}
    return any(fact.startswith(f"{RECORD}.") for name in asked for fact in facts_read(guards[name].when))


def _own_pupils(connection: Connection, _library: Library, actor: Actor, today: date) -> Offered:
    """Those on the roll of, or placed by, a commissioner whose record has the actor's own e-mail address."""
    asks = None if actor.id is None else person(connection, actor.id)
    rows = [] if asks is None else own_pupils(connection, asks.email.lower(), today)
    return {
        row.id: {
            "label": f"{row.surname}, {row.forename} (Year {row.year if row.year else usual_year(row.born, today)})",
            "commissioner": _NOT_NAMED.get(row.commissioner_kind, row.commissioner),
            "commissioner_number": row.commissioner_id,
            "school_number": row.home_school_id or row.commissioner_id,
            "leaves_school_on": compulsory_school_age(row.born).last.isoformat(),
            "asked_by": asks.name if asks else "",
            "asked_by_email": asks.email if asks else "",
        }
        for row in rows
    }


def _listed_sites(connection: Connection, library: Library, _actor: Actor, today: date) -> Offered:
    """The sites of every provider that stands where it takes placements."""
    workflow = library.current(PROVIDER).workflow
    taking = workflow.takes.get(PLACEMENTS)
    rows = listed_sites(connection, taking.while_in if taking else tuple(workflow.states), today)
    return {
        row.id: {
            "label": f"{row.provider}: {row.name}",
            "provider": row.provider,
            "contact_name": row.fields.get(workflow.party_name),
            "contact_email": row.fields.get(workflow.party_email),
            "site": row.name,
            "address": ", ".join(part for part in (row.address, row.postcode) if part) or None,
        }
        for row in rows
    }


def _known_providers(connection: Connection, library: Library, _actor: Actor, _today: date) -> Offered:
    """The open case of every provider, whether it is on the list or has only applied."""
    workflow = library.current(PROVIDER).workflow
    return {
        row.id: {
            "label": f"{row.title} ({row.reference})",
            "provider": row.title,
            "reference": row.reference,
            "contact_name": row.fields.get(workflow.party_name),
            "contact_email": row.fields.get(workflow.party_email),
        }
        for row in known_providers(connection)
    }


_OFFERED: Mapping[str, Callable[[Connection, Library, Actor, date], Offered]] = {
    OWN_PUPILS: _own_pupils,
    LISTED_SITES: _listed_sites,
    KNOWN_PROVIDERS: _known_providers,
}


def _known(
    connection: Connection, library: Library, definition: Definition, snapshot: Snapshot, today: date
) -> dict[str, Any]:
    """What is known of the placement that the case keeps or would; what cannot be told yet is missing."""
    said = planned_stay(connection, definition, snapshot)
    is_approved, has_papers = (
        (None, None) if said.site is None else takes(connection, library, said.site.reference, today)
    )
    crosses = must_register_with(connection, library.registration, said) if library.registration else None
    found = {
        "provider_is_approved": is_approved,
        "papers_are_in_date": has_papers,
        "stays_below_threshold": None if crosses is None else not crosses,
        "school_days_of_notice": _school_days(definition.calendar, said.notice_on, said.starts),
        "weeks_since_review": (today - said.reviewed_on).days // 7 if said.reviewed_on else None,
    }
    return {name: value for name, value in found.items() if value is not None}


def _school_days(calendar: Calendar, first: date | None, last: date | None) -> int | None:
    return calendar.school.days_between(first, last) if first and last else None
