"""What was agreed of a placement's attendance, as a record: which sessions, where, who supervises, who reports."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.errors import Invalid
from apflow.provision.coding import Arranger, Setting
from apflow.provision.sessions import EVERY_SESSION
from apflow.records.asking import day, question
from apflow.records.door import Kind, Place
from apflow.store.records.attendance import plans_of, plans_of_pupil
from apflow.store.records.pupils import hold_pupil
from apflow.store.records.records import record
from apflow.store.tables.attendance import attendance_plans
from apflow.store.tables.pupils import placements

SETTINGS = {
    Setting.PROVIDER: "At a provider that is not a school",
    Setting.SPORT: "At a sporting activity, such as a football or boxing club",
    Setting.WORK: "On work experience",
    Setting.DUAL: "At another school, where the pupil is registered too",
    Setting.SCHOOL: "At another school, where the pupil is not registered",
    Setting.HOME: "At home or online",
}
ARRANGERS = {Arranger.SCHOOL: "The home school", Arranger.COUNCIL: "The council"}
_PART_TIME = ("part_time_from", "part_time_until", "part_time_agreed")
_NAMES = {"max_length": 120, "optional": True}
FORM = {
    "from_on": question("date", "From which day does this hold?"),
    "setting": question("choice", "Where is it?", options=SETTINGS),
    "arranged_by": question("choice", "Who arranged it?", options=ARRANGERS),
    "sessions": question("many", "Which sessions are planned?", options=EVERY_SESSION),
    "is_supervised": question("yes/no", "Has the school arranged or agreed the supervision?"),
    "authorised": question("text", "Who is authorised by the school to supervise?", **_NAMES),
    "reporter": question("text", "Who at the provider marks and reports absence?", **_NAMES),
    "part_time_agreed": question(
        "text",
        "If a part-time timetable is agreed, which parent agreed to it, and who for the school?",
        hint="Leave this and its dates empty when the pupil is in school for all other sessions",
        **_NAMES,
    ),
    "part_time_from": question("date", "Part-time from", optional=True),
    "part_time_until": question("date", "Part-time until", optional=True),
}


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """The provider that has a session of a pupil's already."""

    provider: str
    session: str


def plan_values(connection: Connection, said: Mapping[str, Any], place: Place) -> dict[str, Any]:
    """The columns; Invalid with everything that is wrong.

    Source of what a part-time timetable needs: SI 2024/208, regulation 11(6): agreed with a parent, with times and
    dates.
    """
    errors: dict[str, str] = {}
    first, last = day(said, "part_time_from"), day(said, "part_time_until")
    missing = [name for name in _PART_TIME if name not in said]
    if 0 < len(missing) < len(_PART_TIME):
        errors |= dict.fromkeys(missing, "A part-time timetable needs who agreed to it and both its dates")
    if first and last and last < first:
        errors["part_time_until"] = "Part-time until: this is before it begins"
    from_on = date.fromisoformat(said["from_on"])
    placement = place.within["placement_id"]
    same = plans_of(connection, [placement]).get(placement, [])
    if any(plan.from_on == from_on and plan.id != place.id for plan in same):
        errors["from_on"] = "There is a plan from this day already: change that one"
    of = record(connection, placements, placement)
    if of is not None:
        hold_pupil(connection, of.pupil_id)
        there = planned_elsewhere(connection, of.pupil_id, from_on, said["sessions"], but=placement)
        if there is not None:
            # Whoever acts on a case is not told where else the pupil is.
            where = there.provider if place.by.case is None else "Another placement"
            errors["sessions"] = f"{where} has {there.session} for this pupil already"
    if errors:
        raise Invalid(errors)
    return {
        "from_on": from_on,
        "sessions": [name for name in EVERY_SESSION if name in said["sessions"]],
        "part_time_from": first,
        "part_time_until": last,
        **{name: said[name] for name in ("setting", "arranged_by", "is_supervised")},
        **{name: said.get(name) for name in ("authorised", "reporter", "part_time_agreed")},
    }


def answers_of_plan(row: Row[Any]) -> dict[str, Any]:
    """The record as its form shows it."""
    dates = {name: getattr(row, name) for name in ("from_on", "part_time_from", "part_time_until")}
    return {
        **{name: getattr(row, name) for name in FORM if name not in dates},
        **{name: value.isoformat() if value else None for name, value in dates.items()},
    }


def planned_elsewhere(
    connection: Connection, pupil: int, from_on: date, sessions: Collection[str], *, but: int | None = None
) -> Elsewhere | None:
    """A pupil is in one place at a time: what another placement has planned for the same sessions from this day."""
    latest: dict[int, Row[Any]] = {}
    for plan in plans_of_pupil(connection, pupil, but=but):
        if (plan.ends_on is None or plan.ends_on >= from_on) and plan.starts_on <= from_on + timedelta(weeks=1):
            latest.setdefault(plan.placement_id, plan)
    for plan in latest.values():
        if both := [EVERY_SESSION[name] for name in plan.sessions if name in sessions]:
            return Elsewhere(plan.provider, both[0])
    return None


ATTENDANCE_PLAN = Kind(
    "attendance plan",
    "Attendance plan",
    attendance_plans,
    FORM,
    plan_values,
    {
        "from_on": "Holds from",
        "setting": "Where",
        "arranged_by": "Arranged by",
        "sessions": "Sessions",
        "is_supervised": "Supervision arranged or agreed",
        "authorised": "Authorised to supervise",
        "reporter": "Marks and reports",
        "part_time_agreed": "Part-time agreed by",
        "part_time_from": "Part-time from",
        "part_time_until": "Part-time until",
    },
)
