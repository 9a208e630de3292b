"""Records that a form offers to choose from: pupils of whoever asks, and sites of providers on the list."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select

from apflow.provision.drawn import ESTABLISHMENTS, KNOWN_PROVIDERS, LISTED_SITES, SITES_BESIDE
from apflow.store.records.colleagues import ORGANISATIONS, SCHOOL_ROLE, acts_for
from apflow.store.records.sites import PROVIDERS
from apflow.store.tables.cases import cases
from apflow.store.tables.people import people
from apflow.store.tables.places import commissioners, establishments, sites
from apflow.store.tables.pupils import placements, pupils


def own_pupils(connection: Connection, person: int, today: date) -> Sequence[Row[*tuple[Any, ...]]]:
    """The pupils of every commissioner for whom the person acts: on its roll, or placed by it; each with both.

    A commissioner is known by its address: the person's own, or that of somebody whose colleague they are.
    """
    theirs = select(placements.c.pupil_id).where(placements.c.commissioner_id == commissioners.c.id)
    query = (
        select(
            *(pupils.c[name] for name in ("id", "surname", "forename", "years_out", "born", "upn", "home_school_id")),
            commissioners.c.id.label("commissioner_id"),
            commissioners.c.name.label("commissioner"),
            commissioners.c.kind.label("commissioner_kind"),
            people.c.name.label("contact_name"),
            people.c.email.label("contact_email"),
        )
        .select_from(
            pupils.join(commissioners, or_(pupils.c.home_school_id == commissioners.c.id, pupils.c.id.in_(theirs)))
        )
        .join(people, people.c.email == func.lower(commissioners.c.email))
        .where(acts_for(person, SCHOOL_ROLE))
        .where(pupils.c.erased_at.is_(None))
        .where(or_(people.c.id == person, commissioners.c.kind.in_(ORGANISATIONS)))
        .where(or_(commissioners.c.ended_on.is_(None), commissioners.c.ended_on > today))
        .order_by(pupils.c.sought, pupils.c.id)
    )
    return connection.execute(query).all()


def known_providers(connection: Connection) -> Sequence[Row[*tuple[Any, ...]]]:
    """The open case of every provider, by name: of those that applied to be on the list, and of registered ones."""
    query = select(cases.c.id, cases.c.reference, cases.c.title, cases.c.state, cases.c.fields, cases.c.workflow)
    query = query.where(cases.c.workflow.in_(PROVIDERS), cases.c.is_open)
    return connection.execute(query.order_by(func.lower(cases.c.title), cases.c.id)).all()


def listed_sites(connection: Connection, workflow: str, states: Sequence[str], today: date) -> Sequence[Row[Any]]:
    """The sites in use of providers whose case of this workflow stands in one of these states, by the provider."""
    query = (
        select(sites, cases.c.title.label("provider"), cases.c.fields)
        .join(cases, cases.c.id == sites.c.case_id)
        .where(cases.c.workflow == workflow, cases.c.state.in_(list(states)))
        .where(or_(sites.c.ended_on.is_(None), sites.c.ended_on > today))
        .order_by(func.lower(cases.c.title), sites.c.name, sites.c.id)
    )
    return connection.execute(query).all()


def names_of(connection: Connection, wanted: Iterable[tuple[str, int]]) -> dict[tuple[str, int], str]:
    """What providers and sites that were chosen are called. Never a pupil: each look at a pupil's name is noted."""
    numbers: dict[str, set[int]] = {}
    for source, number in wanted:
        numbers.setdefault(source, set()).add(number)
    sited = sites.join(cases, cases.c.id == sites.c.case_id)
    at_sites = select(sites.c.id, cases.c.title, sites.c.name).select_from(sited)
    providers = select(cases.c.id, cases.c.title).where(cases.c.workflow.in_(PROVIDERS))
    found: dict[tuple[str, int], str] = {}
    for source in (LISTED_SITES, SITES_BESIDE):
        if chosen := numbers.get(source):
            rows = connection.execute(at_sites.where(sites.c.id.in_(chosen)))
            found |= {(source, row.id): f"{row.title}: {row.name}" for row in rows}
    if chosen := numbers.get(ESTABLISHMENTS):
        named = select(establishments.c.urn, establishments.c.name)
        rows = connection.execute(named.where(establishments.c.urn.in_([str(one) for one in chosen])))
        found |= {(ESTABLISHMENTS, int(row.urn)): f"{row.name} (URN {row.urn})" for row in rows}
    if chosen := numbers.get(KNOWN_PROVIDERS):
        rows = connection.execute(providers.where(cases.c.id.in_(chosen)))
        found |= {(KNOWN_PROVIDERS, row.id): row.title for row in rows}
    return found
