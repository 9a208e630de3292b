"""Whether every file that a case has is there, and is the one that was sent."""

from collections.abc import Iterator
from typing import Any

from sqlalchemy import Row

from apflow.core.definition.words import moment
from apflow.core.errors import NotFound
from apflow.rounds.verifying import Found
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.uploads.folder import Uploads

FILE = "file"
A_LOOK = 500


def files_missing(store: Store, uploads: Uploads, *, is_read: bool) -> Iterator[Found]:
    """Each that is gone or is another, by the reference of its case; only its size is looked at unless it `is_read`.

    No file is called by its name, which may be a child's.
    """
    after = ""
    while True:
        with store.reading() as connection:
            some = beside.uploads_of_cases(connection, after, limit=A_LOOK)
        for row in some:
            if fault := _fault(uploads, row, is_read=is_read):
                yield Found(FILE, row.reference, f"the file {row.id[:12]}, sent on {moment(row.staged_at)}, {fault}")
        if len(some) < A_LOOK:
            return
        after = some[-1].id


def _fault(uploads: Uploads, row: Row[Any], *, is_read: bool) -> str:
    try:
        size = uploads.size_of(row.id)
        if size is None:
            return "is not in the uploads folder"
        if size != row.size or (is_read and uploads.digest_of(row.id) != row.sha256):
            return "is not the one that was sent"
    except NotFound:
        return "is not in the uploads folder"
    except OSError as fault:
        return f"cannot be read: {fault.strerror}"
    return ""
