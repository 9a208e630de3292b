"""Whether a case takes another record, such as a placement: what its workflow says of that, as the case stands."""

from collections.abc import Mapping
from datetime import date, datetime, time
from typing import Any

from msgspec import Struct
from msgspec.structs import replace
from sqlalchemy import Connection, Row

from apflow.core.days.calendar import LONDON
from apflow.core.definition.compiled import Definition
from apflow.core.definition.records import SITES, Taking
from apflow.core.facts import facts_of
from apflow.core.firing.guards import objections
from apflow.core.snapshot import Snapshot, World
from apflow.loader import Library
from apflow.store.cases.loading import hold_to_stay, load_case
from apflow.store.cases.texts import pinned_text
from apflow.store.reading.history import state_at, was_ever_in
from apflow.store.records.establishments import establishment
from apflow.store.records.sites import PROVIDER, numbers_with_urn

PLACEMENTS = "placements"


class Takes(Struct, frozen=True):
    """Whether a case `stands` where it takes placements, and its guards on that hold; and as what it takes them."""

    stands: bool
    holds: bool
    standing: str = "approved"


class Against(Struct, frozen=True):
    """Why a record cannot be added today; `late_by` are those who may all the same, as it began while it could be."""

    reasons: tuple[str, ...] = ()
    late_by: tuple[str, ...] = ()


def against(
    connection: Connection, library: Library, reference: str, kind: str, first_day: date, today: date
) -> Against:
    """What stands against adding a record of the kind that begins on the day; nothing when it can be added.

    One from before there was a case is only entered late, unless the case took them once and does so no more. The case
    stays as it stands until the commit.
    """
    hold_to_stay(connection, reference)
    snapshot = load_case(connection, reference)
    if snapshot is None:
        return Against()
    definition = library.pinned(snapshot.digest, pinned_text(connection, snapshot.digest))
    taking = definition.workflow.takes.get(kind)
    reasons = _against(connection, library, definition, snapshot, taking, today) if taking else []
    if taking is None or not reasons or first_day >= today:
        return Against(tuple(reasons))
    number = snapshot.id or 0
    was = state_at(connection, number, datetime.combine(first_day, time.max, LONDON))
    has_stopped = snapshot.state not in taking.while_in and was_ever_in(connection, number, taking.while_in)
    if was is None and not has_stopped:
        return Against()
    then = _against(connection, library, definition, replace(snapshot, state=was), taking, first_day) if was else []
    return Against(tuple(reasons), () if then or taking.late is None else taking.late.by)


def takes(connection: Connection, library: Library, reference: str, today: date) -> Takes:
    """Whether placements can be made at the provider today, as what, and what its guards on that say."""
    snapshot = load_case(connection, reference)
    if snapshot is None:
        return Takes(stands=False, holds=False)
    definition = library.pinned(snapshot.digest, pinned_text(connection, snapshot.digest))
    taking = definition.workflow.takes.get(PLACEMENTS)
    if taking is None:
        return Takes(stands=True, holds=True)
    facts = facts_of(
        definition, snapshot, World(today, record=known_of_provider(connection, library, definition, snapshot, today))
    )
    holds = not objections(definition, taking, facts, reading_answers=False)
    return Takes(snapshot.state in taking.while_in, holds, taking.standing)


def known_of_provider(
    connection: Connection, library: Library, definition: Definition, snapshot: Snapshot, today: date
) -> Mapping[str, Any]:
    """What is known today of a provider that is here because the national register has it; of others nothing."""
    kept = definition.workflow.keeps
    if kept is None or kept.records != SITES:
        return {}
    urn = str(snapshot.fields.get(kept.as_.get("urn", "")))
    row = establishment(connection, urn)
    return {
        "is_open_in_register": row is not None and is_open_on(row, today),
        "was_on_no_list": not _was_on_the_list(connection, library, urn),
    }


def _was_on_the_list(connection: Connection, library: Library, urn: str) -> bool:
    """Whether the council has, or ever had, a provider with this URN on its list."""
    listed = library.current(PROVIDER).workflow.public_list
    states = tuple(listed.states) if listed else ()
    return any(was_ever_in(connection, case, states) for case in numbers_with_urn(connection, urn))


def is_open_on(row: Row[Any], today: date) -> bool:
    """Whether a line of the national register says that the establishment is open on the day."""
    return bool(row.is_open) and (row.closed_on is None or row.closed_on > today)


def _against(
    connection: Connection, library: Library, definition: Definition, snapshot: Snapshot, taking: Taking, day: date
) -> list[str]:
    if snapshot.state not in taking.while_in:
        label = definition.state(snapshot.state).label.staff if snapshot.state in definition.workflow.states else ""
        allowed = " or ".join(f"“{definition.state(name).label.staff}”" for name in taking.while_in)
        title = definition.title_of(snapshot.fields)
        return [f"{title} is “{label}”: a new placement can be made only where that is {allowed}."]
    facts = facts_of(
        definition, snapshot, World(day, record=known_of_provider(connection, library, definition, snapshot, day))
    )
    return list(dict.fromkeys(objections(definition, taking, facts, reading_answers=False).values()))
