"""Whose record's time is over, what holds it back, and erasing it: decided by one person, done whole or not at all."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.definition.fields import FieldType, PrivacyClass
from apflow.core.definition.keeping import Retention
from apflow.core.errors import Blocked, NotFound
from apflow.core.people.actor import Actor
from apflow.loader import Library
from apflow.provision.retention import KeptUntil, kept_until, last_that_is_over
from apflow.records.door import By
from apflow.records.people.accounts import forget_whom_nothing_names
from apflow.records.retention.closed_cases import kept_with, pupil_fields
from apflow.records.retention.holds import told_of_holds, waits_since
from apflow.store.cases.texts import pinned_text
from apflow.store.records.accounts import no_longer_on, people_of_cases, people_of_record
from apflow.store.records.erased_cases import note_erased
from apflow.store.records.held import cases_about
from apflow.store.records.pupils import pupil
from apflow.store.records.records import log_change
from apflow.store.records.retention import (
    ERASED,
    end_holds,
    erase_case,
    erase_record,
    hold,
    holds_of,
    numbers_of,
    with_last_day,
)

_TRUE_OF = ("ehcp", "sen_support", "looked_after")
_KEPT_FOR, _LONGER = "kept_for", "until_25"  # What a case answers where the record is kept longer.
_KEPT_CLASSES = (PrivacyClass.PUBLIC, PrivacyClass.CASE)
_RUNS = "For as long as a placement runs"
_FREE_TEXT = (FieldType.TEXT, FieldType.LONG_TEXT, FieldType.EMAIL, FieldType.PHONE, FieldType.FILE, FieldType.POSTCODE)


@dataclass(frozen=True, slots=True)
class Due:
    """One pupil's record: until when it is kept and by which rule, and what holds it back all the same."""

    row: Row[Any]
    kept: KeptUntil
    cases: tuple[str, ...]
    held_back: tuple[str, ...]
    holds: Sequence[Row[Any]]

    def waits_since(self, today: date) -> date | None:
        """The day since which somebody is to decide on it; None while its time is not over, or it is held back."""
        return waits_since(today, self.kept.day, self.held_back, self.holds)


def due_by(connection: Connection, library: Library, day: date, today: date) -> list[Due]:
    """Those whose time is over by the day, whatever holds them back, the longest over first."""
    rule = _rule(library)
    rows = with_last_day(connection, before=last_that_is_over(rule, day))
    found = [_due(connection, library, rule, row, today) for row in rows]
    return sorted((one for one in found if one.kept.day < day), key=lambda one: (one.kept.day, one.row.id))


def due_of(connection: Connection, library: Library, number: int, today: date) -> Due:
    """One pupil's record; NotFound when there is none, or it has been erased."""
    rule = _rule(library)
    rows = with_last_day(connection, only=number)
    if not rows:
        raise NotFound
    return _due(connection, library, rule, rows[0], today)


def may_decide(library: Library, actor: Actor) -> bool:
    """Whether the actor holds a role that decides on an erasure."""
    rule = library.council.retention
    return rule is not None and actor.has_any(rule.decided_by)


def keep_back(connection: Connection, number: int, because: str, ask_again: date, by: By) -> None:
    """Hold a pupil's record back from erasure until that is ended; it is asked again from a day on."""
    if pupil(connection, number) is None:
        raise NotFound
    hold(connection, number, {"because": because, "ask_again_on": ask_again}, by.actor.name, by.now)


def let_go(connection: Connection, number: int, by: By) -> int:
    """End whatever holds the record back; how many holds that were."""
    return end_holds(connection, number, by.actor.name, by.now)


def erase(connection: Connection, number: int, because: str, by: By) -> list[str]:
    """Erase a pupil's record and what its cases say; the files to delete once that is committed.

    With it go the accounts of those outside the council whom nothing else names.

    Blocked while its time is not over, or something holds it back.
    """
    if not may_decide(by.library, by.actor):
        raise NotFound
    due = due_of(connection, by.library, number, by.today)
    reasons = list(due.held_back)
    if due.kept.day >= by.today:
        reasons.append(f"Its time is not over. {due.kept.because}.")
    if reasons:
        raise Blocked(reasons)
    files, erased_now = [], numbers_of(connection, due.cases)
    numbers = [case.id for case in erased_now.values()]
    on_them = people_of_cases(connection, numbers) | people_of_record(connection, number)
    for case in erased_now.values():
        files += erase_case(connection, case, _kept_of(connection, by.library, case))
        note_erased(connection, case.id, {"because": because, "rule": due.kept.because}, by.actor.name, by.now)
    row = pupil(connection, number)
    assert row is not None
    erase_record(connection, row, by.now)
    no_longer_on(connection, numbers)
    forget_whom_nothing_names(connection, on_them, by)
    log_change(
        connection,
        kind="pupil",
        record_id=number,
        action="changed",
        fields={},
        through=f"{ERASED}: {because}"[:300],
        actor=(by.actor.id, by.actor.name),
        at=by.now,
    )
    return files


def _rule(library: Library) -> Retention:
    if library.council.retention is None:
        raise NotFound
    return library.council.retention


def _due(connection: Connection, library: Library, rule: Retention, row: Row[Any], today: date) -> Due:
    about = cases_about(connection, naming_pupil(library, row.id))
    known = numbers_of(connection, about)
    says_so = any(case.fields.get(_KEPT_FOR) == _LONGER for case in known.values())
    true_of = [name for name in _TRUE_OF if getattr(row, name)]
    last = row.last or local_date(row.changed_at)
    until = (
        KeptUntil(date.max, _RUNS)
        if last == date.max
        else kept_until(rule, last=last, born=row.born, true_of=true_of, says_so=says_so)
    )
    for reference, case in known.items():
        own = kept_with(library, case)
        if own is not None and own.day > until.day:
            until = KeptUntil(own.day, f"With {reference}, which came of it: {own.because}")
    holds = holds_of(connection, [row.id]).get(row.id, [])
    reasons = [f"Its case {reference} is open." for reference, case in known.items() if case.is_open]
    reasons += told_of_holds(holds, today)
    return Due(row, until, tuple(about), tuple(reasons), holds)


def naming_pupil(library: Library, number: int) -> list[tuple[str, str, Sequence[int]]]:
    """The workflow and field in which a case says that it is about this pupil."""
    return [(name, field, [number]) for name, field in pupil_fields(library).items()]


def _kept_of(connection: Connection, library: Library, case: Row[Any]) -> dict[str, Any]:
    """What is left of the case's fields: numbers, days and choices that are about nobody, to be counted."""
    fields = library.pinned(case.digest, pinned_text(connection, case.digest)).workflow.fields
    called = {name for name in ("organisation", "commissioner", "invoice_number") if name in fields}
    return {
        name: value
        for name, value in case.fields.items()
        if name in fields
        and (name in called or (fields[name].privacy in _KEPT_CLASSES and fields[name].type not in _FREE_TEXT))
    }
