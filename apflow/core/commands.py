"""What can be asked of a case: a closed union, each with who asks."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from msgspec import Struct, field

from apflow.core.days.duration import OF_SCHOOLS, Units
from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import OnMigration
from apflow.core.people.actor import Actor

Brought = Mapping[str, Mapping[str, Mapping[str, Any]]]  # By collection and key, the answers of an earlier case.


class Open(Struct, frozen=True):
    """Begin a case by one of the workflow's start events; `brought` is what items of its collections begin with."""

    event: str
    actor: Actor
    answers: Mapping[str, Any] = field(default_factory=dict)
    brought: Brought = field(default_factory=dict)


class Fire(Struct, frozen=True):
    """Fire an event; `item` is the key of the item acted on, `seen` the version the actor was looking at.

    `told_by` is the case at which the actor did what tells this one: that they might do so there is enough.
    """

    event: str
    actor: Actor
    answers: Mapping[str, Any] = field(default_factory=dict)
    item: str | None = None
    seen: int | None = None
    told_by: str | None = None


class ClaimTask(Struct, frozen=True):
    """Take a task on."""

    task: int
    actor: Actor


class ReleaseTask(Struct, frozen=True):
    """Put a claimed task back in the queue; `held_by` is who has it, where that is somebody else."""

    task: int
    actor: Actor
    held_by: int | None = None


class PassTask(Struct, frozen=True):
    """Give a task to somebody else of its role, or take it over; `held_by` is who the actor saw that it was with."""

    task: int
    actor: Actor
    to: Actor
    held_by: int | None = None


class PutOffTask(Struct, frozen=True):
    """Put a task off to the beginning of the day `until`, taking it on if nobody has it."""

    task: int
    actor: Actor
    until: date


class BringBackTask(Struct, frozen=True):
    """Let a task that was put off be work of the day again."""

    task: int
    actor: Actor


class CompleteTask(Struct, frozen=True):
    """Finish a task that no event finishes, such as an alert, saying what was done.

    What those have whom the actor `covers` for is finished like their own.
    """

    task: int
    actor: Actor
    note: str = ""
    covers: frozenset[int] = frozenset()


class SetGuardAside(Struct, frozen=True):
    """Let one case pass a guard to the end of the day `until`, saying why; in place of any earlier time."""

    guard: str
    until: date
    reason: str
    actor: Actor


class TakeGuardBack(Struct, frozen=True):
    """Let a guard that was set aside count again."""

    guard: str
    actor: Actor


class Ring(Struct, frozen=True):
    """A deadline is due; `token` is the claim under which it is fired."""

    deadline: str
    actor: Actor
    token: int = 0


class Drawn(Struct, frozen=True):
    """A record of a source that an item is to be drawn from, with what is said of it."""

    source: str
    key: str
    facts: Mapping[str, Any]


class Alert(Struct, frozen=True):
    """Something outside the case needs a person, such as mail that cannot be delivered; `drawn` is what it is about.

    About each of the `items`, by its key, it is a task of its own.
    """

    alert: str
    actor: Actor
    note: str
    drawn: Drawn | None = None
    items: tuple[str, ...] = ()


class SendAgain(Struct, frozen=True):
    """Write an e-mail again that the case sent and that did not go; `message` is its number.

    The `tasks` are those that somebody has because it did not.
    """

    message: int
    actor: Actor
    tasks: frozenset[int] = frozenset()


class ChildBegun(Struct, frozen=True):
    """A child of this kind, which the case asked for, has begun under this reference."""

    kind: str
    child: str
    actor: Actor


class ChildNotBegun(Struct, frozen=True):
    """A child of this kind, which the case asked for, was refused."""

    kind: str
    reason: str
    actor: Actor


class ChildEnded(Struct, frozen=True):
    """A child of this kind has ended in a state of its own, which staff call `label`."""

    kind: str
    child: str
    state: str
    label: str
    actor: Actor


class Told(Struct, frozen=True):
    """A case that opened this one, or has its record among its items, `sender`, tells it to fire an event."""

    event: str
    sender: str
    actor: Actor
    answers: Mapping[str, Any] = field(default_factory=dict)


class Recount(Struct, frozen=True):
    """Count anew what is counted in school time, as the calendar is today; `note` says what has changed.

    `taken` is what a record says now in fields that were taken from it, where that has been put right. `spans` are the
    kinds of day in which deadlines are counted anew, the council's own too where those have changed. `deadlines` are
    some that may be counted from another day than the case says: they begin anew if they are.
    """

    actor: Actor
    note: str = ""
    taken: Mapping[str, Any] = field(default_factory=dict)
    spans: Units = OF_SCHOOLS
    deadlines: frozenset[str] = frozenset()


class Hide(Struct, frozen=True):
    """Hide the case from these people and nobody else, as the case is that it asks somebody to see to."""

    people: frozenset[int]
    actor: Actor


class HandOver(Struct, frozen=True):
    """Let whoever is written to from now on, where the case belongs, act in this role here too, if anybody is.

    `note` says why.
    """

    role: str
    name: str | None
    email: str | None
    note: str
    actor: Actor


class Rename(Struct, frozen=True):
    """Let the case call whom it is about, and who acts in this `role`, by the name that it has from now on.

    `copied` are fields that may say the name as well, where the case of whoever it is has others copy it there.
    """

    role: str
    was: str
    name: str
    copied: frozenset[str]
    note: str
    actor: Actor


class MoveVersion(Struct, frozen=True):
    """Let the case go on under another text of its workflow, `to`.

    `answers` says of deadlines by name, where that is asked, whether their date is kept or counted anew.
    """

    to: Definition
    actor: Actor
    answers: Mapping[str, OnMigration] = field(default_factory=dict)


class MoveBack(Struct, frozen=True):
    """Let the case stand as it did before it was moved; `to` is the text it had, `before` what its history says."""

    actor: Actor
    to: Definition | None = None
    before: Mapping[str, Any] = field(default_factory=dict)


# Made once: a union that is written in an `isinstance` is made anew whenever that is asked.
WithAnswers = Open | Fire
Moving = MoveVersion | MoveBack
Command = (
    Open
    | Fire
    | ClaimTask
    | ReleaseTask
    | PassTask
    | PutOffTask
    | BringBackTask
    | CompleteTask
    | Ring
    | Alert
    | SendAgain
    | SetGuardAside
    | TakeGuardBack
    | ChildBegun
    | ChildNotBegun
    | ChildEnded
    | Told
    | Recount
    | Hide
    | HandOver
    | Rename
    | MoveVersion
    | MoveBack
)
