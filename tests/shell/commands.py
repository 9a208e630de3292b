"""The `apflow` command as a person would run it: in this process, or in one of its own, which takes a second longer.

Each command has a test that starts it for real, since only a new process shows that it brings all that it needs.
"""

import contextlib
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from click.testing import CliRunner

from apflow.cli import main


@dataclass(frozen=True)
class Ran:
    """How a command ended and what it said."""

    returncode: int
    stdout: str
    stderr: str

    @property
    def output(self) -> str:
        """All that it said."""
        return self.stdout + self.stderr


def apflow(*words: str, folder: Path, **settings: str) -> Ran:
    """Run the command in a folder, with these settings and no others; what is no refusal of its own is raised."""
    environment = {**dict.fromkeys(_ours()), **_own_cache(folder), **settings}
    with contextlib.chdir(folder):
        ended = CliRunner().invoke(main, words, env=environment, catch_exceptions=False)
    return Ran(ended.exit_code, ended.stdout, ended.stderr)


def apflow_started(*words: str, folder: Path, **settings: str) -> Ran:
    """The same in a process of its own."""
    ours = _ours()
    kept = {name: value for name, value in os.environ.items() if name not in ours}
    command = [sys.executable, "-c", "from apflow.cli import main; main()", *words]
    ended = subprocess.run(
        command,
        cwd=folder,
        env=kept | _own_cache(folder) | settings,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    return Ran(ended.returncode, ended.stdout, ended.stderr)


def _ours() -> list[str]:
    return [name for name in os.environ if name.startswith("APFLOW_")]


def _own_cache(folder: Path) -> dict[str, str]:
    """So that nothing is left in the cache of whoever runs the tests."""
    return {"APFLOW_CACHE": str(folder / ".cache")}
