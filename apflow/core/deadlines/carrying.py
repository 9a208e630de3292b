"""One deadline carried over to another version of its workflow: what fired stays fired, and what is new is armed."""

from collections.abc import Mapping
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from apflow.core.days.calendar import Calendar, local_date
from apflow.core.deadlines import deadlines
from apflow.core.deadlines.changes import Happening
from apflow.core.definition import words
from apflow.core.definition.timing import DeadlineSpec, OnMigration
from apflow.core.snapshot import Rung, RunningDeadline

_COUNTED_BY = ("within", "every", "of", "or_entering", "among", "after", "after_deadline")


class Carried(Struct, frozen=True):
    """What becomes of one deadline: `was` as it ran before and `now` as it runs after, in a sentence.

    `ask` is set instead where whoever moves the case must say it; `now` is then as before.
    """

    was: RunningDeadline | None
    now: RunningDeadline | None
    said: str
    ask: str = ""

    @property
    def is_same(self) -> bool:
        return self.was == self.now

    @property
    def is_redated(self) -> bool:
        return self.was is not None and self.now is not None and self.was.due_at != self.now.due_at

    @property
    def is_in_place(self) -> bool:
        """Whether it is the same row, only altered: a warning that was delivered for it still counts."""
        return self.was is not None and self.now is not None and self.was.id == self.now.id


class Carrying(Struct, frozen=True):
    """A case on its way to another version: what it enters there, what is known of it, and what was answered.

    `unwanted` are the deadlines that are not wanted of it there; `were_unwanted`, those that were not until now.
    """

    happening: Happening
    answers: Mapping[str, OnMigration]
    unwanted: frozenset[str] = frozenset()
    were_unwanted: frozenset[str] = frozenset()

    def carried(
        self, name: str, old: DeadlineSpec | None, was: RunningDeadline | None, before: Mapping[str, Carried]
    ) -> Carried | None:
        """The deadline of this name as the new version has it; None while it does not run there either.

        `before` are those carried already: what this one is counted from must be among them.
        """
        spec = self.happening.specs[name]
        if name in self.unwanted:
            # Nothing of it acts, so nothing is asked about it.
            answers = {name: "recompute" if spec.on_migration == "ask" else spec.on_migration, **self.answers}
            quiet = replace(self, answers=answers, unwanted=frozenset())
            one = quiet.carried(name, old, was, before)
            return replace(one, said=f"“{spec.label}” is not asked for now.") if one else None
        one = self._carried(name, spec, old, was, before)
        if one is None or one.ask or was is None or was.name not in self.were_unwanted:
            return one
        if one.now and self._is_over(one.now) and self.answers.get(name) == "keep":
            at_rest = replace(one.now, ended=True, next_at=None)
            return Carried(was, at_rest, f"“{spec.label}” is asked for again, and had passed: it does not act.")
        return self._asked_where_over(name, spec, one)

    def _carried(
        self,
        name: str,
        spec: DeadlineSpec,
        old: DeadlineSpec | None,
        was: RunningDeadline | None,
        before: Mapping[str, Carried],
    ) -> Carried | None:
        running = {key: one.now for key, one in before.items() if one.now is not None}
        if was is None:
            return self._begun(name, spec, running)
        if was.ended:
            return Carried(was, self._named(was, name), f"“{spec.label}” has acted already, and does not act again.")
        earlier = before.get(spec.after_deadline or "")
        if old is None or _counted_by(old) != _counted_by(spec) or (earlier and earlier.is_redated):
            return self._counted_otherwise(name, spec, old, was, running)
        return self._kept(name, spec, was)

    def _begun(self, name: str, spec: DeadlineSpec, running: Mapping[str, RunningDeadline]) -> Carried | None:
        begun = self.happening.start(name, running)
        said = "is new"
        if begun is not None and spec.is_sure and self._is_over(begun):
            begun, said = replace(self.happening, entered_at=None).start(name, running), "is new, counted from today"
        if begun is None:
            return None
        if self._is_over(begun) and self.answers.get(name) == "keep":
            at_rest = replace(begun, ended=True, next_at=None)
            return Carried(None, at_rest, f"“{spec.label}” is new, and had passed {_on(begun)}: it does not act.")
        carried = Carried(None, begun, f"“{spec.label}” {said}: due {_on(begun)}.")
        return self._asked_where_over(name, spec, carried)

    def _counted_otherwise(
        self,
        name: str,
        spec: DeadlineSpec,
        old: DeadlineSpec | None,
        was: RunningDeadline,
        running: Mapping[str, RunningDeadline],
    ) -> Carried:
        choice = self.answers.get(name, spec.on_migration)
        if choice == "keep":
            return self._kept(name, spec, was)
        is_alike = old is not None and _anchored_by(old) == _anchored_by(spec) and spec.after_deadline is None
        anchor = was.anchor_at if is_alike else self.happening.anchor(spec, running)
        if anchor is None:
            said = f"what “{spec.label}” is counted from is not known of this case"
            return Carried(was, was, "", _question(name, said, "keep"))
        anew = self._anew(name, spec, was, anchor)
        if choice == "ask":
            said = f"“{spec.label}” is due {_on(was)}, and counted anew would be due {_on(anew)}"
            return Carried(was, was, "", _question(name, said, "keep", "recompute"))
        said = f"“{spec.label}” is counted anew: due {_on(anew)}, was {_on(was)}."
        return self._asked_where_over(name, spec, Carried(was, anew, said))

    def _asked_where_over(self, name: str, spec: DeadlineSpec, carried: Carried) -> Carried:
        """A change of rules lets nothing pass unasked that had not passed before."""
        assert carried.now is not None
        if not self._is_over(carried.now) or name in self.answers:
            return carried
        said = f"“{spec.label}” would have passed {_on(carried.now)}, and would act at once"
        return Carried(carried.was, carried.was, "", _question(name, said, "keep", "recompute"))

    def _kept(self, name: str, spec: DeadlineSpec, was: RunningDeadline) -> Carried:
        kept = self._standing(spec, was)
        if not self._is_over(was):  # What has passed waits for a warning to have been heard, perhaps, and goes on so.
            kept = self._with_reminders(spec, kept)
        stands = " and stands still" if kept.paused_at else ""
        return Carried(was, self._named(kept, name), f"“{spec.label}” is kept: due {_on(kept)}{stands}.")

    def _named(self, kept: RunningDeadline, name: str) -> RunningDeadline:
        """Under another name it is another deadline, of which no warning has been delivered yet."""
        return kept if kept.name == name else replace(kept, name=name, id=None, token=0, warned_at=None)

    def _anew(self, name: str, spec: DeadlineSpec, was: RunningDeadline, anchor: datetime) -> RunningDeadline:
        """Counted from its beginning by the new rule, and with all the time that this case was given meanwhile."""
        calendar, now = self._calendar, self.happening.now
        anew = deadlines.start(name, spec, anchor, calendar, now)
        if spec.every is not None and anew.due_at <= now:
            anew = deadlines.come_round(anew, spec, calendar, now)
        anew = deadlines.later_as_given(anew, was, calendar, now)
        anew = replace(anew, extended=was.extended, paused_days=was.paused_days)
        if was.paused_at is not None:
            anew = replace(anew, paused_at=was.paused_at, next_at=was.next_at)
        return self._with_reminders(spec, self._standing(spec, anew), was)

    def _standing(self, spec: DeadlineSpec, running: RunningDeadline) -> RunningDeadline:
        """It stands still, or not, as the new version has it in this state."""
        calendar, now = self._calendar, self.happening.now
        if self.happening.pauses(spec):
            return running if running.paused_at else deadlines.pause(running, spec.paused_in, calendar, now)
        if running.paused_at is None:
            return running
        return (
            deadlines.resume(running, spec.paused_in, calendar, now) if spec.paused_in else deadlines.unpaused(running)
        )

    def _with_reminders(
        self, spec: DeadlineSpec, running: RunningDeadline, was: RunningDeadline | None = None
    ) -> RunningDeadline:
        """With the reminders of the new version: what was sent or passed over stays so, the rest goes when due."""
        fired = {(rung.who, rung.left): rung for rung in (was or running).rungs if not rung.is_pending}
        now = self.happening.now
        rungs = []
        for ladder in spec.remind:
            for left in ladder.at:
                rung = deadlines.rung_of(ladder, left, running.due_at, self._calendar, now)
                rungs.append(fired.get((ladder.who, left), self._still_to_go(running, rung)))
        laid = replace(running, rungs=tuple(sorted(rungs, key=lambda rung: rung.at)))
        if laid == running or laid.paused_at is not None:
            return laid
        return deadlines.scheduled(laid)

    def _still_to_go(self, running: RunningDeadline, rung: Rung) -> Rung:
        """The same, not passed over where it is on its way at this very moment."""
        waits = any(
            one.is_pending and (one.who, one.left, one.at) == (rung.who, rung.left, rung.at) for one in running.rungs
        )
        return replace(rung, skipped=False) if waits else rung

    def _is_over(self, running: RunningDeadline) -> bool:
        return running.due_at <= self.happening.now and running.paused_at is None and not running.ended

    @property
    def _calendar(self) -> Calendar:
        return self.happening.definition.calendar


def _counted_by(spec: DeadlineSpec) -> tuple[object, ...]:
    return tuple(getattr(spec, key) for key in _COUNTED_BY)


def _anchored_by(spec: DeadlineSpec) -> tuple[object, ...]:
    return _counted_by(spec)[2:]


def _on(running: RunningDeadline) -> str:
    return words.short_day(local_date(running.due_at))


def _question(name: str, said: str, *answers: str) -> str:
    return f"{said}. Say {' or '.join(f'--deadline {name}={answer}' for answer in answers)}."
