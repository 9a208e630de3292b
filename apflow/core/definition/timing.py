"""Deadlines and tasks: what must happen by when, and who is reminded."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, PlainSerializer, WithJsonSchema, model_validator

from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.base import (
    SPAN,
    Claim,
    Name,
    Names,
    Part,
    Said,
    SomeTime,
    Span,
    SpanOrHours,
    Whole,
    one_or_many,
)
from apflow.core.definition.conditions import Condition

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
    WithJsonSchema({"type": "string", "pattern": f"^{SPAN} left$", "examples": ["3 working days left"]}),
]


_TIMES = re.compile(r"^([1-9][0-9]?) times?$")


def _times(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    match = _TIMES.match("1 time" if value == "once" else value)
    if not match:
        raise ValueError(f'"{value}" is not a number of times; write for example "3 times"')
    return int(match[1])


Times = Annotated[
    Whole,
    Field(ge=1),
    BeforeValidator(_times),
    WithJsonSchema({"type": ["integer", "string"], "pattern": "^(once|[1-9][0-9]? times?)$", "examples": ["3 times"]}),
]


class Reminder(Part):
    """A ladder of rungs before a deadline, all sent to the same role with the same notice.

    They go in working hours, and with what else somebody is reminded of that day; with `at_once` they do not wait.
    """

    at: Annotated[tuple[Left, ...], BeforeValidator(one_or_many, json_schema_input_type=Left | tuple[Left, ...])]
    who: Name
    notice: Name
    at_once: bool = False


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


class Pause(Part):
    """The deadline stands still while the case is in these states, and for no longer than `at_most` altogether."""

    states: Names
    at_most: SomeTime

    @model_validator(mode="after")
    def _counted_in_days(self) -> "Pause":
        if self.at_most.unit not in (Unit.WORKING_DAY, Unit.CALENDAR_DAY, Unit.WEEK):
            raise ValueError("a pause is limited in working days, calendar days or weeks")
        return self


class Among(Part):
    """The items whose dates a deadline is counted from: each date once, the earliest first.

    Once it has passed it goes on to the next, so that it rings once for each date.
    """

    items: Name
    where: Condition | None = None


OnMigration = Literal["keep", "recompute", "ask"]


class DeadlineSpec(Claim):
    """By when something must happen (`within`), or how often it comes round (`every`).

    Counted from entering the state, from the date field `of` (in hours from the time of that day), from when the event
    `after` last happened, or from when the deadline `after_deadline` was due. With `among`, `of` is a date that items
    of a collection have, and each is counted from in turn. Where there is no such date it does not run, or with
    `or_entering` it is counted from when it would begin to. `while_in` and `paused_in` are for a deadline of the whole
    case: it starts on entering the first of those states and runs on through them all.
    While `unless` holds it is not wanted: nothing of it is due, and it goes on as it was counted once that no longer
    holds.
    `same_task_as` is another deadline that escalates the same matter to the same role: they have one task between them.
    `on_migration` says what becomes of one that runs when its case is moved to this version and it is counted otherwise
    here; `formerly` is the name that an earlier version had for it.
    """

    label: Said
    within: SpanOrHours | None = None
    every: Span | None = None
    of: Name | None = None
    or_entering: bool = False
    among: Among | None = None
    after: Name | None = None
    after_deadline: Name | None = None
    while_in: Names = ()
    paused_in: Pause | None = None
    unless: Condition | None = None
    remind: Annotated[
        tuple[Reminder, ...],
        BeforeValidator(one_or_many, json_schema_input_type=Reminder | tuple[Reminder, ...]),
    ] = ()
    then: Then
    same_task_as: Name | None = None
    on_migration: OnMigration = "keep"
    formerly: Name | None = None

    @model_validator(mode="after")
    def _one_span_and_one_anchor(self) -> "DeadlineSpec":
        if (self.within is None) == (self.every is None):
            raise ValueError("a deadline says either how long there is (within: …) or how often it comes (every: …)")
        if self.every is not None and self.every.count == 0:
            raise ValueError("what comes round does so after some time; give every: a number above 0")
        if sum(anchor is not None for anchor in (self.of, self.after, self.after_deadline)) > 1:
            raise ValueError("a deadline is counted from one thing: give one of of:, after: and after_deadline:")
        if self.among is not None and (self.of is None or self.within is None or self.paused_in is not None):
            raise ValueError("among: needs of: (which date of the items) and within:, and it never stands still")
        if self.or_entering and self.of is None:
            raise ValueError("without of: it is counted from entering the state as it is; leave out or_entering:")
        if self.is_to_the_hour and (self.paused_in or self.among or self.after_deadline):
            raise ValueError("hours are counted from one moment on; leave out paused_in:, among: and after_deadline:")
        return self

    @property
    def span(self) -> Duration:
        """How long there is, once or each time round."""
        span = self.within or self.every
        assert span is not None
        return span

    @property
    def is_to_the_hour(self) -> bool:
        return self.within is not None and self.within.unit is Unit.HOUR

    @property
    def is_sure(self) -> bool:
        """Whether it starts on entering, whatever else is or is not known."""
        return self.of is None and self.after is None and self.after_deadline is None


class TaskSpec(Claim):
    """Work in the queue of a role. With `each`, every person of the role has it until they have an item there.

    `person` names a field that holds a person: the task is theirs from the start, while they hold the role.
    """

    title: Said
    for_: Name = Field(alias="for")
    person: Name | None = None
    deadline: Name | None = None
    due: Span | None = None
    each: Name | None = None
    done_by: Names = ()


class Extension(Claim):
    """An event may give a deadline of its state more time, so often and no more."""

    deadline: Name
    by: SomeTime
    at_most: Times


class Override(Claim):
    """Who may set a guard aside on one case, for how long at most, and which notice tells whom."""

    by: Names
    at_most: SomeTime
    tell: Mapping[Name, Name] = Field(default_factory=dict)


class GuardSpec(Claim):
    """A condition with the reason it gives when it says no; `{which}` in the reason lists the items that fall short.

    Without `override` nobody may set it aside: what is unlawful has none.
    """

    when: Condition
    reason: Said
    unknown: Said | None = None
    override: Override | None = None
