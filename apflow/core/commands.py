"""What can be asked of a case: a closed union, each with who asks."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from apflow.core.actor import Actor


@dataclass(frozen=True, slots=True)
class Open:
    """Begin a case by one of the workflow's start events."""

    event: str
    actor: Actor
    answers: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fire:
    """Fire an event; `item` is the key of the item acted on, `seen` the version the actor was looking at."""

    event: str
    actor: Actor
    answers: Mapping[str, Any] = field(default_factory=dict)
    item: str | None = None
    seen: int | None = None


@dataclass(frozen=True, slots=True)
class ClaimTask:
    """Take a task on."""

    task: int
    actor: Actor


@dataclass(frozen=True, slots=True)
class ReleaseTask:
    """Put a claimed task back in the queue."""

    task: int
    actor: Actor


@dataclass(frozen=True, slots=True)
class CompleteTask:
    """Finish a task that no event finishes, such as an alert, saying what was done."""

    task: int
    actor: Actor
    note: str = ""


@dataclass(frozen=True, slots=True)
class SetGuardAside:
    """Let one case pass a guard to the end of the day `until`, saying why; in place of any earlier time."""

    guard: str
    until: date
    reason: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class TakeGuardBack:
    """Let a guard that was set aside count again."""

    guard: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Ring:
    """A deadline is due; `token` is the claim under which it is fired."""

    deadline: str
    actor: Actor
    token: int = 0


@dataclass(frozen=True, slots=True)
class Alert:
    """Something outside the case needs a person, such as mail that cannot be delivered."""

    alert: str
    actor: Actor
    note: str


@dataclass(frozen=True, slots=True)
class ChildBegun:
    """A child of this kind, which the case asked for, has begun under this reference."""

    kind: str
    child: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class ChildNotBegun:
    """A child of this kind, which the case asked for, was refused."""

    kind: str
    reason: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class ChildEnded:
    """A child of this kind has ended in a state of its own, which staff call `label`."""

    kind: str
    child: str
    state: str
    label: str
    actor: Actor


@dataclass(frozen=True, slots=True)
class Told:
    """The case that opened this one, `sender`, tells it to fire an event."""

    event: str
    sender: str
    actor: Actor


Command = (
    Open
    | Fire
    | ClaimTask
    | ReleaseTask
    | CompleteTask
    | Ring
    | Alert
    | SetGuardAside
    | TakeGuardBack
    | ChildBegun
    | ChildNotBegun
    | ChildEnded
    | Told
)
