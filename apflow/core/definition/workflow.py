"""One workflow file: its states, events and collections, as its owner wrote them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from apflow.core.definition.base import Claim, KeptName, Name, Names, Part, Said, Span, Whole
from apflow.core.definition.by_link import ByLink
from apflow.core.definition.conditions import Condition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, Form, PrivacyClass
from apflow.core.definition.labels import AnyLabel
from apflow.core.definition.linked import Beside, OtherCases, Pack
from apflow.core.definition.made import MadeDocument
from apflow.core.definition.promises import Invariant, Scenario
from apflow.core.definition.records import AboutPlacement, Kept, Taking
from apflow.core.definition.timing import DeadlineSpec, GuardSpec, TaskSpec


class StateSpec(Part):
    """Where a case can be: who is awaited, what must be done by when, and what is possible.

    `step` is what a journey calls it, for someone who is not there yet or is past it; else its label. `do_now` says to
    a role what is theirs to do, while something is, in place of `help`, which speaks to all sides.
    """

    label: AnyLabel
    step: AnyLabel | None = None
    help: AnyLabel | None = None
    do_now: Mapping[Name, Said] = Field(default_factory=dict)
    awaiting: Name | None = None
    final: bool = False
    outcome: Literal["good", "bad", "neutral"] | None = None
    tasks: Mapping[KeptName, TaskSpec] = Field(default_factory=dict)
    deadlines: Mapping[KeptName, DeadlineSpec] = Field(default_factory=dict)
    events: Mapping[KeptName, EventSpec] = Field(default_factory=dict)


class ItemStatus(Part):
    """One status an item can have."""

    label: AnyLabel
    colour: Literal["grey", "blue", "light-blue", "green", "yellow", "orange", "red", "purple"] = "grey"


class Collection(Part):
    """A set of items on the case: from a catalogue, one for each person who acts, or added and numbered as they come.

    One `keyed_by: number` gets an item from each event whose item may be `none`; `called` is the question whose answer
    names such an item. One `keyed_by: case` gets them likewise, and each is another case, under its reference: one of
    the `cases` there are. `brought` are questions that nobody is asked here: items begin with their answers, from an
    earlier case, where a parent `brings` them. One `drawn_from` records gets an item for each of them, keyed by its
    number, when it is drawn; of one that is over, where it ended no longer ago than `ended_within`.
    """

    label: AnyLabel
    catalogue: Name | None = None
    keyed_by: Literal["actor", "number", "case"] | None = None
    cases: OtherCases | None = None
    drawn_from: Name | None = None
    ended_within: Span | None = None
    called: Name | None = None
    starts: Name | None = None
    statuses: Mapping[KeptName, ItemStatus]
    seen_by: Names = ()
    brought: Mapping[Name, FieldSpec] = Field(default_factory=dict)

    @property
    def grows(self) -> bool:
        """Whether its items come one by one, each under a number of its own or the reference of a case."""
        return self.keyed_by in ("number", "case") or self.drawn_from is not None


class Party(Part):
    """The outsider a case is about: the role they hold on it, and the fields that say who they are.

    `acts_for` is the field with the school or firm they act for, where others wait for that and not for a person.
    """

    role: Name
    name: Name
    email: Name
    acts_for: Name | None = None

    @property
    def called(self) -> Name:
        """The field with what others call this side of the case."""
        return self.acts_for or self.name


class Seen(Part):
    """In which states a role sees a case; without `states`, in all. `own` limits it to the case's own parties.

    `no_more` says of classes of answers in which states the role reads them on the case no longer, or not yet.
    """

    own: bool = False
    states: Names = ()
    no_more: Mapping[PrivacyClass, Names] = Field(default_factory=dict)


def _seen(value: Any) -> Any:
    return {"all": {}, "own": {"own": True}}.get(value, value) if isinstance(value, str) else value


class Brings(Part):
    """What items of a child begin with: answers from the newest case `of` a kind that stands `in` one of these states.

    They are those to questions about its `items`, item by item (`takes`, theirs: as it was asked there).
    """

    of: Name
    items: Name
    in_: Annotated[Names, Field(alias="in", min_length=1)]
    takes: Annotated[Mapping[Name, Name], Field(min_length=1)]


class Each(Part):
    """The items for each of which a child case is begun: all of a collection, or those of it that are `where`."""

    items: Name
    where: Condition | None = None


class ChildSpec(Part):
    """A kind of child case: which workflow it runs, by which start event, and what its ends do to this case.

    With `each`, an event that begins it begins one for each of those items, and may copy from the item (`item.x`).
    `ends` maps a final state of the child to an event of this case that is by: clock. A case with an open child has
    deadlines of its own, so a child that never ends does not hang its parent. `brings` says, collection by collection
    of the child, what an earlier case answered; `beside`, what of this case is shown with each.
    """

    label: AnyLabel
    workflow: KeptName
    start: Name
    each: Each | None = None
    ends: Mapping[Name, Name] = Field(default_factory=dict)
    brings: Mapping[Name, Brings] = Field(default_factory=dict)
    beside: Beside | None = None


class Checked(Part):
    """Which items of a collection count as checked: those with one of these statuses, since they have it."""

    collection: Name
    statuses: Names


class PublicList(Part):
    """What anybody may read of the cases that stand in some states: one entry a case.

    `states` says what each of them means for the reader, `shows` which fields an entry has and their headings; `words`
    says an answer of a choice in other words than the question does.
    """

    title: Said
    about: str = ""
    states: Annotated[Mapping[Name, Said], Field(min_length=1)]
    shows: Annotated[Mapping[Name, Said], Field(min_length=1)]
    filters: Names = ()
    searched: Names = ()
    words: Mapping[Name, Mapping[str, Said]] = Field(default_factory=dict)
    checked: Checked | None = None


class Flag(Claim):
    """Something to know about a case while a condition holds: it is shown to those who see the case, and stops nothing.

    `seen_by` names the roles it is for; empty, all of them.
    """

    when: Condition
    says: Said
    seen_by: Names = ()


class Workflow(Part):
    """A whole workflow file. `migrate` says where cases go whose state an earlier version had and this one has not.

    `takes` says of kinds of record when one may be added to a case; a kind that it does not name always may.
    `writes_to` names for a role the field that says which of its people a case writes to; while it is empty, to all.
    Whoever the fields in `hidden_from` name sees the case no more than somebody without their roles, and is not written
    to. A case may be between two outsiders: the `party`, and one more. It `keeps` one record, if it does. School days
    of a case are those of the school whose record has the number in the field `school_days_of`, else the council's.
    `documents` can be made of a case; others than its outsiders may have it `read_by_link`. The fields in `key_facts`
    stand at the top of its page, and beside its name in lists if they are not about a child, for those who read them.
    """

    workflow: KeptName
    title: Said
    version: Whole = Field(ge=1)
    reference: str = Field(pattern=r"^[A-Z]{2,4}$")
    called: Name
    party: Party | None = None
    writes_to: Mapping[Name, Name] = Field(default_factory=dict)
    hidden_from: Names = ()
    other_party: Party | None = None
    seen_by: Mapping[Name, Annotated[Seen, BeforeValidator(_seen, json_schema_input_type=Literal["all", "own"] | Seen)]]
    fields: Mapping[Name, FieldSpec]
    collections: Mapping[KeptName, Collection] = Field(default_factory=dict)
    guards: Mapping[Name, GuardSpec] = Field(default_factory=dict)
    flags: Mapping[Name, Flag] = Field(default_factory=dict)
    forms: Mapping[Name, Form] = Field(default_factory=dict)
    start: Mapping[KeptName, EventSpec]
    states: Mapping[KeptName, StateSpec]
    events: Mapping[KeptName, EventSpec] = Field(default_factory=dict)
    journey: Names = ()
    key_facts: Names = ()
    alerts: Mapping[KeptName, TaskSpec] = Field(default_factory=dict)
    deadlines: Mapping[KeptName, DeadlineSpec] = Field(default_factory=dict)
    children: Mapping[KeptName, ChildSpec] = Field(default_factory=dict)
    invariants: Mapping[Name, Invariant] = Field(default_factory=dict)
    scenarios: Mapping[Name, Scenario] = Field(default_factory=dict)
    migrate: Mapping[Name, Name] = Field(default_factory=dict)
    public_list: PublicList | None = None
    takes: Mapping[Name, Taking] = Field(default_factory=dict)
    keeps: Kept | None = None
    about_placement: AboutPlacement | None = None
    school_days_of: Name | None = None
    pack: Pack | None = None
    documents: Mapping[Name, MadeDocument] = Field(default_factory=dict)
    read_by_link: ByLink | None = None

    def time_of(self, day: str) -> str | None:
        """The field with the time of the day that is in this one, if there is one."""
        return next((name for name, field in self.fields.items() if field.of_day == day), None)

    @property
    def parties(self) -> tuple[Party, ...]:
        """The outsiders a case is about: none, one, or two."""
        return tuple(party for party in (self.party, self.other_party) if party)

    @property
    def party_roles(self) -> frozenset[str]:
        """The roles of all outsiders a case is about."""
        return frozenset(party.role for party in self.parties)

    @property
    def party_role(self) -> str:
        """The role of the outsider a case is about; empty where it is about none."""
        return self.party.role if self.party else ""

    @property
    def party_name(self) -> str:
        """The field with the outsider's name, if a case is about one."""
        return self.party.name if self.party else ""

    @property
    def party_email(self) -> str:
        """The field with the outsider's address, if a case is about one."""
        return self.party.email if self.party else ""
