"""A case as it stands: everything `decide` may look at, and nothing it may not."""

from collections.abc import Iterable, Mapping
from datetime import date, datetime
from types import MappingProxyType
from typing import Any

from msgspec import Struct, field

from apflow.core.days.duration import Duration, Unit
from apflow.core.screening.screening import PupilNamed

People = Mapping[str, Mapping[int, str]]
NOBODY: People = MappingProxyType({})
Refused = Mapping[str, Mapping[str, str]]
ItemKey = tuple[str, str]


class Item(Struct, frozen=True):
    """One item of a collection: its status and what was last said of it."""

    collection: str
    key: str
    status: str
    data: Mapping[str, Any] = field(default_factory=dict)
    changed_at: datetime | None = None


def items_left(
    before: Mapping[str, Mapping[str, Item]],
    cleared: tuple[str, ...],
    dropped: Iterable[ItemKey],
    changed: Iterable[Item],
) -> dict[str, dict[str, Item]]:
    """Every item once whole collections are cleared, single ones dropped, and others as they stand now."""
    left = {name: dict(kept) for name, kept in before.items() if name not in cleared}
    for collection, key in dropped:
        left.get(collection, {}).pop(key, None)
    for item in changed:
        left.setdefault(item.collection, {})[item.key] = item
    return left


class OpenTask(Struct, frozen=True):
    """A task nobody has finished. `claimed_by` is a person's id; `item` the key of the one item it is about, if any.

    Whoever has it has put it off to `put_off_until`, which may be over.
    """

    id: int
    name: str
    role: str
    title: str
    due_at: datetime | None
    claimed_by: int | None
    opened_at: datetime
    each: str | None = None
    is_alert: bool = False
    note: str = ""
    item: str | None = None
    put_off_until: datetime | None = None


class Rung(Struct, frozen=True):
    """One reminder of a deadline: due once `left` or less remains, and sent or skipped once.

    One `at_once` goes on a closed day too, and by itself.
    """

    left: Duration
    who: str
    notice: str
    at: datetime
    sent_at: datetime | None = None
    skipped: bool = False
    at_once: bool = False

    @property
    def is_pending(self) -> bool:
        return self.sent_at is None and not self.skipped

    @property
    def goes_at_once(self) -> bool:
        """Whether it waits for nobody's working hours: what says so, or counts in hours."""
        return self.at_once or self.left.unit is Unit.HOUR


class RunningDeadline(Struct, frozen=True):
    """A deadline that runs: its anchor, the rule it was counted by, when it ends and the next thing due.

    `next_at` is None when nothing more will happen by itself. `token` fences the claim of whoever fires it. While it is
    paused, since `paused_at`, `next_at` is when the pause has lasted as long as it may; `paused_days` counts, in the
    unit of the pause's limit, the pauses before. Of one that is not wanted nothing is due, though it has not ended.
    """

    id: int | None
    name: str
    anchor_at: datetime
    within: Duration
    due_at: datetime
    next_at: datetime | None
    rungs: tuple[Rung, ...] = ()
    extended: int = 0
    provisional: bool = False
    warned_at: datetime | None = None
    paused_at: datetime | None = None
    paused_days: int = 0
    ended: bool = False
    token: int = 0

    @property
    def is_unwanted(self) -> bool:
        return self.next_at is None and not self.ended


class SetAside(Struct, frozen=True):
    """A guard that somebody has overridden on this case, to the end of the day `until`."""

    until: date
    by: str
    reason: str


class Child(Struct, frozen=True):
    """A case that this one opened: of which kind, and how it stands.

    One that has been asked for and not begun yet is open, without a reference, state or version.
    """

    kind: str
    reference: str
    state: str
    is_open: bool
    version: int = 0


class Parent(Struct, frozen=True):
    """The case that opened this one, which it calls a `kind`."""

    reference: str
    kind: str


class Linked(Struct, frozen=True):
    """Another case that is an item of this one, or could become one: what it is called, and how it stands."""

    workflow: str
    title: str
    state: str
    version: int = 0


class Change(Struct, frozen=True):
    """What one later history entry altered, for telling a person whose page is out of date."""

    version: int
    at: datetime
    who: str
    what: str
    moved: bool
    fields: frozenset[str]
    item: tuple[str, str] | None


class Upload(Struct, frozen=True):
    """A file that has been staged: `case_id` is set once a commit has referenced it."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    staged_by: int | None
    case_id: int | None = None


class Officer(Struct, frozen=True):
    """A person who has a case, and where they are written to."""

    id: int
    name: str
    email: str


class Snapshot(Struct, frozen=True):
    """One case at one version. `since` holds the changes after the version an actor says they saw.

    `doers` says who last did each event that some other may not be done by; `parent` is the case that opened this one.
    `officer` is whoever it is `assigned_to`, unless they are gone; `linked` are, by reference, cases among its items.
    `party_roles` says whom of its parties it names in which role; `colleagues` are those who act as they do.
    `unwanted` are deadlines that do not run for now, as they are not wanted, kept for when they are again.
    """

    id: int | None
    reference: str
    workflow: str
    digest: str
    state: str
    entered_at: datetime
    version: int
    fields: Mapping[str, Any]
    items: Mapping[str, Mapping[str, Item]] = field(default_factory=dict)
    tasks: tuple[OpenTask, ...] = ()
    deadlines: Mapping[str, RunningDeadline] = field(default_factory=dict)
    parties: frozenset[int] = frozenset()
    assigned_to: int | None = None
    changed_at: datetime | None = None
    head: str = ""
    since: tuple[Change, ...] = ()
    uploads: Mapping[str, Upload] = field(default_factory=dict)
    doers: Mapping[str, int] = field(default_factory=dict)
    overrides: Mapping[str, SetAside] = field(default_factory=dict)
    children: tuple[Child, ...] = ()
    parent: Parent | None = None
    officer: Officer | None = None
    linked: Mapping[str, Linked] = field(default_factory=dict)
    party_roles: Mapping[str, int] = field(default_factory=dict)
    colleagues: Mapping[str, frozenset[int]] = field(default_factory=dict)
    unwanted: Mapping[str, RunningDeadline] = field(default_factory=dict)

    def item(self, collection: str, key: str) -> Item | None:
        return self.items.get(collection, {}).get(key)


class World(Struct, frozen=True):
    """What a decision reads beside the case: the date in London, the council's settings, who is here.

    `people` are those who may be chosen in a form: for each role, the id and name of everybody who holds it now;
    `agencies` says where they come from. `pupils` are those whose names no screened answer may have in it.
    `drawn` are the records that items can be drawn from: by source and key, what is said of each. `chosen` are those to
    choose from in a form, by source and number; `record` is what is known of the record that the case keeps, or would.
    `refused` says of what was typed, by source, why it is none of those to choose from. `time` is that of now in
    London, as "HH:MM", where it is known.
    """

    today: date
    facts: Mapping[str, Any] = field(default_factory=dict)
    people: People = field(default_factory=dict)
    pupils: tuple[PupilNamed, ...] = ()
    drawn: Mapping[str, Mapping[str, Mapping[str, Any]]] = field(default_factory=dict)
    agencies: Mapping[int, str] = field(default_factory=dict)
    chosen: Mapping[str, Mapping[int, Mapping[str, Any]]] = field(default_factory=dict)
    record: Mapping[str, Any] = field(default_factory=dict)
    refused: Refused = field(default_factory=dict)
    time: str = ""
