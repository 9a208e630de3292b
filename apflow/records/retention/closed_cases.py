"""Which closed cases have had their time, what holds one back, and erasing it to a stub: decided by a person."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import LONDON, local_date, shift
from apflow.core.definition.fields import FieldSpec, FieldType, PrivacyClass
from apflow.core.definition.keeping import ClosedCases, KeptFor
from apflow.core.definition.words import short_day
from apflow.core.errors import Blocked, NotFound
from apflow.core.people.actor import Actor
from apflow.core.people.permission import is_listed
from apflow.loader import Library
from apflow.provision.retention import Above, KeptUntil, case_kept_until, rule_for
from apflow.records.door import By
from apflow.records.people.accounts import forget_whom_nothing_names
from apflow.records.retention.holds import told_of_holds, waits_since
from apflow.store.cases.loading import hold_case
from apflow.store.cases.texts import pinned_text
from apflow.store.reading.hidden import hidden_of
from apflow.store.records import closed_cases as kept
from apflow.store.records import erased_cases as gone
from apflow.store.records.accounts import people_of_cases
from apflow.store.records.erased_places import erase_places
from apflow.store.records.retention import erase_case
from apflow.store.records.sites import PROVIDERS

_KEPT_CLASSES = (PrivacyClass.PUBLIC, PrivacyClass.CASE)
_COUNTED = frozenset(
    {FieldType.DATE, FieldType.TIME, FieldType.NUMBER, FieldType.MONEY}
    | {FieldType.CHOICE, FieldType.MANY, FieldType.YES_NO, FieldType.CONFIRM}
)
_PLACEMENT = "placement_number"


@dataclass(frozen=True, slots=True)
class Due:
    """One closed case, and until when it is kept by which rule."""

    row: Row[Any]
    kept: KeptUntil
    above: Sequence[Row[Any]]


@dataclass(frozen=True, slots=True)
class Closed:
    """The same, with what holds it back all the same, and what somebody has said who holds it back."""

    due: Due
    held_back: tuple[str, ...]
    holds: Sequence[Row[Any]]

    @property
    def row(self) -> Row[Any]:
        return self.due.row

    @property
    def kept(self) -> KeptUntil:
        return self.due.kept

    def waits_since(self, today: date) -> date | None:
        """The day since which somebody is to decide on it; None while its time is not over, or it is held back."""
        return waits_since(today, self.kept.day, self.held_back, self.holds)


def over_by(connection: Connection, by: By, day: date) -> list[Due]:
    """Those whose time is over by the day, whatever holds them back, the longest over first; of what the actor sees."""
    policy = _policy(by.library)
    bounds: dict[str, datetime] = {}
    for rule in policy.rules.values():
        first = datetime.combine(shift(day, rule.keep, -1), time.max, LONDON).astimezone(UTC)
        bounds[rule.of] = max(first, bounds.get(rule.of, first))
    rows = in_sight(connection, by, kept.closed_before(connection, bounds))
    above = kept.all_above(connection, rows)
    found = [_due(policy, row, above[row.id]) for row in rows]
    due = [one for one in found if one is not None and one.kept.day < day]
    return sorted(due, key=lambda one: (one.kept.day, one.row.id))


def weighed(connection: Connection, by: By, due: Sequence[Due]) -> list[Closed]:
    """Each of these with what holds it back."""
    holds = kept.case_holds_of(connection, [one.row.id for one in due])
    naming = kept.open_naming(connection, [one.row.reference for one in due])
    return [
        Closed(one, tuple(_reasons(connection, by, one, held, naming.get(one.row.reference, ()))), held)
        for one in due
        for held in (holds.get(one.row.id, []),)
    ]


def closed_of(connection: Connection, by: By, reference: str) -> Closed | None:
    """One of them; None where no rule says how long it is kept. NotFound of one that is open, or erased."""
    row = kept.closed_case(connection, reference)
    if row is None or gone.is_erased(connection, row.id):
        raise NotFound
    due = _due(_policy(by.library), row, kept.all_above(connection, [row])[row.id])
    return weighed(connection, by, [due])[0] if due is not None else None


def erased_in_sight(connection: Connection, by: By) -> list[Row[Any]]:
    """The stubs of those that were erased, of what the actor sees, the newest first."""
    return in_sight(connection, by, gone.last_erased(connection))


def in_sight(connection: Connection, by: By, rows: Iterable[Row[Any]]) -> list[Row[Any]]:
    """Those that the actor sees as somebody of the staff, and not only as whoever told of them."""
    hidden = hidden_of(connection, by.actor.id)
    return [row for row in rows if row.reference not in hidden and _is_listed(connection, by, row)]


def may_decide_on_cases(library: Library, actor: Actor) -> bool:
    """Whether the actor holds a role that decides on the erasure of closed cases."""
    return library.council.closed_cases is not None and actor.has_any(library.council.closed_cases.decided_by)


def hold_back(connection: Connection, reference: str, because: str, ask_again: date, by: By) -> None:
    """Hold a closed case back from erasure until that is ended; it is asked again from a day on."""
    said = {"because": because, "ask_again_on": ask_again}
    kept.hold_case_back(connection, _held(connection, reference, by).id, said, by.actor.name, by.now)


def let_go_of(connection: Connection, reference: str, by: By) -> int:
    """End whatever holds the case back; how many holds that were."""
    return kept.end_case_holds(connection, _held(connection, reference, by).id, by.actor.name, by.now)


def erase_closed(connection: Connection, reference: str, because: str, by: By) -> list[str]:
    """Erase what a closed case says, and leave a stub; the files to delete once that is committed.

    With it go the accounts of those outside the council whom nothing else names, and of a provider its sites and
    whoever ran them.

    Blocked while its time is not over, something holds it back, or somebody else has erased it.
    """
    if not may_decide_on_cases(by.library, by.actor):
        raise NotFound
    _held(connection, reference, by)
    closed = closed_of(connection, by, reference)
    if closed is None:
        raise Blocked(["No rule says how long this is kept."])
    reasons = list(closed.held_back)
    if closed.kept.day >= by.today:
        reasons.append(f"Its time is not over. {closed.kept.because}.")
    if reasons:
        raise Blocked(reasons)
    on_it = people_of_cases(connection, [closed.row.id])
    files = erase_case(connection, closed.row, _counted(connection, by.library, closed.row))
    gone.leave_a_stub(connection, closed.row)
    gone.note_erased(
        connection, closed.row.id, {"because": because, "rule": closed.kept.because}, by.actor.name, by.now
    )
    erase_places(connection, closed.row, local_date(closed.row.entered_at), by.now)
    forget_whom_nothing_names(connection, on_it, by)
    return files


def kept_with(library: Library, row: Row[Any]) -> KeptUntil | None:
    """Until when a case is kept by its own rule, if it is closed and one says so."""
    policy = library.council.closed_cases
    due = _due(policy, row, ()) if policy is not None and not row.is_open else None
    return due.kept if due is not None else None


def pupil_fields(library: Library) -> dict[str, str]:
    """The workflows whose cases are each about one pupil, with the field that says about whom."""
    keeping = ((name, library.current(name).workflow.keeps) for name in sorted(library.sources))
    return {name: one.as_["pupil"] for name, one in keeping if one is not None and "pupil" in one.as_}


def _policy(library: Library) -> ClosedCases:
    if library.council.closed_cases is None:
        raise NotFound
    return library.council.closed_cases


def _held(connection: Connection, reference: str, by: By) -> Row[Any]:
    """The case, which nobody else changes until this is done; Blocked where somebody has erased it meanwhile."""
    if not reference.isprintable():
        raise NotFound  # PostgreSQL fails on a NUL.
    hold_case(connection, reference)
    row = kept.closed_case(connection, reference)
    if row is None or not in_sight(connection, by, [row]):
        raise NotFound
    if (erased := gone.erased_case(connection, reference)) is not None:
        at = short_day(local_date(erased.erased_at))
        raise Blocked([f"{erased.erased_by} erased it on {at}: {erased.because}"])
    return row


def _due(policy: ClosedCases, row: Row[Any], above: Sequence[Row[Any]]) -> Due | None:
    rule = rule_for(policy, row.workflow, row.state, row.fields)
    return Due(row, _until(rule, row, above), above) if rule is not None else None


def _until(rule: KeptFor, row: Row[Any], above: Sequence[Row[Any]]) -> KeptUntil:
    belongs_to = [Above(one.reference, None if one.is_open else local_date(one.entered_at)) for one in above]
    return case_kept_until(rule, local_date(row.entered_at), local_date(row.changed_at), row.fields, belongs_to)


def _reasons(
    connection: Connection, by: By, due: Due, holds: Iterable[Row[Any]], naming: Iterable[Row[Any]]
) -> Iterator[str]:
    row = due.row
    yield from told_of_holds(holds, by.today)
    # A provider's own case is open for as long as it is on the list, and waits for nothing that is over.
    beside = [one for one in (*naming, *due.above) if one.is_open and one.workflow not in PROVIDERS]
    leaning = {one.reference: one for one in (*kept.open_below(connection, row.id), *beside)}
    yield from _leaning(connection, by, leaning.values())
    if kept.is_worked_on(connection, row):
        yield "Work on it is still open: a task, an e-mail that has not gone, or what the night’s check found."
    if kept.keeps_pupils(connection, row):
        yield "Pupils who were placed there are still on record."
    if _is_of_a_pupil(connection, by.library, due):
        yield "It goes with the record of a pupil, which is still kept."
    yield from _kept_with_what_began_it(connection, by, due)


def _leaning(connection: Connection, by: By, open_cases: Iterable[Row[Any]]) -> Iterator[str]:
    """A sentence for each of the open cases, by its reference where the actor sees it."""
    rows = list(open_cases)
    seen = in_sight(connection, by, rows)
    yield from (f"{one.reference}, which is open, still needs it." for one in seen)
    if len(seen) < len(rows):
        yield "Another case, which is open, still needs it."


def _is_of_a_pupil(connection: Connection, library: Library, due: Due) -> bool:
    fields = pupil_fields(library)
    related = [*due.above, *kept.named_by(connection, due.row.fields)]
    of = [one.fields.get(fields[one.workflow]) for one in related if one.workflow in fields]
    placed = [due.row.fields.get(_PLACEMENT)]
    numbers = [[one for one in some if isinstance(one, int)] for some in (of, placed)]
    return any(numbers) and kept.are_on_record(connection, *numbers)


def _kept_with_what_began_it(connection: Connection, by: By, due: Due) -> Iterator[str]:
    """Why it is kept with a closed case that it belongs to, where that is kept longer; a provider's is no such case."""
    for at, one in enumerate(due.above):
        own = None if one.is_open or one.workflow in PROVIDERS else _due(_policy(by.library), one, due.above[at + 1 :])
        if own is not None and by.today <= own.kept.day < date.max:
            called = one.reference if in_sight(connection, by, [one]) else "another case"
            yield f"It belongs to {called}, which is kept until {short_day(own.kept.day)}."


def _is_listed(connection: Connection, by: By, row: Row[Any]) -> bool:
    text = "" if by.library.knows(row.digest) else pinned_text(connection, row.digest)
    return is_listed(by.library.pinned(row.digest, text), row.state, by.actor)


def _counted(connection: Connection, library: Library, row: Row[Any]) -> dict[str, Any]:
    """What is left of its fields: numbers, days and choices that are about nobody, and whom it is hidden from."""
    workflow = library.pinned(row.digest, pinned_text(connection, row.digest)).workflow
    return {
        name: value
        for name, value in row.fields.items()
        if name in workflow.hidden_from or (name in workflow.fields and _is_counted(workflow.fields[name]))
    }


def _is_counted(field: FieldSpec) -> bool:
    leads_to_a_record = field.type is FieldType.NUMBER and (field.taken_from is not None or field.read == ("clock",))
    return field.privacy in _KEPT_CLASSES and field.type in _COUNTED and not leads_to_a_record
