"""Where tests write: in memory where the machine has room for it, as nothing of theirs need outlive the run.

Every commit and every copy of a database waits for the disk otherwise, which takes longer than all the rest.
"""

import os
import shutil
import tempfile
from pathlib import Path

MEMORY = Path("/dev/shm")
ROOM = 4 * 1024**3


def pytest_configure() -> None:
    """Before anything asks for a temporary folder, here and in the processes that tests start."""
    if "TMPDIR" not in os.environ and os.access(MEMORY, os.W_OK) and shutil.disk_usage(MEMORY).free > ROOM:
        os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)
