"""Whom records are written to, read so that nobody changes that until whoever reads it has committed."""

from typing import Any

from sqlalchemy import Connection, Row, select

from apflow.store.tables.cases import cases
from apflow.store.tables.places import commissioners, sites

_PROVIDER = select(cases.c.workflow, cases.c.fields)


def address_of_commissioner(connection: Connection, number: int | None) -> str | None:
    """The address on a commissioner's record, empty where there is none; None where there is no such record."""
    query = select(commissioners.c.email).where(commissioners.c.id == number)
    row = connection.execute(query.with_for_update(read=True)).one_or_none()
    return None if row is None else row.email or ""


def provider_at(connection: Connection, site: int) -> Row[Any, Any] | None:
    """The workflow and the fields of the case of the provider whose site this is."""
    query = _PROVIDER.join(sites, sites.c.case_id == cases.c.id).where(sites.c.id == site)
    return connection.execute(query.with_for_update(read=True, of=cases)).one_or_none()


def provider_of_number(connection: Connection, case_id: int) -> Row[Any, Any] | None:
    """The same of a provider by the number of its case."""
    return connection.execute(_PROVIDER.where(cases.c.id == case_id).with_for_update(read=True)).one_or_none()
