"""The placement that a case keeps, or would: what the case's fields say of it, with the records they name."""

from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.compiled import Definition
from apflow.core.snapshot import Snapshot
from apflow.store.records.pupils import pupil
from apflow.store.records.sites import site


@dataclass(frozen=True, slots=True)
class PlannedStay:
    """A pupil at a site as a case says it; what it does not say yet is None. `case` is the case's own number.

    `sessions` are those planned in a week, as "monday am".
    """

    pupil: Row[Any] | None
    site: Row[Any] | None
    minutes: int | None
    has_breaks: bool
    starts: date | None
    ends: date | None
    notice_on: date | None
    reviewed_on: date | None
    case: int | None
    sessions: tuple[str, ...] = ()
    part_time_until: date | None = None


def planned_stay(connection: Connection, definition: Definition, snapshot: Snapshot) -> PlannedStay:
    """As the case's fields have it now."""
    kept = definition.workflow.keeps
    named = kept.as_ if kept else {}
    said = {theirs: snapshot.fields[ours] for theirs, ours in named.items() if ours in snapshot.fields}
    return PlannedStay(
        pupil=pupil(connection, said["pupil"]) if "pupil" in said else None,
        site=site(connection, said["site"]) if "site" in said else None,
        minutes=said["hours"] * 60 + said.get("minutes", 0) if "hours" in said else None,
        has_breaks=bool(said.get("has_breaks")),
        starts=_day(said.get("starts_on")),
        ends=_day(said.get("starts_on" if said.get("never_began") else "ends_on")),
        notice_on=_day(said.get("notice_on")),
        reviewed_on=_day(said.get("reviewed_on")),
        case=snapshot.id,
        sessions=tuple(said.get("which_sessions", ())),
        part_time_until=_day(said.get("part_time_until")),
    )


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
