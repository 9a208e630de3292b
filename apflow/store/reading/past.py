"""Reading all there is of a case's past: its history, and how the cases and the mail around it went."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any

from sqlalchemy import Connection, Row, bindparam, func, select
from sqlalchemy.orm import aliased

from apflow.core.commands import Drawn
from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import THE_CLOCK, THE_PUBLIC, Actor
from apflow.core.replay.past import End, Happened, OtherCase, Past, Stood
from apflow.core.snapshot import People, Snapshot
from apflow.core.work import ABOUT
from apflow.store.cases.loading import load_case
from apflow.store.records.colleagues import colleagues_of
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people
from apflow.store.tables.work import signals, tasks

_OF_WORKFLOW = select(cases.c.reference).where(cases.c.workflow == bindparam("workflow")).order_by(cases.c.id)
_HISTORY = select(history).where(history.c.case_id == bindparam("case_id")).order_by(history.c.version)
_CASE = (cases.c.id, cases.c.reference, cases.c.workflow, cases.c.title, cases.c.kind)
_CHILDREN = select(*_CASE).where(cases.c.parent_id == bindparam("case_id")).order_by(cases.c.id)
_LINKED = select(*_CASE).where(cases.c.reference.in_(bindparam("references", expanding=True)))
_STOOD = (
    select(history.c.at, history.c.to_state)
    .where(history.c.case_id == bindparam("case_id"), history.c.from_state != history.c.to_state)
    .order_by(history.c.version)
)
_ASKED = (
    select(signals.c.kind, signals.c.sent_at)
    .where(signals.c.from_case == bindparam("case_id"), signals.c.purpose == "begin")
    .order_by(signals.c.id)
)
_sender = aliased(cases, name="sender")
_ENDED = (
    select(_sender.c.reference, _sender.c.workflow, signals.c.kind, signals.c.event)
    .join(_sender, _sender.c.id == signals.c.from_case)
    .where(signals.c.to_case == bindparam("case_id"), signals.c.purpose == "ended")
)
_ALERTS = (
    select(tasks.c.name, tasks.c.opened_at, tasks.c.item)
    .where(tasks.c.case_id == bindparam("case_id"), tasks.c.is_alert, tasks.c.item.is_not(None))
    .order_by(tasks.c.id)
)
_REMINDERS = (
    select(messages.c.deadline, messages.c.queued_at, func.max(messages.c.sent_at).label("sent_at"))
    .join(
        case_parties,
        (case_parties.c.case_id == messages.c.case_id) & (case_parties.c.person_id == messages.c.to_person),
    )
    .where(messages.c.case_id == bindparam("case_id"), messages.c.deadline.is_not(None))
    .group_by(messages.c.deadline, messages.c.queued_at)
    .order_by(messages.c.queued_at)
)
_MOVES = (
    select(history.c.case_id, history.c.name, history.c.actor_id, history.c.from_state, history.c.at)
    .join(cases, cases.c.id == history.c.case_id)
    .where(cases.c.workflow == bindparam("workflow"), history.c.from_state != history.c.to_state)
    .order_by(history.c.case_id, history.c.version)
)


def references_of(connection: Connection, workflow: str) -> Sequence[str]:
    """The cases of the workflow, open or ended, oldest first."""
    return connection.scalars(_OF_WORKFLOW, {"workflow": workflow}).all()


@dataclass(frozen=True)
class Everybody:
    """All who are or were known here, whatever they may do today."""

    rows: Sequence[Row[Any]]

    @cached_property
    def by_id(self) -> Mapping[int, Actor]:
        return {row.id: Actor(row.id, row.name, frozenset(row.roles), row.agency) for row in self.rows}

    @cached_property
    def by_role(self) -> People:
        held: dict[str, dict[int, str]] = defaultdict(dict)
        for row in self.rows:
            for role in row.roles:
                held[role][row.id] = row.name
        return held

    @cached_property
    def agencies(self) -> Mapping[int, str]:
        return {row.id: row.agency for row in self.rows if row.agency}


def everybody(connection: Connection) -> Everybody:
    return Everybody(connection.execute(select(people).order_by(people.c.id)).all())


def past_of(
    connection: Connection,
    definition: Definition,
    reference: str,
    known: Everybody,
    facts: Mapping[str, Any],
    labels: Mapping[str, Mapping[str, str]],
) -> Past:
    """The past of one case; `labels` says for each workflow what staff call its states."""
    case = load_case(connection, reference)
    assert case is not None
    assert case.id is not None
    rows = connection.execute(_HISTORY, {"case_id": case.id}).all()
    return Past(
        reference=reference,
        title=definition.title_of(case.fields),
        happened=tuple(_happened(connection, definition, case, rows, known)),
        parties=case.parties,
        party_roles=case.party_roles,
        colleagues={
            role: frozenset(row.colleague_id for row in colleagues_of(connection, person, role))
            for role, person in case.party_roles.items()
        },
        parent=case.parent,
        items=case.items,
        people=known.by_role,
        agencies=known.agencies,
        facts=facts,
        children=tuple(_children(connection, case.id)),
        linked=tuple(_linked(connection, definition, rows)),
        ends={
            row.reference: End(row.kind, row.event, labels.get(row.workflow, {}).get(row.event, row.event))
            for row in connection.execute(_ENDED, {"case_id": case.id})
        },
        arrived=_arrived(connection, case.id),
        not_fired=frozenset((one.name, one.next_at) for one in case.deadlines.values() if one.next_at is not None),
        is_erased=any(row.payload is None for row in rows),
    )


def _happened(
    connection: Connection, definition: Definition, case: Snapshot, rows: Sequence[Row[Any]], known: Everybody
) -> Iterator[Happened]:
    about = defaultdict(list)
    for alert in connection.execute(_ALERTS, {"case_id": case.id}):
        about[alert.name, alert.opened_at].append(alert.item)
    for row in rows:
        said = row.payload or {}
        items = about[row.name, row.at] if row.kind == "alert" else []
        item = items.pop(0) if items else None
        yield Happened(
            kind=row.kind,
            name=row.name,
            actor=_actor(row, known),
            at=row.at,
            from_state=row.from_state,
            to_state=row.to_state,
            answers={**said.get("answers", {}), **dict.fromkeys(said.get("emptied", ()))},
            changed=said.get("changed", {}),
            item=said["item"][1] if said.get("item") else None,
            note=said.get("note", ""),
            set_aside=said.get("set_aside", {}),
            drawn=_drawn(definition, case, item) if item and ABOUT not in said.get("answers", {}) else None,
            digest=row.digest,
        )


def _actor(row: Row[Any], known: Everybody) -> Actor:
    if row.actor_id is not None:
        return known.by_id[row.actor_id]
    nobody = next((one for one in (THE_CLOCK, THE_PUBLIC) if one.name == row.actor_name), None)
    return nobody or Actor(None, row.actor_name, frozenset())


def _drawn(definition: Definition, case: Snapshot, key: str) -> Drawn | None:
    """What the alert was about, as the item that was drawn for it still says."""
    for collection, items in case.items.items():
        facts = definition.drawn_facts(collection) if collection in definition.workflow.collections else {}
        if facts and key in items:
            said = {name: items[key].data[name] for name in facts if name in items[key].data}
            return Drawn(definition.source_name(collection), key, said)
    return None


def _children(connection: Connection, case_id: int) -> Iterator[OtherCase]:
    """Those that have begun, each asked for in its turn, then those that never did."""
    asked = defaultdict(list)
    for wanted in connection.execute(_ASKED, {"case_id": case_id}):
        asked[wanted.kind].append(wanted.sent_at)
    for row in connection.execute(_CHILDREN, {"case_id": case_id}):
        when = asked[row.kind].pop(0) if asked[row.kind] else None
        yield _other(connection, row, when)


def _linked(connection: Connection, definition: Definition, rows: Sequence[Row[Any]]) -> Iterator[OtherCase]:
    if definition.of_cases:
        said = [row.payload["item"] for row in rows if row.payload and row.payload.get("item")]
        references = sorted({key for collection, key in said if collection in definition.of_cases})
        for row in connection.execute(_LINKED, {"references": references}) if references else ():
            yield _other(connection, row, None)


def _other(connection: Connection, row: Any, asked_at: datetime | None) -> OtherCase:
    moves = connection.execute(_STOOD, {"case_id": row.id}).all()
    open_now = connection.execute(select(cases.c.is_open).where(cases.c.id == row.id)).scalar_one()
    stood = tuple(Stood(one.at, one.to_state, open_now or one is not moves[-1]) for one in moves)
    return OtherCase(row.reference, row.workflow, row.title, stood, row.kind or "", asked_at)


def _arrived(connection: Connection, case_id: int) -> dict[str, tuple[timedelta | None, ...]]:
    took: dict[str, list[timedelta | None]] = defaultdict(list)
    for row in connection.execute(_REMINDERS, {"case_id": case_id}):
        took[row.deadline].append(row.sent_at - row.queued_at if row.sent_at else None)
    return {deadline: tuple(each) for deadline, each in took.items()}


def moves_of(connection: Connection, workflow: str) -> Iterable[Any]:
    """Every move of every case of the workflow, case by case and in order: who did what, from where, when."""
    return connection.execute(_MOVES, {"workflow": workflow})
