"""Checkpoints: files that say how far each case's history had come, for a place that no writer of the database reaches.

A chain of hashes shows what was changed within it. Whoever can write the whole database can cut its end off, or write
all of it anew; only something that is kept elsewhere shows that.
"""

import hashlib
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import IO

from apflow.core.errors import ApflowError
from apflow.store.driver.engine import Store
from apflow.store.reading.marks import Mark, every_mark, gone_from

_BEGINS = "apflow checkpoint, made at "
_ENDS = "cases: "
_LINE = re.compile(r"(\S+) ([1-9][0-9]{0,8}) ([0-9a-f]{64})")
_A_LOOK = 500


class NoCheckpoint(ApflowError):
    """This is no checkpoint, or not the whole of one. Take another copy of it."""


def make_checkpoint(store: Store, file: Path, now: datetime) -> int:
    """Write how far every case has come at this moment, and say of how many; FileExistsError where there is a file."""
    with file.open("x", encoding="ascii", newline="\n") as written:
        try:
            return _write(store, written, now)
        except BaseException:
            file.unlink()  # Half of one would be taken for none.
            raise


def _write(store: Store, written: IO[str], now: datetime) -> int:
    written.write(f"{_BEGINS}{now.astimezone(UTC).isoformat(timespec='seconds')}\n")
    cases = 0
    with store.reading() as connection:
        for mark in every_mark(connection):
            written.write(f"{mark.reference} {mark.version} {mark.head}\n")
            cases += 1
    written.write(f"{_ENDS}{cases}\n")
    return cases


def read_checkpoint(file: Path) -> list[Mark]:
    """What the file says of each case; NoCheckpoint where it is none, or was cut."""
    try:
        begins, *lines, ends = file.read_text(encoding="ascii").splitlines()
    except (UnicodeDecodeError, ValueError) as fault:
        raise NoCheckpoint from fault
    found = [_LINE.fullmatch(line) for line in lines]
    marks = [Mark(one[1], int(one[2]), one[3]) for one in found if one]
    if not begins.startswith(_BEGINS) or len(marks) != len(lines) or ends != f"{_ENDS}{len(marks)}":
        raise NoCheckpoint
    return marks


def compared(store: Store, marks: Sequence[Mark]) -> Iterator[tuple[str, str]]:
    """The reference, and a sentence, of each case whose history does not hold any more what the checkpoint says."""
    for begun in range(0, len(marks), _A_LOOK):
        with store.reading() as connection:
            yield from list(gone_from(connection, marks[begun : begun + _A_LOOK]))


def digest_of(file: Path) -> str:
    """The SHA-256 of the file, short enough to be kept in a second place."""
    with file.open("rb") as whole:
        return hashlib.file_digest(whole, "sha256").hexdigest()
