"""A case as its history tells it: what happened when, and what of the world around it is held as it was."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, field

from apflow.core.commands import Drawn
from apflow.core.people.actor import Actor
from apflow.core.snapshot import NOBODY, Child, Item, Linked, Parent, People


class Happened(Struct, frozen=True):
    """One line of the history. `drawn` is what an alert was about, where that was a record.

    `digest` is of the text that the case went by from then on.
    """

    kind: str
    name: str
    actor: Actor
    at: datetime
    from_state: str
    to_state: str
    answers: Mapping[str, Any] = field(default_factory=dict)
    changed: Mapping[str, Any] = field(default_factory=dict)
    item: str | None = None
    note: str = ""
    set_aside: Mapping[str, Any] = field(default_factory=dict)
    drawn: Drawn | None = None
    digest: str = ""

    @property
    def moved(self) -> bool:
        return self.from_state != self.to_state


class Stood(Struct, frozen=True):
    """Where another case stood from a moment on."""

    since: datetime
    state: str
    is_open: bool


class OtherCase(Struct, frozen=True):
    """A relative, or a case that is an item: the `kind` it is called if it is a child, and how it stood over time.

    `asked_at` is when the child was asked for.
    """

    reference: str
    workflow: str
    title: str
    stood: tuple[Stood, ...]
    kind: str = ""
    asked_at: datetime | None = None

    def at(self, moment: datetime) -> Stood | None:
        """How it stood at the moment, with what happened to it then; None before it began."""
        return next((one for one in reversed(self.stood) if one.since <= moment), None)

    def before(self, moment: datetime) -> Stood | None:
        """The same without what happened to it at that very moment."""
        return next((one for one in reversed(self.stood) if one.since < moment), None)


class End(Struct, frozen=True):
    """What a case further down, of this `kind`, said of its end."""

    kind: str
    state: str
    label: str


class Past(Struct, frozen=True):
    """Everything a replay of one case knows of it.

    `items` are those it has now, for what was drawn or brought; `people` and `agencies` are whoever there is or was,
    and `colleagues` all whom those it names ever had. `ends` says what each case below it told of its end. `arrived`
    has for each deadline how long its reminders took to reach whom the case is about, one by one; None for one that
    never did. `not_fired` are the deadlines that run, with when each acts next: what is due of them and is not in the
    history yet is to come, and nothing that is missing.
    """

    reference: str
    title: str
    happened: tuple[Happened, ...]
    parties: frozenset[int] = frozenset()
    party_roles: Mapping[str, int] = field(default_factory=dict)
    colleagues: Mapping[str, frozenset[int]] = field(default_factory=dict)
    parent: Parent | None = None
    items: Mapping[str, Mapping[str, Item]] = field(default_factory=dict)
    people: People = NOBODY
    agencies: Mapping[int, str] = field(default_factory=dict)
    facts: Mapping[str, Any] = field(default_factory=dict)
    children: tuple[OtherCase, ...] = ()
    linked: tuple[OtherCase, ...] = ()
    ends: Mapping[str, End] = field(default_factory=dict)
    arrived: Mapping[str, tuple[timedelta | None, ...]] = field(default_factory=dict)
    not_fired: frozenset[tuple[str, datetime]] = frozenset()
    is_erased: bool = False

    @property
    def began(self) -> datetime:
        return self.happened[0].at

    def children_at(self, moment: datetime) -> tuple[Child, ...]:
        """The children there were at the moment, those asked for included, as they stood."""
        asked = (one for one in self.children if one.asked_at is not None and one.asked_at < moment)
        stood = ((one, one.at(moment)) for one in asked)
        return tuple(
            Child(one.kind, one.reference, at.state, at.is_open) if at else Child(one.kind, "", "", is_open=True)
            for one, at in stood
        )

    def linked_at(self, moment: datetime) -> dict[str, Linked]:
        """The cases that are, or could become, items of this one, as they stood just before the moment."""
        stood = ((one, one.before(moment)) for one in self.linked)
        return {one.reference: Linked(one.workflow, one.title, at.state) for one, at in stood if at}
