"""How long a meeting is taken to be, as nobody is asked when it ends."""

from datetime import timedelta
from typing import Annotated

from pydantic import Field

from apflow.core.definition.base import Claim, Whole


class Meetings(Claim):
    """For how many `minutes` an invitation keeps a calendar, where the case says when a meeting begins."""

    minutes: Annotated[Whole, Field(ge=15, le=480)]

    @property
    def length(self) -> timedelta:
        """How long after it begins it ends."""
        return timedelta(minutes=self.minutes)


USUAL = Meetings(minutes=120)  # For a council's settings that do not say, as none could before there was this part.
