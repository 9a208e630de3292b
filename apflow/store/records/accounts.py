"""Accounts of people outside the council: whom something that is kept still names, and erasing the others."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, exists, func, or_, select, union, update

from apflow.store.records.colleagues import SCHOOL_ROLE, leave_cases
from apflow.store.records.retention import ERASED
from apflow.store.tables.attendance import session_marks
from apflow.store.tables.cases import case_parties, drafts, looks
from apflow.store.tables.history import history
from apflow.store.tables.lists import saved_lists, searches
from apflow.store.tables.messages import messages
from apflow.store.tables.people import api_tokens, colleagues, people, sessions, sign_in_links
from apflow.store.tables.places import commissioners
from apflow.store.tables.pupils import placements, pupils
from apflow.store.tables.records import erased_cases, record_changes, record_reads

_ACTS_NOW = colleagues.c.ended_at.is_(None)


def people_of_cases(connection: Connection, numbers: Iterable[int]) -> set[int]:
    """Everybody on these cases: whom they name with their colleagues, who did something there, and who was written
    to."""
    wanted = sorted(set(numbers))
    found = (
        select(case_parties.c.person_id).where(case_parties.c.case_id.in_(wanted)),
        select(history.c.actor_id).where(history.c.case_id.in_(wanted), history.c.actor_id.is_not(None)),
        select(messages.c.to_person).where(messages.c.case_id.in_(wanted), messages.c.to_person.is_not(None)),
    )
    return set(connection.execute(union(*found)).scalars())


def people_of_record(connection: Connection, pupil: int) -> set[int]:
    """Who has marked sessions of a pupil, or looked at the record."""
    placed = select(placements.c.id).where(placements.c.pupil_id == pupil)
    marked = select(session_marks.c.person_id).where(session_marks.c.placement_id.in_(placed))
    looked = select(record_reads.c.person_id).where(
        record_reads.c.pupil_id == pupil, record_reads.c.person_id.is_not(None)
    )
    return set(connection.execute(union(marked, looked)).scalars())


def with_colleagues(connection: Connection, who: Iterable[int]) -> set[int]:
    """These people and all who are or were their colleagues, or the colleagues of those in turn."""
    known, newest = set(who), set(who)
    while newest:
        theirs = select(colleagues.c.colleague_id).where(colleagues.c.person_id.in_(sorted(newest)))
        newest = set(connection.execute(theirs).scalars()) - known
        known |= newest
    return known


def accounts(connection: Connection, who: Iterable[int]) -> Sequence[Row[Any]]:
    """The accounts of these people."""
    return connection.execute(select(people).where(people.c.id.in_(sorted(set(who)))).order_by(people.c.id)).all()


def stands_in(connection: Connection, person: int, role: str) -> bool:
    """Whether a case that is not erased names them in the role, the record of a school or commissioner has their
    address, or they are somebody's colleague in it."""
    named = exists().where(case_parties.c.person_id == person, case_parties.c.role == role, _is_kept(case_parties))
    acts = exists().where(colleagues.c.colleague_id == person, colleagues.c.role == role, _ACTS_NOW)
    recorded = [_is_on_the_register(person)] if role == SCHOOL_ROLE else []
    return bool(connection.execute(select(or_(named, acts, *recorded))).scalar())


def is_named(connection: Connection, person: int) -> bool:
    """Whether anything that is kept still names them: a case, a school's or commissioner's record, a pupil's."""
    looked = record_reads.join(pupils, pupils.c.id == record_reads.c.pupil_id)
    kept = (
        exists().where(case_parties.c.person_id == person, _is_kept(case_parties)),
        exists().where(history.c.actor_id == person, _is_kept(history)),
        exists().where(messages.c.to_person == person, messages.c.case_id.is_not(None), _is_kept(messages)),
        exists().where(colleagues.c.colleague_id == person, _ACTS_NOW),
        exists().where(session_marks.c.person_id == person, session_marks.c.person_name != ERASED),
        exists(select(record_reads.c.id).select_from(looked)).where(
            record_reads.c.person_id == person, pupils.c.erased_at.is_(None)
        ),
        _is_on_the_register(person),
    )
    return bool(connection.execute(select(or_(*kept))).scalar())


def _is_kept(table: Any) -> ColumnElement[bool]:
    """Whether the case of a row of the table is not erased."""
    of_case: ColumnElement[int] = table.c.case_id
    return of_case.not_in(select(erased_cases.c.case_id))


def _is_on_the_register(person: int) -> ColumnElement[bool]:
    address = select(people.c.email).where(people.c.id == person).scalar_subquery()
    return exists().where(func.lower(commissioners.c.email) == address)


def no_longer_on(connection: Connection, numbers: Iterable[int]) -> None:
    """Take everybody off these cases, which were erased."""
    connection.execute(delete(case_parties).where(case_parties.c.case_id.in_(sorted(set(numbers)))))


def end_colleagues_of(connection: Connection, person: int, role: str, by: int | None, at: datetime) -> bool:
    """Let nobody act for them in the role any more; whether anybody did."""
    theirs = colleagues.c.person_id == person, colleagues.c.role == role, _ACTS_NOW
    acting = connection.execute(select(colleagues.c.colleague_id).where(*theirs)).scalars().all()
    for colleague in acting:
        leave_cases(connection, person, colleague, role)
    ended = {"ended_at": at, "ended_by": by or person, "version": colleagues.c.version + 1, "changed_at": at}
    connection.execute(update(colleagues).where(*theirs).values(ended))
    return bool(acting)


def keep_roles(connection: Connection, person: int, roles: Sequence[str]) -> None:
    connection.execute(update(people).where(people.c.id == person).values(roles=list(roles)))


def erase_account(connection: Connection, row: Row[Any]) -> None:
    """Leave of an account a number that nobody can sign in with; what they had begun and kept,
    and the letters to them, go."""
    person = row.id
    for table in (sessions, sign_in_links, api_tokens, drafts, looks, saved_lists, searches):
        connection.execute(delete(table).where(table.c.person_id == person))
    connection.execute(delete(case_parties).where(case_parties.c.person_id == person))
    theirs = or_(messages.c.to_person == person, func.lower(messages.c.to_email) == row.email)
    waiting = (theirs, messages.c.status == "queued")
    connection.execute(update(messages).where(*waiting).values(status="failed", token=messages.c.token + 1))
    said = {"to_name": ERASED, "to_email": "", "subject": ERASED, "text": "", "html": "", "invitation": None}
    connection.execute(update(messages).where(theirs).values(**said, error=None))
    as_colleague = or_(colleagues.c.person_id == person, colleagues.c.colleague_id == person)
    of_them = record_changes.c.record_id.in_(select(colleagues.c.id).where(as_colleague))
    connection.execute(update(record_changes).where(record_changes.c.kind == "colleague", of_them).values(fields={}))
    connection.execute(update(record_changes).where(record_changes.c.actor_id == person).values(actor_name=ERASED))
    nobody: Mapping[str, Any] = {"name": ERASED, "email": f"erased-{person}@erased.invalid", "agency": None}
    connection.execute(update(people).where(people.c.id == person).values(**nobody, roles=[], is_active=False))
