"""Those who write at once on SQLite are committed together, and each is answered for their own work alone."""

import threading
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event
from sqlalchemy.exc import IntegrityError, OperationalError

from apflow.core.errors import NotOpen
from apflow.store.driver.engine import Store
from apflow.store.driver.faults import StoreUnavailable

SECONDS = 30
MANY = 9


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    store = Store(f"sqlite:///{tmp_path / 'grouped.db'}")
    with store.writing() as connection:
        connection.exec_driver_sql("CREATE TABLE said (word TEXT PRIMARY KEY)")
    yield store
    store.close()


def say(word: str) -> Callable[[Connection], str]:
    def work(connection: Connection) -> str:
        connection.exec_driver_sql("INSERT INTO said VALUES (?)", (word,))
        return word

    return work


def refuse(connection: Connection) -> str:
    say("never mind")(connection)
    raise NotOpen("not now")


def said(store: Store) -> set[str]:
    with store.reading() as connection:
        return {word for (word,) in connection.exec_driver_sql("SELECT word FROM said")}


@contextmanager
def commits(store: Store) -> Iterator[list[int]]:
    seen: list[int] = []

    def note(_connection: Any, _cursor: Any = None, statement: str = "COMMIT", *_rest: Any) -> None:
        if statement == "COMMIT":
            seen.append(threading.get_ident())

    event.listen(store.engine, "before_cursor_execute", note)
    event.listen(store.engine, "commit", note)
    try:
        yield seen
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
        event.remove(store.engine, "commit", note)


def all_behind_one(store: Store, *works: Callable[[Connection], Any]) -> list[Future[Any]]:
    """Begin all the works while somebody is writing, and let them go on once every one of them waits."""
    is_writing, may_end = threading.Event(), threading.Event()

    def hold(_connection: Connection) -> None:
        is_writing.set()
        assert may_end.wait(SECONDS)

    group: Any = store._group
    with ThreadPoolExecutor(len(works) + 1) as threads:
        first = threads.submit(store.write, hold)
        assert is_writing.wait(SECONDS)
        rest = [threads.submit(store.write, work) for work in works]
        tick = threading.Event()
        for _ in range(SECONDS * 100):
            if len(group._waiting) == len(works):
                break
            tick.wait(0.01)
        may_end.set()
        assert first.exception(SECONDS) is None
    return rest


def test_all_who_wait_while_another_writes_are_written_by_one_commit(store: Store) -> None:
    words = [f"word {number}" for number in range(MANY)]
    with commits(store) as seen:
        answers = all_behind_one(store, *map(say, words))

    assert [answer.result() for answer in answers] == words
    assert said(store) == set(words)
    assert len(seen) == 2


def test_one_who_is_refused_takes_nothing_from_the_others_and_leaves_nothing(store: Store) -> None:
    before, refused, after = all_behind_one(store, say("before"), refuse, say("after"))

    assert (before.result(), after.result()) == ("before", "after")
    assert isinstance(refused.exception(), NotOpen)
    assert said(store) == {"before", "after"}


def test_two_who_say_the_same_are_told_apart(store: Store) -> None:
    one, other = all_behind_one(store, say("the same"), say("the same"))

    assert sorted([one.exception() is None, other.exception() is None]) == [False, True]
    assert said(store) == {"the same"}


def test_when_the_commit_fails_each_tries_again_alone(store: Store) -> None:
    with store.writing() as connection:
        connection.exec_driver_sql(
            "CREATE TABLE answers (word TEXT REFERENCES said (word) DEFERRABLE INITIALLY DEFERRED)"
        )

    def answer_nothing(connection: Connection) -> None:
        connection.exec_driver_sql("INSERT INTO answers VALUES ('what nobody said')")  # Only the commit finds out.

    one, broken, other = all_behind_one(store, say("one"), answer_nothing, say("other"))

    assert (one.result(), other.result()) == ("one", "other")
    assert isinstance(broken.exception(), IntegrityError)
    assert said(store) == {"one", "other"}


def test_a_fault_of_the_database_in_the_middle_loses_nobody_elses_work(store: Store) -> None:
    def fail(_connection: Connection) -> str:
        raise OperationalError("INSERT", {}, Exception("database or disk is full"))

    one, failed, other = all_behind_one(store, say("one"), fail, say("other"))

    assert (one.result(), other.result()) == ("one", "other")
    assert isinstance(failed.exception(), StoreUnavailable)
    assert said(store) == {"one", "other"}


def test_work_that_asks_for_more_to_be_written_is_refused_rather_than_waiting_for_itself(store: Store) -> None:
    with pytest.raises(RuntimeError, match="wait for itself"):
        store.write(lambda _connection: store.write(say("more")))
    assert store.write(say("later")) == "later"


def test_everybody_gets_their_turn_though_there_are_always_more(store: Store) -> None:
    def each(caller: int) -> int:
        return sum(store.write(say(f"{caller} {number}")) is not None for number in range(20))

    with ThreadPoolExecutor(8) as threads:
        assert list(threads.map(each, range(8))) == [20] * 8
    assert len(said(store)) == 160
