"""Playing a case's history again under a definition: people take as long as they took, the clock goes by the rules."""

from collections import Counter, defaultdict, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heappop, heappush

from msgspec import Struct
from msgspec.structs import replace

from apflow.core.after import after, delivered
from apflow.core.commands import Command, Ring
from apflow.core.decide import decide
from apflow.core.definition.compiled import Definition
from apflow.core.errors import Refusal
from apflow.core.outcome import Outcome
from apflow.core.people.actor import THE_CLOCK
from apflow.core.play import next_due, unborn
from apflow.core.replay.asking import NothingAsks, as_they_could, command_for, moving_to
from apflow.core.replay.causes import causes, is_by_itself, is_child_begun, is_of_versions, moved_with
from apflow.core.replay.held import uploads_of, world_of
from apflow.core.replay.past import Happened, Past
from apflow.core.snapshot import RunningDeadline, Snapshot
from apflow.core.versions import MOVED_BACK

Texts = Callable[[str], Definition]  # By their digests, those that cases of the workflow have gone by.
Key = tuple[str, str, str, int]  # Kind, name, the state it happened in, and which stay there that was.


class Step(Struct, frozen=True):
    """One thing that happens in the replay; `of` is the place of the recorded entry that it is, if it is one."""

    outcome: Outcome
    of: int | None

    @property
    def at(self) -> datetime:
        return self.outcome.entry.at


class Refused(Struct, frozen=True):
    """A recorded act that was refused when it was done again; `unasked` when it had no object any more."""

    at: datetime
    why: str
    unasked: bool = False


class Played(Struct, frozen=True):
    """How the case went: what happened, which recorded acts could not be done, and when those to come would be.

    Of an entry that is `settled` it is known what became of it: it happened, or will not as things are. `definition` is
    the one that it went by in the end.
    """

    steps: tuple[Step, ...]
    refused: dict[int, Refused]
    to_come: dict[int, datetime]
    settled: frozenset[int]
    case: Snapshot
    definition: Definition


class Course(Struct, frozen=True):
    """A past made ready to be played: what each entry followed from, and which of them deadlines did.

    `definitions` has for each the one that the case went by from then on.
    """

    past: Past
    definitions: tuple[Definition, ...]
    causes: tuple[int | None, ...]
    by_itself: tuple[bool, ...]
    keys: tuple[Key, ...]

    @property
    def last_moved(self) -> int:
        """Where the case was last moved to another version; at its beginning if it never was."""
        return max((place for place, entry in enumerate(self.past.happened) if is_of_versions(entry)), default=0)


def course_of(texts: Texts, past: Past) -> Course:
    """The past as its own definitions say it; moves that were taken back are left out, as they left nothing."""
    kept = tuple(_that_stayed(past.happened))
    definitions = tuple(texts(entry.digest) for entry in kept)
    happened = tuple(map(as_they_could, definitions, kept))
    past = replace(past, happened=happened)
    by_itself = tuple(map(is_by_itself, definitions, happened))
    return Course(past, definitions, causes(definitions, past), by_itself, tuple(_keys(happened)))


def play_again(course: Course, until: datetime, instead: Definition | None = None) -> Played:
    """The case as it went, or would have with another definition `instead` of the last; nothing is after `until`."""
    definitions, since = course.definitions, course.last_moved
    if instead is not None:
        definitions = (*definitions[:since], *(instead for _ in definitions[since:]))
    return _Playing(definitions, course, until).played()


def _that_stayed(happened: tuple[Happened, ...]) -> Iterator[Happened]:
    """All but the moves to another version that were taken back: only what comes next can take one back."""
    taken_back = [is_of_versions(entry) and entry.name.startswith(MOVED_BACK) for entry in happened]
    for entry, is_back, is_next in zip(happened, taken_back, (*taken_back[1:], False), strict=True):
        if not is_back and not is_next:
            yield entry


def _keys(happened: tuple[Happened, ...]) -> Iterator[Key]:
    stays: Counter[str] = Counter()
    for entry in happened:
        yield entry.kind, entry.name, entry.from_state, stays[entry.from_state]
        if entry.moved:
            stays[entry.to_state] += 1


@dataclass
class _Playing:
    """A replay under way. `when` says of each entry that is settled when it happened, or would have."""

    definitions: tuple[Definition, ...]
    course: Course
    until: datetime
    steps: list[Step] = field(default_factory=list)
    refused: dict[int, Refused] = field(default_factory=dict)
    when: dict[int, datetime] = field(default_factory=dict)
    ready: list[tuple[datetime, int]] = field(default_factory=list)
    awaited: set[int] = field(default_factory=set)
    stays: Counter[str] = field(default_factory=Counter)
    reminded: Counter[str] = field(default_factory=Counter)
    asked_for: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        past = self.course.past
        self.definition = self.definitions[0]
        self.now = past.began
        self.last = past.began, past.began
        self.case = replace(
            unborn(self.definition, past.began, past.reference),
            parties=past.parties,
            party_roles=past.party_roles,
            colleagues=past.colleagues,
            parent=past.parent,
        )
        self.follow: dict[int, list[int]] = defaultdict(list)
        self.expected: dict[Key, deque[int]] = defaultdict(deque)
        for place, cause in enumerate(self.course.causes):
            if cause is not None:
                self.follow[cause].append(place)
            else:
                heappush(self.ready, (past.happened[place].at, place))
            if self.course.by_itself[place]:
                self.expected[self.course.keys[place]].append(place)

    def played(self) -> Played:
        while True:
            self._give_up()
            next_at = self.ready[0][0] if self.ready else self.until
            if due := self._due(min(next_at, self.until)):
                self._ring(due)
            elif self.ready and next_at <= self.until:
                at, place = heappop(self.ready)
                self._ask(place, at if self._was_back_dated(place) else max(at, self.now))
            else:
                break
        to_come = {place: at for at, place in self.ready}
        return Played(tuple(self.steps), self.refused, to_come, frozenset(self.when), self.case, self.definition)

    def _due(self, by: datetime) -> RunningDeadline | None:
        """The deadline that acts first by then, of those that are not just about to."""
        about_to = self.course.past.not_fired
        running = {name: one for name, one in self.case.deadlines.items() if (name, one.next_at) not in about_to}
        return next_due(replace(self.case, deadlines=running), by)

    def _ring(self, due: RunningDeadline) -> None:
        self.now = max(self.now, due.next_at or self.now)
        world = world_of(self.definition, self.course.past, self.now, None, self.case.state, {})
        outcome = decide(self.definition, self._standing(self._recorded()), Ring(due.name, THE_CLOCK), world, self.now)
        entry = outcome.entry
        waiting = self.expected[entry.kind, entry.name, entry.from_state, self.stays[entry.from_state]]
        of = waiting.popleft() if waiting else None
        self._happens(outcome, of)
        self._warn(outcome)
        if of is not None:
            self._settle(of, entry.at)

    def _ask(self, place: int, at: datetime) -> None:
        self.now, entry = at, self.course.past.happened[place]
        self.last = entry.at, at
        case = replace(self._standing(entry.at), uploads=uploads_of(self.definition, entry, self.case.state))
        try:
            if is_child_begun(entry) and not self.asked_for[entry.name]:
                raise NothingAsks
            world = world_of(self.definition, self.course.past, at, entry, case.state, case.fields)
            outcome = decide(self.definition, case, self._command(place, case, at), world, at)
        except Refusal as refusal:
            self.refused[place] = Refused(at, refusal.message, unasked=isinstance(refusal, NothingAsks))
        else:
            self.asked_for[entry.name] -= is_child_begun(entry)
            self._happens(outcome, place)
            if is_of_versions(entry):
                self.definition = self.definitions[place]
                self.case = replace(self.case, digest=self.definition.digest)
        self._settle(place, at)

    def _command(self, place: int, case: Snapshot, at: datetime) -> Command:
        entry = self.course.past.happened[place]
        if is_of_versions(entry):
            return moving_to(self.definitions[place], entry, case)
        return command_for(self.definition, self.course.past, entry, case, at)

    def _recorded(self) -> datetime:
        """The moment of the record that is now played: as far from the last act as now is."""
        was, is_now = self.last
        return moved_with(self.now, is_now, was)

    def _standing(self, recorded: datetime) -> Snapshot:
        """The case beside its relatives and items as they stood at that moment of the record."""
        past = self.course.past
        if not past.children and not past.linked:
            return self.case
        return replace(self.case, children=past.children_at(recorded), linked=past.linked_at(recorded))

    def _happens(self, outcome: Outcome, of: int | None) -> None:
        self.case = after(self.case, outcome)
        self.steps.append(Step(outcome, of))
        if outcome.moved:
            self.stays[outcome.state] += 1
        self.asked_for.update(f"begun {signal.kind}" for signal in outcome.signals if signal.purpose == "begin")

    def _warn(self, outcome: Outcome) -> None:
        """A reminder arrives as late as the one it stands for did, or not at all if that did not; any other at once."""
        for deadline in {send.deadline for send in outcome.sends if send.deadline}:
            took = self.course.past.arrived.get(deadline, ())
            place = self.reminded[deadline]
            self.reminded[deadline] += 1
            if place >= len(took):
                self.case = delivered(self.case, outcome, outcome.entry.at)
            elif (late := took[place]) is not None:
                self.case = delivered(self.case, outcome, outcome.entry.at + late)

    def _settle(self, place: int, at: datetime) -> None:
        """The entry has happened, or has not and will not: what followed from it comes as long after as it came."""
        self.when[place] = at
        for later in self.follow[place]:
            if self.course.by_itself[later]:
                if later not in self.when:
                    self.awaited.add(later)
            else:
                heappush(self.ready, (self._moved(later, place), later))

    def _give_up(self) -> None:
        """Wait no longer for what no deadline of the case can do any more: what followed it comes with the others."""
        while lost := [place for place in self.awaited if place in self.when or not self._may_come(place)]:
            for place in lost:
                self.awaited.discard(place)
                cause = self.course.causes[place]
                if place not in self.when and cause is not None:
                    self._settle(place, self._moved(place, cause))

    def _moved(self, place: int, cause: int) -> datetime:
        happened = self.course.past.happened
        return moved_with(happened[place].at, happened[cause].at, self.when[cause])

    def _was_back_dated(self, place: int) -> bool:
        """Whether the record has it at an earlier time than what it followed."""
        cause = self.course.causes[place]
        return cause is not None and self.course.past.happened[place].at < self.course.past.happened[cause].at

    def _may_come(self, place: int) -> bool:
        kind, name, state, stay = self.course.keys[place]
        if (state, stay) != (self.case.state, self.stays[self.case.state]):
            return False
        specs = self.definition.deadlines[self.case.state]
        running = (one for one in self.case.deadlines.values() if one.next_at is not None and one.name in specs)
        return any(name == (specs[one.name].then.event if kind == "event" else one.name) for one in running)
