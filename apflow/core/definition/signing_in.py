"""How long each way in lasts, for people who have no password."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from apflow.core.days.duration import Duration, Unit
from apflow.core.definition.base import Claim, SomeTime, Whole
from apflow.core.definition.by_link import DAYS, in_days


class SigningIn(Claim):
    """That the link in an e-mail to somebody outside signs them in, once, for so long as `links_last`.

    What is asked for on the sign-in page is good for `asked_for_minutes`. Whoever has signed in stays so for
    `signed_in_hours`, and has to anew after `idle_hours` in which they open no page; whoever reads one case by a link
    without an account opens it again after `reading_hours`.
    """

    links_last: SomeTime
    asked_for_minutes: Annotated[Whole, Field(ge=5, le=60)]
    signed_in_hours: Annotated[Whole, Field(ge=1, le=24)]
    idle_hours: Annotated[Whole, Field(ge=1, le=24)]
    reading_hours: Annotated[Whole, Field(ge=1, le=24)]

    @field_validator("links_last")
    @classmethod
    def _is_counted_in_days(cls, span: Duration) -> Duration:
        if span.unit not in DAYS:
            raise ValueError(f'"{span}" cannot be counted here; use calendar days or weeks')
        if in_days(span) > _LONGEST:
            raise ValueError(f'"{span}" is too long for a link that signs in; write {_LONGEST} calendar days or fewer')
        return span

    @field_validator("idle_hours")
    @classmethod
    def _ends_before_the_session(cls, hours: int, info: ValidationInfo) -> int:
        if hours > info.data.get("signed_in_hours", hours):
            raise ValueError("nobody stays signed in for so long; write signed_in_hours or fewer")
        return hours

    @property
    def link(self) -> timedelta:
        """How long the link in an e-mail lasts."""
        return timedelta(days=in_days(self.links_last))

    @property
    def link_in_words(self) -> str:
        """The same, as whoever gets the link reads it: "14 days"."""
        return str(self.links_last).replace("calendar ", "")

    @property
    def asked_for(self) -> timedelta:
        """How long the link and the code last that somebody asks for."""
        return timedelta(minutes=self.asked_for_minutes)

    @property
    def session(self) -> timedelta:
        """How long somebody stays signed in at most."""
        return timedelta(hours=self.signed_in_hours)

    @property
    def idle(self) -> timedelta:
        """How long somebody stays signed in who opens no page."""
        return timedelta(hours=self.idle_hours)

    @property
    def reading(self) -> timedelta:
        """How long a browser keeps the link of somebody without an account."""
        return timedelta(hours=self.reading_hours)


_LONGEST = 90
UNSAID = SigningIn(  # For a council's settings that do not say, as none could before there was this part.
    links_last=Duration(14, Unit.CALENDAR_DAY),
    asked_for_minutes=15,
    signed_in_hours=12,
    idle_hours=2,
    reading_hours=2,
)
