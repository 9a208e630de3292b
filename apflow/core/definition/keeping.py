"""How long what is held is kept, whose decision it is that it goes, and what a copy of it gives."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from apflow.core.definition.base import (
    Claim,
    Name,
    Names,
    Part,
    Said,
    SomeCalendarTime,
    Whole,
)
from apflow.core.definition.fields import PrivacyClass


class CopyOfRecord(Claim):
    """A copy of what is held about a child, to hand over: what classes of answers it `gives`, what it says `instead`.

    Whoever asks is told of every answer that is left out; a person decides on those one by one.
    """

    gives: tuple[PrivacyClass, ...]
    instead: Said


class Retention(Claim):
    """How long what is held about a child is kept: `years` after the last day of the last placement.

    Of a child of whom one of `longer_for` is true, or whose case says so, at least to the birthday of `until_age`.
    When the time is over nothing goes by itself: whoever holds a role of `decided_by` decides.
    """

    years: Whole = Field(ge=1, le=100)
    until_age: Whole = Field(ge=18, le=100)
    longer_for: tuple[Literal["ehcp", "sen_support", "looked_after"], ...] = ()
    decided_by: Annotated[Names, Field(min_length=1)]


class KeptFor(Claim):
    """How long closed cases `of` a workflow are kept: `keep` after the day they were closed.

    Only of those that ended in one of `states`, if any is named, and whose choices are as `answered` says. A day the
    case itself names, `counted_from`, starts the time anew where it is later. One `with_parent` is kept while the cases
    that it belongs to are open, and for the time after the last of those was closed.
    """

    of: Name
    keep: SomeCalendarTime
    states: Names = ()
    answered: Mapping[Name, Name] = Field(default_factory=dict)
    counted_from: Name | None = None
    with_parent: bool = False


class ClosedCases(Part):
    """How long cases that are about no pupil alone are kept once they are closed: by the first rule that fits.

    Nothing goes by itself: whoever holds a role of `decided_by` decides on each.
    """

    decided_by: Annotated[Names, Field(min_length=1)]
    rules: Mapping[Name, KeptFor]
