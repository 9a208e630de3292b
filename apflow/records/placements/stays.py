"""The placement that a case keeps, or would: what the case's fields say of it, with the records they name."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition.compiled import Definition
from apflow.core.snapshot import Snapshot
from apflow.provision.weekly import Agreed, Weekly
from apflow.store.records.placements import kept_by
from apflow.store.records.pupils import pupil
from apflow.store.records.sites import site
from apflow.store.records.weekly import agreed_of

SINCE = "sessions_from"  # What a workflow calls it under `keeps`: the day from which what an event says holds.


@dataclass(frozen=True, slots=True)
class PlannedStay:
    """A pupil at a site as a case says it; what it does not say yet is None. `case` is the case's own number.

    `agreed` is what a week comes to and came to. `sessions` are those planned in a week, as "monday am".
    """

    pupil: Row[Any] | None
    site: Row[Any] | None
    agreed: Agreed | None
    starts: date | None
    ends: date | None
    notice_on: date | None
    reviewed_on: date | None
    case: int | None
    sessions: tuple[str, ...] = ()
    part_time_until: date | None = None


def planned_stay(
    connection: Connection, definition: Definition, snapshot: Snapshot, *, since: date | None = None
) -> PlannedStay:
    """As the case's fields have it now; what a week comes to has been so `since` a day, if that has just been said."""
    kept = definition.workflow.keeps
    named = kept.as_ if kept else {}
    said = {theirs: snapshot.fields[ours] for theirs, ours in named.items() if ours in snapshot.fields}
    return PlannedStay(
        pupil=pupil(connection, said["pupil"]) if "pupil" in said else None,
        site=site(connection, said["site"]) if "site" in said else None,
        agreed=_agreed(connection, snapshot.id, said, since) if "hours" in said else None,
        starts=_day(said.get("starts_on")),
        ends=_day(said.get("starts_on" if said.get("never_began") else "ends_on")),
        notice_on=_day(said.get("notice_on")),
        reviewed_on=_day(said.get("reviewed_on")),
        case=snapshot.id,
        sessions=tuple(said.get("which_sessions", ())),
        part_time_until=_day(said.get("part_time_until")),
    )


def _agreed(connection: Connection, case: int | None, said: Mapping[str, Any], since: date | None) -> Agreed:
    """What the case says, with what its placement came to before, if it keeps one by now."""
    minutes = said["hours"] * 60 + said.get("minutes", 0)
    now = Weekly(minutes, said.get("sessions"), bool(said.get("has_breaks")), said.get("cost"))
    there = kept_by(connection, case) if case is not None else None
    if there is None:
        return Agreed(now)
    return agreed_of(connection, [there])[there.id].changed(now, since, there.starts_on)


def _day(text: str | None) -> date | None:
    return date.fromisoformat(text) if text else None
