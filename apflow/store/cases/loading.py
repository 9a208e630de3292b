"""Loading a case as a snapshot."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Row, Select, bindparam, exists, func, select, type_coerce
from sqlalchemy import case as case_when

from apflow.core.days.duration import Duration
from apflow.core.snapshot import Change, Item, Officer, OpenTask, Rung, RunningDeadline, Snapshot, Upload
from apflow.store.cases.overrides import set_aside_of
from apflow.store.cases.tasks import held_by
from apflow.store.driver.among import among
from apflow.store.driver.gathered import gathered
from apflow.store.driver.hot import Compiled
from apflow.store.family import children_of, parent_of
from apflow.store.tables.base import UTCDateTime
from apflow.store.tables.cases import case_items, case_parties, cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people
from apflow.store.tables.uploads import uploads
from apflow.store.tables.work import tasks, timers

_HOLD = select(cases.c.id).where(cases.c.reference == bindparam("reference")).with_for_update()
_STAY = select(cases.c.id).where(cases.c.reference == bindparam("reference")).with_for_update(read=True)
_SINCE = Compiled(
    select(history)
    .where(history.c.case_id == bindparam("case_id"), history.c.version > bindparam("version"))
    .order_by(history.c.version)
)
# No more than a snapshot has: each column is written by the database and read here, with every command.
_THE_CASE = [
    cases.c[name]
    for name in (
        *("id", "reference", "workflow", "digest", "state", "entered_at", "version", "fields", "assigned_to"),
        *("changed_at", "head", "doers", "overrides", "has_children", "parent_id", "kind"),
    )
]
_ITEM = [case_items.c[name] for name in ("collection", "key", "status", "data", "changed_at")]
_TASK = [
    tasks.c[name]
    for name in (
        *("id", "name", "role", "title", "due_at", "opened_at", "each", "is_alert", "note", "item"),
        "put_off_until",
    )
]
_TIMER = [
    timers.c[name]
    for name in (
        *("id", "name", "anchor_at", "within", "due_at", "next_at", "rungs", "extended", "provisional", "paused_at"),
        *("paused_days", "ended", "token"),
    )
]
_PARTY = (case_parties.c.person_id, case_parties.c.role, case_parties.c.colleague_of)
_OFFICER = (people.c.id, people.c.name, people.c.email)
_UPLOADS = select(uploads).where(uploads.c.id.in_(bindparam("ids", expanding=True)))


def _with_all_that_is_its_own(found: Select[Any]) -> Compiled:
    """A select of cases, each with its items, open tasks, running deadlines, whom it is about and whoever has it."""
    mine = case_parties.c.case_id == cases.c.id
    held = select(*_TASK, held_by).outerjoin(people, people.c.id == tasks.c.claimed_by)
    warned_at = (
        # Within the maximum and not beside it: SQLite would look among all the case's messages since then.
        select(func.max(case_when((messages.c.queued_at >= timers.c.started_at, messages.c.sent_at))))
        .where(
            messages.c.case_id == timers.c.case_id,
            messages.c.deadline == timers.c.name,
            messages.c.deadline.is_not(None),
            messages.c.status == "sent",
            # Whom the case is about: that a colleague was reminded warns nobody.
            exists().where(
                case_parties.c.case_id == messages.c.case_id, case_parties.c.person_id == messages.c.to_person
            ),
        )
        .scalar_subquery()
    )
    running = select(*_TIMER, type_coerce(warned_at, UTCDateTime()).label("warned_at"))
    return Compiled(
        found.add_columns(
            gathered("items", select(*_ITEM).where(case_items.c.case_id == cases.c.id)),
            gathered("parties", select(*_PARTY).where(mine)),
            gathered("tasks", held.where(tasks.c.case_id == cases.c.id, tasks.c.closed_at.is_(None))),
            gathered("officers", select(*_OFFICER).where(people.c.id == cases.c.assigned_to, people.c.is_active)),
            gathered("timers", running.where(timers.c.case_id == cases.c.id, timers.c.stopped_at.is_(None))),
        )
    )


_CASE = _with_all_that_is_its_own(select(*_THE_CASE).where(cases.c.reference == bindparam("reference")))
_CASES = _with_all_that_is_its_own(select(*_THE_CASE).where(among(cases.c.reference, "references")))


def load_case(connection: Connection, reference: str, *, seen: int | None = None) -> Snapshot | None:
    """The case as it stands, or None. With `seen`, also what has changed since that version."""
    # PostgreSQL fails on a NUL, which some address typed into a browser may hold.
    case = _CASE.first(connection, {"reference": reference}) if reference.isprintable() else None
    if case is None:
        return None
    snapshot = _snapshot(connection, case)
    if seen is not None and seen != case.version:
        return replace(snapshot, since=changes_since(connection, case.id, seen))
    return snapshot


def load_cases(connection: Connection, references: Sequence[str]) -> Mapping[str, Snapshot]:
    """Those of the cases that there are, by reference, in one statement but for their relatives."""
    found = _CASES.all(connection, {"references": references})
    return {case.reference: _snapshot(connection, case) for case in found}


def _snapshot(connection: Connection, case: Any) -> Snapshot:
    clocks = [_deadline(row) for row in sorted(case.timers)]
    return Snapshot(
        id=case.id,
        reference=case.reference,
        workflow=case.workflow,
        digest=case.digest,
        state=case.state,
        entered_at=case.entered_at,
        version=case.version,
        fields=case.fields,
        items=_by_collection(case.items),
        tasks=tuple(_task(row) for row in sorted(case.tasks)),  # The first of the columns is the id.
        deadlines={one.name: one for one in clocks if not one.is_unwanted},
        unwanted={one.name: one for one in clocks if one.is_unwanted},
        parties=frozenset(row.person_id for row in case.parties),
        party_roles={row.role: row.person_id for row in case.parties if row.colleague_of is None},
        colleagues=_colleagues(case.parties),
        assigned_to=case.assigned_to,
        officer=next((Officer(*row) for row in case.officers), None),
        changed_at=case.changed_at,
        head=case.head,
        doers=case.doers,
        overrides=set_aside_of(case.overrides),
        children=tuple(children_of(connection, case.id)) if case.has_children else (),
        parent=parent_of(connection, case.parent_id, case.kind) if case.parent_id else None,
    )


def hold_case(connection: Connection, reference: str) -> None:
    """Keep everyone else from changing the case until this transaction ends; on SQLite the one writer does already."""
    if connection.dialect.name == "sqlite":
        return
    connection.execute(_HOLD, {"reference": reference})


def hold_to_stay(connection: Connection, reference: str) -> None:
    """Keep everyone from changing the case until this transaction ends, whoever else may be reading it."""
    if connection.dialect.name != "sqlite":
        connection.execute(_STAY, {"reference": reference})


def changes_since(connection: Connection, case_id: int, version: int) -> tuple[Change, ...]:
    """What each history entry after `version` altered, oldest first."""
    rows = _SINCE.all(connection, {"case_id": case_id, "version": version})
    return tuple(_change(row) for row in rows)


def load_uploads(connection: Connection, ids: Iterable[str], staged_by: int | None) -> Mapping[str, Upload]:
    """Those of the files that this person staged, by id."""
    wanted = list(ids)
    rows = connection.execute(_UPLOADS, {"ids": wanted}) if wanted else ()
    return {row.id: upload_of(row) for row in rows if row.staged_by == staged_by}


def upload_of(row: Row[Any]) -> Upload:
    return Upload(row.id, row.name, row.media_type, row.size, row.sha256, row.staged_by, row.case_id)


def _by_collection(rows: Iterable[Row[Any]]) -> dict[str, dict[str, Item]]:
    items: dict[str, dict[str, Item]] = {}
    for row in rows:
        item = Item(row.collection, row.key, row.status, row.data, row.changed_at)
        items.setdefault(row.collection, {})[row.key] = item
    return items


def _colleagues(parties: Sequence[Row[Any]]) -> dict[str, frozenset[int]]:
    roles = {row.role for row in parties if row.colleague_of is not None}
    return {
        role: frozenset(row.person_id for row in parties if row.role == role and row.colleague_of is not None)
        for role in roles
    }


def _task(row: Row[Any]) -> OpenTask:
    return OpenTask(
        id=row.id,
        name=row.name,
        role=row.role,
        title=row.title,
        due_at=row.due_at,
        claimed_by=row.holder,
        opened_at=row.opened_at,
        each=row.each,
        is_alert=row.is_alert,
        note=row.note,
        item=row.item,
        put_off_until=row.put_off_until if row.holder else None,
    )


def _deadline(row: Row[Any]) -> RunningDeadline:
    return RunningDeadline(
        id=row.id,
        name=row.name,
        anchor_at=row.anchor_at,
        within=Duration.parse(row.within),
        due_at=row.due_at,
        next_at=row.next_at,
        rungs=tuple(_rung(rung) for rung in row.rungs),
        extended=row.extended,
        provisional=row.provisional,
        warned_at=row.warned_at,
        paused_at=row.paused_at,
        paused_days=row.paused_days,
        ended=row.ended,
        token=row.token,
    )


def _rung(stored: Mapping[str, Any]) -> Rung:
    sent_at = stored.get("sent_at")
    return Rung(
        left=Duration.parse(stored["left"]),
        who=stored["who"],
        notice=stored["notice"],
        at=datetime.fromisoformat(stored["at"]),
        sent_at=datetime.fromisoformat(sent_at) if sent_at else None,
        skipped=stored.get("skipped", False),
        at_once=stored.get("at_once", False),
    )


def _change(row: Row[Any]) -> Change:
    payload = row.payload or {}
    item = payload.get("item")
    return Change(
        version=row.version,
        at=row.at,
        who=row.actor_name,
        what=row.name,
        moved=row.from_state != row.to_state,
        fields=frozenset(payload.get("changed", ())),
        item=(item[0], item[1]) if item else None,
    )
