"""The report's numbers counted again: from the histories of records and cases and from every mark, by no query of its.

A record is what its logged changes make of it; where a pupil went and who considered section 19 is what the events of
its case were told, and so is when it was paused and went on; of the marks of one session the last that came counts.
"""

import re
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from sqlalchemy import Connection, select

from apflow.core.days.calendar import LONDON
from apflow.core.days.school import SchoolDays
from apflow.store.tables.attendance import session_marks
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.records import record_changes

Fields = dict[str, Any]
Numbers = dict[tuple[str, str], dict[str, str]]
TOGETHER = "Together, each pupil once"
_WHERE = {
    "school": "Back to school",
    "another_setting": "To another setting",
    "post_16": "To education after 16",
    "training": "To training",
    "employment": "To work with training",
    "other": "Somewhere else",
}
_SECTION_19 = ("considered_by", "considered_on", "considered_evidence")


class Recount:
    """Everything that ran from one day to another."""

    def __init__(self, connection: Connection, school: SchoolDays, first: date, last: date) -> None:
        self.first, self.last, self.school = first, last, school
        self.pupils, self.sites = records(connection, "pupil"), records(connection, "site")
        self.titles = {row.id: row.title for row in connection.execute(select(cases.c.id, cases.c.title))}
        self.told, self.pauses = _events(connection), _pauses(connection)
        self.marks = list(_last_marks(connection, first, last))
        every, self.weeks = records(connection, "placement"), _weeks(connection)
        self.placements = {number: self._whole(number, one) for number, one in every.items() if self._ran(one)}

    def numbers(self) -> Numbers:
        """Every line as the file has it, by its group and its name."""
        found: Numbers = {("All", "Everything"): self._line(self.placements.values())}
        groups: dict[str, Callable[[Fields], Iterable[str]]] = {
            "Provider": lambda one: [one["provider"]],
            "School": lambda one: [one["school"]],
            "Need": lambda one: one["needs"],
            "Year": lambda one: [one["year"]],
            "Outcome": lambda one: [one["outcome"]] if one["outcome"] else [],
        }
        for group, names_of in groups.items():
            names = {name for one in self.placements.values() for name in names_of(one)}
            for name in names:
                found[group, name] = self._line(one for one in self.placements.values() if name in names_of(one))
            if names:
                found[group, TOGETHER] = self._line(one for one in self.placements.values() if names_of(one))
        return found

    def _ran(self, one: Fields) -> bool:
        return bool(one["starts_on"] <= self.last.isoformat() and (one["ends_on"] or "9999") >= self.first.isoformat())

    def _whole(self, number: int, one: Fields) -> Fields:
        pupil, told = self.pupils[one["pupil_id"]], self.told.get(one.get("case_id") or 0, {})
        has_ended = (one["ends_on"] or "9999") <= self.last.isoformat()
        start, end = one["starts_on"], one["ends_on"] or self.last.isoformat()
        open_days = self._days()
        paid = [day for day in open_days if start <= day.isoformat() <= end]
        away = self.pauses.get(one.get("case_id") or 0, [])
        there = [day for day in open_days if not any(first <= day < after for first, after in away)]
        days = [day for day in paid if day in there]
        minutes = [self._a_week(number, day)["minutes"] for day in days]
        costs = [self._a_week(number, day)["cost"] for day in paid]
        known = all(costs) if costs else bool(one["cost"])
        return {
            "pupil": one["pupil_id"],
            "provider": self.titles[self.sites[_number(one["site_id"])]["case_id"]],
            "school": _name(pupil["home_school_id"]) or "No home school recorded",
            "needs": _needs(pupil),
            "year": _year(date.fromisoformat(pupil["born"]), self.last),
            "hours": (Decimal(sum(minutes)) / 5 / 60).quantize(Decimal("0.1")),
            "cost": (sum(map(Decimal, costs), Decimal()) / 5).quantize(Decimal("0.01")) if known else None,
            "days": set(days),
            "marks": [mark for placement, day, mark in self.marks if placement == number and day in there],
            "outcome": _outcome(told) if has_ended else "",
            "considered": all((told if one.get("case_id") else one).get(name) for name in _SECTION_19),
        }

    def _a_week(self, number: int, day: date) -> Fields:
        """What a week of the placement comes to on the day."""
        return [said for since, said in self.weeks[number] if since <= day.isoformat()][-1]

    def _days(self) -> list[date]:
        every = (self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1))
        return [day for day in every if self.school.why_closed(day) is None]

    def _line(self, placed: Iterable[Fields]) -> dict[str, str]:
        ones = list(placed)
        marks = [mark for one in ones for mark in one["marks"]]
        came = sum(mark in ("present", "late") for mark in marks)
        pupils = {one["pupil"] for one in ones}
        pupil_days = {(one["pupil"], day) for one in ones for day in one["days"]}
        return {
            "Pupils": str(len(pupils)),
            "Placements": str(len(ones)),
            "Hours": str(sum((one["hours"] for one in ones), Decimal())),
            "Cost in pounds": str(sum((one["cost"] for one in ones if one["cost"] is not None), Decimal())),
            "Placements without a cost": str(sum(one["cost"] is None for one in ones)),
            "Sessions attended": str(came),
            "Sessions absent": str(len(marks) - came),
            "Attendance": f"{came / len(marks) * 100:.1f}%" if marks else "",
            "School days in alternative provision": str(len(pupil_days)),
            "School days a pupil": f"{len(pupil_days) / len(pupils):.1f}" if pupils else "",
            "Placements ended": str(sum(bool(one["outcome"]) for one in ones)),
            "Section 19 on record": str(sum(one["considered"] for one in ones)),
        }


def records(connection: Connection, kind: str) -> dict[int, Fields]:
    """Every record of a kind as its logged changes make it, by its number."""
    found: dict[int, Fields] = {}
    for row in connection.execute(select(record_changes).order_by(record_changes.c.id)):
        if row.kind == kind:
            found.setdefault(row.record_id, {}).update({name: new for name, (_, new) in row.fields.items()})
    return found


def _weeks(connection: Connection) -> dict[int, list[tuple[str, Fields]]]:
    """What a week of each placement comes to, since which day, as the logged changes of its record say."""
    found: dict[int, list[tuple[str, Fields]]] = {}
    for row in connection.execute(select(record_changes).order_by(record_changes.c.id)):
        if row.kind != "placement":
            continue
        new, before = {name: new for name, (_, new) in row.fields.items()}, found.get(row.record_id, [])
        said = {**(before[-1][1] if before else {}), **{name: new[name] for name in ("minutes", "cost") if name in new}}
        since = new.get("sessions_from") or (before[-1][0] if before else "0000")
        found[row.record_id] = [*(one for one in before if one[0] < since), (since, said)]
    return found


def _events(connection: Connection) -> dict[int, Fields]:
    """What the events of each case were told, the latest last, and the names of them all."""
    found: dict[int, Fields] = {}
    for row in connection.execute(select(history).where(history.c.kind == "event").order_by(history.c.version)):
        told = found.setdefault(row.case_id, {"events": []})
        told["events"].append(row.name)
        told.update(row.payload["answers"])
    return found


def _pauses(connection: Connection) -> dict[int, list[tuple[date, date]]]:
    """From which day to before which each case was paused, as its events say."""
    found: dict[int, list[tuple[date, date]]] = {}
    for row in connection.execute(select(history).where(history.c.kind == "event").order_by(history.c.version)):
        pauses, day = found.setdefault(row.case_id, []), row.at.astimezone(LONDON).date()
        is_paused = bool(pauses) and pauses[-1][1] == date.max
        if row.name == "pause" and not is_paused:
            pauses.append((day, date.max))
        elif row.name in ("resume", "begin_after_pause", "it_goes_on", "it_may_begin") and is_paused:
            pauses[-1] = (pauses[-1][0], day)
    return found


def _last_marks(connection: Connection, first: date, last: date) -> Iterable[tuple[int, date, str]]:
    latest: dict[tuple[int, date, str], str] = {}
    for row in connection.execute(select(session_marks).order_by(session_marks.c.number)):
        if first <= row.day <= last:
            latest[row.placement_id, row.day, row.half] = row.mark
    return ((placement, day, mark) for (placement, day, _), mark in latest.items())


def _outcome(told: Fields) -> str:
    if "break_off" in told.get("events", ()):
        return "Broken down"
    return _WHERE.get(told.get("destination", ""), "Not recorded")


def _needs(pupil: Fields) -> list[str]:
    said = {"ehcp": "EHC plan", "sen_support": "SEN support", "looked_after": "Looked after"}
    plans = {"cp": "Child protection plan", "cin": "Child in need plan"}
    found = [words for name, words in said.items() if pupil[name]]
    return [*found, *([plans[pupil["plan"]]] if pupil["plan"] else [])] or ["None recorded"]


def _year(born: date, on: date) -> str:
    """Reception is the school year after the fourth birthday."""
    school_year = on.year if on.month >= 9 else on.year - 1
    fourth = born.year + 4 if born.month < 9 else born.year + 5
    year = school_year - fourth
    return f"Year {year}" if year else "Reception"


def _number(logged: Any) -> int:
    found = re.search(r"\((\d+)\)$", str(logged))
    assert found is not None
    return int(found[1])


def _name(logged: Any) -> str:
    return re.sub(r" \(\d+\)$", "", str(logged)) if logged else ""
