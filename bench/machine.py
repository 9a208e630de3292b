"""The machine in neutral words, for figures to stand beside."""

import os
import platform
import sqlite3
from pathlib import Path

IN_MEMORY = ("tmpfs", "ramfs")


def describe(folder: Path) -> str:
    """How many cores, what disk, which Python and SQLite; and a warning where commits cost nothing."""
    disk = kind_of_disk(folder) or "unknown disk"
    warning = "; NOT A DISK: commits cost nothing here" if disk in IN_MEMORY else ""
    python = f"{platform.python_implementation()} {platform.python_version()}"
    return f"{os.cpu_count()} cores, {disk}, {python}, SQLite {sqlite3.sqlite_version}{warning}"


def kind_of_disk(folder: Path, mounts: Path = Path("/proc/mounts")) -> str:
    """The kind of file system the folder is on; empty where that cannot be told."""
    if not mounts.exists():
        return ""
    found = [line.split()[1:3] for line in mounts.read_text().splitlines()]
    on = [(place, kind) for place, kind in found if folder.resolve().is_relative_to(place)]
    return max(on, key=lambda pair: len(pair[0]))[1] if on else ""
