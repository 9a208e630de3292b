"""The one door to session marks: who may say what of which session; nothing is doubled, lost or overwritten."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from functools import partial
from typing import Any

from sqlalchemy import Connection, Row
from sqlalchemy.exc import IntegrityError

from apflow.core.errors import Refusal
from apflow.core.people.actor import Actor
from apflow.provision.attendance import Mark, came, coded
from apflow.provision.coding import Attendance, CodeTable
from apflow.provision.pauses import Pause, pause_on
from apflow.provision.sessions import planned_on, session_words
from apflow.records.attendance.absences import unexplained
from apflow.records.attendance.coding import circumstances
from apflow.records.attendance.school_years import DaysBySchool, days_by_school
from apflow.records.door import By, may_keep
from apflow.records.letters import Writing
from apflow.records.people.let_in import let_schools_in
from apflow.store.cases.receipts import done_before, keep_receipt
from apflow.store.cases.unit import Receipt
from apflow.store.driver.engine import Store
from apflow.store.people.sign_in import queue_letter
from apflow.store.records.attendance import (
    Attending,
    Session,
    add_mark,
    is_party,
    known_keys,
    marks_between,
    placed,
    plan_of,
    plans_of,
)
from apflow.store.records.pauses import pauses_of

MOST_AT_ONCE = 500
_TRIES = 5
_ATTENDANCE = "attendance"  # Where the receipt of a command has the reference of its case.


class Became(StrEnum):
    """What became of one mark that was sent."""

    KEPT = "kept"
    KNOWN = "known"  # Sent before, or said already: nothing needed to be done.
    CHANGED = "changed"  # Somebody else said otherwise meanwhile; theirs stands.
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Said:
    """One mark as it is sent. `seen` is the number of the mark the sender looked at, 0 where there was none."""

    placement: int
    day: date
    half: str
    mark: Mark
    reason: str | None
    key: str
    seen: int = 0
    marked_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Taken:
    """What became of a mark, the number of the one that stands now, and words where it is not the sender's."""

    key: str
    became: Became
    number: int = 0
    message: str = ""
    stands: str = ""


@dataclass(frozen=True)
class Marking:
    """Somebody marks the sessions of one provider, or of a school's pupils gives reasons."""

    store: Store
    by: By
    attendance: Attendance
    writing: Writing

    def mark(self, of: Attending, said: Sequence[Said], teller: str, receipt: Receipt | None = None) -> list[Taken]:
        """Take the marks, each by itself, in one transaction with the letters that follow from them.

        With a `receipt` the same list may come again, and no other under its key: KeyReused.
        """
        for _ in range(_TRIES):
            with self.store.reading() as connection:
                done_before(connection, receipt)
                weighed = self._weigh(connection, of, said, teller)
            if not weighed.rows:
                break
            try:
                self.store.write(partial(self._save, weighed, receipt))
            except (Overtaken, IntegrityError):
                continue  # Somebody marked one of these in the same moment: look again at what stands now.
            break
        else:
            raise Overtaken
        return weighed.taken

    def is_long_ago(self, day: date) -> bool:
        """Whether a session of the day is for the council's staff alone; nobody is asked about it any more."""
        return self.attendance.is_long_ago(day, self.by.today)

    def _save(self, weighed: "_Weighed", receipt: Receipt | None, connection: Connection) -> None:
        if receipt and not keep_receipt(connection, receipt, _ATTENDANCE, 0, self.by.now):
            done_before(connection, receipt)
        for row in weighed.rows:
            if not add_mark(connection, row):
                raise Overtaken
        for letter in weighed.letters:
            queue_letter(connection, dict(letter))
        schools = [placement for placement, _, _ in weighed.unexplained]
        let_schools_in(connection, self.by.council, schools, self.by.now)

    def _weigh(self, connection: Connection, of: Attending, said: Sequence[Said], teller: str) -> "_Weighed":
        rows = {row.id: row for row in placed(connection, of)}
        plans = plans_of(connection, rows)
        marks = marks_between(connection, rows, of.first, of.last)
        person = self.by.actor.id or 0
        known = known_keys(connection, person, [one.key for one in said])
        weighed = _Weighed(days_by_school(connection, self.by.library, of.first), pauses_of(connection, rows))
        for one in said:
            row = rows.get(one.placement)
            session = (one.placement, one.day, one.half)
            stands = marks.get(session)
            taken = self._judged(one, row, plans.get(one.placement, []), stands, known, weighed, teller)
            weighed.taken.append(taken)
            if taken.became is Became.KEPT and row is not None:
                weighed.numbers[session] = taken.number
                weighed.rows.append(self._row(one, taken.number))
                if self._is_unexplained(one, row, plans[one.placement], weighed):
                    weighed.unexplained.append((row, one.day, one.half))
        weighed.letters += unexplained(self.writing, weighed.unexplained)
        return weighed

    def _judged(
        self,
        one: Said,
        row: Row[Any] | None,
        plans: Sequence[Row[Any]],
        stands: Row[Any] | None,
        known: Mapping[str, Row[Any]],
        weighed: "_Weighed",
        teller: str,
    ) -> Taken:
        if refusal := self._why_not(one, row, plans, stands, teller):
            return Taken(one.key, Became.REFUSED, message=refusal)
        number = stands.number if stands else 0
        before = weighed.numbers.get((one.placement, one.day, one.half))
        if one.key in known or (stands and (stands.mark, stands.reason) == (one.mark, one.reason)):
            return Taken(one.key, Became.KNOWN, number, stands=stands.mark if stands else "")
        if before is not None:
            return Taken(one.key, Became.REFUSED, before, "This session is in the same list twice.")
        if one.reason is None and stands and stands.mark == one.mark and self._is_kept(one.day, stands.reason, teller):
            return Taken(one.key, Became.KNOWN, number, stands=stands.mark)
        if stands and stands.number != one.seen and not self._is_older_of_mine(stands, one):
            if one.reason is None and stands.mark == one.mark:  # A reason that was given since is taken from nobody.
                return Taken(one.key, Became.KNOWN, number, stands=stands.mark)
            who = "You" if stands.person_id == self.by.actor.id else stands.person_name
            message = f"{who} marked {session_words(one.day, one.half)} as {stands.mark} meanwhile."
            return Taken(one.key, Became.CHANGED, number, message, stands.mark)
        return Taken(one.key, Became.KEPT, number + 1, stands=one.mark)

    def _is_kept(self, day: date, reason: str | None, teller: str) -> bool:
        """Whether a reason that stands is not shown to whoever marks, who so takes it from nobody by saying none."""
        table = self.attendance.in_force(day)
        return table is not None and table.is_kept_from(reason, teller)

    def _is_older_of_mine(self, stands: Row[Any], one: Said) -> bool:
        """Whether what stands is the same person's own earlier word, which the later one corrects."""
        is_mine: bool = stands.person_id == self.by.actor.id
        return is_mine and stands.marked_at <= self._marked_at(one)

    def _why_not(
        self, one: Said, row: Row[Any] | None, plans: Sequence[Row[Any]], stands: Row[Any] | None, teller: str
    ) -> str:
        today = self.by.today
        if row is None or not row.starts_on <= one.day <= (row.ends_on or one.day):
            return "There is no such session here."
        if one.day > today:
            return "This session is still to come."
        if self.is_long_ago(one.day) and not may_keep(self.by.council, self.by.actor):
            return "This session is too long ago to be marked here. Ask the council."
        plan = plan_of(plans, one.day)
        if stands is None and (plan is None or one.half not in planned_on(plan.sessions, one.day)):
            return "No session is planned here then."
        if teller == "school" and (stands is None or stands.mark != Mark.ABSENT):
            return "The provider has not marked this session as absent, so there is nothing to explain."
        if stands is not None and (stands.mark, stands.reason) == (one.mark, one.reason):
            return ""  # A provider may leave the reason that a school gave.
        table = self.attendance.in_force(one.day)
        if one.reason is not None and (table is None or one.reason not in table.reasons_for(teller)):
            return _not_a_reason(table, teller)
        if one.reason is not None and one.mark is not Mark.ABSENT:
            return "Only an absence has a reason."
        return ""

    def _is_unexplained(self, one: Said, row: Row[Any], plans: Sequence[Row[Any]], weighed: "_Weighed") -> bool:
        """Whether the home school must ask why: not where another records the attendance, nor where none is due."""
        table, plan = self.attendance.in_force(one.day), plan_of(plans, one.day)
        if table is None or plan is None or self.is_long_ago(one.day) or not weighed.is_due(row, one.day):
            return False
        session = circumstances(row, plan, one.day, came(one.mark), is_planned=True)
        return coded(table, session, one.reason, 0).is_unexplained

    def _marked_at(self, one: Said) -> datetime:
        """When it was marked, by a clock that may be wrong: never later than now."""
        return min(one.marked_at or self.by.now, self.by.now)

    def _row(self, one: Said, number: int) -> dict[str, Any]:
        return {
            "placement_id": one.placement,
            "day": one.day,
            "half": one.half,
            "number": number,
            "mark": str(one.mark),
            "reason": one.reason,
            "key": one.key,
            "person_id": self.by.actor.id,
            "person_name": self.by.actor.name,
            "marked_at": self._marked_at(one),
            "at": self.by.now,
        }


class Overtaken(Refusal):
    """Others mark the same sessions at the same moment. Try again."""

    code = "busy"


@dataclass
class _Weighed:
    """What is to be written, and what to answer once it is; `days` and `pauses` tell on which nobody is due."""

    days: DaysBySchool
    pauses: Mapping[int, Sequence[Pause]]
    rows: list[dict[str, Any]] = field(default_factory=list)
    taken: list[Taken] = field(default_factory=list)
    unexplained: list[tuple[Row[Any], date, str]] = field(default_factory=list)
    letters: list[Mapping[str, Any]] = field(default_factory=list)
    numbers: dict[Session, int] = field(default_factory=dict)

    def is_due(self, row: Row[Any], day: date) -> bool:
        """Whether the pupil's school is open and the placement not paused."""
        is_open = self.days.of(row.home_school_id).why_closed(day) is None
        return is_open and pause_on(self.pauses.get(row.id, ()), day) is None


def _not_a_reason(table: CodeTable | None, teller: str) -> str:
    """What there is to choose from, by the names that programs send."""
    reasons = table.reasons_for(teller) if table else {}
    return f"Choose a reason from the list: {', '.join(reasons)}." if reasons else "No reason can be given here."


def may_mark(connection: Connection, by: By, case_id: int, party_role: str) -> bool:
    """Whether the person is of this provider, or of the council's staff who may read what is about children."""
    actor: Actor = by.actor
    if may_keep(by.council, actor):
        return True
    return actor.id is not None and party_role in actor.roles and is_party(connection, case_id, actor.id, party_role)
