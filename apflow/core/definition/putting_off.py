"""How far somebody's work can be put off."""

from apflow.core.definition.base import Claim, SomeTime


class PuttingOff(Claim):
    """That whoever has a task can put it off to a day: `at_most` so far, and never beyond the day that it is due.

    What the nightly check calls urgent can be put off only with `urgent`.
    """

    at_most: SomeTime
    urgent: bool = False
