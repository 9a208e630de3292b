"""What a command does to a case, as values: nothing here has happened yet."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from msgspec import Struct, field

from apflow.core.definition.events import Meeting
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Item, ItemKey, Parent, RunningDeadline, SetAside, Snapshot, items_left

Purpose = Literal["begin", "tell", "ended"]
How = Literal["claimed", "released", "done", "cancelled", "moved", "reopened", "put_off", "brought_back"]


class NewTask(Struct, frozen=True):
    """A task to open; one about an `item` is finished by what is done to that item."""

    name: str
    role: str
    title: str
    due_at: datetime | None
    each: str | None = None
    is_alert: bool = False
    note: str = ""
    claimed_by: int | None = None
    item: str | None = None


class TaskChange(Struct, frozen=True):
    """A task claimed, released, closed, due at another time or put off. `by` is a person's id.

    Whatever is done to a task that was put off brings it back, but for putting it off to another day.
    """

    task: int
    how: How
    by: int | None = None
    due_at: datetime | None = None
    until: datetime | None = None


class Send(Struct, frozen=True):
    """A notice to send to everyone a role stands for on this case; rendered before the commit, sent after it.

    `deadline` is set when a deadline sends it, and so warns of itself; `about` is what an event's notice speaks of.
    `due_at` is when that deadline was due, where it has gone on to another day by the time the notice is written.
    With `only_news` it goes to nobody for whose calendar it changes nothing; `also` is the field that names others of
    the role who get it too, and `apart_from` the role of those at the provider who are kept from it. One that is sent
    `together` can go in one e-mail with what else somebody is reminded of.
    """

    notice: str
    role: str
    deadline: str | None = None
    about: str | None = None
    invite: Meeting | None = None
    due_at: datetime | None = None
    only_news: bool = False
    also: str | None = None
    apart_from: str | None = None
    together: bool = False


class Signal(Struct, frozen=True):
    """A word to another case, fired there by a commit of its own.

    `begin` opens a child of `kind` by its start event; `tell` fires the event on every open child of the kind; `ended`
    says to the parent, or to the case `to` further up, in which state (`event`) this case has ended.
    """

    purpose: Purpose
    kind: str
    event: str
    workflow: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    to: str = ""


class Tell(Struct, frozen=True):
    """An event to do on another case as well, in the same commit: where that refuses, nothing is done here either."""

    reference: str
    workflow: str
    event: str
    answers: Mapping[str, Any] = field(default_factory=dict)


class Entry(Struct, frozen=True):
    """One line of history. `kind` is event, task, reminder, escalation, alert, override, child or version.

    `set_aside` holds the guards that an override sets aside, or that an event passed only because they were. `before`,
    of a move to another version, is what it takes to move back. `emptied` are the questions about the `item` whose
    answers were taken away; a field that is emptied is `changed` to None.
    """

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
    set_aside: Mapping[str, SetAside] = field(default_factory=dict)
    before: Mapping[str, Any] = field(default_factory=dict)
    emptied: tuple[str, ...] = ()


class Outcome(Struct, frozen=True):
    """Everything one command changes; saved whole or not at all.

    `deadline` and `token` are set when a deadline caused it: the claim under which it was fired. `doers` says who did
    an event that some other may not be done by; `overrides`, when set, are all that stand now. When it `keeps` the
    case's record, that is written as the fields say. One that `joins` makes the case a child of that other; what it
    `signs` is a document of the case. `resumed` are stopped deadlines, by id,
    that go on as they were.
    """

    state: str
    entered_at: datetime
    fields: Mapping[str, Any]
    entry: Entry
    items: tuple[Item, ...] = ()
    cleared: tuple[str, ...] = ()
    dropped: tuple[ItemKey, ...] = ()
    opened: tuple[NewTask, ...] = ()
    tasks: tuple[TaskChange, ...] = ()
    started: tuple[RunningDeadline, ...] = ()
    altered: tuple[RunningDeadline, ...] = ()
    stopped: tuple[RunningDeadline, ...] = ()
    resumed: tuple[int, ...] = ()
    sends: tuple[Send, ...] = ()
    signals: tuple[Signal, ...] = ()
    tells: tuple[Tell, ...] = ()
    assigned_to: int | None = None
    uploads: tuple[str, ...] = ()
    deadline: str | None = None
    token: int | None = None
    doers: Mapping[str, int] = field(default_factory=dict)
    overrides: Mapping[str, SetAside] | None = None
    keeps: bool = False
    joins: Parent | None = None
    signs: str | None = None

    def items_left(self, before: Snapshot) -> dict[str, dict[str, Item]]:
        """Every item as this leaves it."""
        return items_left(before.items, self.cleared, self.dropped, self.items)

    @property
    def moved(self) -> bool:
        return self.entry.from_state != self.entry.to_state


def unmoved(snapshot: Snapshot, entry: Entry) -> Outcome:
    """What leaves the case as it stands, and only adds to its history; a new version may call its state otherwise."""
    return Outcome(
        state=entry.to_state,
        entered_at=snapshot.entered_at,
        fields=snapshot.fields,
        entry=entry,
        assigned_to=snapshot.assigned_to,
    )
