"""What happens to a case's deadlines when something happens to the case: which start, stop, pause, run on or move."""

from collections.abc import Iterable, Mapping, Set
from datetime import datetime
from typing import Any

from msgspec import Struct

from apflow.core.days.duration import Units
from apflow.core.deadlines import among, deadlines
from apflow.core.deadlines.among import Items
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.timing import DeadlineSpec
from apflow.core.snapshot import RunningDeadline, Snapshot

Running = Mapping[str, RunningDeadline]


class Changes(Struct, frozen=True):
    """The deadlines to start, to alter and to stop; one to be counted anew is both stopped and started."""

    started: tuple[RunningDeadline, ...] = ()
    altered: tuple[RunningDeadline, ...] = ()
    stopped: tuple[RunningDeadline, ...] = ()

    def running(self, before: Running) -> dict[str, RunningDeadline]:
        """What runs once these changes are made."""
        running = dict(before)
        for gone in self.stopped:
            running.pop(gone.name, None)
        for deadline in (*self.altered, *self.started):
            running[deadline.name] = deadline
        return running


class Happening(Struct, frozen=True):
    """An event as deadlines see it: the state it leaves the case in, and what the case then says.

    `entered_at` is when it entered that, where it did so before.
    """

    definition: Definition
    event: str
    state: str
    fields: Mapping[str, Any]
    now: datetime
    items: Items = {}
    entered_at: datetime | None = None

    @property
    def specs(self) -> Mapping[str, DeadlineSpec]:
        return self.definition.deadlines[self.state]

    def start(self, name: str, running: Running) -> RunningDeadline | None:
        """The deadline as it starts now, or None while what it is counted from is not known."""
        spec, calendar = self.specs[name], self.definition.calendar
        anchor = self.anchor(spec, running)
        if anchor is None:
            return None
        started = deadlines.start(name, spec, anchor, calendar, self.now)
        earlier = running.get(spec.after_deadline or "")
        if earlier is not None and self.specs[earlier.name].paused_in == spec.paused_in:
            return deadlines.still_with(started, earlier)  # That one may have stood still for a while already.
        return deadlines.pause(started, spec.paused_in, calendar, self.now) if self.pauses(spec) else started

    def pauses(self, spec: DeadlineSpec) -> bool:
        return spec.paused_in is not None and self.state in spec.paused_in.states

    def is_late(self, spec: DeadlineSpec) -> bool:
        """Whether the time of some item has passed by which the deadline counts."""
        return among.is_late(self.definition, spec, self.fields, self.items, self.now)

    def anchor(self, spec: DeadlineSpec, running: Running) -> datetime | None:
        """What the deadline is counted from, or None while that is not known."""
        if spec.among is not None:
            return among.next_anchor(self.definition, spec, self.fields, self.items, self.now)
        if spec.of is not None:
            day, calendar = self.fields.get(spec.of), self.definition.calendar
            if day and spec.is_to_the_hour:
                return deadlines.anchor_at(day, self.fields.get(self.definition.workflow.time_of(spec.of) or ""))
            known = deadlines.anchor_on(day, calendar) if day else None
            return (self.entered_at or self.now) if known is None and spec.or_entering else known
        if spec.after is not None:
            return self.now if spec.after == self.event else None
        if spec.after_deadline is not None:
            earlier = running.get(spec.after_deadline)
            return deadlines.morning_of(earlier.due_at) if earlier else None
        return self.entered_at or self.now


def on_move(happening: Happening, snapshot: Snapshot, changed: Mapping[str, Any]) -> Changes:
    """The case enters a state: what ran in the one it leaves stops, unless it is the whole case's and runs on.

    What is counted from a date that has changed, or from this event, is counted anew as where the case stays.
    """
    wide, before = happening.definition.workflow.deadlines, all_of(happening.definition, snapshot, happening.now)
    runs_on = {name for name in before if name in wide and happening.state in wide[name].while_in}
    if anew := {name for name in runs_on if _is_counted_anew(happening, wide[name], changed)}:
        runs_on -= anew | _counted_from(happening.specs, anew)
    running = tuple(_run_on(happening, before[name]) for name in sorted(runs_on))
    none_left = _none_left(happening, running)
    changes = Changes(
        altered=tuple(one for one in running if one.name not in none_left and one != snapshot.deadlines.get(one.name)),
        stopped=tuple(one for name, one in before.items() if name not in runs_on or name in none_left),
    )
    new = [name for name in happening.specs if name not in runs_on]
    return _followed(happening, before, _started(happening, before, changes, new), new)


def on_stay(happening: Happening, snapshot: Snapshot, spec: EventSpec, changed: Mapping[str, Any]) -> Changes:
    """The case stays: what is counted from a date that has changed, or from this event, is counted anew."""
    specs, before = happening.specs, all_of(happening.definition, snapshot, happening.now)
    anew = [name for name, of in specs.items() if _is_counted_anew(happening, of, changed)]
    extended = tuple(_extended(happening, snapshot, spec))
    touched = {*anew, *(deadline.name for deadline in extended)}
    dated = [name for name, of in specs.items() if of.among] if spec.item or spec.clears or changed else []
    running = [_moved_on(happening, snapshot.deadlines[name]) for name in dated if name in snapshot.deadlines]
    none_left = _none_left(happening, running)
    moved = tuple(one for one in running if one.name not in none_left and one != snapshot.deadlines[one.name])
    stopped = tuple(one for name, one in before.items() if name in touched or name in none_left)
    first = [name for name in dated if name not in snapshot.deadlines]
    changes = _started(happening, before, Changes(extended, moved, stopped), [*anew, *first])
    return _followed(happening, before, changes, sorted(_counted_from(specs, touched)))


def on_recount(
    happening: Happening,
    snapshot: Snapshot,
    changed: Mapping[str, Any],
    spans: Units,
    otherwise: Set[str] = frozenset(),
) -> Changes:
    """The calendar is another: deadlines of a date that is another now begin anew, and those in these spans move.

    One that has passed, stands still or was given more time stays as it is. So do not those that are counted
    `otherwise` than by what the case says: they begin anew.
    """
    dated = {name for name, of in happening.specs.items() if of.among is None and of.of in changed}
    before = all_of(happening.definition, snapshot, happening.now)
    anew = [name for name in happening.specs if name in dated or name in otherwise]
    others = [running for name, running in before.items() if name not in anew]
    recounted = [(running, _recounted(happening, running, spans)) for running in others]
    altered = tuple(later for running, later in recounted if later != running)
    moved = [later.name for running, later in recounted if later.due_at != running.due_at]
    stopped = tuple(running for name, running in before.items() if name in anew)
    changes = _started(happening, before, Changes(altered=altered, stopped=stopped), anew)
    touched = {*anew, *moved}
    return _followed(happening, before, changes, sorted(_counted_from(happening.specs, touched)))


def _recounted(happening: Happening, running: RunningDeadline, spans: Units) -> RunningDeadline:
    if running.within.unit not in spans:
        return running
    pause = happening.specs[running.name].paused_in
    return deadlines.recounted(running, pause, happening.definition.calendar, happening.now)


def all_of(definition: Definition, snapshot: Snapshot, now: datetime) -> Running:
    """The deadlines of the case, those too that are not wanted for now: these as if they were."""
    if not snapshot.unwanted:
        return snapshot.deadlines
    specs = definition.deadlines[snapshot.state]
    again = {
        name: deadlines.wanted_again(one, specs[name], definition.calendar, now)
        for name, one in snapshot.unwanted.items()
    }
    return {**snapshot.deadlines, **again}


def _is_counted_anew(happening: Happening, spec: DeadlineSpec, changed: Mapping[str, Any]) -> bool:
    if spec.of is None or spec.among is not None:
        return spec.after == happening.event
    at = happening.definition.workflow.time_of(spec.of) if spec.is_to_the_hour else None
    return spec.of in changed or at in changed


def _moved_on(happening: Happening, running: RunningDeadline) -> RunningDeadline:
    """One counted from a date of items, on the date that is now the next."""
    spec = happening.specs[running.name]
    return among.moved_on(happening.definition, spec, happening.fields, happening.items, happening.now, running)


def _none_left(happening: Happening, running: Iterable[RunningDeadline]) -> set[str]:
    """Those counted from a date of items of which no item has one any more, to come or passed."""
    specs = {one.name: happening.specs[one.name] for one in running if one.ended}
    return {name for name, spec in specs.items() if spec.among is not None and not happening.is_late(spec)}


def _started(happening: Happening, before: Running, changes: Changes, names: Iterable[str]) -> Changes:
    independent = [name for name in names if happening.specs[name].after_deadline is None]
    started = [happening.start(name, before) for name in independent]
    return Changes((*changes.started, *(one for one in started if one)), changes.altered, changes.stopped)


def _followed(happening: Happening, before: Running, changes: Changes, names: Iterable[str]) -> Changes:
    """The same, with those counted from another deadline, each after the one it is counted from."""
    waiting = [name for name in names if happening.specs[name].after_deadline is not None]
    if not waiting:
        return changes
    started, stopped = list(changes.started), list(changes.stopped)
    running = changes.running(before)
    while ready := next((name for name in waiting if happening.specs[name].after_deadline not in waiting), None):
        waiting.remove(ready)
        was = before.get(ready)
        if was is not None and was not in stopped:
            stopped.append(was)
        running.pop(ready, None)
        if one := happening.start(ready, running):
            started.append(one)
            running[ready] = one
    return Changes(tuple(started), changes.altered, tuple(stopped))


def _counted_from(specs: Mapping[str, DeadlineSpec], touched: set[str]) -> set[str]:
    """The deadlines counted from one of these, or from one that is."""
    found: set[str] = set()
    while more := {name for name, spec in specs.items() if spec.after_deadline in touched | found} - found:
        found |= more
    return found


def _run_on(happening: Happening, running: RunningDeadline) -> RunningDeadline:
    """A deadline of the whole case in its next state: it stands still there, or goes on."""
    spec, calendar, now = happening.specs[running.name], happening.definition.calendar, happening.now
    if spec.among is not None:
        return _moved_on(happening, running)
    if spec.paused_in is None or running.ended or happening.pauses(spec) is (running.paused_at is not None):
        return running
    change = deadlines.pause if happening.pauses(spec) else deadlines.resume
    return change(running, spec.paused_in, calendar, now)


def _extended(happening: Happening, snapshot: Snapshot, spec: EventSpec) -> Iterable[RunningDeadline]:
    """The deadline this event gives more time, if it does."""
    if spec.extends is not None and spec.extends.deadline in snapshot.deadlines:
        running = snapshot.deadlines[spec.extends.deadline]
        yield deadlines.extend(running, spec.extends.by, happening.definition.calendar, happening.now)
