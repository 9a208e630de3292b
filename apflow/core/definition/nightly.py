"""The look at every case each night: what becomes of what it finds, and how people are told."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from apflow.core.definition.base import Claim, ClockTime, Name, Names, Part, SomeTime, Span, Whole

FindingKind = Literal[
    "nobody_can_act",
    "nothing_brings_it_up",
    "nobody_for_a_task",
    "left_open",
    "urgent_undone",
    "left_undone",
    "no_such_state",
    "no_such_deadline",
    "counted_otherwise",
    "history",
    "text",
    "late_deadline",
    "stuck_message",
    "unheard_signal",
    "task_without_case",
    "retention_due",
]


class DueUnderRetention(Part):
    """How often the e-mail of the day comes because of what somebody decides on whether it is erased.

    It comes `at_most_every` so long because more of that is due, and once more if nothing of it has been decided for
    `again_after`.
    """

    at_most_every: SomeTime
    again_after: SomeTime


class Digest(Part):
    """The e-mail of the day about what is left undone: to whom of the staff, and at what time of a working day.

    It goes to each person of the role `to` if something in it is new to them, or still stands `again_after` they were
    told; what is urgent `urgent_again_after`. It names all that is urgent and `shows` things beside, each in its turn,
    and says how many more there are. With `retention` it says to whoever decides on erasures how many records and
    closed cases wait for that.
    """

    to: Name
    at: ClockTime
    again_after: SomeTime
    urgent_again_after: SomeTime | None = None
    shows: Whole = Field(ge=1, le=100)
    retention: DueUnderRetention | None = None


class NightlyCheck(Claim):
    """The look at every case each night: `at` what time, and which kinds of findings `raises` as work for somebody.

    No more than `at_most` of a kind are somebody's work at any one time. The rest are for whoever looks after the
    system. What an alert asks for is left undone once it has been overdue for `undone_after`; without, it never is.
    What is `urgent`, alerts and deadlines by workflow, is so the first night that it is overdue, and is told alone. Of
    what else is left undone there is a `digest`.
    """

    at: ClockTime
    raises: tuple[FindingKind, ...] = ()
    at_most: Whole = Field(ge=1, le=1000)
    undone_after: Span | None = None
    urgent: Mapping[Name, Names] = Field(default_factory=dict)
    digest: Digest | None = None
