"""How people are reminded by e-mail, whatever of: in one, and in the hours in which they are there."""

from collections.abc import Mapping

from pydantic import Field

from apflow.core.definition.base import Claim, Name, Names

SEVERAL = "reminders/several"  # The notice of the e-mail that lists what one person is reminded of.


class Reminders(Claim):
    """With `in_one_email` what one person is reminded of on one morning goes as one e-mail, which lists it.

    What is `in_the_morning`, notices by workflow, waits for the next working hours where the clock sends it outside
    them, as when a deadline has passed at the end of its day.
    """

    in_one_email: bool = False
    in_the_morning: Mapping[Name, Names] = Field(default_factory=dict)
