"""What every part of a definition shares: frozen, closed to unknown keys, and honest about what is assumed."""

import re
from collections.abc import Iterable
from datetime import time
from typing import Annotated, Any

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    PlainSerializer,
    Strict,
    StringConstraints,
    WithJsonSchema,
)

from apflow.core.days.duration import Duration, Unit

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$")]
KeptName = Annotated[Name, StringConstraints(max_length=60)]  # One that tables have a column for.
Said = Annotated[str, StringConstraints(pattern=r"\S")]  # What people read, and so never empty.
Whole = Annotated[int, Strict()]  # `true` is no number.
Copied = Annotated[str, StringConstraints(pattern=r"^((answer\.|item\.)?[a-z][a-z0-9_]*|case\.reference)$")]

_EMAIL = re.compile(r"^[a-z0-9.!#$%&'*+/=?^_`{|}~-]+@([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,63}$", re.IGNORECASE)
_CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):[0-5][0-9]")


class Part(BaseModel):
    """A piece of a workflow file: frozen once read, and an unknown key is a mistake."""

    # Most parts are only ever read as parts of a whole file: none is made ready to be read by itself before it is.
    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True, defer_build=True)


class Claim(Part):
    """A piece that states a number or control somebody must answer for: either cited, or owned up to as assumed."""

    source: str | None = None
    assumed: str | None = None


def _duration(value: Any) -> Duration:
    if isinstance(value, Duration):
        return value
    return Duration.parse(str(value))


def _clock(value: Any) -> time:
    if isinstance(value, time):
        return value
    if not isinstance(value, str) or not _CLOCK.fullmatch(value):
        raise ValueError(f'"{value}" is not a time of day; write hours and minutes, like "17:00"')
    hour, minute = value.split(":")
    return time(int(hour), int(minute))


def _of_the_calendar(span: Duration) -> Duration:
    if span.unit not in (Unit.CALENDAR_DAY, Unit.WEEK, Unit.MONTH, Unit.YEAR):
        raise ValueError(f'"{span}" cannot be counted here; use calendar days, weeks, months or years')
    return span


def _in_days_or_more(span: Duration) -> Duration:
    if span.unit is Unit.HOUR:
        raise ValueError(f'"{span}" cannot be counted here; only a deadline is within so many hours')
    return span


def _some_time(span: Duration) -> Duration:
    if span.count == 0:
        raise ValueError(f'"{span}" is no time at all; write 1 or more')
    return span


def is_email(text: str) -> bool:
    """Whether mail could go to it."""
    return _EMAIL.match(text) is not None and ".." not in text and len(text) <= 254


def _address(value: str) -> str:
    if not is_email(value):
        raise ValueError(f'"{value}" is not an email address; write one like name@example.com')
    return value


def each_once(values: tuple[Any, ...]) -> tuple[Any, ...]:
    """The values as they are; ValueError where one stands among them twice."""
    for number, value in enumerate(values):
        if value in values[:number]:
            raise ValueError(f'"{value}" is here twice; write each once')
    return values


def one_or_many(value: Any) -> Any:
    """Let a list of one be written without the brackets."""
    return value if isinstance(value, (list, tuple)) else [value]


def _pattern(units: Iterable[Unit]) -> str:
    return rf"\d{{1,3}} ({'|'.join(f'{unit}s?' for unit in units)})"


_IN_DAYS = _pattern(unit for unit in Unit if unit is not Unit.HOUR)
SPAN = _pattern(Unit)
Span = Annotated[
    Duration,
    BeforeValidator(_duration),
    AfterValidator(_in_days_or_more),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": f"^{_IN_DAYS}$", "examples": ["10 working days", "12 months"]}),
]
SpanOrHours = Annotated[
    Duration,
    BeforeValidator(_duration),
    PlainSerializer(str),
    WithJsonSchema({"type": "string", "pattern": f"^{SPAN}$", "examples": ["10 working days", "72 hours"]}),
]
CalendarSpan = Annotated[Span, AfterValidator(_of_the_calendar)]
SomeTime = Annotated[Span, AfterValidator(_some_time)]
SomeCalendarTime = Annotated[CalendarSpan, AfterValidator(_some_time)]
Address = Annotated[str, AfterValidator(_address)]
Names = Annotated[tuple[Name, ...], BeforeValidator(one_or_many, json_schema_input_type=Name | tuple[Name, ...])]
ClockTime = Annotated[
    time, BeforeValidator(_clock), WithJsonSchema({"type": "string", "pattern": _CLOCK.pattern, "examples": ["17:00"]})
]
