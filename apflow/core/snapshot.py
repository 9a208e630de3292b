"""A case as it stands: everything `decide` may look at, and nothing it may not."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from apflow.core.duration import Duration


@dataclass(frozen=True, slots=True)
class Item:
    """One item of a collection: its status and what was last said of it."""

    collection: str
    key: str
    status: str
    data: Mapping[str, Any] = field(default_factory=dict)
    changed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class OpenTask:
    """A task nobody has finished. `claimed_by` is a person's id."""

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


@dataclass(frozen=True, slots=True)
class Rung:
    """One reminder of a deadline: due once `left` or less remains, and sent or skipped once."""

    left: Duration
    who: str
    notice: str
    at: datetime
    sent_at: datetime | None = None
    skipped: bool = False

    @property
    def is_pending(self) -> bool:
        return self.sent_at is None and not self.skipped


@dataclass(frozen=True, slots=True)
class RunningDeadline:
    """A deadline that runs: its anchor, the rule it was counted by, when it ends and the next thing due.

    `next_at` is None when nothing more will happen by itself. `token` fences the claim of whoever fires it.
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
    ended: bool = False
    token: int = 0


@dataclass(frozen=True, slots=True)
class Change:
    """What one later history entry altered, for telling a person whose page is out of date."""

    version: int
    at: datetime
    who: str
    what: str
    moved: bool
    fields: frozenset[str]
    item: tuple[str, str] | None


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that has been staged: `case_id` is set once a commit has referenced it."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str
    staged_by: int | None
    case_id: int | None = None


@dataclass(frozen=True, slots=True)
class Snapshot:
    """One case at one version. `since` holds the changes after the version an actor says they saw."""

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

    def item(self, collection: str, key: str) -> Item | None:
        return self.items.get(collection, {}).get(key)


@dataclass(frozen=True, slots=True)
class World:
    """What a decision reads beside the case: the date in London, and whether the council takes applications."""

    today: date
    facts: Mapping[str, Any] = field(default_factory=dict)
