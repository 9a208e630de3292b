"""The hot path gives what SQLAlchemy gives: the same values, defaults, errors and announcements."""

from typing import Any

import pytest
from sqlalchemy import bindparam, event, insert, select, update
from sqlalchemy.exc import IntegrityError

from apflow.store.driver.engine import Store
from apflow.store.driver.faults import Unstorable
from apflow.store.driver.hot import Compiled, inserting, run_in_turn
from apflow.store.tables import metadata
from apflow.store.tables.cases import cases
from apflow.store.tables.people import people
from apflow.store.tables.work import tasks, timers
from apflow.testing import MONDAY, a_handler
from tests.brought import bring_to

BY_NAME = Compiled(select(people).where(people.c.name == bindparam("name")))


def a_person(number: int) -> dict[str, Any]:
    return {
        "name": f"Nobody {number}",
        "email": f"nobody{number}@elsewhere.example",
        "roles": ["officer"],
        "created_at": MONDAY,
    }


def a_task(store: Store, **values: Any) -> dict[str, Any]:
    with store.reading() as connection:
        (case_id,) = connection.execute(select(cases.c.id)).scalars()
    named = {"case_id": case_id, "name": "look", "role": "officer", "title": "Look", "opened_at": MONDAY}
    return {**named, **values}


def test_rows_hold_the_same_values_in_every_table(store: Store) -> None:
    bring_to(a_handler(store), "panel")
    for table in metadata.sorted_tables:
        statement = select(table).order_by(*table.primary_key.columns)
        with store.reading() as connection:
            assert [tuple(row) for row in Compiled(statement).all(connection, {})] == [
                tuple(row) for row in connection.execute(statement)
            ]
            some = Compiled(statement).first(connection, {})
        assert some is None or some._fields == tuple(column.key for column in table.columns)


def test_a_column_left_out_of_an_insert_gets_its_default(store: Store) -> None:
    bring_to(a_handler(store), "enquiry")
    row = a_task(store)
    with store.writing() as connection:
        inserting(tasks, row).run(connection, row)
        connection.execute(insert(tasks), row)
        ours, theirs = connection.execute(select(tasks).where(tasks.c.name == "look").order_by(tasks.c.id)).all()
    assert ours[1:] == theirs[1:]


def test_several_rows_are_counted_and_none_found_is_none(store: Store) -> None:
    rows = [a_person(number) | {"is_active": True} for number in range(3)]
    with store.writing() as connection:
        assert inserting(people, rows[0]).run(connection, *rows) == 3
        found = BY_NAME.first(connection, {"name": "Nobody 2"})
        assert found is not None
        assert (found.email, found.created_at) == ("nobody2@elsewhere.example", MONDAY)
        assert BY_NAME.first(connection, {"name": "Nobody 9"}) is None


def test_steps_in_turn_are_all_done_and_the_rows_of_the_first_are_counted(store: Store) -> None:
    rows = [a_person(number) | {"is_active": True} for number in range(3)]
    leave = Compiled(update(people).where(people.c.name == bindparam("called")).values(is_active=False))
    everybody = Compiled(update(people).where(people.c.roles == bindparam("held")).values(is_active=False))
    with store.writing() as connection:
        come = [(inserting(people, row), row) for row in rows]
        gone, nobody = (leave, {"called": "Nobody 1"}), (leave, {"called": "Nobody 9"})
        assert run_in_turn(connection, [*come, gone]) == 1
        assert run_in_turn(connection, [nobody, gone]) == 0
        found = [BY_NAME.first(connection, {"name": f"Nobody {number}"}) for number in range(3)]
        assert [one and one.is_active for one in found] == [True, False, True]
        assert run_in_turn(connection, [(everybody, {"held": rows[0]["roles"]}), nobody]) >= 3


def test_nothing_comes_of_steps_in_turn_where_one_of_them_fails(store: Store) -> None:
    good, bad = a_person(1) | {"is_active": True}, a_person(2) | {"is_active": True, "name": None}
    with pytest.raises(IntegrityError), store.writing() as connection:
        run_in_turn(connection, [(inserting(people, good), good), (inserting(people, bad), bad)])
    with store.reading() as connection:
        assert BY_NAME.first(connection, {"name": good["name"]}) is None


def test_values_that_are_written_otherwise_come_to_their_own_places(store: Store) -> None:
    """In the statement those stand between others, one is named twice, and one is the same each time."""
    person = a_person(1) | {"is_active": True}
    among_them = people.c.name.in_([bindparam("name"), bindparam("also")]) & (people.c.created_at <= bindparam("now"))
    leave = Compiled(
        update(people)
        .where(among_them, people.c.created_at >= bindparam("now"), people.c.email == bindparam("address"))
        .values(is_active=False, roles=bindparam("held"), name=bindparam("name"))
    )
    values = {"now": MONDAY, "also": "Nobody 1", "name": "Nobody 2", "held": ["manager"], "address": person["email"]}
    with store.writing() as connection:
        inserting(people, person).run(connection, person)
        assert leave.run(connection, values) == 1
        found = BY_NAME.first(connection, {"name": "Nobody 2"})
    assert found is not None
    assert (found.roles, found.is_active, found.created_at) == (["manager"], False, MONDAY)


def test_a_broken_constraint_is_sqlalchemys_own_error(store: Store) -> None:
    row = a_person(1) | {"is_active": True, "name": None}
    with pytest.raises(IntegrityError), store.writing() as connection:
        inserting(people, row).run(connection, row)


def test_what_no_database_keeps_is_refused(store: Store) -> None:
    with pytest.raises(Unstorable), store.writing() as connection:
        BY_NAME.first(connection, {"name": "\ud800"})


def test_a_value_that_was_not_given_is_an_error_and_never_empty(store: Store) -> None:
    with pytest.raises(KeyError), store.reading() as connection:
        BY_NAME.first(connection, {})


def test_whoever_listens_to_statements_hears_these_too(store: Store) -> None:
    heard: list[str] = []
    event.listen(store.engine, "before_cursor_execute", lambda _c, _cursor, sql, *_: heard.append(sql))
    with store.reading() as connection:
        Compiled(select(timers.c.id)).all(connection, {})
    assert any("FROM timers" in sql for sql in heard)
