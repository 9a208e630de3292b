"""What an earlier check found by following a workflow, which takes most of its time: it stands until something changes.

What is found by following depends on the workflow's own file, the council's, the catalogues, the names of its notices,
what other workflows do on its cases, and on this code. A file in the cache is named by all of it, and is read by nobody
else; whatever is amiss with one, the workflow is followed again.
"""

import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from msgspec import DecodeError, ValidationError, json

from apflow.core.checks import Followed, Subject, follow
from apflow.loader.own_cache import own_cache
from apflow.loader.reading import Reading

_MOST_KEPT = 200
_CODE = ("core", "provision", "loader")
_LIBRARIES = ("govuk-bank-holidays", "msgspec", "pydantic", "transitions")


@dataclass(frozen=True)
class FollowedBefore:
    """Follows the workflows of one reading, each once for as long as nothing that it depends on has changed."""

    folder: Path
    reading: Reading

    def __call__(self, subject: Subject) -> Followed:
        kept = self.folder / f"{self._key(subject)}.json"
        with suppress(OSError, DecodeError, ValidationError):
            found = json.decode(kept.read_bytes(), type=Followed)
            os.utime(kept)
            return found
        found = follow(subject)
        with suppress(OSError):
            half = kept.with_suffix(f".{os.getpid()}")
            half.write_bytes(json.encode(found))
            half.replace(kept)
        return found

    def _key(self, subject: Subject) -> str:
        events = subject.definition.event_names
        parts = (
            self._shared,
            subject.definition.digest,
            repr(sorted(subject.told)),
            repr(sorted(event for event in events if subject.is_told(event))),
            repr(None if subject.notices is None else sorted(subject.own_notices)),
        )
        return sha256("\n".join(parts).encode()).hexdigest()

    @cached_property
    def _shared(self) -> str:
        """What all workflows of the reading depend on."""
        texts = (self.reading.texts[file] for file in sorted({*self.reading.councils, *self.reading.catalogues}))
        return "\n".join((_this_code(), *texts))


def followed_before(reading: Reading, cache: Path | None = None) -> FollowedBefore | None:
    """What follows the reading's workflows as an earlier check did; None where nothing can be kept."""
    folder = own_cache("followed", cache)
    if folder is None:
        return None
    with suppress(OSError):
        latest_first = sorted(folder.iterdir(), key=lambda kept: kept.stat().st_mtime, reverse=True)
        for kept in latest_first[_MOST_KEPT:]:
            kept.unlink()
    return FollowedBefore(folder, reading)


def _this_code() -> str:
    here = Path(__file__).parents[1]
    files = (path for room in _CODE for path in sorted((here / room).rglob("*")) if path.suffix in (".py", ".yaml"))
    digest = sha256(b"".join(path.read_bytes() for path in files)).hexdigest()
    return f"{sys.version} {digest} {' '.join(version(library) for library in _LIBRARIES)}"
