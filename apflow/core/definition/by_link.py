"""Those who are written to about a case and read it by a link or a code of their own, without an account."""

from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, field_validator

from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.base import Claim, Name, Names, SomeTime, Span, one_or_many

DAYS = {Unit.CALENDAR_DAY: 1, Unit.WEEK: 7}


_Care = Literal["looked_after", "cp", "cin"]


class Settled(Claim):
    """Of which pupils it is said first of each that they are still written to: in the question `says` of their item.

    It is of those of whom one `of` these is true on the pupil's record, or whose case has an answer in the field
    `since`. Until it is said nobody is written to, and no link opens anything. The `alert` asks for it: there is one
    at a time, which an e-mail that waits for it opens too, and it goes once it is said of everybody.
    """

    says: Name
    of: Annotated[
        tuple[_Care, ...],
        BeforeValidator(one_or_many, json_schema_input_type=_Care | tuple[_Care, ...]),
        Field(min_length=1),
    ]
    since: Name | None = None
    alert: Name | None = None


class Elsewhere(Claim):
    """That somebody who must not be contacted about one child is first looked at before they are about another.

    Of an entry with the name or the address of whoever stands so on the case of another child, it is said in the
    question `says` that they may be written to about this one. Until then nobody is, no link opens anything, and
    `alert` is somebody's task.
    """

    says: Name
    alert: Name


class ByLink(Claim):
    """The people a `role` stands for on a case: each an item `of` a collection, who reads one `document` of the case.

    Whoever stands `by_email` is written to at the address in `email` with a link that lasts `link_lasts`; for whoever
    stands `by_post` the alert `letter` is opened instead, and only while it is open can anybody say that it is posted;
    the letter goes to the `address`, with a code that lasts `code_lasts`. In any other status nobody is written to,
    and no link opens anything; nor where the name or the address is that of somebody who stands so, on any case of the
    child. Whoever shares a surname with one of those is not written to until it is said in `apart` who that one is, and
    so is somebody else. `settled` says of which pupils it is said first of each that they are still written to, and
    `elsewhere` that of somebody who must not be contacted about another child it is first decided. Each
    change of an item ends the links given before it; all of them end `after_the_end` of the case.
    """

    role: Name
    of: Name
    by_email: Annotated[Names, Field(min_length=1)]
    email: Name
    by_post: Names = ()
    address: Name | None = None
    apart: Name | None = None
    settled: Settled | None = None
    elsewhere: Elsewhere | None = None
    letter: Name
    document: Name
    link_lasts: SomeTime
    code_lasts: SomeTime
    after_the_end: Span

    @field_validator("link_lasts", "code_lasts", "after_the_end")
    @classmethod
    def _is_counted_in_days(cls, span: Duration) -> Duration:
        if span.unit not in DAYS:
            raise ValueError(f'"{span}" cannot be counted here; use calendar days or weeks')
        return span

    @property
    def readers(self) -> tuple[str, ...]:
        """The statuses of those who may read."""
        return (*self.by_email, *self.by_post)

    @property
    def asks_to_settle(self) -> Name | None:
        """The alert that asks to say of each that they are still written to."""
        return self.settled.alert if self.settled else None


def in_days(span: Duration) -> int:
    """How many days a time that is counted in days or weeks has."""
    return span.count * DAYS[span.unit]
