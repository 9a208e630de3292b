"""Records beside the cases, as workflows speak of them: what items can be drawn from, and when one may be added."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from apflow.core.definition.base import Claim, Name, Names, Part
from apflow.core.definition.fields import FieldSpec

RECORD = "record"  # How conditions speak of what is read of the record that a case keeps, or would.


def _states(value: Any) -> Any:
    return () if value == "all" else value


SITES = "sites"

PupilSeen = Annotated[Names, BeforeValidator(_states, json_schema_input_type=Literal["all"] | Names)]


@dataclass(frozen=True, slots=True)
class RecordSource:
    """One kind of record that cases draw items from: what it is called, and the facts that an item of it has.

    One that is `by_event` is drawn when an event of the case `draws`; any other when something outside the case
    happens, such as that mail cannot be delivered. A `use` of chosen is for what the answer to a question of type
    `record` is chosen from, each under its `label`; kept, for what conditions may read of a case's own. An item's page
    says those of its facts that are `shown`, beside the label, which has the others in it. One that is `typed` has too
    many to offer: whoever is asked types the number of one, which is looked up or refused with the reason. When the
    records of one that `tells` change, an event of one of those names is fired on the cases that may have drawn from
    it, or that keep a record in which one of them was chosen. Of one that `is_over` a collection says how long ago at
    most.
    """

    title: str
    facts: Mapping[str, FieldSpec]
    shown: tuple[str, ...] = ()
    by_event: bool = True
    use: Literal["drawn", "chosen", "kept"] = "drawn"
    typed: bool = False
    tells: tuple[str, ...] = ()
    is_over: bool = False


class Paused(Claim):
    """While which of its states the record that a case keeps is paused: nobody expects anything of it then.

    It is from the day on which the case enters one of those that it `begins_in`, that day counted, to the day before
    it enters one of those that it `ends_in`; in any other state it goes on as it was.
    """

    begins_in: Annotated[Names, Field(min_length=1)]
    ends_in: Annotated[Names, Field(min_length=1)]


class Kept(Part):
    """The record of which a case is the account: an event that `keeps` writes it, and nobody changes it by hand.

    `as_` says which of the case's fields is what of the record (theirs: ours). `pupil_seen_by` says who of those who
    see the case may look up which pupil it is about, and in which states. Of `sites` it is the one that a provider's
    case begins with, written as it begins; those are changed, and others added, on their own pages. A placement can be
    `paused`.
    """

    records: Literal["placements", "sites"]
    as_: Mapping[Name, Name] = Field(alias="as")
    pupil_seen_by: Mapping[Name, PupilSeen] = Field(default_factory=dict)
    paused: Paused | None = None

    def is_paused(self, state: str) -> bool | None:
        """Whether the record is paused from the entry into this state on; None where it goes on as it was."""
        if self.paused is None or state not in (*self.paused.begins_in, *self.paused.ends_in):
            return None
        return state in self.paused.begins_in


class AboutPlacement(Part):
    """A placement that a case speaks of and does not keep: the field with its number, and who may look up its pupil."""

    number: Name
    pupil_seen_by: Mapping[Name, PupilSeen]


class Late(Claim):
    """Who may add a record that began while it could be added, now that none can; each says why so late."""

    by: Annotated[Names, Field(min_length=1)]


class Taking(Part):
    """When records of one kind may be added to a case: while it is in these states and these guards hold.

    `late` says who may still add one that began while it could be added; without it, nobody may. `standing` says why
    there at all: as the council approved it, or as it is registered and open in the national register.
    """

    while_in: Annotated[Names, Field(min_length=1)]
    requires: Names = ()
    late: Late | None = None
    standing: Literal["approved", "registered"] = "approved"
