"""The migrations make exactly the tables that the code is written for, on both kinds of database."""

import json
import sqlite3
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import insert, inspect, literal, select, text

from apflow.core.screening.screening import PupilNamed
from apflow.letters.barred import kept_from_pupil
from apflow.loader import Library
from apflow.store import migrate
from apflow.store.driver.engine import BrokenKeys, Store
from apflow.store.records.pupils import named_in_words
from apflow.store.tables import metadata
from apflow.store.tables.cases import barred_cases, case_items, cases
from apflow.store.tables.history import workflow_texts
from apflow.store.tables.pupils import pupil_words, pupils
from apflow.store.tables.records import record_holds
from apflow.testing import MONDAY
from tests.databases import Postgres
from tests.store.conftest import BOTH
from tests.store.witness import at_once


@pytest.fixture(scope="session")
def nothing(postgres: Postgres) -> str:
    return postgres.template("nothing", fill=lambda url: None)


@pytest.fixture(params=BOTH)
def empty(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A database without tables, of each kind in turn."""
    if request.param == "sqlite":
        yield from _opened(f"sqlite:///{tmp_path}/empty.db")
        return
    with request.getfixturevalue("postgres").clone(request.getfixturevalue("nothing")) as url:
        yield from _opened(url)


def test_alembic_finds_no_difference_between_the_migrations_and_the_tables(empty: Store) -> None:
    migrate.upgrade(empty)
    with empty.writing() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_migrations_make_the_very_columns_keys_checks_and_indexes_that_the_models_say(
    empty: Store,
) -> None:
    migrate.upgrade(empty)
    migrated = _described(empty)
    assert migrated.pop("alembic_version")
    with empty.writing() as connection:
        metadata.drop_all(connection)
        metadata.create_all(connection)
    assert migrated == {name: table for name, table in _described(empty).items() if name != "alembic_version"}


def test_an_upgrade_says_beforehand_what_it_will_do(empty: Store) -> None:
    assert not migrate.is_current(empty)
    assert migrate.pending(empty) == [
        "The first tables.",
        "Child cases, pauses, overrides and editions.",
        "Reminders found quickly, however many messages a case has had.",
        "Indexes for the order of work and for what a case's page shows, however long a queue or a history is.",
        "Limits that hold across processes.",
        "Schools, pupils and placements, and what is kept of them.",
        "Which commissioner a message went to, and which item a task is about.",
        "Attendance of placements: plans, marks and what was chased; and what a placement costs.",
        "Which case keeps a placement.",
        "Term dates and INSET days of single schools.",
        "Why a placement was recorded late.",
        "Links and codes of readers without an account, whose looks are noted too; and documents as they were signed.",
        "Who considered section 19, when, and on what evidence, of placements kept by hand.",
        "What the nightly check found, and that a case was moved to another version of its workflow.",
        "Placements that never began.",
        "What the census asks of a child: sex, middle names, home postcode and unique learner number.",
        "Where the pupil went, of placements kept by hand.",
        "Colleagues of whom we write to, and who of a case's outsiders is there as one.",
        "Pauses of placements.",
        "Which colleague of an earlier contact somebody is the same as.",
        "Why they were commissioned, of placements kept by hand.",
        "Other sites of the provider that a placement is at as well.",
        "What a week of a placement came to before its hours or its cost changed.",
        "The version of the case that a form was shown against which somebody has begun and not sent.",
        "Why records of pupils are held back from erasure, and when one was erased.",
        "Placements whose pupil is missing from them, once somebody has been told.",
        "When it was checked that an address is that of somebody who works with a pupil.",
        "Since when work is left undone, and what people were last told of it.",
        "Cases that are hidden from somebody whom they are about.",
        "The words that pupils' names begin with, and how items stand, so that neither is looked for among thousands.",
        "Placements that are a sporting activity or work experience, which have codes of their own.",
        "Why closed cases are held back from erasure, and when one was erased, by whom, by which rule and why.",
        "When it is asked again whether a pupil's record must be held back; of those held back already, from now on.",
        "Which browser asked for a sign-in code, as only there can it be typed.",
        "Which cases name somebody who must not be contacted about a pupil, by the pupil.",
        "Which reminders go in one e-mail, and in which.",
        "Lists that people keep under names of their own.",
        "To which day whoever has a task has put it off, and who goes on to their next task at once.",
        "When people are away, and who covers for them.",
        "What people searched for today.",
        "How many years a pupil is ahead of the usual school year, so that it moves up, in place of the year itself.",
        "What each thing found at night is of, part by part, and when people were last told which.",
        "By which version of its case an e-mail that was written again was first written.",
        "Pupils of whom somebody was told how long they are away, by which rule, counted from which day.",
    ]


def test_after_an_upgrade_nothing_is_left_to_do(empty: Store) -> None:
    migrate.upgrade(empty)
    assert migrate.is_current(empty)
    assert migrate.pending(empty) == []


def test_a_second_upgrade_changes_nothing(empty: Store) -> None:
    migrate.upgrade(empty)
    before = _described(empty)
    migrate.upgrade(empty)
    assert _described(empty) == before


def test_several_processes_may_upgrade_at_once(empty: Store) -> None:
    results = at_once(*[lambda: migrate.upgrade(empty.url)] * 3)
    assert results == [None, None, None]
    assert migrate.is_current(empty)


def test_an_address_does_as_well_as_an_open_store(empty: Store) -> None:
    migrate.upgrade(empty.url)
    assert migrate.is_current(empty.url)


def test_a_database_from_a_newer_version_is_left_alone(empty: Store) -> None:
    migrate.upgrade(empty)
    with empty.writing() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    assert not migrate.is_current(empty)
    with pytest.raises(migrate.NewerDatabase):
        migrate.upgrade(empty)


def test_sqlite_checks_foreign_keys_again_after_an_upgrade(tmp_path: Path) -> None:
    for store in _opened(f"sqlite:///{tmp_path}/apflow.db"):
        migrate.upgrade(store)
        with store.reading() as connection:
            assert connection.exec_driver_sql("PRAGMA foreign_keys").scalar_one() == 1


def test_a_migration_that_would_leave_rows_referring_to_nothing_is_undone(tmp_path: Path) -> None:
    for store in _opened(f"sqlite:///{tmp_path}/apflow.db"):
        migrate.upgrade(store)
        with pytest.raises(BrokenKeys), store.rebuilding() as connection:
            connection.exec_driver_sql("INSERT INTO sessions VALUES ('hash', 99, '', '', '')")
        with sqlite3.connect(tmp_path / "apflow.db") as looking:
            assert looking.execute("SELECT count(*) FROM sessions").fetchone() == (0,)
        looking.close()


def test_a_record_that_was_held_back_before_there_was_a_day_for_it_is_asked_again_at_once(empty: Store) -> None:
    migrate.upgrade(empty, to="0032")
    held = {"because": "A claim.", "held_by": "Olive", "held_at": MONDAY}
    with empty.writing() as connection:
        pupil = {"forename": "Pip", "surname": "Sparrow", "sought": "pip", "born": MONDAY.date(), "version": 1}
        connection.execute(insert(pupils).values(**pupil, changed_at=MONDAY))
        number = connection.execute(select(pupils.c.id)).scalar_one()
        columns = [record_holds.c[name] for name in ("pupil_id", *held)]
        connection.execute(insert(record_holds).from_select(columns, select(*map(literal, [number, *held.values()]))))

    migrate.upgrade(empty)

    with empty.reading() as connection:
        assert connection.execute(select(record_holds.c.ask_again_on)).scalars().all() == [MONDAY.date()]


def test_names_of_pupils_on_record_are_found_in_texts_after_the_step_that_keeps_their_words(empty: Store) -> None:
    migrate.upgrade(empty, to="0029")
    pupil = {"forename": "Anaïs", "surname": "van der Sparrow", "sought": "", "born": MONDAY.date()}
    with empty.writing() as connection:
        for number, erased_at in ((1, None), (2, MONDAY)):
            row = {**pupil, "id": number, "version": 1, "changed_at": MONDAY, "erased_at": erased_at}
            connection.execute(insert(pupils).values(row))

    migrate.upgrade(empty)

    with empty.reading() as connection:
        assert named_in_words(connection, None, ["anais"], everybody=True) == (PupilNamed("Anaïs", "van der Sparrow"),)
        words = connection.execute(select(pupil_words).order_by(pupil_words.c.word)).all()
        assert [tuple(row) for row in words] == [("anais", 1), ("sparrow", 1), ("van", 1)]


def test_a_school_year_that_was_given_moves_up_from_the_year_in_which_the_record_was_last_changed(empty: Store) -> None:
    migrate.upgrade(empty, to="0040")
    pupil = {"surname": "Sparrow", "forename": "Pip", "sought": "", "born": date(2012, 11, 4), "version": 1}
    with empty.writing() as connection:
        for number in (1, 2, 3):
            connection.execute(insert(pupils).values(id=number, **pupil, changed_at=MONDAY))
        connection.execute(text("UPDATE pupils SET year = 10 - id WHERE id < 3"))

    migrate.upgrade(empty)

    with empty.reading() as connection:
        assert connection.execute(select(pupils.c.years_out).order_by(pupils.c.id)).scalars().all() == [0, -1, None]


def test_who_was_named_before_is_kept_from_a_pupil_after_the_step_that_finds_cases_by_the_pupil(
    empty: Store, library: Library
) -> None:
    migrate.upgrade(empty, to="0032")
    said = library.sources["placement"].text
    pinned = {"digest": "d", "workflow": "placement", "version": 1, "text": said, "first_seen_at": MONDAY}
    case = {"workflow": "placement", "digest": "d", "title": "A", "state": "active", "version": 1, "head": "h"}
    times = dict.fromkeys(("opened_at", "entered_at", "changed_at"), MONDAY)
    with empty.writing() as connection:
        connection.execute(insert(workflow_texts).values(pinned))
        for number, status in ((1, "not_contacted"), (2, "by_email")):
            row = {**case, **times, "id": number, "reference": f"PL-{number}", "fields": {"pupil": 70 + number}}
            connection.execute(insert(cases).values(row))
            item = {"case_id": number, "collection": "parents", "key": "1", "status": status, "changed_at": MONDAY}
            connection.execute(insert(case_items).values(**item, data={"parent_name": "Carl Other"}))

    migrate.upgrade(empty)

    with empty.reading() as connection:
        assert [tuple(row) for row in connection.execute(select(barred_cases))] == [(1, 71)]
        assert [one.words for one in kept_from_pupil(connection, library.current("placement"), 71).names] == [
            ("carl", "other")
        ]


def _opened(url: str) -> Iterator[Store]:
    store = Store(url)
    yield store
    store.close()


def _described(store: Store) -> dict[str, Any]:
    """Everything the database itself says of each of its tables."""
    looking = inspect(store.engine)
    return {
        name: {
            "columns": [repr({**column, "type": repr(column["type"])}) for column in looking.get_columns(name)],
            "key": looking.get_pk_constraint(name),
            "foreign": _sorted(looking.get_foreign_keys(name)),
            "unique": _sorted(looking.get_unique_constraints(name)),
            "checks": _sorted(looking.get_check_constraints(name)),
            "indexes": _sorted(looking.get_indexes(name)),
        }
        for name in looking.get_table_names()
    }


def _sorted(found: list[Any]) -> list[str]:
    return sorted(json.dumps(one, default=str, sort_keys=True) for one in found)
