"""Providers that leave the approved list by their own wish: one whose last day is to come, and one that has left."""

from apflow.demo.step import Step, Story


def in_some_weeks(approved: Story) -> Story:
    """Nobody is placed there, and no placement begins."""
    yield from approved
    why = "Our workshop is let to somebody else from the new year, and we have found no other."
    yield Step(6, "leave_list", None, {"leaves_on": 15, "why_it_leaves": why}, hour=11, days_on=("leaves_on",))


def some_weeks_ago(approved: Story) -> Story:
    """Its last day has passed."""
    yield from approved
    why = "We go back to running holiday clubs alone."
    yield Step(40, "leave_list", None, {"leaves_on": -12, "why_it_leaves": why}, hour=15, days_on=("leaves_on",))
