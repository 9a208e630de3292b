"""Counting what one sender does in a stretch of time, over every process of a database."""

from datetime import timedelta

from sqlalchemy import select

from apflow.store.driver.engine import Store
from apflow.store.people.limits import RateLimit, forget_tries
from apflow.store.tables.limits import tries
from apflow.testing import MONDAY
from tests.store.witness import at_once

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


def test_a_sender_goes_ahead_until_the_limit_and_is_then_told_how_long_to_wait(store: Store) -> None:
    limit = RateLimit(2, HOUR)

    waits = [limit.wait(store, "a", MONDAY + minutes * MINUTE) for minutes in (0, 10, 20)]

    assert waits == [None, None, 40 * MINUTE]


def test_one_sender_does_not_hold_up_another(store: Store) -> None:
    limit = RateLimit(1, HOUR)
    limit.wait(store, "a", MONDAY)

    assert limit.wait(store, "b", MONDAY) is None


def test_the_sender_goes_ahead_again_when_the_first_is_long_enough_ago(store: Store) -> None:
    limit = RateLimit(1, HOUR)
    limit.wait(store, "a", MONDAY)

    assert limit.wait(store, "a", MONDAY + 59 * MINUTE) == MINUTE
    assert limit.wait(store, "a", MONDAY + 60 * MINUTE) is None


def test_being_told_to_wait_does_not_make_the_wait_longer(store: Store) -> None:
    limit = RateLimit(1, HOUR)
    limit.wait(store, "a", MONDAY)
    for minute in range(1, 60):
        limit.wait(store, "a", MONDAY + minute * MINUTE)

    assert limit.wait(store, "a", MONDAY + 60 * MINUTE) is None


def test_two_processes_count_together(store: Store) -> None:
    other = Store(store.url)
    limit = RateLimit(1, HOUR)
    limit.wait(store, "a", MONDAY)

    assert limit.wait(other, "a", MONDAY) == HOUR
    other.close()


def test_nobody_gets_more_by_trying_many_times_at_once(store: Store) -> None:
    limit = RateLimit(3, HOUR)

    waits = at_once(*[lambda: limit.wait(store, "a", MONDAY)] * 8)

    assert waits.count(None) == 3


def test_senders_are_forgotten_once_their_time_is_over_and_are_kept_only_as_hashes(store: Store) -> None:
    limit = RateLimit(1, HOUR)
    limit.wait(store, "from 192.0.2.1", MONDAY)
    limit.wait(store, "from 192.0.2.2", MONDAY + 30 * MINUTE)

    forget_tries(store, MONDAY)

    with store.reading() as connection:
        (kept,) = connection.execute(select(tries)).all()
    assert "192.0.2" not in str(kept)
