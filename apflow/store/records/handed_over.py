"""Which cases name whom we write to at a provider or a school, beside its own: what is handed over with a change."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, and_, func, or_, select

from apflow.store.family import lineage
from apflow.store.records.colleagues import SCHOOL_ROLE
from apflow.store.records.sites import PROVIDERS
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import placements
from apflow.store.tables.records import erased_cases

_COLUMNS = [cases.c[name] for name in ("id", "reference", "workflow", "fields")]
_PLACEMENT = "placement_number"  # Of a case about a placement that is on record: the number of that.
Fields = Mapping[str, str]  # For each workflow whose cases keep a placement, the field that says whose it is.
Saying = Callable[[Row[Any]], bool | None]


def naming_contact(connection: Connection, provider: int, person: int, role: str, at_site: Fields) -> Iterator[str]:
    """The cases of the provider that name the person in the role, open or closed, but its own; by reference.

    `at_site` has the field that says at which site. What says nothing of a provider goes along with somebody who is the
    contact of no other.
    """
    rows = connection.execute(_naming(person, role).where(cases.c.id != provider).order_by(cases.c.id)).all()
    others = any(row.workflow in PROVIDERS for row in rows)
    own = set(connection.scalars(select(sites.c.id).where(sites.c.case_id == provider)))

    def says(row: Row[Any]) -> bool | None:
        if row.workflow in PROVIDERS:
            return bool(row.id == provider)
        site = row.fields.get(at_site.get(row.workflow, ""))
        return None if site is None else site in own

    yield from (row.reference for row in rows if _is_of(connection, row.id, says, otherwise=not others))


def of_provider(connection: Connection, provider: int, at_site: Fields) -> Sequence[str]:
    """The open cases below the provider's own, and those at a site of it with what is below them; by reference."""
    sites_there = select(sites.c.id).where(sites.c.case_id == provider)
    placed = [
        and_(cases.c.workflow == workflow, cases.c.fields[field].as_integer().in_(sites_there))
        for workflow, field in at_site.items()
    ]
    own = select(cases.c.id).where(or_(cases.c.id == provider, *placed)).cte("of_provider", recursive=True)
    own = own.union(select(cases.c.id).where(cases.c.parent_id == own.c.id))
    wanted = (cases.c.id.in_(select(own.c.id)), cases.c.id != provider, cases.c.is_open)
    return connection.scalars(select(cases.c.reference).where(*wanted).order_by(cases.c.id)).all()


def naming_commissioner(connection: Connection, number: int, person: Row[Any], placed_by: Fields) -> Iterator[str]:
    """The cases of the school, or other commissioner, that name the person for it, open or closed; by reference.

    `placed_by` has the field with the number of who commissions. What says nothing of one goes along with somebody
    whose address no other has.
    """
    rows = connection.execute(_naming(person.id, SCHOOL_ROLE).order_by(cases.c.id)).all()
    same = (func.lower(commissioners.c.email) == person.email, commissioners.c.id != number)
    others = connection.execute(select(commissioners.c.id).where(*same).limit(1)).first() is not None
    says = _commissioned_by(connection, number, placed_by)
    yield from (row.reference for row in rows if _is_of(connection, row.id, says, otherwise=not others))


def naming_nobody(connection: Connection, number: int, able: Sequence[str], placed_by: Fields) -> Iterator[str]:
    """The open cases of the school that name nobody for it, of the workflows that are able to."""
    named = select(case_parties.c.case_id).where(
        case_parties.c.case_id == cases.c.id, case_parties.c.role == SCHOOL_ROLE, case_parties.c.colleague_of.is_(None)
    )
    wanted = (cases.c.workflow.in_(list(able)), cases.c.is_open, ~named.exists())
    says = _commissioned_by(connection, number, placed_by)
    rows = connection.execute(select(*_COLUMNS).where(*wanted).order_by(cases.c.id)).all()
    yield from (row.reference for row in rows if _is_of(connection, row.id, says, otherwise=False))


def _commissioned_by(connection: Connection, number: int, placed_by: Fields) -> Saying:
    def says(row: Row[Any]) -> bool | None:
        commissioner = row.fields.get(placed_by.get(row.workflow, ""))
        placement = row.fields.get(_PLACEMENT)
        if commissioner is None and placement is not None:
            query = select(placements.c.commissioner_id).where(placements.c.id == placement)
            commissioner = connection.execute(query).scalar()
        return None if commissioner is None else bool(commissioner == number)

    return says


def _naming(person: int, role: str) -> Select[Any]:
    mine = (case_parties.c.person_id == person, case_parties.c.role == role, case_parties.c.colleague_of.is_(None))
    return select(*_COLUMNS).join(case_parties, case_parties.c.case_id == cases.c.id).where(*mine, ~_is_erased())


def _is_erased() -> ColumnElement[bool]:
    return select(erased_cases.c.case_id).where(erased_cases.c.case_id == cases.c.id).exists()


def _is_of(connection: Connection, case_id: int, says: Saying, *, otherwise: bool) -> bool:
    """Whether the case, or one that it was begun from, says so; `otherwise` where none says anything of it."""
    line = connection.execute(select(*_COLUMNS).where(cases.c.id.in_(lineage(case_id)))).all()
    said = {one for row in line if (one := says(row)) is not None}
    return True in said if said else otherwise


def called(connection: Connection, references: Sequence[str]) -> Sequence[Row[Any]]:
    """What each of these cases is of, what it is called, and whether it is over, the open ones first."""
    query = select(*(cases.c[name] for name in ("reference", "workflow", "title", "is_open")))
    query = query.where(cases.c.reference.in_(references))
    return connection.execute(query.order_by(cases.c.is_open.desc(), cases.c.workflow, cases.c.id)).all()


def saying_contact(connection: Connection, provider: int, email: str, saying: Fields) -> Iterator[str]:
    """The open cases below the provider's that keep this as its contact's address; `saying` has the field of each."""
    for workflow, field in saying.items():
        says = func.lower(cases.c.fields[field].as_string()) == email
        query = select(cases.c.id, cases.c.reference).where(cases.c.workflow == workflow, cases.c.is_open, says)
        for row in connection.execute(query.order_by(cases.c.id)).all():
            if provider in connection.scalars(lineage(row.id)).all():
                yield row.reference
