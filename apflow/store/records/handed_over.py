"""Which cases name the contact of a provider beside its own: what is handed over when that is somebody else."""

from collections.abc import Iterator, Mapping
from typing import Any

from sqlalchemy import Connection, Row, Select, func, select

from apflow.store.family import lineage
from apflow.store.records.sites import PROVIDERS
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.places import sites
from apflow.store.tables.records import erased_cases

_COLUMNS = [cases.c[name] for name in ("id", "reference", "workflow", "fields")]


def naming_contact(
    connection: Connection, provider: int, person: int, role: str, placed: Mapping[str, str]
) -> Iterator[str]:
    """The cases of the provider that name the person in the role, open or closed, but its own; by reference.

    `placed` has for each workflow whose cases are at a site the field that says which. Of somebody who is the contact
    of no other provider they are all their cases.
    """
    rows = connection.execute(_named(person, role).where(cases.c.id != provider).order_by(cases.c.id)).all()
    if not any(row.workflow in PROVIDERS for row in rows):
        yield from (row.reference for row in rows)
        return
    own = set(connection.scalars(select(sites.c.id).where(sites.c.case_id == provider)))
    yield from (row.reference for row in rows if _is_of(connection, row.id, provider, own, placed))


def _named(person: int, role: str) -> Select[Any]:
    mine = (case_parties.c.person_id == person, case_parties.c.role == role, case_parties.c.colleague_of.is_(None))
    erased = select(erased_cases.c.case_id).where(erased_cases.c.case_id == cases.c.id).exists()
    return select(*_COLUMNS).join(case_parties, case_parties.c.case_id == cases.c.id).where(*mine, ~erased)


def _is_of(connection: Connection, case_id: int, provider: int, own: set[int], placed: Mapping[str, str]) -> bool:
    """Whether the case, or one that it was begun from, is the provider's own, or at a site of it."""
    line = connection.execute(select(*_COLUMNS).where(cases.c.id.in_(lineage(case_id)))).all()
    return any(row.id == provider or _is_at(row, own, placed) for row in line)


def _is_at(row: Row[Any], own: set[int], placed: Mapping[str, str]) -> bool:
    return row.workflow in placed and row.fields.get(placed[row.workflow]) in own


def saying_contact(connection: Connection, provider: int, email: str, saying: Mapping[str, str]) -> Iterator[str]:
    """The open cases below the provider's that keep this as its contact's address; `saying` has the field of each."""
    for workflow, field in saying.items():
        says = func.lower(cases.c.fields[field].as_string()) == email
        query = select(cases.c.id, cases.c.reference).where(cases.c.workflow == workflow, cases.c.is_open, says)
        for row in connection.execute(query.order_by(cases.c.id)).all():
            if provider in connection.scalars(lineage(row.id)).all():
                yield row.reference
