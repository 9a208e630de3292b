"""Where pupils are placed: of one pupil, at a site, and those that run on a day."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, or_, select

from apflow.store.family import lineage
from apflow.store.records.records import like
from apflow.store.records.sites import AT
from apflow.store.tables.cases import cases
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import BEGAN, placements, pupils

_KEEPER = cases.alias("keeper")
_JOINED = (
    placements.join(pupils, pupils.c.id == placements.c.pupil_id)
    .join(sites, sites.c.id == placements.c.site_id)
    .join(cases, cases.c.id == sites.c.case_id)
    .join(commissioners, commissioners.c.id == placements.c.commissioner_id)
    .outerjoin(_KEEPER, _KEEPER.c.id == placements.c.case_id)
)
_PLACEMENTS = select(
    placements,
    *(pupils.c.surname, pupils.c.forename, pupils.c.born, pupils.c.ehcp, pupils.c.sen_support, pupils.c.looked_after),
    *(AT.label("site"), sites.c.name.label("main_site"), sites.c.proprietor_id),
    *(cases.c.title.label("provider"), cases.c.reference),
    *(commissioners.c.name.label("commissioner"), commissioners.c.urn.label("commissioner_urn")),
    _KEEPER.c.reference.label("kept_by"),
).select_from(_JOINED)
_NEWEST = (placements.c.starts_on.desc(), placements.c.id.desc())


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which placements to list: those with the text in the pupil's, provider's or commissioner's name."""

    text: str = ""
    on: date | None = None


def placement(connection: Connection, placement_id: int) -> Row[Any] | None:
    """The placement with all its names, or None."""
    if not 0 < placement_id < 2**31:
        return None
    return connection.execute(_PLACEMENTS.where(placements.c.id == placement_id)).one_or_none()


def placements_of(connection: Connection, pupil_id: int) -> Sequence[Row[Any]]:
    """Every placement the pupil has or had, the newest first."""
    return connection.execute(_PLACEMENTS.where(placements.c.pupil_id == pupil_id).order_by(*_NEWEST)).all()


def same_placement(connection: Connection, pupil: int, site: int, commissioner: int, starts: date) -> Row[Any] | None:
    """The placement of this pupil there for that commissioner from the very same day."""
    query = select(placements).where(
        placements.c.pupil_id == pupil,
        placements.c.site_id == site,
        placements.c.commissioner_id == commissioner,
        placements.c.starts_on == starts,
    )
    return connection.execute(query).one_or_none()


def kept_by(connection: Connection, case_id: int) -> Row[Any] | None:
    """The placement that this case keeps, or None."""
    return connection.execute(select(placements).where(placements.c.case_id == case_id)).one_or_none()


def running_between(
    connection: Connection, first: date, last: date | None, run_by: Iterable[int]
) -> Sequence[Row[Any]]:
    """The placements with these proprietors that run on some day from the first to the last, or ever after."""
    query = _PLACEMENTS.where(BEGAN, or_(placements.c.ends_on.is_(None), placements.c.ends_on >= first))
    query = query.where(sites.c.proprietor_id.in_(sorted(set(run_by))))
    if last is not None:
        query = query.where(placements.c.starts_on <= last)
    return connection.execute(query.order_by(placements.c.pupil_id, placements.c.id)).all()


def running_on(connection: Connection, day: date, run_by: Iterable[int] | None = None) -> Sequence[Row[Any]]:
    """The placements that run on the day at all sites, or at those that these proprietors run."""
    query = _PLACEMENTS.where(*_on(day))
    if run_by is not None:
        query = query.where(sites.c.proprietor_id.in_(sorted(set(run_by))))
    return connection.execute(query.order_by(placements.c.pupil_id, placements.c.id)).all()


def running_at(connection: Connection, case_id: int, day: date) -> Sequence[Row[Any]]:
    """The placements that run on the day at the case's provider, by pupil: those of children in care first."""
    query = _PLACEMENTS.where(*_on(day), sites.c.case_id.in_(lineage(case_id)))
    return connection.execute(query.order_by(pupils.c.looked_after.desc(), pupils.c.sought, placements.c.id)).all()


def count_placements(connection: Connection, wanted: Wanted) -> int:
    query = _narrowed(select(func.count()).select_from(_JOINED), wanted)
    return int(connection.execute(query).scalar_one())


def list_placements(connection: Connection, wanted: Wanted, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    query = _narrowed(_PLACEMENTS, wanted).order_by(*_NEWEST)
    return connection.execute(query.limit(limit).offset(offset)).all()


def _narrowed(query: Select[Any], wanted: Wanted) -> Select[Any]:
    if wanted.on:
        query = query.where(*_on(wanted.on))
    for word in wanted.text.split():
        has = (
            found.like(like(word), escape="\\")
            for found in (pupils.c.sought, func.lower(cases.c.title), commissioners.c.sought)
        )
        query = query.where(or_(*has))
    return query


def _on(day: date) -> list[ColumnElement[bool]]:
    return [BEGAN, placements.c.starts_on <= day, or_(placements.c.ends_on.is_(None), placements.c.ends_on >= day)]
