"""The record that a case keeps: written as the case's fields say, in the commit of the event that says so."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.core.definition.records import SITES, Kept
from apflow.core.errors import Blocked, Invalid
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.provision.identifiers import is_urn
from apflow.records.door import By, Kind, added, changed
from apflow.records.of_cases.planned import keep_plan
from apflow.records.placements.other_sites import BETWEEN
from apflow.records.placements.places import PLACEMENT_OF_A_CASE
from apflow.records.placements.stays import SINCE, planned_stay
from apflow.records.providers.lights import must_register_with
from apflow.records.providers.sites import SITE
from apflow.store.cases.unit import Unit
from apflow.store.records.establishments import hold_establishment
from apflow.store.records.placements import kept_by
from apflow.store.records.sites import hold_proprietor, number_of

Answers = Mapping[str, Any]
_OF_A_WEEK = ("hours", "minutes", "has_breaks", "cost")
_CROSSES = "With this placement the provider would have to be registered as a school, and it is not."


def hold_for_record(connection: Connection, definition: Definition, snapshot: Snapshot, answers: Answers) -> None:
    """Keep all others from placing anybody with the same proprietor, or taking the same establishment, meanwhile."""
    kept = definition.workflow.keeps
    if kept is not None and kept.records == SITES:
        typed = str(answers.get(kept.as_.get("urn", ""), "")).strip()
        if is_urn(typed):
            hold_establishment(connection, typed)
        return
    planned = planned_stay(connection, definition, snapshot)
    if planned.site is not None:
        hold_proprietor(connection, planned.site.proprietor_id)


def _refuse_if_crossing(connection: Connection, library: Library, unit: Unit, *, is_there: bool) -> None:
    """Blocked when what is written now would take the provider over the registration threshold; others are held off.

    A guard sees the case as it was before the answers; this sees what they make of it. Nobody may set it aside. An end
    crosses nothing, nor does what changes no week of a placement that there is; and what was so before the change holds
    is no reason against it, which may be what mends it.
    """
    law, since = library.registration, _since(unit)
    if law is None or (is_there and not _is_weekly(unit)):
        return
    first = date.fromisoformat(since) if since else None
    after = replace(unit.snapshot, fields=unit.outcome.fields)
    planned = planned_stay(connection, unit.definition, after, since=first)
    if planned.ends is None and must_register_with(connection, law, planned, since=first) is not False:
        raise Blocked([_CROSSES])


def keep_record(connection: Connection, library: Library, unit: Unit) -> None:
    """Write what the case keeps, as it now says it; Blocked when the record's own door refuses.

    Its placement is added, or changed; a site is the one that the case begins with, and is added.
    """
    kept = unit.definition.workflow.keeps
    assert kept is not None
    keep = _keep_site if kept.records == SITES else _keep_placement
    try:
        keep(connection, library, unit, kept)
    except Invalid as refusal:
        raise Blocked(list(refusal.errors.values())) from refusal


def _keep_placement(connection: Connection, library: Library, unit: Unit, kept: Kept) -> None:
    case_id = unit.snapshot.id
    assert case_id is not None
    by, said = _by(library, unit, case_id), _said(unit, kept, PLACEMENT_OF_A_CASE)
    there = kept_by(connection, case_id)
    _refuse_if_crossing(connection, library, unit, is_there=there is not None)
    if there is None:
        within = {"pupil_id": unit.outcome.fields[kept.as_["pupil"]], "case_id": case_id}
        keep_plan(connection, unit, kept, added(connection, PLACEMENT_OF_A_CASE, said, by, within), by)
    else:
        changed(connection, PLACEMENT_OF_A_CASE, there.id, said, by)
        keep_plan(connection, unit, kept, there.id, by)


def _keep_site(connection: Connection, library: Library, unit: Unit, kept: Kept) -> None:
    case_id = number_of(connection, unit.snapshot.reference)
    added(connection, SITE, _said(unit, kept, SITE), _by(library, unit, case_id), {"case_id": case_id})


def _by(library: Library, unit: Unit, case_id: int) -> By:
    entry = unit.outcome.entry
    return By(entry.actor, entry.at, library, f"Case {unit.snapshot.reference}", case=case_id)


def _since(unit: Unit) -> str | None:
    """The day from which the event says that a week comes to something else; none where it asks of something else."""
    kept = unit.definition.workflow.keeps
    assert kept is not None
    asked, since = unit.definition.forms[unit.snapshot.state, unit.outcome.entry.name], kept.as_.get(SINCE, "")
    return unit.outcome.fields.get(since) if _is_weekly(unit) and since in asked else None


def _is_weekly(unit: Unit) -> bool:
    """Whether the event asks what a week comes to."""
    kept = unit.definition.workflow.keeps
    assert kept is not None
    asked = unit.definition.forms[unit.snapshot.state, unit.outcome.entry.name]
    return any(kept.as_.get(name) in asked for name in _OF_A_WEEK)


def _said(unit: Unit, kept: Kept, kind: Kind) -> Answers:
    fields, since = unit.outcome.fields, _since(unit)
    named = {theirs: ours for theirs, ours in kept.as_.items() if theirs in kind.form and (theirs != SINCE or since)}
    said = {theirs: fields[ours] for theirs, ours in named.items() if ours in fields}
    # Several of a case are one text of the record.
    return {name: BETWEEN.join(map(str, one)) if isinstance(one, list) else one for name, one in said.items()}
