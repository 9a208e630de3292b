"""One workflow file: its states, events and collections, as its owner wrote them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from apflow.core.definition.base import Name, Names, Part, one_or_many
from apflow.core.definition.fields import FieldSpec, Form
from apflow.core.definition.labels import AnyLabel
from apflow.core.definition.timing import DeadlineSpec, Extension, GuardSpec, TaskSpec

CLOCK = "clock"


class AllExcept(Part):
    """Every state but these and the final ones."""

    all_except: Names


def _how_many(value: Any) -> str:
    return "rule" if isinstance(value, Mapping | AllExcept) else "list"


Sources = Annotated[
    Annotated[AllExcept, Tag("rule")] | Annotated[Names, Tag("list")],
    Discriminator(_how_many),  # So that a slip in one is not also reported as a slip in the other.
]


class ItemMove(Part):
    """The event acts on one item of a collection and moves its status; an item keyed by actor is the actor's own.

    An item nobody has touched yet is `none`. With `afresh`, what was said of it before is dropped, not added to.
    """

    of: Name
    from_: Names = Field(alias="from")
    to: Name
    afresh: bool = False


class Meeting(Part):
    """The notice carries a calendar invitation for the day in this date field, or cancels it."""

    on: Name
    at: Name | None = None
    place: Name | None = None
    title: str
    cancel: bool = False


class NoticeUse(Part):
    """Which notice goes to a role, perhaps with an invitation. `about` names its deadline, else it is the first."""

    notice: Name
    about: Name | None = None
    invite: Meeting | None = None


def _notice(value: Any) -> Any:
    return {"notice": value} if isinstance(value, str) else value


class EventSpec(Part):
    """Something someone, or the clock, does to a case. Without `to` the case stays where it is.

    `asks` names shared forms, whose questions come before those of the event's own `form`; `opens` names alerts.
    """

    label: AnyLabel
    by: Names
    to: Name | None = None
    from_: Sources = Field(default=(), alias="from")
    requires: Names = ()
    asks: Names = ()
    form: Form = Field(default_factory=dict)
    item: ItemMove | None = None
    clears: Names = ()
    opens: Names = ()
    extends: Extension | None = None
    notify: Mapping[Name, Annotated[NoticeUse, BeforeValidator(_notice)]] = Field(default_factory=dict)
    done: AnyLabel | None = None
    warning: str | None = None
    check_answers: bool = False
    emphasis: Literal["main", "usual", "quiet", "danger"] = "usual"


class StateSpec(Part):
    """Where a case can be: who is awaited, what must be done by when, and what is possible.

    `step` is what a journey calls it, for someone who is not there yet or is past it; else its label.
    """

    label: AnyLabel
    step: AnyLabel | None = None
    help: AnyLabel | None = None
    awaiting: Name | None = None
    final: bool = False
    outcome: Literal["good", "bad", "neutral"] | None = None
    tasks: Mapping[Name, TaskSpec] = Field(default_factory=dict)
    deadlines: Mapping[Name, DeadlineSpec] = Field(default_factory=dict)
    events: Mapping[Name, EventSpec] = Field(default_factory=dict)


class ItemStatus(Part):
    """One status an item can have."""

    label: AnyLabel
    colour: Literal["grey", "blue", "light-blue", "green", "yellow", "orange", "red", "purple"] = "grey"


class Collection(Part):
    """A set of items on the case: from a catalogue, or one for each person who acts (`keyed_by: actor`)."""

    label: AnyLabel
    catalogue: Name | None = None
    keyed_by: Literal["actor"] | None = None
    starts: Name | None = None
    statuses: Mapping[Name, ItemStatus]
    seen_by: Names = ()


class Party(Part):
    """The outsider a case is about: the role they hold on it, and the fields that say who they are."""

    role: Name
    name: Name
    email: Name


class Seen(Part):
    """In which states a role sees a case; without `states`, in all. `own` limits it to the case's own parties."""

    own: bool = False
    states: Names = ()


def _seen(value: Any) -> Any:
    return {"all": {}, "own": {"own": True}}.get(value, value) if isinstance(value, str) else value


class Workflow(Part):
    """A whole workflow file."""

    workflow: Name
    title: str
    version: int = Field(ge=1)
    reference: str = Field(pattern=r"^[A-Z]{2,4}$")
    called: Name
    party: Party
    seen_by: Mapping[Name, Annotated[Seen, BeforeValidator(_seen)]]
    fields: Mapping[Name, FieldSpec]
    collections: Mapping[Name, Collection] = Field(default_factory=dict)
    guards: Mapping[Name, GuardSpec] = Field(default_factory=dict)
    forms: Mapping[Name, Form] = Field(default_factory=dict)
    start: Mapping[Name, EventSpec]
    states: Mapping[Name, StateSpec]
    events: Mapping[Name, EventSpec] = Field(default_factory=dict)
    journey: Annotated[tuple[Name, ...], BeforeValidator(one_or_many)] = ()
    alerts: Mapping[Name, TaskSpec] = Field(default_factory=dict)
