"""The record that a case keeps: written as the case's fields say, in the commit of the event that says so."""

from msgspec.structs import replace
from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked, Invalid
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.records.door import By, added, changed
from apflow.records.lights import must_register_with
from apflow.records.places import PLACEMENT_OF_A_CASE
from apflow.records.stays import planned_stay
from apflow.store.placements import kept_by
from apflow.store.sites import hold_proprietor
from apflow.store.unit import Unit

_CROSSES = "With this placement the provider would have to be registered as a school, and it is not."


def hold_for_record(connection: Connection, definition: Definition, snapshot: Snapshot) -> None:
    """Keep all others from placing anybody with the same proprietor until this transaction ends."""
    planned = planned_stay(connection, definition, snapshot)
    if planned.site is not None:
        hold_proprietor(connection, planned.site.proprietor_id)


def _refuse_if_crossing(connection: Connection, library: Library, unit: Unit) -> None:
    """Blocked when what is written now would take the provider over the registration threshold; others are held off.

    A guard sees the case as it was before the answers; this sees what they make of it. Nobody may set it aside. An end
    crosses nothing.
    """
    after = replace(unit.snapshot, fields=unit.outcome.fields)
    planned = planned_stay(connection, unit.definition, after)
    if planned.ends is None and library.registration and must_register_with(connection, library.registration, planned):
        raise Blocked([_CROSSES])


def keep_record(connection: Connection, library: Library, unit: Unit) -> None:
    """Add the case's placement, or change it to what the case now says; Blocked when the record's own door refuses."""
    kept, fields, case_id = unit.definition.workflow.keeps, unit.outcome.fields, unit.snapshot.id
    assert kept is not None
    assert case_id is not None
    asked = PLACEMENT_OF_A_CASE.form
    said = {theirs: fields[ours] for theirs, ours in kept.as_.items() if theirs in asked and ours in fields}
    entry = unit.outcome.entry
    by = By(entry.actor, entry.at, library, f"Case {unit.snapshot.reference}", case=case_id)
    _refuse_if_crossing(connection, library, unit)
    there = kept_by(connection, case_id)
    try:
        if there is None:
            within = {"pupil_id": fields[kept.as_["pupil"]], "case_id": case_id}
            added(connection, PLACEMENT_OF_A_CASE, said, by, within)
        else:
            changed(connection, PLACEMENT_OF_A_CASE, there.id, said, by)
    except Invalid as refusal:
        raise Blocked(list(refusal.errors.values())) from refusal
