"""Editions in the database: the newest is live, one publication is one transaction, and two at once are one."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest
from sqlalchemy import Connection, event, func, select

from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.store.driver.faults import Clash
from apflow.store.editions import (
    Publisher,
    Superseded,
    add_edition,
    count_editions,
    files_of_edition,
    held_items,
    list_editions,
    live_edition,
)
from apflow.store.tables.editions import edition_files
from apflow.testing import MAGDA, MONDAY, a_handler
from tests.brought import bring_to

FILES = {"workflows/loan.yaml": "workflow: loan\n", "notifications/loan/lent.txt": "Here.\n"}
BY = Publisher(MAGDA.name, MAGDA.id)


class Crash(Exception):
    """The process died here."""


def publish(store: Store, *, after: int | None = None, text: str = "Here.\n") -> int:
    files = {**FILES, "notifications/loan/lent.txt": text}
    with store.writing() as connection:
        return add_edition(
            connection, files, after=after, sentences=["A change."], why="It is time.", by=BY, now=MONDAY
        )


def test_before_the_first_nothing_is_live(store: Store) -> None:
    with store.reading() as connection:
        assert live_edition(connection) is None
        assert list_editions(connection) == []


def test_an_edition_keeps_every_file_and_says_who_when_why_and_what(store: Store) -> None:
    number = publish(store)

    with store.reading() as connection:
        assert live_edition(connection) == number == 1
        assert files_of_edition(connection, number) == FILES
        (edition,) = list_editions(connection)
    assert (edition.actor_id, edition.actor_name, edition.at) == (MAGDA.id, MAGDA.name, MONDAY)
    assert (edition.why, edition.sentences) == ("It is time.", ["A change."])


def test_the_newest_is_live_and_those_before_it_are_kept(store: Store) -> None:
    publish(store)
    publish(store, after=1, text="Here it is.\n")

    with store.reading() as connection:
        assert live_edition(connection) == 2
        assert files_of_edition(connection, 1) == FILES
        assert [edition.id for edition in list_editions(connection)] == [2, 1]
        assert [edition.id for edition in list_editions(connection, limit=1, offset=1)] == [1]


def test_one_that_was_compared_with_an_edition_that_is_not_live_any_more_is_refused(store: Store) -> None:
    publish(store)

    with pytest.raises(Superseded):
        publish(store, after=None)


def test_of_two_people_who_publish_at_once_one_is_refused(store: Store) -> None:
    publish(store)
    together = Barrier(2)

    def one(text: str) -> object:
        together.wait()
        try:
            return publish(store, after=1, text=text)
        except (Superseded, Clash) as refused:
            return type(refused)

    with ThreadPoolExecutor(2) as people:
        results = list(people.map(one, ("One.\n", "Two.\n")))

    assert sorted(results, key=str) == [2, Superseded]
    with store.reading() as connection:
        assert count_editions(connection) == 2


@pytest.fixture
def dying(store: Store) -> Iterator[Store]:
    """A database whose process dies when the first file of an edition has been written."""

    def die(_connection: Connection, statement: object, *_: object) -> None:
        if str(statement).startswith("INSERT INTO edition_files"):
            raise Crash

    event.listen(store.engine, "after_execute", die)
    yield store
    event.remove(store.engine, "after_execute", die)


def test_a_crash_between_the_edition_and_its_files_leaves_nothing(dying: Store) -> None:
    with pytest.raises(Crash):
        publish(dying)

    with dying.reading() as connection:
        assert live_edition(connection) is None
        assert connection.execute(select(func.count()).select_from(edition_files)).scalar_one() == 0


def test_the_order_of_files_makes_no_other_edition(store: Store) -> None:
    publish(store)
    with store.writing() as connection:
        backwards = dict(reversed(FILES.items()))
        later = MONDAY + timedelta(days=1)
        add_edition(connection, backwards, after=1, sentences=[], why="", by=BY, now=later)

    with store.reading() as connection:
        second, first = list_editions(connection)
    assert second.digest == first.digest


def test_what_open_cases_hold_under_some_keys_is_found_by_the_text_they_go_by(store: Store, library: Library) -> None:
    handler = a_handler(store, library)
    bring_to(handler, "checking_evidence")

    with store.reading() as connection:
        (held,) = held_items(connection, {"registration_status", "of_another_catalogue"})
        assert held_items(connection, ()) == []

    assert (held.collection, held.key) == ("evidence", "registration_status")
    assert held.digest == library.sources["provider"].digest
