"""The attendance plan of a placement that a case keeps: written as the case says, and anew when it says otherwise."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from apflow.core.definition.records import Kept
from apflow.provision.coding import Arranger, Setting
from apflow.records.door import By, added, changed
from apflow.records.placements.attendance_plans import ATTENDANCE_PLAN, answers_of_plan
from apflow.records.placements.stays import SINCE
from apflow.store.cases.unit import Unit
from apflow.store.records.attendance import plan_of, plans_of
from apflow.store.records.records import record
from apflow.store.tables.places import commissioners
from apflow.store.tables.pupils import placements

_PLANNED = {  # What a workflow calls it under `keeps`, and what the form of a plan does.
    "which_sessions": "sessions",
    "setting": "setting",
    "is_supervised": "is_supervised",
    "authorised": "authorised",
    "reporter": "reporter",
    "part_time_agreed": "part_time_agreed",
    "part_time_until": "part_time_until",
}


def keep_plan(connection: Connection, unit: Unit, kept: Kept, placement: int, by: By) -> None:
    """Write what the event says of the sessions, from the day it says on or else from the placement's first.

    It holds from that day until something else is said, so it changes what was planned for later as well. What was
    planned before that day stays, and so does every mark. While no sessions are known nothing is written.
    """
    plans = plans_of(connection, [placement]).get(placement, [])
    said = _said(unit, kept, whole=not plans)
    of = record(connection, placements, placement)
    if not said or of is None:
        return
    asked = _asked(unit)
    first = unit.outcome.fields.get(kept.as_.get(SINCE, "")) if kept.as_.get(SINCE) in asked else None
    from_on = max(of.starts_on, date.fromisoformat(first)) if first else of.starts_on
    for plan in plans:
        if plan.from_on >= from_on:
            changed(connection, ATTENDANCE_PLAN, plan.id, _dated(answers_of_plan(plan), said, plan.from_on), by)
    if any(plan.from_on == from_on for plan in plans):
        return
    before = plan_of(plans, from_on)
    answers = _dated(answers_of_plan(before) if before else _begun(connection, of.commissioner_id), said, from_on)
    if answers.get("sessions"):
        added(connection, ATTENDANCE_PLAN, answers, by, {"placement_id": placement})


def _said(unit: Unit, kept: Kept, *, whole: bool) -> dict[str, Any]:
    """What the event says of a plan; the whole of what the case says, where there is no plan yet."""
    asked, fields = _asked(unit), unit.outcome.fields
    ours = {column: kept.as_[theirs] for theirs, column in _PLANNED.items() if theirs in kept.as_}
    return {column: fields.get(name) for column, name in ours.items() if name in asked or (whole and name in fields)}


def _asked(unit: Unit) -> Mapping[str, Any]:
    return unit.definition.forms[unit.snapshot.state, unit.outcome.entry.name]


def _begun(connection: Connection, commissioner: int) -> dict[str, Any]:
    """What holds of a first plan unless it says so: who arranged it follows from who commissions, a school or else the
    council, a personal budget's too; and what a case from before was never asked is not taken to be supervised.
    """
    who = record(connection, commissioners, commissioner)
    arranger = Arranger.SCHOOL if who and who.kind == "school" else Arranger.COUNCIL
    return {"setting": Setting.PROVIDER, "arranged_by": arranger, "is_supervised": False}


def _dated(before: Mapping[str, Any], said: Mapping[str, Any], from_on: date) -> dict[str, Any]:
    """The answers of a plan from this day on; a part-time timetable is agreed from then on as well."""
    answers = {**before, **said, "from_on": from_on.isoformat()}
    if "part_time_agreed" in said:
        answers["part_time_from"] = from_on.isoformat() if said["part_time_agreed"] else None
    return {name: value for name, value in answers.items() if value is not None}
