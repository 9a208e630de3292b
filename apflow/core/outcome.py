"""What a command does to a case, as values: nothing here has happened yet."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from apflow.core.actor import Actor
from apflow.core.definition.workflow import Meeting
from apflow.core.snapshot import Item, RunningDeadline

How = Literal["claimed", "released", "done", "cancelled", "moved"]


@dataclass(frozen=True, slots=True)
class NewTask:
    """A task to open."""

    name: str
    role: str
    title: str
    due_at: datetime | None
    each: str | None = None
    is_alert: bool = False
    note: str = ""
    claimed_by: int | None = None


@dataclass(frozen=True, slots=True)
class TaskChange:
    """A task claimed, released, closed or due at another time. `by` is a person's id."""

    task: int
    how: How
    by: int | None = None
    due_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Send:
    """A notice to send to everyone a role stands for on this case; rendered before the commit, sent after it.

    `deadline` is set when a deadline sends it, and so warns of itself; `about` is what an event's notice speaks of.
    """

    notice: str
    role: str
    deadline: str | None = None
    about: str | None = None
    invite: Meeting | None = None


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of history. `kind` is event, task, reminder, escalation or alert."""

    kind: str
    name: str
    actor: Actor
    at: datetime
    from_state: str
    to_state: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] = field(default_factory=dict)
    item: tuple[str, str] | None = None
    note: str = ""


@dataclass(frozen=True, slots=True)
class Outcome:
    """Everything one command changes; saved whole or not at all.

    `deadline` and `token` are set when a deadline caused it: the claim under which it was fired.
    """

    state: str
    entered_at: datetime
    fields: Mapping[str, Any]
    entry: Entry
    items: tuple[Item, ...] = ()
    cleared: tuple[str, ...] = ()
    opened: tuple[NewTask, ...] = ()
    tasks: tuple[TaskChange, ...] = ()
    started: tuple[RunningDeadline, ...] = ()
    altered: tuple[RunningDeadline, ...] = ()
    stopped: tuple[RunningDeadline, ...] = ()
    sends: tuple[Send, ...] = ()
    assigned_to: int | None = None
    uploads: tuple[str, ...] = ()
    deadline: str | None = None
    token: int | None = None

    @property
    def moved(self) -> bool:
        return self.entry.from_state != self.entry.to_state
