"""One simulation file: what arrives, who answers after how long, and who is there to work."""

import re
from collections.abc import Mapping
from datetime import date, time
from random import Random
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, model_validator

from apflow.core.definition.base import Name, Names, one_or_many
from apflow.core.simulate.lengths import PATTERN, SECONDS, Length

WEEK = 7 * SECONDS["day"]
_LENGTH = re.compile(PATTERN)
_CLOCK = re.compile(r"([01][0-9]|2[0-3]):[0-5][0-9]")
MOST_CASES = 1_000_000


def _length(value: Any) -> Any:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return float(value)
    match = _LENGTH.fullmatch(str(value))
    if not match:
        raise ValueError(f'"{value}" is not a length of time; write for example "40 minutes", "3 hours" or "12 days"')
    return float(match[1]) * SECONDS[match[2]]


def _clock(value: Any) -> Any:
    if isinstance(value, str) and not _CLOCK.fullmatch(value):
        raise ValueError(f'"{value}" is not a time of day; write hours and minutes, like "17:00"')
    return time.fromisoformat(value) if isinstance(value, str) else value


def _day(value: Any) -> Any:
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError(f'"{value}" is not a date; write year, month and day, like 2026-09-07') from None


Seconds = Annotated[Length, BeforeValidator(_length), Field(gt=0)]
Clock = Annotated[time, BeforeValidator(_clock)]


class Piece(BaseModel):
    """A part of a simulation file: frozen once read, and an unknown key is a mistake."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Spread(Piece):
    """How long something takes: `always` as long, with this `mean` (exponential), or as it was `measured`."""

    always: Seconds | None = None
    mean: Seconds | None = None
    measured: tuple[float, ...] = ()

    @model_validator(mode="after")
    def _one_of_them(self) -> "Spread":
        if sum((self.always is not None, self.mean is not None, bool(self.measured))) != 1:
            raise ValueError("say how long it takes in one way: always, mean or measured")
        return self

    def draw(self, chance: Random) -> float:
        """So many seconds, this time."""
        if self.always is not None:
            return self.always
        return chance.expovariate(1 / self.mean) if self.mean is not None else chance.choice(self.measured)


def _act(value: Any) -> Any:
    return {"event": value} if isinstance(value, str) else value


class Act(Piece):
    """An event that is done, perhaps to every required item, or `by` another role; what is not answered is made up.

    A day can be given as so many days on: `{days: 300}`.
    """

    event: Name
    by: Name | None = None
    item: str | None = None
    answers: Mapping[Name, Any] = Field(default_factory=dict)


class Choice(Piece):
    """One way of answering, chosen as often as its share says; without `does` nothing is done."""

    share: float = Field(gt=0)
    does: Annotated[tuple[Annotated[Act, BeforeValidator(_act)], ...], BeforeValidator(one_or_many)] = ()


class Response(Piece):
    """How a role answers in a state: work that `takes` somebody's time, or, of an outsider, something `after` a while.

    So many `people` do it, each for themselves; it `waits_for` roles that answer in the same state.
    """

    takes: Spread | None = None
    after: Spread | None = None
    people: int = Field(default=1, ge=1, le=100)
    waits_for: Names = ()
    choices: Annotated[tuple[Choice, ...], Field(min_length=1)]

    @model_validator(mode="after")
    def _one_way(self) -> "Response":
        if (self.takes is None) == (self.after is None):
            raise ValueError("say either what it takes of somebody's time, or after how long it comes")
        return self

    def chosen(self, chance: Random) -> Choice:
        return chance.choices(self.choices, [choice.share for choice in self.choices])[0]


class Staff(Piece):
    """How many people do a role's work, in which hours of each working day, or `always`; `alerts` are other tasks.

    Of their hours they should be busy with this for `busy_at_most` so many in a hundred.
    """

    count: int = Field(ge=1, le=10_000)
    hours: tuple[Clock, Clock] | Literal["always"]
    alerts: Spread | None = None
    busy_at_most: int = Field(default=85, ge=1, le=100)

    @model_validator(mode="after")
    def _in_order(self) -> "Staff":
        if self.hours != "always" and self.hours[0] >= self.hours[1]:
            raise ValueError("the hours end before they begin")
        return self


class Arrivals(Piece):
    """How cases of a workflow begin: by which event, and how many a week."""

    event: Name
    a_week: float = Field(gt=0)
    answers: Mapping[Name, Any] = Field(default_factory=dict)


class Simulation(Piece):
    """A whole simulation file. `assumed` says who says so."""

    simulation: Name
    title: str
    seed: int
    begins: Annotated[date, BeforeValidator(_day)]
    weeks: int = Field(ge=1, le=520)
    people: Mapping[Name, Staff]
    arrivals: Annotated[Mapping[Name, Arrivals], Field(min_length=1)]
    responses: Mapping[Name, Mapping[Name, Mapping[Name, Response]]]
    assumed: str | None = None
    source: str | None = None

    @model_validator(mode="after")
    def _not_without_end(self) -> "Simulation":
        if self.weeks * sum(one.a_week for one in self.arrivals.values()) > MOST_CASES:
            raise ValueError(f"that is more than {MOST_CASES:,} cases")
        return self

    @property
    def ends(self) -> float:
        """The length of it all in seconds."""
        return self.weeks * WEEK
