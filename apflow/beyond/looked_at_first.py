"""That somebody who must not be contacted about one child is looked at before they are about another, by somebody."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from msgspec.structs import replace
from sqlalchemy import Connection, Row

from apflow.beyond.cases import Decided, DefinitionOf
from apflow.core.commands import Alert, Command, Moving
from apflow.core.definition.by_link import ByLink, Elsewhere
from apflow.core.definition.compiled import Definition
from apflow.core.firing import moves
from apflow.core.firing.holders import given
from apflow.core.outcome import NewTask, Outcome
from apflow.core.people.actor import THE_CLOCK
from apflow.core.people.barred import KeptFrom, is_to_decide, kept_from
from apflow.core.snapshot import Item, Snapshot
from apflow.store.cases.loading import load_case
from apflow.store.cases.save_barred import names_readers
from apflow.store.cases.unit import Unit
from apflow.store.records.kept_from import hold_naming, not_written_to_about_others, read_by

NOTE = "By {where} somebody of this name or address must not be contacted about another pupil."


def looked_at_first(
    connection: Connection,
    definition: Definition,
    snapshot: Snapshot,
    command: Command,
    outcome: Outcome,
    now: datetime,
) -> Outcome:
    """The outcome with a task for each reader whom it names, or says otherwise of, where that is to be decided."""
    definition = command.to if isinstance(command, Moving) and command.to is not None else definition
    by_link, pupil = definition.workflow.read_by_link, _pupil(definition, outcome)
    if by_link is None or by_link.elsewhere is None or pupil is None:
        return outcome
    named = _readers(by_link, snapshot, outcome, all_of_them=isinstance(command, Moving))
    asked = list(_to_decide_here(connection, definition, pupil, named, snapshot))
    if not asked:
        return outcome
    spec = definition.workflow.alerts[by_link.elsewhere.alert]
    task = moves.new_task(definition, by_link.elsewhere.alert, spec, {}, outcome.assigned_to, now)
    opened = [_about(task, item) for item in asked]
    return replace(outcome, opened=(*outcome.opened, *given(definition, outcome.state, outcome.fields, opened)))


def _to_decide_here(
    connection: Connection, definition: Definition, pupil: int, named: Iterable[Item], case: Snapshot
) -> Iterator[Item]:
    """Those of the readers named whom somebody has to decide on, and nobody has been asked to."""
    by_link, there = definition.workflow.read_by_link, list(named)
    if by_link is None or by_link.elsewhere is None or not there:
        return
    rows = not_written_to_about_others(connection, by_link, definition.name, pupil)
    barred = KeptFrom(others=kept_from(definition, [row.data for row in rows]))
    asked = _asked_of(case, by_link.elsewhere)
    yield from (item for item in there if item.key not in asked and is_to_decide(barred, definition, item.data))


def _asked_of(case: Snapshot, elsewhere: Elsewhere) -> set[str | None]:
    """The readers of the case, by key, of whom somebody has it to do already."""
    return {task.item for task in case.tasks if task.name == elsewhere.alert}


def _about(task: NewTask, item: Item) -> NewTask:
    return replace(task, is_alert=True, item=item.key, note=NOTE.format(where="another placement"))


def named_elsewhere(
    connection: Connection,
    definition: Definition,
    snapshot: Snapshot,
    outcome: Outcome,
    now: datetime,
    *,
    definition_of: DefinitionOf,
    decided: Decided,
) -> tuple[Unit, ...]:
    """The open cases of other pupils that whoever is named here as not to be contacted reads: a task on each, about
    each reader who may be one of them."""
    units, note = list[Unit](), NOTE.format(where=snapshot.reference)
    for case, theirs, elsewhere, readers in _to_decide_elsewhere(connection, definition, outcome, definition_of):
        command = Alert(elsewhere.alert, THE_CLOCK, note, items=readers)
        units.append(decided(connection, theirs, case, command, max(now, case.changed_at or now)))
    return tuple(units)


def passes_somebody_over(connection: Connection, unit: Unit, definition_of: DefinitionOf) -> bool:
    """Whether somebody has to be decided on whom nobody is asked about, now that the unit is written.

    One case can name a reader, and another say that they must not be contacted, in one moment in which neither sees
    the other. From here on no other command does until the commit.
    """
    definition, snapshot, outcome = unit.definition, unit.snapshot, unit.outcome
    by_link, pupil = definition.workflow.read_by_link, _pupil(definition, outcome)
    if by_link is None or by_link.elsewhere is None or pupil is None or not names_readers(unit):
        return False
    hold_naming(connection)
    case = load_case(connection, snapshot.reference)
    is_moved = snapshot.id is not None and definition.digest != snapshot.digest
    named = _readers(by_link, snapshot, outcome, all_of_them=is_moved)
    if case is not None and any(_to_decide_here(connection, definition, pupil, named, case)):
        return True
    return any(_to_decide_elsewhere(connection, definition, outcome, definition_of))


def _to_decide_elsewhere(
    connection: Connection, definition: Definition, outcome: Outcome, definition_of: DefinitionOf
) -> Iterator[tuple[Snapshot, Definition, Elsewhere, tuple[str, ...]]]:
    """Each such case, by which text it goes, what that asks, and of which readers nobody has been asked it."""
    by_link, keeps, pupil = definition.workflow.read_by_link, definition.workflow.keeps, _pupil(definition, outcome)
    if by_link is None or keeps is None or pupil is None:
        return
    said = [item.data for item in outcome.items if item.collection == by_link.of and item.status not in by_link.readers]
    if not said:
        return
    barred, found = KeptFrom(others=kept_from(definition, said)), dict[str, list[Row[Any]]]()
    for row in read_by(connection, by_link, definition.name, keeps.as_["pupil"], but=pupil):
        if is_to_decide(barred, definition, row.data):  # Hardly any; to load each would keep everybody else waiting.
            found.setdefault(row.reference, []).append(row)
    for reference, rows in found.items():
        case = load_case(connection, reference)
        theirs = definition_of(connection, case) if case is not None else None
        elsewhere = theirs.workflow.read_by_link.elsewhere if theirs and theirs.workflow.read_by_link else None
        if case is None or theirs is None or elsewhere is None:
            continue
        asked = _asked_of(case, elsewhere)
        readers = [row.key for row in rows if row.key not in asked and is_to_decide(barred, theirs, row.data)]
        if readers:
            yield case, theirs, elsewhere, tuple(readers)


def _readers(by_link: ByLink, snapshot: Snapshot, outcome: Outcome, *, all_of_them: bool) -> Iterator[Item]:
    """The items of readers that the outcome leaves otherwise, or all."""
    items = outcome.items_left(snapshot).get(by_link.of, {}).values() if all_of_them else outcome.items
    yield from (item for item in items if item.collection == by_link.of and item.status in by_link.readers)


def _pupil(definition: Definition, outcome: Outcome) -> int | None:
    keeps = definition.workflow.keeps
    return outcome.fields.get(keeps.as_.get("pupil", "")) if keeps else None
