"""Pupils and those who work with them: finding and listing."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Integer, Row, Select, bindparam, delete, exists, func, insert, or_, select

from apflow.core.screening.screening import PupilNamed, first_words
from apflow.store.driver.among import among
from apflow.store.driver.hot import Compiled
from apflow.store.family import lineage
from apflow.store.records.records import like, sought
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import placements, professionals, pupil_words, pupils

_WITH_SCHOOL = select(
    pupils, commissioners.c.name.label("school_name"), commissioners.c.urn.label("school_urn")
).outerjoin(commissioners, commissioners.c.id == pupils.c.home_school_id)


_IS_THERE = pupils.c.erased_at.is_(None)
_LINE = lineage(bindparam("case_id", type_=Integer))
_IS_HERE = exists(
    select(placements.c.id)
    .join(sites, sites.c.id == placements.c.site_id)
    .where(placements.c.pupil_id == pupils.c.id, or_(sites.c.case_id.in_(_LINE), placements.c.case_id.in_(_LINE)))
) | (pupils.c.id == bindparam("about", type_=Integer))
_BEGINS_SO = pupils.c.id.in_(select(pupil_words.c.pupil_id).where(among(pupil_words.c.word, "words")))
_NAMED = select(pupils.c.forename, pupils.c.surname, _IS_HERE.label("is_here")).where(_IS_THERE, _BEGINS_SO)
_EVERYBODY_NAMED, _NAMED_HERE = Compiled(_NAMED), Compiled(_NAMED.where(_IS_HERE))


def pupil(connection: Connection, pupil_id: int) -> Row[Any] | None:
    """The pupil with the name of the home school, or None."""
    if not 0 < pupil_id < 2**31:
        return None
    return connection.execute(_WITH_SCHOOL.where(pupils.c.id == pupil_id)).one_or_none()


def is_any_true(child: Row[Any], of: Iterable[str]) -> bool:
    """Whether any of these is true of the pupil, as the record says."""
    return any(name == child.plan or getattr(child, name, False) is True for name in of)


def hold_pupil(connection: Connection, pupil_id: int) -> None:
    """Keep others from planning any session of the pupil until this transaction ends; SQLite has but one writer."""
    if connection.dialect.name != "sqlite":
        connection.execute(select(pupils.c.id).where(pupils.c.id == pupil_id).with_for_update(key_share=True))


def names_of_pupils(connection: Connection, numbers: Iterable[int]) -> dict[int, str]:
    """What these pupils are called, by their numbers; for pages that note who looked."""
    query = select(pupils.c.id, pupils.c.forename, pupils.c.surname).where(pupils.c.id.in_(sorted(set(numbers))))
    return {row.id: f"{row.forename} {row.surname}" for row in connection.execute(query)}


def pupils_placed(connection: Connection, numbers: Iterable[int]) -> dict[int, int]:
    """Whose placements these are: the number of the pupil by that of the placement."""
    query = select(placements.c.id, placements.c.pupil_id).where(placements.c.id.in_(sorted(set(numbers))))
    return {row.id: row.pupil_id for row in connection.execute(query)}


def by_upn(connection: Connection, upn: str) -> Row[Any] | None:
    return connection.execute(select(pupils).where(pupils.c.upn == upn)).one_or_none()


def by_uln(connection: Connection, uln: str) -> Row[Any] | None:
    return connection.execute(select(pupils).where(pupils.c.uln == uln)).one_or_none()


def by_name(connection: Connection, surname: str, forename: str, born: date) -> Sequence[Row[Any]]:
    """The pupils of this name who were born on this day."""
    of_the_day = connection.execute(select(pupils).where(pupils.c.born == born).order_by(pupils.c.id)).all()
    wanted = (sought(surname), sought(forename))
    return [row for row in of_the_day if (sought(row.surname), sought(row.forename)) == wanted]


def count_pupils(connection: Connection, text: str) -> int:
    return int(connection.execute(_wanted(select(func.count()).select_from(pupils), text)).scalar_one())


def list_pupils(connection: Connection, text: str, *, limit: int, offset: int = 0) -> Sequence[Row[Any]]:
    """The pupils whose names and number have each word of the text in them, by name."""
    query = _wanted(_WITH_SCHOOL, text).order_by(pupils.c.sought, pupils.c.id)
    return connection.execute(query.limit(limit).offset(offset)).all()


def named_in_words(
    connection: Connection, case_id: int | None, words: Iterable[str], *, everybody: bool, about: int | None = None
) -> tuple[PupilNamed, ...]:
    """The names that begin with one of the words, of pupils who are or were placed at the case's provider.

    Or of `everybody` on record. The provider's is the case itself, or the one that it was begun from. Whoever the case
    is `about` is one of them, and so is whoever it keeps the placement of, or was begun from a case that does.
    """
    query = _EVERYBODY_NAMED if everybody else _NAMED_HERE
    rows = query.all(connection, {"case_id": case_id, "about": about, "words": sorted({_kept(word) for word in words})})
    return tuple(PupilNamed(row.forename, row.surname, bool(row.is_here)) for row in rows)


def keep_words(connection: Connection, pupil_id: int, forename: str, surname: str) -> None:
    """Let the pupil's name be found in texts, and none that they had before."""
    forget_words(connection, pupil_id)
    words = {_kept(word) for word in first_words(forename, surname)}
    rows = [{"word": word, "pupil_id": pupil_id} for word in sorted(words)]
    connection.execute(insert(pupil_words), rows)


def forget_words(connection: Connection, pupil_id: int) -> None:
    """Let the pupil's name be found in no text any more."""
    connection.execute(delete(pupil_words).where(pupil_words.c.pupil_id == pupil_id))


def _kept(word: str) -> str:
    """As much of it as is kept: to be folded can make a word longer."""
    return word[:100]


def working_with(connection: Connection, pupil_ids: Iterable[int]) -> Sequence[Row[Any]]:
    """Those who work with any of these pupils now, by what they are."""
    query = select(professionals).where(
        professionals.c.pupil_id.in_(sorted(set(pupil_ids))), professionals.c.ended_on.is_(None)
    )
    return connection.execute(query.order_by(professionals.c.role, professionals.c.name)).all()


def working_on(connection: Connection, pupil_id: int, role: str, day: date) -> Sequence[Row[Any]]:
    """Those who work with the pupil as `role` on the day."""
    is_now = or_(professionals.c.ended_on.is_(None), professionals.c.ended_on > day)
    query = select(professionals).where(professionals.c.pupil_id == pupil_id, professionals.c.role == role, is_now)
    return connection.execute(query.order_by(professionals.c.id)).all()


def professionals_of(connection: Connection, pupil_id: int) -> Sequence[Row[Any]]:
    """Those who work with the pupil, the present ones first."""
    query = select(professionals).where(professionals.c.pupil_id == pupil_id)
    return connection.execute(
        query.order_by(professionals.c.ended_on.is_not(None), professionals.c.role, professionals.c.id)
    ).all()


def _wanted(query: Select[Any], text: str) -> Select[Any]:
    query = query.where(_IS_THERE)
    for word in text.split():
        query = query.where(pupils.c.sought.like(like(word), escape="\\"))
    return query
