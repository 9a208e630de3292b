"""Sessions that nobody has marked: what was chased of which provider, and which schools were told."""

from collections.abc import Collection
from datetime import date, datetime

from sqlalchemy import Connection, select

from apflow.store.driver.inserts import insert_new
from apflow.store.tables.attendance import session_chases
from apflow.store.tables.messages import messages


def chased(connection: Connection, day: date) -> frozenset[tuple[int, str, str]]:
    """What has been chased on the day: the provider's case, the half and the step."""
    query = select(session_chases).where(session_chases.c.day == day)
    return frozenset((row.case_id, row.half, row.step) for row in connection.execute(query))


def chased_since(connection: Connection, day: date, step: str) -> frozenset[int]:
    """The providers' cases of which this step was taken on the day or after it."""
    query = select(session_chases.c.case_id).where(session_chases.c.day >= day, session_chases.c.step == step)
    return frozenset(connection.execute(query).scalars())


def chased_without(connection: Connection, day: date, step: str, other: str) -> dict[int, list[tuple[date, str]]]:
    """The days since then and the halves, by provider's case, of which the step was taken and the other was not yet."""
    later = session_chases.alias("later")
    same = [later.c[name] == session_chases.c[name] for name in ("case_id", "day", "half")]
    taken = select(later.c.case_id).where(*same, later.c.step == other).exists()
    query = select(session_chases).where(session_chases.c.day >= day, session_chases.c.step == step, ~taken)
    found: dict[int, list[tuple[date, str]]] = {}
    for row in connection.execute(query.order_by("case_id", "day", "half")):
        found.setdefault(row.case_id, []).append((row.day, row.half))
    return found


def note_chase(connection: Connection, case_id: int, day: date, half: str, step: str, at: datetime) -> bool:
    """Note that somebody is told; False when they have been already."""
    row = {"case_id": case_id, "day": day, "half": half, "step": step, "at": at}
    return insert_new(connection, session_chases, row, unique=["case_id", "day", "half", "step"]) is not None


def written_since(connection: Connection, notice: str, case_ids: Collection[int], at: datetime) -> set[tuple[int, str]]:
    """To which addresses the notice was written of these cases, from then on."""
    query = select(messages.c.case_id, messages.c.to_email).where(
        messages.c.notice == notice, messages.c.case_id.in_(sorted(case_ids)), messages.c.queued_at > at
    )
    return {(row.case_id, row.to_email) for row in connection.execute(query)}
