"""The folder the bytes are in: staged a piece at a time, synced, moved into place; swept when nothing refers to it."""

import hashlib
import os
import re
import secrets
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from apflow.core.errors import NotFound
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.uploads.contents import kind_of
from apflow.uploads.names import clean_name
from apflow.uploads.refusals import SIZE_LIMIT, FileRefused, FilesUnavailable, FileTooLarge

KEPT_UNREFERENCED = timedelta(hours=24)
# Whoever goes back to an older database, and forward again, finds what was sent in between.
KEPT_UNKNOWN = timedelta(days=30)
_A_CHUNK = 1 << 20
_STAGING = "staging"
_MARK = ".apflow"  # An empty file: this is the folder, and no place where it should be mounted.
_NOT_YET = datetime.max.replace(tzinfo=UTC)
_ID = re.compile(r"[0-9a-f]{32}")


@dataclass(frozen=True, slots=True)
class Staged:
    """A file whose bytes are in place and synced, for the caller to record."""

    id: str
    name: str
    media_type: str
    size: int
    sha256: str

    def row(self, *, staged_by: int | None, staged_at: datetime) -> Mapping[str, Any]:
        """What `store.beside.stage_upload` takes; `staged_at` is machine time."""
        return {**asdict(self), "staged_by": staged_by, "staged_at": staged_at}


class Staging:
    """One file on its way in. Unless it is finished, leaving the `with` block leaves nothing behind."""

    def __init__(self, folder: Path) -> None:
        self.id = secrets.token_hex(16)
        self._folder = folder
        self._path = folder / _STAGING / self.id
        self._sha256 = hashlib.sha256()
        self._size = 0
        with _disk():
            _make(self._path.parent)
            self._file = self._path.open("x+b")

    def __enter__(self) -> "Staging":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Leave nothing half done behind; what a full disk did not take is not written once more in closing."""
        with suppress(OSError):
            self._file.close()
        with suppress(OSError):
            self._path.unlink(missing_ok=True)

    def write(self, chunk: bytes) -> None:
        """Add to the file; FileTooLarge as soon as it is."""
        self._size += len(chunk)
        if self._size > SIZE_LIMIT:
            raise FileTooLarge
        self._sha256.update(chunk)
        with _disk():
            self._file.write(chunk)

    def finish(self, name: str) -> Staged:
        """Check what has come in, sync it and move it into place; FileRefused with how to mend it."""
        if not self._size:
            raise FileRefused("The file is empty. Check that you can open it, and choose it again.")
        shown = clean_name(name)
        with _disk():
            self._file.flush()
            kind = kind_of(shown, self._file)
            os.fsync(self._file.fileno())
            place = _place(self._folder, self.id)
            _make(place.parent)
            self._path.rename(place)
            _sync(place.parent)
        return Staged(self.id, shown, kind.media_type, self._size, self._sha256.hexdigest())


class Uploads:
    """Every file people have sent, each under its random id."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._mark = folder / _MARK
        self._was_there = self._mark.exists()

    def is_there(self) -> bool:
        """Whether the folder is the one that it was: a disk that is mounted no more leaves an empty one behind."""
        return not self._was_there or self._mark.exists()

    def staging(self) -> Staging:
        """Begin to take a file in; FilesUnavailable where the folder is gone."""
        if not self.is_there():
            raise FilesUnavailable
        staging = Staging(self.folder)
        if not self._was_there:
            with _disk():
                self._mark.touch(mode=0o600)
            self._was_there = True
        return staging

    def has_lost(self, known: Iterable[str]) -> bool:
        """Whether nothing here says that it is the folder of these files, and none of them is in it."""
        known = list(known)
        return bool(known) and not self._mark.exists() and all(self.size_of(one) is None for one in known)

    def take(self, chunks: Iterable[bytes], name: str) -> Staged:
        """Take in a whole file."""
        with self.staging() as staging:
            for chunk in chunks:
                staging.write(chunk)
            return staging.finish(name)

    def open_file(self, upload: str) -> BinaryIO:
        """The bytes of this file; NotFound when there are none."""
        try:
            return self._place(upload).open("rb")
        except FileNotFoundError:
            if not self.is_there():
                raise FilesUnavailable from None
            raise NotFound("We no longer have that file.") from None

    def size_of(self, upload: str) -> int | None:
        """How many bytes there are of it; None when it is not there."""
        try:
            return self._place(upload).stat().st_size
        except FileNotFoundError:
            return None

    def digest_of(self, upload: str) -> str:
        """The SHA-256 of what is there."""
        digest = hashlib.sha256()
        with self.open_file(upload) as file:
            while chunk := file.read(_A_CHUNK):
                digest.update(chunk)
        return digest.hexdigest()

    def delete(self, upload: str) -> None:
        """Remove the bytes, if they are there."""
        with _disk():
            self._place(upload).unlink(missing_ok=True)

    def sweep(self, store: Store, now: datetime) -> int:
        """Remove what no commit has referenced for a day at machine time `now`, rows first; how many files went.

        What there is no row of goes later: it may be the database that is not the one it was.
        """
        before = now - KEPT_UNREFERENCED
        with store.writing() as connection:
            gone = beside.forget_orphans(connection, before)
        for upload in gone:
            self.delete(upload)
        # Found on disk before the rows are read: a file that is recorded in between is never taken for unknown.
        old = {path.name: path for path in self._files() if _written_at(path) < now - KEPT_UNKNOWN}
        with store.reading() as connection:
            unknown = old.keys() - beside.known_uploads(connection)
        for upload in unknown:
            old[upload].unlink(missing_ok=True)
        return len(gone) + len(unknown)

    def _place(self, upload: str) -> Path:
        if not _ID.fullmatch(upload):
            raise NotFound("We no longer have that file.")
        return _place(self.folder, upload)

    def _files(self) -> Iterator[Path]:
        for path in self.folder.glob("*/*"):
            if _ID.fullmatch(path.name):
                yield path


def _place(folder: Path, upload: str) -> Path:
    return folder / upload[:2] / upload


def _written_at(path: Path) -> datetime:
    try:
        return datetime.fromtimestamp(path.stat().st_mtime, UTC)
    except FileNotFoundError:  # Moved into place, or given up, since it was listed.
        return _NOT_YET


def _make(folder: Path) -> None:
    """Make the folder and sync the one it is in, so that a crash does not lose it with the first file."""
    if not folder.is_dir():
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        _sync(folder.parent)


def _sync(folder: Path) -> None:
    handle = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def _disk() -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise FilesUnavailable from error
