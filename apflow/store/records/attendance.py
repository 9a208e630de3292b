"""Attendance of placements: the plans that hold, and the marks that stand."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, or_, select, update

from apflow.store.driver.inserts import insert_new
from apflow.store.records.colleagues import SCHOOL_ROLE, acts_for
from apflow.store.records.sites import AT, PROVIDERS
from apflow.store.tables.attendance import (
    absence_patterns,
    attendance_plans,
    long_absences_told,
    missing_pupils,
    session_marks,
)
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.people import people
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import BEGAN, placements, pupils

Session = tuple[int, date, str]
_HOME = commissioners.alias("home")
_PAYS = commissioners.alias("pays")
_KEEPER = cases.alias("keeper")
_LATER = session_marks.alias("later")
_OF_PLACEMENTS: Select[Any] = (
    select(
        *(placements.c[name] for name in ("id", "pupil_id", "site_id", "commissioner_id", "starts_on", "ends_on")),
        placements.c.minutes,
        *(pupils.c[name] for name in ("surname", "forename", "upn", "born", "sought", "home_school_id")),
        *(pupils.c[name] for name in ("years_out", "ehcp", "sen_support", "looked_after", "plan")),
        *(AT.label("site"), sites.c.case_id, cases.c.title.label("provider"), cases.c.reference),
        *(_HOME.c.name.label("school"), _HOME.c.email.label("school_email"), _HOME.c.urn.label("school_urn")),
        *(_HOME.c.phone.label("school_phone"), _KEEPER.c.reference.label("kept_by")),
        _PAYS.c.kind.label("commissioner_kind"),
    )
    .join(pupils, pupils.c.id == placements.c.pupil_id)
    .join(sites, sites.c.id == placements.c.site_id)
    .join(cases, cases.c.id == sites.c.case_id)
    .join(_PAYS, _PAYS.c.id == placements.c.commissioner_id)
    .outerjoin(_HOME, _HOME.c.id == pupils.c.home_school_id)
    .outerjoin(_KEEPER, _KEEPER.c.id == placements.c.case_id)
    .order_by(pupils.c.sought, placements.c.id)
)
STANDS = ~(
    select(_LATER.c.id)
    .where(
        _LATER.c.placement_id == session_marks.c.placement_id,
        _LATER.c.day == session_marks.c.day,
        _LATER.c.half == session_marks.c.half,
        _LATER.c.number == session_marks.c.number + 1,
    )
    .exists()
)


@dataclass(frozen=True, slots=True)
class Attending:
    """Whose attendance to read, on what days: of providers' cases, schools, payers, pupils, placements, or all."""

    first: date
    last: date
    case_id: int | None = None
    school_id: int | None = None
    pupil_id: int | None = None
    placements: tuple[int, ...] | None = None
    cases: tuple[int, ...] | None = None
    schools: tuple[int, ...] | None = None
    commissioners: tuple[int, ...] | None = None
    pupils: tuple[int, ...] | None = None

    def conditions(self) -> list[ColumnElement[bool]]:
        found = [
            BEGAN,
            placements.c.starts_on <= self.last,
            or_(placements.c.ends_on.is_(None), placements.c.ends_on >= self.first),
        ]
        if self.case_id is not None:
            found.append(sites.c.case_id == self.case_id)
        if self.school_id is not None:
            found.append(pupils.c.home_school_id == self.school_id)
        if self.pupil_id is not None:
            found.append(placements.c.pupil_id == self.pupil_id)
        if self.placements is not None:
            found.append(placements.c.id.in_(self.placements))
        if self.cases is not None:
            found.append(sites.c.case_id.in_(self.cases))
        if self.schools is not None:
            found.append(pupils.c.home_school_id.in_(self.schools))
        if self.commissioners is not None:
            found.append(placements.c.commissioner_id.in_(self.commissioners))
        if self.pupils is not None:
            found.append(placements.c.pupil_id.in_(self.pupils))
        return found


def placed(connection: Connection, of: Attending) -> Sequence[Row[Any]]:
    """The placements that run on any of the days, by pupil."""
    return connection.execute(_OF_PLACEMENTS.where(*of.conditions())).all()


def plans_of(connection: Connection, numbers: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """The plans of these placements, the latest first."""
    query = select(attendance_plans).where(attendance_plans.c.placement_id.in_(sorted(set(numbers))))
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query.order_by(attendance_plans.c.from_on.desc())):
        found.setdefault(row.placement_id, []).append(row)
    return found


def plan_of(plans: Sequence[Row[Any]], day: date) -> Row[Any] | None:
    """The plan that holds on the day."""
    return next((plan for plan in plans if plan.from_on <= day), None)


def plans_of_pupil(connection: Connection, pupil_id: int, *, but: int | None = None) -> Sequence[Row[Any]]:
    """The plans of the pupil's placements `but` one, the latest first, with when those run and where."""
    query = (
        select(attendance_plans, placements.c.starts_on, placements.c.ends_on, cases.c.title.label("provider"))
        .join(placements, placements.c.id == attendance_plans.c.placement_id)
        .join(sites, sites.c.id == placements.c.site_id)
        .join(cases, cases.c.id == sites.c.case_id)
        .where(BEGAN, placements.c.pupil_id == pupil_id, placements.c.id != (but or 0))
        .order_by(attendance_plans.c.from_on.desc())
    )
    return connection.execute(query).all()


def marks_between(connection: Connection, numbers: Iterable[int], first: date, last: date) -> dict[Session, Row[Any]]:
    """The marks that stand of these placements, by placement, day and half."""
    query = select(session_marks).where(
        session_marks.c.placement_id.in_(sorted(set(numbers))), session_marks.c.day.between(first, last), STANDS
    )
    return {(row.placement_id, row.day, row.half): row for row in connection.execute(query)}


def history_of(connection: Connection, placement_id: int, *, limit: int) -> Sequence[Row[Any]]:
    """Everything that was marked of a placement, the latest first, whenever it came."""
    marks = session_marks.c
    query = select(session_marks).where(marks.placement_id == placement_id)
    return connection.execute(query.order_by(marks.marked_at.desc(), marks.id.desc()).limit(limit)).all()


def latest_marks(connection: Connection, numbers: Iterable[int], most: int) -> dict[int, list[tuple[date, str]]]:
    """The last marks that stand of each placement, each with its day, the newest session first."""
    place = func.row_number().over(
        partition_by=session_marks.c.placement_id, order_by=(session_marks.c.day.desc(), session_marks.c.half.desc())
    )
    standing = select(
        session_marks.c.placement_id, session_marks.c.day, session_marks.c.mark, place.label("place")
    ).where(session_marks.c.placement_id.in_(sorted(set(numbers))), STANDS)
    ranked = standing.subquery()
    query = select(ranked).where(ranked.c.place <= most).order_by(ranked.c.placement_id, ranked.c.place)
    found: dict[int, list[tuple[date, str]]] = {}
    for row in connection.execute(query):
        found.setdefault(row.placement_id, []).append((row.day, row.mark))
    return found


def absent_since(connection: Connection, day: date, reasons: Iterable[str] = ()) -> frozenset[int]:
    """The placements of which some session since that day is marked as absent, if given for one of the reasons."""
    query = select(session_marks.c.placement_id).where(session_marks.c.day >= day, session_marks.c.mark == "absent")
    query = query.where(session_marks.c.reason.in_(sorted(set(reasons)))) if reasons else query
    return frozenset(connection.execute(query.distinct()).scalars())


def days_absent(connection: Connection, numbers: Iterable[int], reasons: Iterable[str], since: date) -> dict[int, int]:
    """On how many days each placement's pupil was marked as absent for one of the reasons, later corrected or not."""
    query = select(session_marks.c.placement_id, func.count(session_marks.c.day.distinct()).label("days")).where(
        session_marks.c.placement_id.in_(sorted(set(numbers))),
        session_marks.c.day >= since,
        session_marks.c.reason.in_(sorted(set(reasons))),
    )
    return {row.placement_id: row.days for row in connection.execute(query.group_by(session_marks.c.placement_id))}


def marks_by_day(connection: Connection, numbers: Iterable[int], first: date, last: date) -> Sequence[Row[Any]]:
    """How many sessions of each placement were marked as what on which day and why, by the marks that stand."""
    by = (session_marks.c.placement_id, session_marks.c.day, session_marks.c.mark, session_marks.c.reason)
    query = select(*by, func.count().label("how_many")).where(
        session_marks.c.placement_id.in_(sorted(set(numbers))), session_marks.c.day.between(first, last), STANDS
    )
    return connection.execute(query.group_by(*by)).all()


def was_attended(connection: Connection, case_id: int) -> bool:
    """Whether some session of the placement that this case keeps is marked as attended, by a mark that stands."""
    query = (
        select(session_marks.c.id)
        .join(placements, placements.c.id == session_marks.c.placement_id)
        .where(placements.c.case_id == case_id, session_marks.c.mark != "absent", STANDS)
    )
    return connection.execute(query.limit(1)).first() is not None


def known_keys(connection: Connection, person: int, keys: Iterable[str]) -> dict[str, Row[Any]]:
    """The marks that this person has sent under these keys already."""
    query = select(session_marks).where(session_marks.c.person_id == person, session_marks.c.key.in_(sorted(set(keys))))
    return {row.key: row for row in connection.execute(query)}


def add_mark(connection: Connection, values: Mapping[str, Any]) -> bool:
    """Add one mark; False when the session has a mark of this number meanwhile."""
    unique = ["placement_id", "day", "half", "number"]
    return insert_new(connection, session_marks, values, unique=unique) is not None


def provider_case(connection: Connection, reference: str) -> Row[Any] | None:
    """The number and name of the provider whose case this is."""
    query: Select[Any] = select(cases.c.id, cases.c.reference, cases.c.title)
    return connection.execute(
        query.where(cases.c.reference == reference, cases.c.workflow.in_(PROVIDERS))
    ).one_or_none()


def is_party(connection: Connection, case_id: int, person: int, role: str) -> bool:
    """Whether the person is of the provider that the case is about."""
    query = select(case_parties.c.person_id).where(
        case_parties.c.case_id == case_id, case_parties.c.person_id == person, case_parties.c.role == role
    )
    return connection.execute(query).first() is not None


def providers_of(connection: Connection, person: int, role: str) -> Sequence[Row[Any]]:
    """The providers' cases that the person is of, by name."""
    query: Select[Any] = (
        select(cases.c.id, cases.c.reference, cases.c.title)
        .join(case_parties, case_parties.c.case_id == cases.c.id)
        .where(case_parties.c.person_id == person, case_parties.c.role == role, cases.c.workflow.in_(PROVIDERS))
    )
    return connection.execute(query.order_by(cases.c.title, cases.c.id)).all()


def has_had_pupils(connection: Connection, person: int, role: str) -> bool:
    """Whether any placement is, or was, at a site of a provider that the person is of."""
    query = (
        select(placements.c.id)
        .join(sites, sites.c.id == placements.c.site_id)
        .join(case_parties, case_parties.c.case_id == sites.c.case_id)
        .where(case_parties.c.person_id == person, case_parties.c.role == role)
    )
    return connection.execute(query.limit(1)).first() is not None


def schools_of(connection: Connection, person: int) -> Sequence[Row[Any]]:
    """The schools that have the address of the person, or of somebody whose colleague they are."""
    query = (
        select(commissioners)
        .join(people, people.c.email == func.lower(commissioners.c.email))
        .where(commissioners.c.kind == "school", acts_for(person, SCHOOL_ROLE))
    )
    return connection.execute(query.order_by(commissioners.c.sought, commissioners.c.id)).all()


def parties_of(connection: Connection, case_id: int) -> Sequence[int]:
    """The people whom a provider's case names; their colleagues are not written to."""
    query = select(case_parties.c.person_id).where(
        case_parties.c.case_id == case_id, case_parties.c.colleague_of.is_(None)
    )
    return connection.execute(query.order_by(case_parties.c.person_id)).scalars().all()


def patterns(connection: Connection) -> dict[int, date]:
    """The placements whose absences are known to be a pattern, and since when."""
    return {row.placement_id: row.since for row in connection.execute(select(absence_patterns))}


def note_pattern(connection: Connection, placement_id: int, since: date) -> bool:
    """Note a new pattern; False when it is known already."""
    row = {"placement_id": placement_id, "since": since}
    return insert_new(connection, absence_patterns, row, unique=["placement_id"]) is not None


def note_pattern_again(connection: Connection, placement_id: int, was: date, since: date) -> bool:
    """Note that a pattern goes on; False when somebody else has."""
    known = (absence_patterns.c.placement_id == placement_id, absence_patterns.c.since == was)
    return connection.execute(update(absence_patterns).where(*known).values(since=since)).rowcount == 1


def forget_patterns(connection: Connection, numbers: Iterable[int]) -> None:
    """Forget those that no longer are: they may come anew."""
    connection.execute(delete(absence_patterns).where(absence_patterns.c.placement_id.in_(sorted(set(numbers)))))


def missing(connection: Connection) -> dict[int, date]:
    """The placements whose pupils are known to be missing, and since which day."""
    return {row.placement_id: row.since for row in connection.execute(select(missing_pupils))}


def note_missing(connection: Connection, placement_id: int, since: date) -> bool:
    """Note that somebody is told; False when they have been already."""
    row = {"placement_id": placement_id, "since": since}
    return insert_new(connection, missing_pupils, row, unique=["placement_id"]) is not None


def forget_missing(connection: Connection, numbers: Iterable[int]) -> None:
    """Forget those who were seen since, or of whom somebody has said why: they may be missing anew."""
    connection.execute(delete(missing_pupils).where(missing_pupils.c.placement_id.in_(sorted(set(numbers)))))


def long_absences(connection: Connection, pupils_: Iterable[int]) -> frozenset[tuple[int, str, date]]:
    """The long absences of these pupils that somebody was told of: whose, by which rule, counted from which day."""
    query = select(long_absences_told).where(long_absences_told.c.pupil_id.in_(sorted(set(pupils_))))
    return frozenset((row.pupil_id, row.rule, row.since) for row in connection.execute(query))


def note_long_absence(connection: Connection, pupil: int, rule: str, since: date) -> bool:
    """Note that somebody is told; False when they have been already."""
    row = {"pupil_id": pupil, "rule": rule, "since": since}
    return insert_new(connection, long_absences_told, row, unique=list(row)) is not None
