"""The nightly check's claim on its night, and what it found: each thing once, until it is mended."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Connection, Row, bindparam, exists, func, insert, or_, select, update

from apflow.core.standing import URGENT_UNDONE
from apflow.store.driver.engine import Store
from apflow.store.driver.inserts import insert_new
from apflow.store.driver.leases import LEASE, TOO_FAR, ClaimLost
from apflow.store.parts import Part, said_of, seen_again, since, standing, to_tell
from apflow.store.reading.hidden import is_shown_to
from apflow.store.tables.cases import cases
from apflow.store.tables.findings import checks, findings
from apflow.store.tables.records import erased_cases

WORKFLOW = "finding"  # What a case runs that asks somebody to see to what was found of another, which it says in ABOUT.
ABOUT = "about"
RETENTION = "Retention"  # What is found of no one case: that something waits for a decision on erasing it.
_SHOWN_FOR = timedelta(days=30)
_STANDS = findings.c.mended_at.is_(None)
_UNTOLD = checks.c.told_at.is_(None)
_NIGHT = select(checks).where(checks.c.night == bindparam("of_night"))
_TAKE_OVER = (
    update(checks)
    .where(checks.c.id == bindparam("check_id"), checks.c.token == bindparam("seen_token"))
    .values(token=checks.c.token + 1, claimed_until=bindparam("until"))
)
_HELD = (
    update(checks)
    .where(checks.c.id == bindparam("check_id"), checks.c.token == bindparam("held"), checks.c.ended_at.is_(None))
    .values(claimed_until=bindparam("until"))
)
_task = cases.alias("task_case_of")
_LISTED = (
    select(
        findings,
        cases.c.id.is_not(None).label("about_is_case"),
        _task.c.state.label("task_state"),
        _task.c.is_open.label("task_is_open"),
    )
    .outerjoin(cases, cases.c.reference == findings.c.about)
    .outerjoin(_task, _task.c.reference == findings.c.task_case)
    .where(_STANDS)
    .order_by(findings.c.kind != URGENT_UNDONE, findings.c.kind, findings.c.found_at, findings.c.id)
)
_STANDING = (
    select(
        findings,
        _task.c.state.label("task_state"),
        _task.c.is_open.label("task_is_open"),
        _task.c.entered_at.label("task_entered_at"),
    )
    .outerjoin(_task, _task.c.reference == findings.c.task_case)
    .where(_STANDS)
    .order_by(findings.c.id)
)


@dataclass(frozen=True, slots=True)
class Check:
    """One night's look at everything, which this process may do until its lease runs out."""

    id: int
    token: int


@dataclass(frozen=True, slots=True)
class Noted:
    """What is to be noted of one finding, with each thing that it is of."""

    kind: str
    about: str
    parts: Sequence[Part]
    workflow: str


def claim_night(store: Store, night: date, now: datetime, machine_now: datetime) -> Check | None:
    """Claim this night's check; None when it has been done, or while another process is at it."""
    with store.reading() as connection:
        known = connection.execute(_NIGHT, {"of_night": night}).first()
    if known is not None and (known.ended_at is not None or machine_now < known.claimed_until < machine_now + TOO_FAR):
        return None
    until = machine_now + LEASE
    with store.writing() as connection:
        if known is None:
            row = {"night": night, "begun_at": now, "cases": 0, "token": 1, "claimed_until": until}
            added = insert_new(connection, checks, row, unique=["night"])
            return None if added is None else Check(added.id, 1)
        taken = {"check_id": known.id, "seen_token": known.token, "until": until}
        return Check(known.id, known.token + 1) if connection.execute(_TAKE_OVER, taken).rowcount else None


def hold_night(connection: Connection, check: Check, machine_now: datetime) -> None:
    """Keep the claim for another lease, to the end of this transaction; ClaimLost when another has taken it up."""
    held = {"check_id": check.id, "held": check.token, "until": machine_now + LEASE}
    if connection.execute(_HELD, held).rowcount == 0:
        raise ClaimLost


def note_findings(connection: Connection, check: Check, found: Sequence[Noted], now: datetime) -> list[Noted]:
    """Note what stands; those of it that did not before."""
    about = [_about(one) for one in found]
    rows = connection.execute(_STANDING.where(findings.c.about.in_(about))).all() if found else []
    known = {(row.kind, row.about): row for row in rows}
    for one in found:
        _note(connection, check, one, known.get((one.kind, _about(one))), now)
    return [one for one in found if (one.kind, _about(one)) not in known]


def _about(one: Noted) -> str:
    return one.about[:60]


def _note(connection: Connection, check: Check, one: Noted, row: Row[Any] | None, now: datetime) -> None:
    parts = seen_again(row, one.parts) if row is not None else list(one.parts)
    told = to_tell(parts)
    values = {"said": said_of(told), "since": since(told), "parts": msgspec.to_builtins(parts), "seen_by": check.id}
    if row is not None:
        connection.execute(update(findings).where(findings.c.id == row.id).values(values))
        return
    new = {"kind": one.kind, "about": _about(one), "workflow": one.workflow, "found_at": now, "is_settled": False}
    connection.execute(insert(findings).values(**values, **new))


def mend_unseen(connection: Connection, check: Check, now: datetime) -> int:
    """What this check, now whole, has not seen stands no longer; how many things that are."""
    gone = update(findings).where(_STANDS, findings.c.seen_by != check.id)
    return connection.execute(gone.values(mended_at=now)).rowcount


def end_check(connection: Connection, check: Check, looked_at: int, now: datetime) -> None:
    """Note that the check was whole."""
    connection.execute(update(checks).where(checks.c.id == check.id).values(ended_at=now, cases=looked_at))


def without_task(connection: Connection, kind: str, workflow: str, at_most: int) -> Sequence[Row[Any]]:
    """The oldest of what stands, of this kind, that is nobody's work: so many that no more than `at_most` are.

    It is somebody's while a case of that workflow asks for it, and what has been left is nobody's any more. Nothing
    asks for itself.
    """
    rows = connection.execute(_STANDING.where(findings.c.kind == kind)).all()
    waiting = [row for row in rows if row.workflow != workflow and not row.task_is_open and standing(row)]
    return waiting[: max(at_most - sum(bool(row.task_is_open) for row in rows), 0)]


def asked_for(connection: Connection) -> Sequence[Row[Any]]:
    """What stands that a case asks somebody to see to."""
    return connection.execute(_STANDING.where(_task.c.is_open)).all()


def has_task(connection: Connection, finding: int, reference: str, now: datetime) -> None:
    """Note the case that asks somebody to see to it, as it stands now."""
    values = {"task_case": reference, "asked_at": now}
    connection.execute(update(findings).where(findings.c.id == finding).values(values))


def asking_about(connection: Connection, reference: str) -> Sequence[str]:
    """The cases that ask, or have asked, somebody to see to something of this one, but those that were erased."""
    is_erased = exists().where(erased_cases.c.case_id == cases.c.id)
    asking = select(cases.c.reference).where(cases.c.workflow == WORKFLOW, ~is_erased)
    about = asking.where(cases.c.fields[ABOUT].as_string() == reference).order_by(cases.c.id)
    return connection.execute(about).scalars().all()


def unsettled(connection: Connection) -> Sequence[Row[Any]]:
    """What has been mended, and the case that asks for it has not been told."""
    waiting = select(findings).where(~_STANDS, findings.c.task_case.is_not(None), ~findings.c.is_settled)
    return connection.execute(waiting.order_by(findings.c.id)).all()


def settle(connection: Connection, finding: int) -> None:
    """Note that the case which asked for it has been told."""
    connection.execute(update(findings).where(findings.c.id == finding).values(is_settled=True))


def whole_and_untold(connection: Connection, night: date) -> int | None:
    """This night's check, once it was whole and as long as nobody has been told of what is left undone."""
    untold = select(checks.c.id).where(checks.c.night == night, checks.c.ended_at.is_not(None), _UNTOLD)
    return connection.execute(untold).scalar()


def left_undone(connection: Connection, kinds: Sequence[str], *, but: str) -> Sequence[Row[Any]]:
    """What stands of these kinds on cases of any workflow but one, and nobody has said to leave."""
    about = _STANDING.where(findings.c.kind.in_(kinds), findings.c.workflow != but)
    return [row for row in connection.execute(about) if standing(row)]


def note_told(connection: Connection, check: int, told: Collection[int], named: Collection[int], now: datetime) -> bool:
    """Note that people were told of these findings after this check, and of which by name; False, and nothing noted,
    when another has done so."""
    noted = update(checks).where(checks.c.id == check, _UNTOLD).values(told_at=now)
    if connection.execute(noted).rowcount == 0:
        return False
    connection.execute(update(findings).where(findings.c.id.in_(told)).values(told_at=now))
    connection.execute(update(findings).where(findings.c.id.in_(named)).values(named_at=now))
    return True


def standing_by_kind(connection: Connection, *, shown_to: int | None = None) -> Mapping[str, int]:
    """How many things stand, by kind; none on a case that is hidden from somebody who looks."""
    of_case = findings.outerjoin(cases, cases.c.reference == findings.c.about)
    count = select(findings.c.kind, func.count().label("how_many")).select_from(of_case)
    query = count.where(_STANDS, _is_shown(shown_to)).group_by(findings.c.kind)
    return {row.kind: row.how_many for row in connection.execute(query)}


def standing_findings(
    connection: Connection, *, limit: int, offset: int, shown_to: int | None = None
) -> Sequence[Row[Any]]:
    """What stands, what is urgent first, then by kind and age; about a case or not, and how what asks for it is."""
    return connection.execute(_LISTED.where(_is_shown(shown_to)).limit(limit).offset(offset)).all()


def _is_shown(person: int | None) -> ColumnElement[bool]:
    return or_(cases.c.id.is_(None), is_shown_to(person))


def standing_of(connection: Connection, task_cases: Sequence[str]) -> Sequence[Row[Any]]:
    """What stands that these cases ask somebody to see to."""
    asked = select(findings).where(_STANDS, findings.c.task_case.in_(task_cases)).order_by(findings.c.id)
    return connection.execute(asked).all() if task_cases else []


def count_mended(connection: Connection, now: datetime) -> int:
    """How many things have been mended in the last 30 days."""
    lately = select(func.count()).select_from(findings).where(findings.c.mended_at > now - _SHOWN_FOR)
    return int(connection.execute(lately).scalar_one())


def last_whole_check(connection: Connection) -> Row[Any] | None:
    """The newest check that was whole, or None before the first."""
    newest = select(checks).where(checks.c.ended_at.is_not(None)).order_by(checks.c.ended_at.desc()).limit(1)
    return connection.execute(newest).first()
