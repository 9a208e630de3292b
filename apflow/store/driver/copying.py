"""A copy of a SQLite database as it stands at one moment, while others go on writing to it."""

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from apflow.core.errors import ApflowError
from apflow.store.driver.engine import Store


class CannotCopy(ApflowError):
    """The copy could not be written. What there was of it is removed."""


def copy_of(store: Store, file: Path) -> None:
    """Write the copy, for its owner's eyes only; FileExistsError where there is such a file already."""
    os.close(os.open(file, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    connection = store.engine.raw_connection()
    try:
        with closing(sqlite3.connect(file)) as target:
            connection.driver_connection.backup(target)  # type: ignore[union-attr]
    except sqlite3.Error as fault:
        for left in (file, file.with_name(f"{file.name}-journal")):
            left.unlink(missing_ok=True)
        raise CannotCopy(f"{CannotCopy.__doc__} {fault}") from fault
    finally:
        connection.close()
