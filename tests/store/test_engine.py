"""What happens when the database is busy, full, gone or of two minds: people are told, and nothing is half done."""

import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import event, insert, select, text
from sqlalchemy.exc import InternalError

from apflow.loader import Library
from apflow.store import beside
from apflow.store.cases.unit import Saved
from apflow.store.driver.engine import Store, read_only
from apflow.store.driver.faults import Clash, InDoubt, StoreUnavailable, Unstorable
from apflow.store.tables.settings import settings
from apflow.testing import MONDAY, OLIVE, a_handler, enquire
from tests.journeys.live import until
from tests.store.witness import SECONDS, at_once, case_of, faults, rows


@pytest.fixture
def sqlite_url(migrated_file: Path, tmp_path: Path) -> str:
    (tmp_path / "apflow.db").write_bytes(migrated_file.read_bytes())
    return f"sqlite:///{tmp_path}/apflow.db"


def test_an_exception_in_a_write_undoes_all_of_it(store: Store) -> None:
    before = rows(store)

    def fail() -> None:
        with store.writing() as connection:
            beside.set_setting(connection, "demo", "yes")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail()
    assert rows(store) == before


def test_many_processes_that_count_together_lose_no_count(store: Store) -> None:
    with store.writing() as connection:
        beside.set_setting(connection, "count", "0")

    def count() -> None:
        own = Store(store.url)  # as a process of its own has
        for _ in range(5):
            with own.writing() as connection:
                held = select(settings.c.value).where(settings.c.name == "count").with_for_update()
                now = int(connection.execute(held).scalar_one())
                beside.set_setting(connection, "count", str(now + 1))
        own.close()

    assert at_once(*[count] * 4) == [None] * 4
    with store.reading() as connection:
        assert beside.setting(connection, "count") == "20"


@pytest.mark.parametrize("text", ["\ud800", "\0"], ids=["half a character", "NUL"])
def test_what_a_database_cannot_keep_is_refused_and_leaves_nothing(store: Store, text: str) -> None:
    if store.is_sqlite and text == "\0":
        text = "\udfff"  # SQLite keeps a NUL.
    before = rows(store)

    def write() -> None:
        with store.writing() as connection:
            beside.set_setting(connection, "first", "kept only with the second")
            beside.set_setting(connection, "second", text)

    with pytest.raises(Unstorable, match="no keyboard types"):
        write()
    assert rows(store) == before


# --- SQLite -------------------------------------------------------------------------------------------


def test_a_sqlite_file_someone_else_is_writing_to_is_unavailable_after_a_while(
    sqlite_url: str, library: Library
) -> None:
    store = Store(f"{sqlite_url}?timeout=0.05")
    other = sqlite3.connect(sqlite_url.removeprefix("sqlite:///"), isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreUnavailable):
        enquire(a_handler(store, library))
    other.execute("ROLLBACK")
    assert enquire(a_handler(store, library))
    other.close()
    store.close()


def test_a_new_sqlite_file_that_another_process_is_at_is_waited_for(tmp_path: Path) -> None:
    other = sqlite3.connect(tmp_path / "new.db", isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    let_go = threading.Timer(0.2, other.execute, ["COMMIT"])
    store = Store(f"sqlite:///{tmp_path}/new.db")
    event.listen(store.engine, "connect", lambda *_: let_go.start(), insert=True)
    with store.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar_one() == "wal"
    store.close()
    let_go.join()
    other.close()


def test_readers_of_a_sqlite_file_do_not_wait_for_who_writes_to_it(sqlite_url: str) -> None:
    store = Store(f"{sqlite_url}?timeout=0.05")
    with store.writing() as writer:
        beside.set_setting(writer, "demo", "yes")
        with store.reading() as reader:
            assert beside.setting(reader, "demo") is None
    store.close()


def test_a_full_disk_leaves_the_case_as_it_was_and_room_lets_it_go_on(sqlite_url: str, library: Library) -> None:
    store, full = Store(sqlite_url), threading.Event()

    def fill(connection: Any, cursor: sqlite3.Cursor, statement: str, *_rest: Any) -> None:
        if statement == "BEGIN IMMEDIATE":
            (pages,) = cursor.execute("PRAGMA page_count").fetchone()
            cursor.execute(f"PRAGMA max_page_count = {pages if full.is_set() else 1_000_000}")

    event.listen(store.engine, "before_cursor_execute", fill)
    handler = a_handler(store, library)
    reference = enquire(handler)
    before = rows(store)
    full.set()
    with pytest.raises(StoreUnavailable):
        enquire(handler, what_is_offered="Goats, and more goats. " * 80)
    assert rows(store) == before
    assert faults(store) == []
    full.clear()
    handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    store.close()


def test_a_folder_that_is_not_there_makes_the_store_unavailable() -> None:
    store = Store("sqlite:////nowhere/at/all/apflow.db")
    with pytest.raises(StoreUnavailable), store.reading():
        raise AssertionError("there is no such database")


# --- PostgreSQL ---------------------------------------------------------------------------------------


@pytest.mark.postgres
def test_on_postgresql_nobody_writes_while_reading(on_postgresql: Store) -> None:
    with pytest.raises(InternalError), on_postgresql.reading() as connection:
        connection.execute(insert(settings), {"name": "demo", "value": "yes"})


@pytest.mark.postgres
def test_one_that_takes_no_writes_is_unavailable_and_says_so_to_whoever_watches(
    on_postgresql: Store, library: Library
) -> None:
    reference = enquire(a_handler(on_postgresql, library))
    readable = Store(read_only(on_postgresql.url))
    before = rows(on_postgresql)

    with pytest.raises(StoreUnavailable):
        a_handler(readable, library).fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    with pytest.raises(StoreUnavailable), readable.writing() as connection:
        beside.set_setting(connection, "demo", "yes")
    with readable.reading() as connection, on_postgresql.reading() as other:
        takes = readable.takes_writes(connection), on_postgresql.takes_writes(other)

    readable.close()
    assert takes == (False, True)
    assert rows(on_postgresql) == before


@pytest.mark.postgres
def test_a_transaction_that_the_server_ended_as_it_lay_idle_can_be_done_again(on_postgresql: Store) -> None:
    def is_gone(pid: int) -> bool:
        with on_postgresql.reading() as connection:
            return connection.execute(text("SELECT 1 FROM pg_stat_activity WHERE pid = :pid"), {"pid": pid}).all() == []

    def lie_idle() -> None:
        with on_postgresql.writing() as connection:
            pid = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
            connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = '1ms'"))
            until(lambda: is_gone(pid))
            beside.set_setting(connection, "demo", "yes")

    with pytest.raises(StoreUnavailable):
        lie_idle()


@pytest.mark.postgres
def test_the_loser_of_a_deadlock_is_told_that_it_can_be_done_again(on_postgresql: Store) -> None:
    with on_postgresql.writing() as connection:
        for name in ("one", "other"):
            beside.set_setting(connection, name, "")
    both_hold_one = threading.Barrier(2, timeout=SECONDS)

    def change(first: str, second: str) -> None:
        with on_postgresql.writing() as connection:
            connection.execute(text("SET LOCAL deadlock_timeout = '10ms'"))
            beside.set_setting(connection, first, "mine")
            both_hold_one.wait()
            beside.set_setting(connection, second, "mine")

    results = at_once(lambda: change("one", "other"), lambda: change("other", "one"))
    assert sorted(type(result).__name__ for result in results) == ["Clash", "NoneType"]


@pytest.mark.postgres
def test_a_command_that_loses_a_deadlock_is_done_all_the_same(on_postgresql: Store, library: Library) -> None:
    handler = a_handler(on_postgresql, library)
    reference = enquire(handler)
    lost: list[Any] = []
    event.listen(on_postgresql.engine, "handle_error", lambda context: lost.append(context.original_exception))
    with on_postgresql.engine.connect() as rogue, ThreadPoolExecutor(1) as thread:
        rogue.execute(text("SET LOCAL deadlock_timeout = '60s'"))  # It is not this one that will give way.
        rogue.execute(text("UPDATE timers SET token = token"))
        firing = thread.submit(handler.fire, reference, "invite", {}, actor=OLIVE, now=MONDAY)
        _wait_until(lambda: _waiting(on_postgresql))
        rogue.execute(text("UPDATE cases SET title = title"))
        rogue.commit()
        assert firing.result(SECONDS) == Saved(reference, 2)
    assert [type(error) for error in lost] == [psycopg.errors.DeadlockDetected]
    assert case_of(on_postgresql, reference).state == "gathering_evidence"


@pytest.mark.postgres
def test_nobody_can_tell_whether_a_commit_that_lost_its_connection_was_made(on_postgresql: Store) -> None:
    def cut(connection: Any) -> None:
        pid = connection.connection.driver_connection.info.backend_pid
        with psycopg.connect(_dsn(on_postgresql), autocommit=True) as other:
            other.execute("SELECT pg_terminate_backend(%s, 10000)", [pid])

    event.listen(on_postgresql.engine, "commit", cut)
    with pytest.raises(InDoubt), on_postgresql.writing() as connection:
        beside.set_setting(connection, "demo", "yes")
    event.remove(on_postgresql.engine, "commit", cut)
    with on_postgresql.reading() as connection:
        assert beside.setting(connection, "demo") is None


@pytest.mark.postgres
def test_a_connection_lost_before_the_commit_leaves_no_doubt(on_postgresql: Store) -> None:
    def lose() -> None:
        with on_postgresql.writing() as connection:
            beside.set_setting(connection, "demo", "yes")
            connection.execute(text("SELECT pg_terminate_backend(pg_backend_pid())"))

    with pytest.raises(StoreUnavailable) as raised:
        lose()
    assert not isinstance(raised.value, InDoubt | Clash)
    with on_postgresql.reading() as connection:
        assert beside.setting(connection, "demo") is None


@pytest.mark.postgres
def test_a_server_that_came_back_is_used_again(on_postgresql: Store, library: Library) -> None:
    reference = enquire(a_handler(on_postgresql, library))
    with psycopg.connect(_dsn(on_postgresql), autocommit=True) as other:
        other.execute(  # And see that they are gone, before another statement comes over one of them.
            "SELECT pg_terminate_backend(pid, 10000) FROM pg_stat_activity "
            "WHERE pid <> pg_backend_pid() AND datname = current_database()"
        )
    assert case_of(on_postgresql, reference).state == "enquiry"


def test_a_server_that_is_not_there_makes_the_store_unavailable(tmp_path: Path) -> None:
    store = Store(f"postgresql+psycopg://postgres@/apflow?host={tmp_path}")
    with pytest.raises(StoreUnavailable), store.reading():
        raise AssertionError("there is no such server")


@pytest.mark.postgres
def test_a_writer_that_hangs_does_not_stop_the_others_for_ever(on_postgresql: Store) -> None:
    with on_postgresql.reading() as connection:
        waits = connection.execute(text("SHOW lock_timeout")).scalar_one()
        idles = connection.execute(text("SHOW idle_in_transaction_session_timeout")).scalar_one()
    assert (waits, idles) == ("15s", "30s")


def _waiting(store: Store) -> bool:
    with store.reading() as connection:
        return bool(connection.execute(text("SELECT count(*) FROM pg_locks WHERE NOT granted")).scalar_one())


def _wait_until(happens: Callable[[], bool]) -> None:
    for _ in range(100_000):
        if happens():
            return
    raise AssertionError("it did not happen")


def _dsn(store: Store) -> str:
    return store.url.replace("postgresql+psycopg", "postgresql")
