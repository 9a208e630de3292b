"""Counting a case's dates anew when the calendar, or the record, that they are counted by has changed."""

from datetime import datetime

from apflow.core.commands import Recount
from apflow.core.deadlines.changes import Happening, on_recount
from apflow.core.deadlines.counting import counted_anew
from apflow.core.deadlines.otherwise import counted_otherwise
from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotOpen
from apflow.core.firing import moves
from apflow.core.outcome import Entry, Outcome
from apflow.core.snapshot import Snapshot, World

RECOUNTED = "recounted deadlines"


def recount(definition: Definition, snapshot: Snapshot, command: Recount, world: World, now: datetime) -> Outcome:
    """The dates that a clock counts and the deadlines in these spans as they are today; NotOpen when none differs."""
    taken = {name: value for name, value in command.taken.items() if value != snapshot.fields.get(name)}
    changed = taken | counted_anew(definition, {**snapshot.fields, **taken}, world.today.isoformat())
    fields = {name: value for name, value in {**snapshot.fields, **changed}.items() if value is not None}
    happening = Happening(definition, "", snapshot.state, fields, now, snapshot.items)
    otherwise = {one.name for one in counted_otherwise(happening, snapshot)} if command.deadlines else set()
    clocks = on_recount(happening, snapshot, changed, command.spans, otherwise & command.deadlines)
    state = definition.state(snapshot.state)
    if state.final or not (changed or clocks.started or clocks.altered or clocks.stopped):
        raise NotOpen("Nothing of this case would be due on another day.")
    note = command.note
    entry = Entry("task", RECOUNTED, command.actor, now, snapshot.state, snapshot.state, changed=changed, note=note)
    tasks = moves.no_longer_overdue(snapshot.tasks, (one.name for one in clocks.stopped), command.actor)
    return Outcome(
        state=snapshot.state,
        entered_at=snapshot.entered_at,
        fields=fields,
        entry=entry,
        tasks=tasks + moves.tasks_moved(state, snapshot.tasks, (*clocks.started, *clocks.altered), clocks.stopped),
        started=clocks.started,
        altered=clocks.altered,
        stopped=clocks.stopped,
        assigned_to=snapshot.assigned_to,
    )
