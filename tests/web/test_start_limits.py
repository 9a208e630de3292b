"""Counting what one sender does in a stretch of time."""

from datetime import timedelta

from apflow.testing import MONDAY
from apflow.web.limits import RateLimit

MINUTE = timedelta(minutes=1)


def test_a_sender_goes_ahead_until_the_limit_and_is_then_told_how_long_to_wait() -> None:
    limit = RateLimit(2, timedelta(hours=1))

    waits = [limit.wait("a", MONDAY), limit.wait("a", MONDAY + 10 * MINUTE), limit.wait("a", MONDAY + 20 * MINUTE)]

    assert waits == [None, None, 40 * MINUTE]


def test_one_sender_does_not_hold_up_another() -> None:
    limit = RateLimit(1, timedelta(hours=1))
    limit.wait("a", MONDAY)

    assert limit.wait("b", MONDAY) is None


def test_the_sender_goes_ahead_again_when_the_first_is_long_enough_ago() -> None:
    limit = RateLimit(1, timedelta(hours=1))
    limit.wait("a", MONDAY)

    assert limit.wait("a", MONDAY + 59 * MINUTE) == MINUTE
    assert limit.wait("a", MONDAY + 60 * MINUTE) is None


def test_being_told_to_wait_does_not_make_the_wait_longer() -> None:
    limit = RateLimit(1, timedelta(hours=1))
    limit.wait("a", MONDAY)
    for minute in range(1, 60):
        limit.wait("a", MONDAY + minute * MINUTE)

    assert limit.wait("a", MONDAY + 60 * MINUTE) is None


def test_senders_are_forgotten_once_their_time_is_over() -> None:
    limit = RateLimit(1, timedelta(hours=1), remembers=3)
    for number in range(10):
        limit.wait(f"early {number}", MONDAY)

    limit.wait("late", MONDAY + 61 * MINUTE)

    assert limit.remembered == 1
