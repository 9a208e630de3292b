"""A review says when the next report on progress is due: by that day it is reminded of and chased, and by no other."""

from datetime import timedelta

import pytest

from apflow.handler import Handler
from apflow.testing import MONDAY
from tests.reviewed import A_LATER, AN_EARLIER, FIRST, Reviewed, reviewed_by


@pytest.fixture
def reviewed(handler: Handler) -> Reviewed:
    return reviewed_by(handler)


def test_a_later_day_is_reminded_of_and_chased_and_the_old_one_is_not(reviewed: Reviewed) -> None:
    reviewed.says(A_LATER, on=MONDAY.date() + timedelta(days=1))

    reviewed.after(FIRST + timedelta(days=1))
    assert (reviewed.reminded(), reviewed.is_called_late) == ([], False)
    reviewed.after(A_LATER - timedelta(days=4))
    assert reviewed.reminded() == [A_LATER - timedelta(days=7)], "five school days before"
    reviewed.after(A_LATER + timedelta(days=1))
    assert reviewed.is_called_late


def test_an_earlier_day_is_kept_to(reviewed: Reviewed) -> None:
    reviewed.says(AN_EARLIER, on=MONDAY.date() + timedelta(days=1))

    reviewed.after(AN_EARLIER + timedelta(days=1))

    assert reviewed.reminded()[0] == AN_EARLIER - timedelta(days=7)
    assert reviewed.is_called_late


def test_the_same_day_goes_on_and_nobody_is_reminded_twice(reviewed: Reviewed) -> None:
    reviewed.after(FIRST - timedelta(days=7))
    before = reviewed.report
    assert reviewed.reminded() == [FIRST - timedelta(days=7)]

    reviewed.says(FIRST, on=FIRST - timedelta(days=6))

    assert (reviewed.report.id, reviewed.report.rungs) == (before.id, before.rungs)
    reviewed.after(FIRST)
    assert reviewed.reminded() == [FIRST - timedelta(days=7), FIRST - timedelta(days=3)]


def test_one_that_was_late_is_late_no_longer_once_a_review_has_given_another_day(reviewed: Reviewed) -> None:
    reviewed.after(FIRST + timedelta(days=1))
    assert reviewed.is_called_late

    reviewed.says(A_LATER, on=FIRST + timedelta(days=1))

    assert (reviewed.is_called_late, reviewed.report.ended, reviewed.report.due_at.date()) == (False, False, A_LATER)
    reviewed.after(A_LATER + timedelta(days=1))
    assert reviewed.is_called_late
