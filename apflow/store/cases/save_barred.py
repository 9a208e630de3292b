"""Saving which cases name somebody who must not be contacted about a pupil, to find them by the pupil."""

from collections.abc import Mapping
from typing import Any

from sqlalchemy import Connection, delete, insert

from apflow.core.definition.compiled import Definition
from apflow.core.snapshot import Item, items_left
from apflow.store.cases.unit import Unit
from apflow.store.tables.cases import barred_cases


def names_readers(unit: Unit) -> bool:
    """Whether it says anything of those who read the case by a link, or of those who must not."""
    by_link = unit.definition.workflow.read_by_link
    if by_link is None or by_link.elsewhere is None:
        return False
    is_moved = unit.snapshot.id is not None and unit.definition.digest != unit.snapshot.digest
    return is_moved or any(item.collection == by_link.of for item in unit.outcome.items)


def bars_otherwise(unit: Unit) -> bool:
    """Whether the case names somebody so and did not, or otherwise, or may by another version of its policy."""
    by_link, keeps = unit.definition.workflow.read_by_link, unit.definition.workflow.keeps
    if by_link is None or keeps is None:
        return False
    if unit.definition.digest != unit.snapshot.digest and unit.snapshot.id is not None:
        return True
    outcome, pupil = unit.outcome, keeps.as_.get("pupil", "")
    touched = {item.collection for item in outcome.items} | {of for of, _ in outcome.dropped} | set(outcome.cleared)
    is_as_it_was = outcome.fields.get(pupil) == unit.snapshot.fields.get(pupil)
    return not (is_as_it_was and by_link.of not in touched) and _before(unit) != _after(unit)


def save_barred(connection: Connection, unit: Unit, case_id: int) -> None:
    """Write it where that is so."""
    if not bars_otherwise(unit):
        return
    connection.execute(delete(barred_cases).where(barred_cases.c.case_id == case_id))
    pupil = _after(unit)
    if pupil is not None:
        connection.execute(insert(barred_cases).values(case_id=case_id, pupil_id=pupil))


def _before(unit: Unit) -> int | None:
    return _about(unit.definition, unit.snapshot.fields, unit.snapshot.items)


def _after(unit: Unit) -> int | None:
    outcome = unit.outcome
    items = items_left(unit.snapshot.items, outcome.cleared, outcome.dropped, outcome.items)
    return _about(unit.definition, outcome.fields, items)


def _about(definition: Definition, fields: Mapping[str, Any], items: Mapping[str, Mapping[str, Item]]) -> int | None:
    """The number of the pupil about whom somebody must not be contacted; None where nobody is named so."""
    by_link, keeps = definition.workflow.read_by_link, definition.workflow.keeps
    if by_link is None or keeps is None or "pupil" not in keeps.as_:
        return None
    names_some = any(item.status not in by_link.readers for item in items.get(by_link.of, {}).values())
    pupil = fields.get(keeps.as_["pupil"])
    return pupil if names_some and isinstance(pupil, int) else None
