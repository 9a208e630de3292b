"""Events of a workflow: what they ask, require and change, and whom they tell."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Discriminator, Field, Tag

from apflow.core.definition.base import Claim, Copied, Name, Names, Part, Said, one_or_many
from apflow.core.definition.conditions import Condition
from apflow.core.definition.fields import Form
from apflow.core.definition.labels import AnyLabel
from apflow.core.definition.linked import Calling, Joining, Signalling, Telling
from apflow.core.definition.timing import Extension

CLOCK = "clock"
UNTOUCHED = "none"  # The status of an item nobody has touched, where its collection declares no first one.


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

    An item nobody has touched yet is `none`; an event can take an actor's own back to that, as if it had never been.
    With `afresh`, what was said of it before is dropped, not added to. `whose` is a question of the event whose answer
    is a person: then it is that person's item, and not the actor's.
    With `side`, a role of a party, it is the item of that party, or of a side where nobody is named, whoever acts.
    With `adds_to`, a long text that it asks, the answers become one line more of that text, after those of earlier
    times, and are not kept of the item otherwise.
    """

    of: Name
    from_: Names = Field(alias="from")
    to: Name
    afresh: bool = False
    whose: Name | None = None
    side: Name | None = None
    adds_to: Name | None = None

    @property
    def drops(self) -> bool:
        return self.to == UNTOUCHED


class Meeting(Part):
    """The notice carries a calendar invitation for the day in this date field, or cancels it."""

    on: Name
    at: Name | None = None
    place: Name | None = None
    title: Said
    cancel: bool = False


class NoticeUse(Part):
    """Which notice goes to a role, perhaps with an invitation. `about` names its deadline, else it is the first.

    With `only_news` it goes to those alone whom it invites for the first time, or whose invitation it cancels. `also`
    is the field that names others of the role who get it too; whoever it named when they were invited is told as well.
    Of a register it does not go to whoever is a party in the role `apart_from` at the provider that this is about.
    """

    notice: Name
    about: Name | None = None
    invite: Meeting | None = None
    only_news: bool = False
    also: Name | None = None
    apart_from: Name | None = None


class InConfidence(Claim):
    """That who did it is told to the roles it is `known_to` alone, where they left the question `without` empty.

    It is kept in the history all the same, and whoever is signed in is told so on the form.
    """

    without: Name
    known_to: Names


Consequence = Literal["clears", "notify"]
Consequences = Annotated[
    tuple[Consequence, ...],
    BeforeValidator(one_or_many, json_schema_input_type=Consequence | tuple[Consequence, ...]),
]


Asking = Literal["opens", "notify", "settles_anew"]
Askings = Annotated[
    tuple[Asking, ...],
    BeforeValidator(one_or_many, json_schema_input_type=Asking | tuple[Asking, ...]),
]


class IfHolds(Part):
    """Whom the event asks or tells, or of whom it is settled anew, only where a condition holds of what it leaves."""

    when: Condition
    does: Annotated[Askings, Field(min_length=1)]


def _notice(value: Any) -> Any:
    return {"notice": value} if isinstance(value, str) else value


def _signalling(value: Any) -> Any:
    return {"event": value} if isinstance(value, str) else value


class EventSpec(Part):
    """Something someone, or the clock, does to a case. Without `to` the case stays where it is.

    `asks` names shared forms, whose questions come before those of the event's own `form`; `opens` names alerts.
    Whoever last did an event of `not_by` on this case may not do this one; of a role in `only`, none may but the person
    whom the field names. One that begins a case `as_party` is for whoever will be its party: their own name and address
    are filled in. Who does one `in_confidence` without a name, few are told. `joins` makes the case a child of another.
    `begins` opens a child case of each named kind, its fields copied from this case's (theirs: ours); `signals` fires
    an event on every open case of a kind that is below this one, perhaps `with` what that event asks.
    `tells` does an event on the cases that are items of a collection, in the same commit; `calls` fires one, by a
    commit of its own, on those that keep the records that its items are drawn from.
    With `proposal: made` its answers change no field yet: they are kept until an event has them `taken` or `dropped`.
    `empties` names fields of the case that say nothing any more once it is done, whoever does it.
    `draws` names collections that get an item for each record there is now and they have none of. One that `keeps` the
    record writes it as the case's fields then say, in the same commit. One that `signs` a document of the case keeps
    what that says then, with its hash in the history. One that `settles_anew` takes from each reader by a link what was
    said of their being still written to. What stands under `if_changed` it does only where it leaves some
    field of the case otherwise than it was; what stands under `if_holds`, where a condition holds of what it leaves.
    """

    label: AnyLabel
    by: Names
    to: Name | None = None
    from_: Sources = Field(default=(), alias="from")
    requires: Names = ()
    asks: Names = ()
    form: Form = Field(default_factory=dict)
    item: ItemMove | None = None
    not_by: Names = ()
    only: Mapping[Name, Name] = Field(default_factory=dict)
    joins: Joining | None = None
    clears: Names = ()
    empties: Names = ()
    if_changed: Consequences = ()
    if_holds: IfHolds | None = None
    draws: Names = ()
    keeps: bool = False
    settles_anew: bool = False
    signs: Name | None = None
    opens: Names = ()
    begins: Mapping[Name, Mapping[Name, Copied]] = Field(default_factory=dict)
    signals: Mapping[
        Name, Annotated[Signalling, BeforeValidator(_signalling, json_schema_input_type=Name | Signalling)]
    ] = Field(default_factory=dict)
    tells: Mapping[Name, Telling] = Field(default_factory=dict)
    calls: Mapping[Name, Calling] = Field(default_factory=dict)
    extends: Extension | None = None
    proposal: Literal["made", "taken", "dropped"] | None = None
    notify: Mapping[Name, Annotated[NoticeUse, BeforeValidator(_notice, json_schema_input_type=Name | NoticeUse)]] = (
        Field(default_factory=dict)
    )
    done: AnyLabel | None = None
    warning: Said | None = None
    urgent: bool = False
    in_confidence: InConfidence | None = None
    as_party: bool = False
    check_answers: bool = False
    emphasis: Literal["main", "usual", "quiet", "danger"] = "usual"

    @property
    def unchanging(self) -> "EventSpec":
        """The same where it changes nothing: without what it does only if it does."""
        none: Mapping[Consequence, Any] = {"clears": (), "notify": {}}
        return self.model_copy(update={what: none[what] for what in self.if_changed}) if self.if_changed else self

    @property
    def unasking(self) -> "EventSpec":
        """The same where its own condition does not hold: without whom it asks or tells only then."""
        none: Mapping[Asking, Any] = {"opens": (), "notify": {}, "settles_anew": False}
        does = self.if_holds.does if self.if_holds else ()
        return self.model_copy(update={what: none[what] for what in does})
