"""The lists that people keep, on both kinds of database: each has their own, by name, and no name twice."""

from apflow.store.driver.engine import Store
from apflow.store.people.lists import forget_list, list_of, lists_of, rename_list, save_list
from apflow.testing import MONDAY, OLIVE, OSCAR
from tests.store.witness import at_once

ME, OTHER = OLIVE.id or 0, OSCAR.id or 0
_CLOSED = ("/cases", "closed=yes")


def keep(store: Store, name: str, person: int = ME) -> bool:
    return store.write(lambda connection: save_list(connection, person, name, *_CLOSED, MONDAY))


def names(store: Store, person: int = ME, path: str = "") -> list[str]:
    with store.reading() as connection:
        return [row.name for row in lists_of(connection, person, path)]


def numbers(store: Store, person: int = ME) -> dict[str, int]:
    with store.reading() as connection:
        return {row.name: row.id for row in lists_of(connection, person)}


def test_each_has_their_own_in_the_order_of_their_names(store: Store) -> None:
    assert [keep(store, name) for name in ("late", "Closed", "everything")] == [True, True, True]
    assert keep(store, "Closed", OTHER)

    assert names(store) == ["Closed", "everything", "late"]
    assert names(store, OTHER) == ["Closed"]
    assert names(store, path="/team") == []


def test_of_two_that_are_saved_at_once_under_one_name_one_is_kept(store: Store) -> None:
    assert sorted(at_once(lambda: keep(store, "Closed"), lambda: keep(store, "Closed"))) == [False, True]
    assert names(store) == ["Closed"]


def test_of_two_that_are_renamed_at_once_to_one_name_one_is(store: Store) -> None:
    keep(store, "Closed")
    keep(store, "Late")
    known = numbers(store)

    def rename(name: str) -> bool:
        return store.write(lambda connection: rename_list(connection, ME, known[name], "Mine"))

    assert sorted(at_once(lambda: rename("Closed"), lambda: rename("Late"))) == [False, True]
    assert sorted(names(store))[-1] == "Mine"


def test_one_takes_a_name_that_only_somebody_else_has(store: Store) -> None:
    for name, person in (("Closed", ME), ("Late", ME), ("Mine", OTHER)):
        keep(store, name, person)
    closed, theirs = numbers(store)["Closed"], numbers(store, OTHER)["Mine"]

    with store.writing() as connection:
        assert not rename_list(connection, ME, closed, "Late")
        assert rename_list(connection, ME, closed, "Closed")
        assert rename_list(connection, ME, closed, "Mine")
        assert not rename_list(connection, ME, theirs, "Other")
        forget_list(connection, ME, theirs)
        assert list_of(connection, ME, theirs) is None
        assert list_of(connection, OTHER, theirs) is not None
    assert names(store) == ["Late", "Mine"]
