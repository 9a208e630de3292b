"""Where else the pupil of a placement is: those of its other placements that run, or are to begin."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.commands import Command, WithAnswers
from apflow.core.definition.compiled import Definition
from apflow.core.definition.linked import KEPT_BY
from apflow.core.snapshot import Snapshot
from apflow.provision.drawn import KEPT_PLACEMENTS, PLACEMENTS_ELSEWHERE
from apflow.store.records.placements import placements_of

Drawn = Mapping[str, Mapping[str, Mapping[str, Any]]]


def elsewhere_for(
    connection: Connection, definition: Definition, snapshot: Snapshot, command: Command, today: date
) -> Drawn:
    """Those that items can be drawn from, where what is asked draws them; nothing otherwise. No pupil is named."""
    kept = definition.workflow.keeps
    if kept is None or kept.records != KEPT_PLACEMENTS:
        return {}
    offered = definition.events[snapshot.state]
    asked = [offered[command.event]] if isinstance(command, WithAnswers) and command.event in offered else []
    specs = asked if isinstance(command, WithAnswers) else list(offered.values())
    drawn = {definition.source_name(name) for spec in specs for name in spec.draws}
    if PLACEMENTS_ELSEWHERE not in drawn:
        return {}
    pupil = snapshot.fields.get(kept.as_["pupil"])
    rows = placements_of(connection, pupil) if isinstance(pupil, int) else ()
    others = (row for row in rows if _is_live(row, today) and row.kept_by != snapshot.reference)
    return {PLACEMENTS_ELSEWHERE: {str(row.id): _facts(row) for row in others}}


def _is_live(row: Row[Any], today: date) -> bool:
    return not row.never_began and (row.ends_on is None or row.ends_on >= today)


def _facts(row: Row[Any]) -> dict[str, Any]:
    """Letters say no more than the label."""
    called = row.kept_by or "one without a case, on the pupil's page"
    said = {"label": called, "where": f"{row.provider}, placed by {row.commissioner}", KEPT_BY: row.kept_by}
    return {name: value for name, value in said.items() if value is not None}
