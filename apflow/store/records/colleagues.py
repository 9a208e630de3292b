"""Colleagues: who may act and see as somebody else does in one role, and of which cases that makes them a party."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, delete, func, insert, literal, or_, select
from sqlalchemy.orm import aliased

from apflow.store.records.sites import PROVIDERS
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.people import colleagues, people
from apflow.store.tables.places import commissioners

SCHOOL_ROLE = "commissioner"
ORGANISATIONS = ("school", "service")  # Of those who commission; a parent or a learner does so alone.
_COLUMNS = ["case_id", "person_id", "role", "colleague_of"]
_IS_NOW = colleagues.c.ended_at.is_(None)
_who, _named, _adder, _ender = (aliased(people, name=name) for name in ("who", "named", "adder", "ender"))
_LISTED = (
    select(
        colleagues,
        _who.c.name,
        _who.c.email,
        _named.c.email.label("named_email"),
        _adder.c.name.label("added_by_name"),
        _ender.c.name.label("ended_by_name"),
    )
    .join(_who, _who.c.id == colleagues.c.colleague_id)
    .join(_named, _named.c.id == colleagues.c.person_id)
    .join(_adder, _adder.c.id == colleagues.c.added_by)
    .outerjoin(_ender, _ender.c.id == colleagues.c.ended_by)
    .order_by(colleagues.c.id)
)


def acts_for(person: int, role: str) -> ColumnElement[bool]:
    """Whether a row of `people` is the person themselves, or somebody whose colleague they now are in the role."""
    theirs = select(colleagues.c.person_id).where(
        colleagues.c.colleague_id == person, colleagues.c.role == role, _IS_NOW
    )
    return or_(people.c.id == person, people.c.id.in_(theirs))


def hold_people(connection: Connection, held: Sequence[int]) -> None:
    """Keep everyone else from putting them on a case, or changing their colleagues, until this commits."""
    query = select(people.c.id).where(people.c.id.in_(held)).order_by(people.c.id)
    connection.execute(query.with_for_update(key_share=True))


def colleagues_of(connection: Connection, person: int, role: str) -> Sequence[Row[Any]]:
    """All whom the person has had as colleagues in the role, as they were added."""
    return connection.execute(_LISTED.where(colleagues.c.person_id == person, colleagues.c.role == role)).all()


def colleague(connection: Connection, number: int) -> Row[Any] | None:
    """One of them, whoever's colleague they are or were; numbers too large for a key are nobody's."""
    return connection.execute(_LISTED.where(colleagues.c.id == number)).one_or_none() if number < 2**31 else None


def named_by(connection: Connection, person: int) -> Sequence[Row[Any]]:
    """For whom the person acts now as a colleague, and in which role."""
    query: Select[Any] = (
        select(people.c.id, colleagues.c.role)
        .join(colleagues, colleagues.c.person_id == people.c.id)
        .where(colleagues.c.colleague_id == person, _IS_NOW)
    )
    return connection.execute(query.order_by(colleagues.c.id)).all()


def is_colleague(connection: Connection, person: int, colleague: int, role: str) -> bool:
    """Whether they are one now."""
    query = select(colleagues.c.id).where(
        colleagues.c.person_id == person, colleagues.c.colleague_id == colleague, colleagues.c.role == role, _IS_NOW
    )
    return connection.execute(query).first() is not None


def is_on_the_other_side(connection: Connection, person: int, other: int, role: str) -> bool:
    """Whether a case that names the person in the role has the other one on it in another role."""
    theirs = select(case_parties.c.case_id).where(
        case_parties.c.person_id == person, case_parties.c.role == role, case_parties.c.colleague_of.is_(None)
    )
    query = select(case_parties.c.case_id).where(
        case_parties.c.person_id == other, case_parties.c.role != role, case_parties.c.case_id.in_(theirs)
    )
    return connection.execute(query.limit(1)).first() is not None


def join_cases(connection: Connection, person: int, colleague: int, role: str) -> None:
    """Make somebody a party of every case that names the person in the role."""
    named = select(case_parties.c.case_id, literal(colleague), case_parties.c.role, literal(person)).where(
        case_parties.c.person_id == person, case_parties.c.role == role, case_parties.c.colleague_of.is_(None)
    )
    connection.execute(insert(case_parties).from_select(_COLUMNS, named))


def leave_cases(connection: Connection, person: int, colleague: int, role: str) -> None:
    """Take them off every case where they are for the person's sake in the role."""
    connection.execute(
        delete(case_parties).where(
            case_parties.c.person_id == colleague,
            case_parties.c.role == role,
            case_parties.c.colleague_of == person,
        )
    )


def bring_along(connection: Connection, case_id: int, person: int, role: str) -> None:
    """Make everybody who is now a colleague of the person in the role a party of this case too."""
    theirs = select(literal(case_id), colleagues.c.colleague_id, colleagues.c.role, literal(person)).where(
        colleagues.c.person_id == person, colleagues.c.role == role, _IS_NOW
    )
    connection.execute(insert(case_parties).from_select(_COLUMNS, theirs))


def commissions_as(connection: Connection, email: str) -> Sequence[Row[Any]]:
    """The schools and services that have this as their address, by name."""
    query = select(commissioners).where(
        commissioners.c.kind.in_(ORGANISATIONS), func.lower(commissioners.c.email) == email
    )
    return connection.execute(query.order_by(commissioners.c.sought, commissioners.c.id)).all()


def provides_as(connection: Connection, person: int, role: str) -> Sequence[Row[Any]]:
    """The providers' cases that name the person, by title."""
    query: Select[Any] = (
        select(cases.c.id, cases.c.reference, cases.c.title)
        .join(case_parties, case_parties.c.case_id == cases.c.id)
        .where(case_parties.c.person_id == person, case_parties.c.role == role, case_parties.c.colleague_of.is_(None))
        .where(cases.c.workflow.in_(PROVIDERS))
    )
    return connection.execute(query.order_by(cases.c.title, cases.c.id)).all()


def named_on(connection: Connection, case_id: int, role: str) -> Row[Any] | None:
    """Whom the case names in the role."""
    query = (
        select(people)
        .join(case_parties, case_parties.c.person_id == people.c.id)
        .where(case_parties.c.case_id == case_id, case_parties.c.role == role, case_parties.c.colleague_of.is_(None))
    )
    return connection.execute(query).one_or_none()


def addresses_of(connection: Connection, reference: str, role: str) -> frozenset[str]:
    """The addresses of all who are on the case in the role: whoever it names, and their colleagues."""
    query = (
        select(people.c.email)
        .join(case_parties, case_parties.c.person_id == people.c.id)
        .join(cases, cases.c.id == case_parties.c.case_id)
        .where(cases.c.reference == reference, case_parties.c.role == role)
    )
    return frozenset(email.lower() for email in connection.execute(query).scalars())
