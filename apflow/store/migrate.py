"""Bringing a database's tables up to date. Nothing but the installed package is needed: no alembic.ini.

After a change to `tables/`, `python -m apflow.store.migrate "What changes"` draws up the next step, to be tidied.
"""

import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.script.revision import ResolutionError
from alembic.util import CommandError
from sqlalchemy import Connection

from apflow.core.errors import ApflowError
from apflow.store.driver.engine import Store

_ONE_AT_A_TIME = 4_270_651  # An arbitrary number that no other advisory lock of ours uses.


class NewerDatabase(ApflowError):
    """This database was made by a newer version of apflow. Install that version to use it."""


def upgrade(store: Store | str, to: str = "head") -> None:
    """Bring the tables up to date, in one transaction; harmless when they are, and when several processes try.

    Or no further than `to` a step, by its number.
    """
    with _opened(store) as opened, opened.rebuilding() as connection:
        _wait_for_others(connection)
        if pending_on(connection):
            command.upgrade(_config(connection), to)


def is_current(store: Store | str) -> bool:
    """Whether the tables are exactly as this version of apflow needs them."""
    try:
        return not pending(store)
    except NewerDatabase:
        return False


def pending(store: Store | str) -> list[str]:
    """What an upgrade would do, a sentence for each step; empty when the tables are up to date."""
    with _opened(store) as opened, opened.reading() as connection:
        return pending_on(connection)


def pending_on(connection: Connection) -> list[str]:
    """The same, for a connection that is open."""
    heads = MigrationContext.configure(connection).get_current_heads()
    scripts = ScriptDirectory.from_config(_config(connection))
    try:
        steps = list(scripts.iterate_revisions("heads", heads or "base"))
    except (CommandError, ResolutionError):
        raise NewerDatabase from None
    return [step.doc for step in reversed(steps)]


def draw_up(message: str) -> None:
    """Write the next step as a new file: the difference between the steps so far and the tables as they are."""
    with tempfile.TemporaryDirectory() as folder, _opened(f"sqlite:///{folder}/steps.db") as store:
        upgrade(store)
        with store.rebuilding() as connection:
            config = _config(connection)
            number = len(list(ScriptDirectory.from_config(config).walk_revisions())) + 1
            command.revision(config, message, autogenerate=True, rev_id=f"{number:04}")


@contextmanager
def _opened(store: Store | str) -> Iterator[Store]:
    if isinstance(store, Store):
        yield store
        return
    opened = Store(store)
    try:
        yield opened
    finally:
        opened.close()


def _wait_for_others(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_ONE_AT_A_TIME})")


def _config(connection: Connection) -> Config:
    config = Config(attributes={"connection": connection})
    folder = str(Path(__file__).parent / "migrations")
    config.set_main_option("script_location", folder.replace("%", "%%"))
    config.set_main_option("file_template", "step_%%(rev)s_%%(slug)s")
    return config


if __name__ == "__main__":
    draw_up(sys.argv[1])
