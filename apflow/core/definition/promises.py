"""What a workflow's owner says of its cases, for the check to hold it to: invariants, and stories and how they end."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import Discriminator, Field, StringConstraints, Tag, model_validator

from apflow.core.definition.base import Claim, Name, Names, Part, Said, SpanOrHours, Whole
from apflow.core.definition.conditions import Condition

Number = Annotated[str, StringConstraints(pattern=r"^[1-9][0-9]{0,3}$")]  # Of an item that was added.


class Invariant(Claim):
    """What must be true of every case: on entering a state (`on_entry_to`), or the whole time (`always: true`)."""

    says: Said
    holds: Condition
    on_entry_to: Names = ()
    always: bool = False

    @model_validator(mode="after")
    def _one_time(self) -> "Invariant":
        if bool(self.on_entry_to) == self.always:
            raise ValueError("an invariant holds either on entering states (on_entry_to: …) or always (always: true)")
        return self


class Does(Part):
    """Somebody of a role fires an event, perhaps on an item (or on `every required` one), perhaps several people.

    Answers not given are made up; `refused` is part of the reason when the step must be refused.
    """

    who: Name
    does: Name
    item: Name | Number | Literal["every required"] | None = None
    people: Whole = Field(default=1, ge=1, le=20)
    answers: Mapping[Name, Any] = Field(default_factory=dict)
    refused: str | None = None


class Wait(Part):
    """Time passes, and deadlines act."""

    wait: SpanOrHours


def _step_kind(value: Any) -> str:
    waits = isinstance(value, Wait) or (isinstance(value, Mapping) and "wait" in value)
    return "wait" if waits else "does"


Step = Annotated[
    Annotated[Does, Tag("does")] | Annotated[Wait, Tag("wait")],
    Discriminator(_step_kind),
]


class Scenario(Part):
    """A story that must come out as told: where it ends, and which notices go out, in order."""

    says: Said
    steps: Annotated[tuple[Step, ...], Field(min_length=1)]
    ends: Name
    emails: Names | None = None
