"""Templates as an earlier check compiled them: most are as they were, and to compile them is half of what it does.

They are kept as Python keeps its own modules compiled, in the cache of whoever runs the check, and are of use to nobody
else. Whatever is amiss with one, it is compiled again.
"""

import os
import pickle
import shutil
import sys
from contextlib import suppress
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path

from jinja2 import BytecodeCache, FileSystemBytecodeCache
from jinja2.bccache import Bucket

from apflow.loader.own_cache import own_cache

_FOLDERS_KEPT = 5


class _Kept(FileSystemBytecodeCache):
    """The templates of one folder, as compiled by this code, this release of Jinja and this Python."""

    def __init__(self, folder: Path, compiler: str) -> None:
        super().__init__(str(folder), "%s")
        self._compiler = compiler

    def get_source_checksum(self, source: str) -> str:
        return sha256(f"{self._compiler}\n{source}".encode()).hexdigest()

    def load_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError, EOFError, ValueError, pickle.UnpicklingError):
            super().load_bytecode(bucket)

    def dump_bytecode(self, bucket: Bucket) -> None:
        with suppress(OSError):
            super().dump_bytecode(bucket)


def compiled_before(notifications: Path, cache: Path | None = None, compiler: str = "") -> BytecodeCache | None:
    """What was compiled of the folder's templates before, and where more is kept; None where nothing can be.

    Without `cache` it is the `apflow` in the cache of whoever runs this. What another `compiler` made is passed over.
    """
    kept = own_cache("letters", cache)
    if kept is None:
        return None
    folder = kept / sha256(os.fsencode(notifications.resolve())).hexdigest()[:32]
    try:
        folder.mkdir(exist_ok=True)
        if folder.stat().st_uid != os.geteuid():
            return None
        os.utime(folder)
        _forget_all_but_the_latest(kept)
    except OSError:
        return None
    return _Kept(folder, compiler or _this_compiler())


def _forget_all_but_the_latest(kept: Path) -> None:
    latest_first = sorted(kept.iterdir(), key=lambda folder: folder.stat().st_mtime, reverse=True)
    for folder in latest_first[_FOLDERS_KEPT:]:
        shutil.rmtree(folder)


def _this_compiler() -> str:
    own = (path.read_bytes() for path in sorted(Path(__file__).parent.glob("*.py")))
    return f"{sys.version} {version('jinja2')} {sha256(b''.join(own)).hexdigest()}"
