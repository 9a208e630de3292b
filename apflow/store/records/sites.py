"""Providers as the places they have: their cases by name, their sites, and whoever runs those."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, or_, select

from apflow.store.records.records import like, sought
from apflow.store.tables.cases import cases
from apflow.store.tables.places import proprietors, sites
from apflow.store.tables.pupils import placements

PROVIDER, REGISTERED = "provider", "registered_provider"
PROVIDERS = (PROVIDER, REGISTERED)  # The workflows whose cases have sites.
_HOW_IT_STANDS: Select[Any] = select(cases.c.reference, cases.c.workflow, cases.c.state, cases.c.entered_at)
_SITES = (
    select(sites, proprietors.c.name.label("proprietor_name"), cases.c.title.label("provider"), cases.c.reference)
    .add_columns(cases.c.state, cases.c.fields)
    .join(proprietors, proprietors.c.id == sites.c.proprietor_id)
    .join(cases, cases.c.id == sites.c.case_id)
)
# Where a placement is: its site and those it is at as well; on a page, in somebody's own words, on which days at which.
SITES_OF_A_PLACEMENT = sites.c.name + func.coalesce("; " + placements.c.also_called, "")
AT = SITES_OF_A_PLACEMENT + func.coalesce(" (" + placements.c.site_days + ")", "")
_IN_ORDER = (proprietors.c.sought, proprietors.c.id, sites.c.name, sites.c.id)


def providers_named(connection: Connection, text: str, *, limit: int) -> Sequence[Row[Any]]:
    """The providers' cases meant by this text: of the reference, else of the name, else with it in theirs."""
    query = select(cases).where(cases.c.workflow.in_(PROVIDERS)).order_by(cases.c.is_open.desc(), cases.c.title)
    by_reference = connection.execute(query.where(cases.c.reference == text.strip().upper())).all()
    if by_reference:
        return by_reference
    exactly = connection.execute(query.where(func.lower(cases.c.title) == sought(text)).limit(limit)).all()
    return (
        exactly
        or connection.execute(query.where(func.lower(cases.c.title).like(like(text), escape="\\")).limit(limit)).all()
    )


def states_of(connection: Connection, references: Iterable[str]) -> Sequence[Row[Any]]:
    """How these cases of providers stand, and since when."""
    return connection.execute(_HOW_IT_STANDS.where(cases.c.reference.in_(sorted(set(references))))).all()


def states_at(connection: Connection, numbers: Iterable[int]) -> Sequence[Row[Any]]:
    """The same of the providers at these sites, by the number of the site."""
    query = _HOW_IT_STANDS.add_columns(sites.c.id.label("site_id")).join(sites, sites.c.case_id == cases.c.id)
    return connection.execute(query.where(sites.c.id.in_(sorted(set(numbers))))).all()


def provider(connection: Connection, case_id: int) -> Row[Any] | None:
    return connection.execute(select(cases).where(cases.c.id == case_id)).one_or_none()


def numbers_with_urn(connection: Connection, urn: str) -> Sequence[int]:
    """The numbers of all cases of providers, open or not, that gave this URN when they applied, or since."""
    named = cases.c.fields["urn"].as_string()
    return connection.execute(select(cases.c.id).where(cases.c.workflow == PROVIDER, named == urn)).scalars().all()


def number_of(connection: Connection, reference: str) -> int:
    """The number of the case with this reference, which is there."""
    return int(connection.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar_one())


def site(connection: Connection, site_id: int) -> Row[Any] | None:
    """The site with its provider and whoever runs it, or None."""
    if not 0 < site_id < 2**31:
        return None
    return connection.execute(_SITES.where(sites.c.id == site_id)).one_or_none()


def sites_of(connection: Connection, case_id: int) -> Sequence[Row[Any]]:
    """Every site of one provider, those given up too."""
    query = _SITES.where(sites.c.case_id == case_id)
    return connection.execute(query.order_by(sites.c.ended_on.is_not(None), sites.c.name, sites.c.id)).all()


def sites_beside(connection: Connection, at: Row[Any], today: date) -> Sequence[Row[Any]]:
    """The other sites in use of the same provider that the same people run: hours at all of them add up to one pupil's.

    One run by somebody else is another school's, if it is a school: a pupil there has a placement of its own.
    """
    beside = (sites.c.case_id == at.case_id, sites.c.proprietor_id == at.proprietor_id, sites.c.id != at.id)
    query = _SITES.where(*beside, or_(sites.c.ended_on.is_(None), sites.c.ended_on > today))
    return connection.execute(query.order_by(sites.c.name, sites.c.id)).all()


def all_sites(connection: Connection, run_by: Iterable[int] | None = None) -> Sequence[Row[Any]]:
    """Every site with its provider, by whoever runs it; or those that these run."""
    query = _SITES if run_by is None else _SITES.where(sites.c.proprietor_id.in_(sorted(set(run_by))))
    return connection.execute(query.order_by(*_IN_ORDER)).all()


def hold_proprietor(connection: Connection, proprietor_id: int) -> None:
    """Keep others from placing anybody at its sites until this transaction ends; SQLite has but one writer."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(proprietors.c.id).where(proprietors.c.id == proprietor_id).with_for_update())


def without_sites(connection: Connection, state: str) -> Sequence[Row[Any, Any]]:
    """The providers in this state of which no site is known."""
    has_one = select(sites.c.id).where(sites.c.case_id == cases.c.id).exists()
    query = select(cases.c.reference, cases.c.title).where(cases.c.workflow == PROVIDER, cases.c.state == state)
    return connection.execute(query.where(~has_one).order_by(cases.c.title)).all()


def proprietor_named(connection: Connection, name: str) -> int:
    """Whoever has this name, added when nobody has."""
    there = select(proprietors.c.id).where(proprietors.c.sought == sought(name))
    # Held, so that the name is not erased before a site is theirs.
    known = connection.execute(there.with_for_update(read=True, key_share=True)).scalar_one_or_none()
    if known is not None:
        return int(known)
    new = insert(proprietors).values(name=" ".join(name.split()), sought=sought(name)).returning(proprietors.c.id)
    return int(connection.execute(new).scalar_one())
