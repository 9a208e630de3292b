"""Whose record could be erased, what holds one back, and the erasure itself, with all that hangs on a record."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, Row, Select, Table, case, delete, exists, func, insert, select, update

from apflow.store.records.pupils import forget_words
from apflow.store.tables.attendance import attendance_plans, long_absences_told, session_marks
from apflow.store.tables.cases import case_items, cases, drafts
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.store.tables.pupils import placements, professionals, pupils
from apflow.store.tables.reader_links import reader_links, signed_documents
from apflow.store.tables.records import erased_cases, record_changes, record_holds, record_reads
from apflow.store.tables.uploads import uploads
from apflow.store.tables.work import signals, tasks

ERASED = "Erased"
# What stays of a row, since it is counted. All else goes with an erasure, and so does whatever column comes later.
COUNTED: Mapping[str, frozenset[str]] = {
    "pupils": frozenset(
        {"id", "born", "ehcp", "sen_support", "looked_after", "home_school_id", "version", "changed_at", "erased_at"}
    ),
    "placements": frozenset(
        {"id", "pupil_id", "site_id", "commissioner_id", "case_id", "minutes", "sessions", "has_breaks", "cost"}
        | {"starts_on", "ends_on", "never_began", "considered_on", "destination", "reason", "also_at", "also_called"}
        | {"version", "changed_at"}
    ),
    "attendance_plans": frozenset(
        {"id", "placement_id", "from_on", "setting", "arranged_by", "sessions", "is_supervised"}
        | {"part_time_from", "part_time_until", "version", "changed_at"}
    ),
    "sites": frozenset({"id", "case_id", "proprietor_id", "ended_on", "version", "changed_at"}),
    "session_marks": frozenset(
        {"id", "placement_id", "day", "half", "number", "mark", "key", "person_id", "marked_at", "at"}
    ),
}
_NO_END = case((placements.c.never_began, placements.c.starts_on), else_=date.max)
_LAST = (
    select(placements.c.pupil_id, func.max(func.coalesce(placements.c.ends_on, _NO_END)).label("last"))
    .group_by(placements.c.pupil_id)
    .subquery()
)


def with_last_day(connection: Connection, *, before: date | None = None, only: int | None = None) -> Sequence[Row[Any]]:
    """Pupils not yet erased, with the last day of their last placement; None of one who had none.

    Those with a last day `before` this one or none, or `only` this pupil. A placement that runs ends on no day.
    """
    query: Select[Any] = select(pupils, _LAST.c.last).outerjoin(_LAST, _LAST.c.pupil_id == pupils.c.id)
    query = query.where(pupils.c.erased_at.is_(None))
    if before is not None:
        query = query.where(func.coalesce(_LAST.c.last, date.min) < before)
    if only is not None:
        query = query.where(pupils.c.id == only)
    return connection.execute(query.order_by(pupils.c.sought, pupils.c.id)).all()


def erased(connection: Connection, *, limit: int) -> Sequence[Row[Any]]:
    """The records that were erased, the newest first, each with who decided and why."""
    log = record_changes
    query: Select[Any] = (
        select(pupils.c.id, pupils.c.erased_at, log.c.actor_name, log.c.through)
        .join(log, (log.c.kind == "pupil") & (log.c.record_id == pupils.c.id) & log.c.through.like(f"{ERASED}: %"))
        .where(pupils.c.erased_at.is_not(None))
    )
    return connection.execute(query.order_by(log.c.id.desc()).limit(limit)).all()


def holds_of(connection: Connection, pupil_ids: Iterable[int]) -> dict[int, list[Row[Any]]]:
    """What holds each of these back now."""
    query = select(record_holds).where(
        record_holds.c.pupil_id.in_(sorted(set(pupil_ids))), record_holds.c.ended_at.is_(None)
    )
    found: dict[int, list[Row[Any]]] = {}
    for row in connection.execute(query.order_by(record_holds.c.id)):
        found.setdefault(row.pupil_id, []).append(row)
    return found


def hold(connection: Connection, pupil_id: int, said: Mapping[str, Any], who: str, at: datetime) -> None:
    """Hold a record back, for the reason and until it is asked again on the day that were `said`."""
    values = {**said, "pupil_id": pupil_id, "held_by": who, "held_at": at}
    connection.execute(insert(record_holds).values(values))


def end_holds(connection: Connection, pupil_id: int, who: str, at: datetime) -> int:
    """Let go whatever holds the record back; how many holds that were."""
    live = (record_holds.c.pupil_id == pupil_id) & record_holds.c.ended_at.is_(None)
    return connection.execute(update(record_holds).where(live).values(ended_by=who, ended_at=at)).rowcount


def numbers_of(connection: Connection, references: Iterable[str]) -> dict[str, Row[Any]]:
    """Each of these cases, but those that were erased."""
    query: Select[Any] = select(cases).where(~exists().where(erased_cases.c.case_id == cases.c.id))
    rows = connection.execute(query.where(cases.c.reference.in_(sorted(set(references)))))
    return {row.reference: row for row in rows}


def erase_case(connection: Connection, closed: Row[Any], kept: Mapping[str, Any]) -> list[str]:
    """Leave of a case what was `kept` of its fields, and when what was done; the files that are to be deleted after."""
    number = closed.id
    connection.execute(update(cases).where(cases.c.id == number).values(fields=dict(kept)))
    connection.execute(update(case_items).where(case_items.c.case_id == number).values(data={}))
    connection.execute(
        update(history).where(history.c.case_id == number).values(payload=None, actor_name=ERASED, salt="")
    )
    said = {"to_name": ERASED, "to_email": "", "subject": ERASED, "text": "", "html": "", "invitation": None}
    its_own = messages.c.case_id == number
    listing = select(messages.c.told_in).where(its_own, messages.c.told_in.is_not(None))
    connection.execute(update(messages).where(its_own | messages.c.id.in_(listing)).values(**said, error=None))
    connection.execute(update(tasks).where(tasks.c.case_id == number).values(note=""))
    connection.execute(update(signals).where(signals.c.from_case == number).values(answers={}, result=None))
    connection.execute(delete(signed_documents).where(signed_documents.c.case_id == number))
    connection.execute(delete(reader_links).where(reader_links.c.case_id == number))
    connection.execute(delete(drafts).where(drafts.c.reference == closed.reference))
    files = delete(uploads).where(uploads.c.case_id == number).returning(uploads.c.id)
    return list(connection.execute(files).scalars())


def erase_record(connection: Connection, row: Row[Any], at: datetime) -> None:
    """Leave of a pupil, and of what hangs on the record, only what is counted."""
    placed = list(connection.execute(select(placements.c.id).where(placements.c.pupil_id == row.id)).scalars())
    around = list(connection.execute(select(professionals.c.id).where(professionals.c.pupil_id == row.id)).scalars())
    for kind, numbers in (("pupil", [row.id]), ("placement", placed), ("professional", around)):
        log = (record_changes.c.kind == kind) & record_changes.c.record_id.in_(numbers)
        connection.execute(update(record_changes).where(log).values(fields={}))
    connection.execute(delete(professionals).where(professionals.c.pupil_id == row.id))
    connection.execute(delete(long_absences_told).where(long_absences_told.c.pupil_id == row.id))
    at_all = session_marks.c.placement_id.in_(placed)
    marked = {**emptied(session_marks), "person_name": ERASED}
    connection.execute(update(session_marks).where(at_all).values(marked))
    agreed = attendance_plans.c.placement_id.in_(placed)
    connection.execute(update(attendance_plans).where(agreed).values(emptied(attendance_plans)))
    by_link = (record_reads.c.pupil_id == row.id) & record_reads.c.reader.is_not(None)
    connection.execute(update(record_reads).where(by_link).values(reader=ERASED))  # A parent's name leads to the child.
    connection.execute(update(placements).where(placements.c.id.in_(placed)).values(emptied(placements)))
    forget_words(connection, row.id)
    nobody = {"surname": ERASED, "forename": f"Record {row.id}", "sought": f"erased record {row.id}"}
    born = row.born.replace(month=1, day=1)
    values = {"born": born, "erased_at": at, "changed_at": at, "version": row.version + 1}
    connection.execute(update(pupils).where(pupils.c.id == row.id).values({**emptied(pupils), **nobody, **values}))


def emptied(table: Table) -> dict[str, None]:
    """Nothing, for every column of the table that is not counted."""
    return dict.fromkeys(column.name for column in table.c if column.name not in COUNTED[table.name])
