"""What is known of the record that a case keeps, or would: each fact read only where a guard asks for it."""

from collections.abc import Callable, Iterable, Mapping, Set
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from sqlalchemy import Connection

from apflow.beyond.taking import Takes, known_of_provider, takes
from apflow.core.days.calendar import Calendar
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.records import RECORD, SITES
from apflow.core.people.barred import barred_on, kept_from
from apflow.core.people.names import are_one
from apflow.core.snapshot import Snapshot
from apflow.letters.barred import kept_from_others
from apflow.loader import Library
from apflow.records.placements.attendance_plans import planned_elsewhere
from apflow.records.placements.stays import PlannedStay, planned_stay
from apflow.records.providers.lights import must_register_with
from apflow.store.records.attendance import was_attended
from apflow.store.records.placements import kept_by


def asked_of_record(definition: Definition, state: str, events: Set[str] | None) -> frozenset[str]:
    """The facts of the record that these events read there, their guards too; None: any event, and what it takes."""
    if definition.workflow.keeps is None:
        return frozenset()
    offered, guards = definition.events[state], definition.workflow.guards
    possible = offered.keys() if events is None else offered.keys() & events
    asked = {name for event in possible for name in offered[event].requires}
    if events is None:
        asked |= {name for taking in definition.workflow.takes.values() for name in taking.requires}
    conditions = [guards[name].when for name in asked]
    conditions += [only.when for event in possible if (only := offered[event].if_holds)]
    read = (fact for condition in conditions for fact in facts_read(condition))
    return frozenset(fact.removeprefix(f"{RECORD}.") for fact in read if fact.startswith(f"{RECORD}."))


def known_of_record(
    connection: Connection,
    library: Library,
    definition: Definition,
    snapshot: Snapshot,
    today: date,
    asked: Iterable[str],
) -> dict[str, Any]:
    """What there is to say of the facts asked for; what cannot be told yet is missing."""
    if definition.workflow.keeps is not None and definition.workflow.keeps.records == SITES:
        return dict(known_of_provider(connection, library, definition, snapshot, today))
    stay = _Stay(connection, library, definition, snapshot, today)
    found = {name: FACTS[name](stay) for name in asked if name in FACTS}
    return {name: value for name, value in found.items() if value is not None}


@dataclass(frozen=True)
class _Stay:
    """A placement as its case says it, and what is read of it."""

    connection: Connection
    library: Library
    definition: Definition
    snapshot: Snapshot
    today: date

    @cached_property
    def said(self) -> PlannedStay:
        return planned_stay(self.connection, self.definition, self.snapshot)

    @cached_property
    def there(self) -> Takes | None:
        """What its provider takes today."""
        at = self.said.site
        return takes(self.connection, self.library, at.reference, self.today) if at is not None else None

    def is_approved(self) -> bool | None:
        return self.there.stands and self.there.standing == "approved" if self.there else None

    def has_papers(self) -> bool | None:
        return self.there.holds and self.there.standing == "approved" if self.there else None

    def is_registered(self) -> bool | None:
        return self.there.stands and self.there.holds and self.there.standing != "approved" if self.there else None

    def stays_below(self) -> bool | None:
        registration = self.library.registration
        crosses = must_register_with(self.connection, registration, self.said) if registration else None
        return None if crosses is None else not crosses

    def is_free(self) -> bool:
        """Whether no other placement of the pupil has one of the sessions; one without sessions takes none."""
        said = self.said
        if said.pupil is None or said.starts is None or not said.sessions:
            return True
        kept = kept_by(self.connection, said.case) if said.case is not None else None
        but = kept.id if kept else None
        return planned_elsewhere(self.connection, said.pupil.id, said.starts, said.sessions, but=but) is None

    def lasts_part_time(self) -> bool:
        said = self.said
        return not (said.part_time_until and said.starts) or said.part_time_until >= said.starts

    def names_the_barred(self) -> bool:
        """Whether all whom another placement of the pupil says not to write to are so named on this one as well."""
        here = kept_from(self.definition, barred_on(self.definition, self.snapshot)).names
        elsewhere = kept_from_others(self.connection, self.definition, self.snapshot).names
        return all(any(are_one(one, named) for named in here) for one in elsewhere)

    def is_not_in_care(self) -> bool | None:
        return None if self.said.pupil is None else not self.said.pupil.looked_after

    def nobody_came(self) -> bool:
        return self.snapshot.id is None or not was_attended(self.connection, self.snapshot.id)

    def is_to_begin(self) -> bool:
        return self.said.starts is not None and self.today < self.said.starts

    def notice(self) -> int | None:
        return _school_days(self.definition.calendar, self.said.notice_on, self.said.starts)

    def weeks_since_review(self) -> int | None:
        return (self.today - self.said.reviewed_on).days // 7 if self.said.reviewed_on else None


FACTS: Mapping[str, Callable[[_Stay], Any]] = {
    "provider_is_approved": _Stay.is_approved,
    "papers_are_in_date": _Stay.has_papers,
    "provider_is_registered": _Stay.is_registered,
    "stays_below_threshold": _Stay.stays_below,
    "sessions_are_free": _Stay.is_free,
    "part_time_lasts": _Stay.lasts_part_time,
    "barred_are_named": _Stay.names_the_barred,
    "pupil_is_not_in_care": _Stay.is_not_in_care,
    "nobody_came": _Stay.nobody_came,
    "is_to_begin": _Stay.is_to_begin,
    "school_days_of_notice": _Stay.notice,
    "weeks_since_review": _Stay.weeks_since_review,
}


def _school_days(calendar: Calendar, first: date | None, last: date | None) -> int | None:
    return calendar.school.days_between(first, last) if first and last else None
