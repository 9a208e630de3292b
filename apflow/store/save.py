"""Saving an outcome: the one place where a case is written, all of it in one transaction or none."""

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

from sqlalchemy import Connection, bindparam, delete, insert, select, update
from sqlalchemy.dialects import postgresql, sqlite

from apflow.core import chain
from apflow.core.definition.compiled import Definition
from apflow.core.outcome import Outcome, TaskChange
from apflow.core.snapshot import Item, Rung, RunningDeadline, Snapshot
from apflow.store.tables.cases import case_items, case_parties, cases, drafts
from apflow.store.tables.history import command_results, history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people, sign_in_links
from apflow.store.tables.uploads import uploads
from apflow.store.tables.work import tasks, timers


class Conflict(Exception):
    """The case has moved on since the snapshot was taken; decide again."""


@dataclass(frozen=True, slots=True)
class PartyDetails:
    """Who an outsider on a case is; known by e-mail address."""

    role: str
    name: str
    email: str


@dataclass(frozen=True, slots=True)
class Receipt:
    """What remains of a command with an idempotency key."""

    actor: str
    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The case as the commit left it."""

    reference: str
    version: int


@dataclass(frozen=True)
class Unit:
    """Everything that one command commits together."""

    definition: Definition
    snapshot: Snapshot
    outcome: Outcome
    recorded_at: datetime
    letters: Sequence[Mapping[str, Any]] = ()
    links: Sequence[Mapping[str, Any]] = ()
    party: PartyDetails | None = None
    receipt: Receipt | None = None
    draft_of: tuple[int, str, str] | None = None


_UPDATE_CASE = (
    update(cases)
    .where(cases.c.id == bindparam("case_id"), cases.c.version == bindparam("seen_version"))
    .values({column: bindparam(column) for column in (
        "title", "state", "awaiting", "is_open", "version", "fields", "assigned_to", "entered_at", "changed_at", "head",
    )})
)
_CLOSE_TASK = (
    update(tasks)
    .where(tasks.c.id == bindparam("task_id"), tasks.c.closed_at.is_(None))
    .values(closed_at=bindparam("closed_at"), closed_by=bindparam("closed_by"), closed_how=bindparam("closed_how"))
)
_CLAIM_TASK = update(tasks).where(tasks.c.id == bindparam("task_id")).values(claimed_by=bindparam("claimed_by"))
_MOVE_TASK = update(tasks).where(tasks.c.id == bindparam("task_id")).values(due_at=bindparam("due_at"))
_STOP_TIMER = (
    update(timers)
    .where(timers.c.id == bindparam("timer_id"))
    .values(stopped_at=bindparam("stopped_at"), claimed_until=None)
)
_ALTER_TIMER = (
    update(timers)
    .where(timers.c.id == bindparam("timer_id"))
    .values(
        due_at=bindparam("due_at"),
        next_at=bindparam("next_at"),
        rungs=bindparam("rungs"),
        extended=bindparam("extended"),
        provisional=bindparam("provisional"),
        ended=bindparam("ended"),
        claimed_until=None,
    )
)
_HOLDS_CLAIM = select(timers.c.id).where(
    timers.c.id == bindparam("timer_id"), timers.c.token == bindparam("token"), timers.c.stopped_at.is_(None)
)
_REFER_UPLOAD = (
    update(uploads)
    .where(uploads.c.id == bindparam("upload_id"), uploads.c.case_id.is_(None))
    .values(case_id=bindparam("case_id"))
)


def save_outcome(connection: Connection, unit: Unit) -> Saved:
    """Write everything the command changed; Conflict when the case, a claim or a file is no longer as it was."""
    _check_claim(connection, unit)
    party_id = _save_party(connection, unit) if unit.party else None
    version = unit.snapshot.version + 1
    entry = _history_row(unit, version)
    case_id = _write_case(connection, unit, version, entry["hash"])
    connection.execute(insert(history), {"case_id": case_id, **entry})
    if party_id is not None and unit.party is not None:
        _replace_party(connection, case_id, party_id, unit.party.role)
    _write_items(connection, unit, case_id)
    _write_tasks(connection, unit, case_id)
    _write_timers(connection, unit, case_id)
    _refer_uploads(connection, unit, case_id)
    _queue_messages(connection, unit, case_id, party_id)
    _keep_receipt(connection, unit, version)
    return Saved(unit.snapshot.reference, version)


def _check_claim(connection: Connection, unit: Unit) -> None:
    """Whoever fires a deadline must still hold the claim it was fired under."""
    if unit.outcome.token is None:
        return
    running = unit.snapshot.deadlines[unit.outcome.deadline or ""]
    held = connection.execute(_HOLDS_CLAIM, {"timer_id": running.id, "token": unit.outcome.token}).first()
    if held is None:
        raise Conflict


def _write_case(connection: Connection, unit: Unit, version: int, head: str) -> int:
    outcome, definition = unit.outcome, unit.definition
    state = definition.state(outcome.state)
    values = {
        "title": definition.title_of(outcome.fields)[:200],
        "state": outcome.state,
        "awaiting": state.awaiting,
        "is_open": not state.final,
        "version": version,
        "fields": dict(outcome.fields),
        "assigned_to": outcome.assigned_to,
        "entered_at": outcome.entered_at,
        "changed_at": outcome.entry.at,
        "head": head,
    }
    if unit.snapshot.id is None:
        return _insert_case(connection, unit, values)
    keys = {"case_id": unit.snapshot.id, "seen_version": unit.snapshot.version}
    if connection.execute(_UPDATE_CASE, values | keys).rowcount != 1:
        raise Conflict
    return unit.snapshot.id


def _insert_case(connection: Connection, unit: Unit, values: Mapping[str, Any]) -> int:
    born = {
        "reference": unit.snapshot.reference,
        "workflow": unit.definition.name,
        "digest": unit.definition.digest,
        "opened_at": unit.outcome.entry.at,
    }
    result = connection.execute(insert(cases), {**values, **born})
    (case_id,) = result.inserted_primary_key or (None,)
    return int(case_id)


def _history_row(unit: Unit, version: int) -> dict[str, Any]:
    entry = unit.outcome.entry
    payload = {
        "answers": dict(entry.answers),
        "changed": dict(entry.changed),
        "item": list(entry.item) if entry.item else None,
        "note": entry.note,
        "notices": [{"notice": letter["notice"], "to": letter["to_name"]} for letter in unit.letters],
    }
    salt = secrets.token_hex(16)
    committed = chain.commitment(payload, salt)
    row = {
        "version": version,
        "kind": entry.kind,
        "name": entry.name,
        "actor_id": entry.actor.id,
        "actor_name": entry.actor.name[:120],
        "actor_audience": audience_of(unit.definition, entry.actor.roles),
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "at": entry.at.astimezone(UTC),
        "recorded_at": unit.recorded_at,
        "digest": unit.definition.digest,
    }
    structure = chain.structure(SimpleNamespace(**row), unit.snapshot.reference)
    hashed = chain.link(unit.snapshot.head, structure, committed)
    return row | {"payload": payload, "salt": salt, "committed": committed, "hash": hashed}


def audience_of(definition: Definition, roles: frozenset[str]) -> str:
    """Whose side someone with these roles is on: the clock's, staff's or the outsider's."""
    audiences = {definition.audience(role) for role in roles if role in definition.council.roles}
    return "staff" if "staff" in audiences else next(iter(sorted(audiences)), "clock")


def _save_party(connection: Connection, unit: Unit) -> int:
    party = unit.party
    assert party is not None
    known = connection.execute(select(people).where(people.c.email == party.email)).one_or_none()
    if known is None:
        return _new_person(connection, party, unit.recorded_at)
    if party.role not in known.roles:
        roles = [*known.roles, party.role]
        connection.execute(update(people).where(people.c.id == known.id).values(roles=roles))
    return int(known.id)


def _new_person(connection: Connection, party: PartyDetails, now: datetime) -> int:
    values = {
        "name": party.name,
        "email": party.email,
        "roles": [party.role],
        "is_active": True,
        "created_at": now,
    }
    # Two enquiries from one address at once must not fail: the second finds the first's person.
    add = postgresql.insert if connection.dialect.name == "postgresql" else sqlite.insert
    connection.execute(add(people).values(values).on_conflict_do_nothing(index_elements=["email"]))
    found = connection.execute(select(people.c.id).where(people.c.email == party.email)).scalar_one()
    return int(found)


def _replace_party(connection: Connection, case_id: int, person_id: int, role: str) -> None:
    connection.execute(delete(case_parties).where(case_parties.c.case_id == case_id, case_parties.c.role == role))
    connection.execute(insert(case_parties), {"case_id": case_id, "person_id": person_id, "role": role})


def _write_items(connection: Connection, unit: Unit, case_id: int) -> None:
    for collection in unit.outcome.cleared:
        connection.execute(
            delete(case_items).where(case_items.c.case_id == case_id, case_items.c.collection == collection)
        )
    for item in unit.outcome.items:
        _write_item(connection, unit.snapshot, item, case_id)


def _write_item(connection: Connection, snapshot: Snapshot, item: Item, case_id: int) -> None:
    values = {"status": item.status, "data": dict(item.data), "changed_at": item.changed_at}
    if snapshot.item(item.collection, item.key) is None:
        key = {"case_id": case_id, "collection": item.collection, "key": item.key}
        connection.execute(insert(case_items), key | values)
        return
    same = (
        (case_items.c.case_id == case_id)
        & (case_items.c.collection == item.collection)
        & (case_items.c.key == item.key)
    )
    connection.execute(update(case_items).where(same).values(values))


def _write_tasks(connection: Connection, unit: Unit, case_id: int) -> None:
    at = unit.outcome.entry.at
    for change in unit.outcome.tasks:
        _change_task(connection, change, at)
    opened = [
        {
            "case_id": case_id,
            "name": task.name,
            "role": task.role,
            "title": task.title,
            "note": task.note[:2000],
            "each": task.each,
            "is_alert": task.is_alert,
            "due_at": task.due_at,
            "opened_at": at,
            "claimed_by": task.claimed_by,
        }
        for task in unit.outcome.opened
    ]
    if opened:
        connection.execute(insert(tasks), opened)


def _change_task(connection: Connection, change: TaskChange, at: datetime) -> None:
    match change.how:
        case "claimed" | "released":
            holder = change.by if change.how == "claimed" else None
            connection.execute(_CLAIM_TASK, {"task_id": change.task, "claimed_by": holder})
        case "moved":
            connection.execute(_MOVE_TASK, {"task_id": change.task, "due_at": change.due_at})
        case _:
            closing = {"closed_at": at, "closed_by": change.by, "closed_how": change.how}
            connection.execute(_CLOSE_TASK, {"task_id": change.task, **closing})


def _write_timers(connection: Connection, unit: Unit, case_id: int) -> None:
    # Stop before starting: re-entering a state must not leave two clocks running.
    for deadline in unit.outcome.stopped:
        connection.execute(_STOP_TIMER, {"timer_id": deadline.id, "stopped_at": unit.outcome.entry.at})
    for deadline in unit.outcome.altered:
        connection.execute(_ALTER_TIMER, {"timer_id": deadline.id, **_timer_values(deadline)})
    started = [
        {"case_id": case_id, "name": deadline.name, "token": 0, "stopped_at": None, **_timer_values(deadline)}
        | {"anchor_at": deadline.anchor_at, "within": str(deadline.within)}
        for deadline in unit.outcome.started
    ]
    if started:
        connection.execute(insert(timers), started)


def _timer_values(deadline: RunningDeadline) -> dict[str, Any]:
    return {
        "due_at": deadline.due_at,
        "next_at": deadline.next_at,
        "rungs": [_rung_values(rung) for rung in deadline.rungs],
        "extended": deadline.extended,
        "provisional": deadline.provisional,
        "ended": deadline.ended,
    }


def _rung_values(rung: Rung) -> dict[str, Any]:
    return {
        "left": str(rung.left),
        "who": rung.who,
        "notice": rung.notice,
        "at": rung.at.isoformat(),
        "sent_at": rung.sent_at.isoformat() if rung.sent_at else None,
        "skipped": rung.skipped,
    }


def _refer_uploads(connection: Connection, unit: Unit, case_id: int) -> None:
    for upload in unit.outcome.uploads:
        if connection.execute(_REFER_UPLOAD, {"upload_id": upload, "case_id": case_id}).rowcount != 1:
            raise Conflict


def _queue_messages(connection: Connection, unit: Unit, case_id: int, party_id: int | None) -> None:
    """The party of a new case has no id until now; what is addressed to it is completed here."""
    letters = [{**letter, "case_id": case_id} for letter in unit.letters]
    if letters:
        connection.execute(insert(messages), letters)
    links = [{**link, "person_id": link["person_id"] or party_id} for link in unit.links]
    if links:
        connection.execute(insert(sign_in_links), links)


def _keep_receipt(connection: Connection, unit: Unit, version: int) -> None:
    if unit.receipt is not None:
        kept = {
            "actor": unit.receipt.actor,
            "key": unit.receipt.key,
            "body_hash": unit.receipt.body_hash,
            "reference": unit.snapshot.reference,
            "version": version,
            "at": unit.recorded_at,
        }
        connection.execute(insert(command_results), kept)
    if unit.draft_of is not None:
        person, event, item = unit.draft_of
        same = (
            (drafts.c.person_id == person)
            & (drafts.c.reference == unit.snapshot.reference)
            & (drafts.c.event == event)
            & (drafts.c.item == item)
        )
        connection.execute(delete(drafts).where(same))
