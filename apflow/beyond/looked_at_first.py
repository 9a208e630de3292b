"""That somebody who must not be contacted about one child is looked at before they are about another, by somebody."""

from collections.abc import Iterator
from datetime import datetime

from msgspec.structs import replace
from sqlalchemy import Connection

from apflow.beyond.cases import Decided, DefinitionOf
from apflow.core.commands import Alert, Command, Moving
from apflow.core.definition.by_link import ByLink
from apflow.core.definition.compiled import Definition
from apflow.core.firing import moves
from apflow.core.firing.holders import given
from apflow.core.outcome import NewTask, Outcome
from apflow.core.people.actor import THE_CLOCK
from apflow.core.people.barred import KeptFrom, is_to_decide, kept_from
from apflow.core.snapshot import Item, Snapshot
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Unit
from apflow.store.records.kept_from import not_written_to_about_others, read_by

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
    named = list(_readers(by_link, snapshot, outcome, all_of_them=isinstance(command, Moving)))
    if not named:
        return outcome
    rows = not_written_to_about_others(connection, by_link, definition.name, pupil)
    barred = KeptFrom(others=kept_from(definition, [row.data for row in rows]))
    known = {task.item for task in snapshot.tasks if task.name == by_link.elsewhere.alert}
    spec = definition.workflow.alerts[by_link.elsewhere.alert]
    task = moves.new_task(definition, by_link.elsewhere.alert, spec, {}, outcome.assigned_to, now)
    opened = [
        _about(task, item) for item in named if item.key not in known and is_to_decide(barred, definition, item.data)
    ]
    return replace(outcome, opened=(*outcome.opened, *given(definition, outcome.state, outcome.fields, opened)))


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
    """The open cases of other pupils that whoever is named here as not to be contacted reads: a task on each."""
    by_link, keeps, pupil = definition.workflow.read_by_link, definition.workflow.keeps, _pupil(definition, outcome)
    if by_link is None or keeps is None or pupil is None:
        return ()
    said = [item.data for item in outcome.items if item.collection == by_link.of and item.status not in by_link.readers]
    if not said:
        return ()
    barred, units = KeptFrom(others=kept_from(definition, said)), dict[str, Unit]()
    for row in read_by(connection, by_link, definition.name, keeps.as_["pupil"], but=pupil):
        if not is_to_decide(barred, definition, row.data):
            continue  # Nearly all; to load each of them would keep everybody else waiting.
        case = load_case(connection, row.reference) if row.reference not in units else None
        theirs = definition_of(connection, case) if case is not None else None
        if case is None or theirs is None or not is_to_decide(barred, theirs, row.data):
            continue
        elsewhere = theirs.workflow.read_by_link.elsewhere if theirs.workflow.read_by_link else None
        if elsewhere is None or any(
            task.name == elsewhere.alert and task.item in (None, row.key) for task in case.tasks
        ):
            continue
        command = Alert(elsewhere.alert, THE_CLOCK, NOTE.format(where=snapshot.reference))
        units[row.reference] = decided(connection, theirs, case, command, max(now, case.changed_at or now))
    return tuple(units.values())


def _readers(by_link: ByLink, snapshot: Snapshot, outcome: Outcome, *, all_of_them: bool) -> Iterator[Item]:
    """The items of readers that the outcome leaves otherwise, or all."""
    items = outcome.items_left(snapshot).get(by_link.of, {}).values() if all_of_them else outcome.items
    yield from (item for item in items if item.collection == by_link.of and item.status in by_link.readers)


def _pupil(definition: Definition, outcome: Outcome) -> int | None:
    keeps = definition.workflow.keeps
    return outcome.fields.get(keeps.as_.get("pupil", "")) if keeps else None
