"""Deadlines and tasks: what must happen by when, and who is reminded."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from apflow.core.definition.base import Claim, Name, Names, Part, Span, one_or_many
from apflow.core.definition.conditions import Condition
from apflow.core.duration import Duration

_LEFT = re.compile(r"^(.*) left$")


def _left(value: Any) -> Duration:
    if isinstance(value, Duration):
        return value
    match = _LEFT.match(str(value))
    if not match:
        raise ValueError(f'"{value}" is not a reminder; write for example "3 working days left"')
    return Duration.parse(match[1])


Left = Annotated[
    Duration,
    BeforeValidator(_left),
    PlainSerializer(lambda left: f"{left} left"),
    WithJsonSchema({"type": "string", "examples": ["3 working days left"]}),
]


class Reminder(Part):
    """A ladder of rungs before a deadline, all sent to the same role with the same notice."""

    at: Annotated[tuple[Left, ...], BeforeValidator(one_or_many)]
    who: Name
    notice: Name


class Then(Part):
    """How a deadline ends: in an event that moves the case, or in an escalation that leaves it where it is.

    An adverse event waits until `after_warning` has passed since a reminder of this deadline was really delivered.
    """

    event: Name | None = None
    escalate: Name | None = None
    notice: Name | None = None
    after_warning: Span | None = None

    @model_validator(mode="after")
    def _one_end(self) -> "Then":
        if (self.event is None) == (self.escalate is None):
            raise ValueError("a deadline ends in either an event or an escalation: give exactly one")
        return self


class DeadlineSpec(Claim):
    """By when something must happen, counted from entering the state or from the date field `of`."""

    label: str
    within: Span
    of: Name | None = None
    remind: Annotated[tuple[Reminder, ...], BeforeValidator(one_or_many)] = ()
    then: Then


class TaskSpec(Claim):
    """Work in the queue of a role. With `each`, every person of the role has it until they have an item there."""

    title: str
    for_: Name = Field(alias="for")
    deadline: Name | None = None
    due: Span | None = None
    each: Name | None = None
    done_by: Names = ()


class Extension(Claim):
    """An event may give a deadline of its state more time, so often and no more."""

    deadline: Name
    by: Span
    at_most: int = Field(ge=1)


class GuardSpec(Claim):
    """A condition with the reason it gives when it says no; `{which}` in the reason lists the items that fall short."""

    when: Condition
    reason: str
    unknown: str | None = None
