"""How long the command line takes to answer, and to check the policy as it ships."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

from bench.figures import Figure, Target
from bench.pairs import Spread
from bench.place import Place
from bench.scenario import Found, Scenario, Size, Tick

ANEW = "check, no template compiled before"
COMMANDS = {"--help": Target(floor=0.4, want=0.2), "check": Target(floor=1.0, want=0.5), ANEW: None}
RUN = "from apflow.cli import main; main()"


def measure(place: Place, size: Size, tick: Tick) -> Found:
    times: dict[str, list[float]] = {command: [] for command in COMMANDS}
    for command in list(COMMANDS) * size.steps:
        run(command, place.folder)  # Compiles what has not been compiled.
    for _ in range(size.pairs):
        for command, taken in times.items():
            taken.append(run(command, place.folder))
            tick()
    return Found(
        [Figure(f"start-up: {command}", Spread.of(times[command]), "s", target) for command, target in COMMANDS.items()]
    )


def run(command: str, folder: Path) -> float:
    """Seconds of one run of the command, in a folder where there is nothing of ours."""
    # An installed apflow has its bytecode, whoever measures it.
    kept_out = ("APFLOW_", "PYTHONDONTWRITEBYTECODE")
    environment = {name: value for name, value in os.environ.items() if not name.startswith(kept_out)}
    environment["APFLOW_CACHE"] = str(folder / "nothing" if command == ANEW else folder / "cache")
    shutil.rmtree(folder / "nothing", ignore_errors=True)
    begun = time.perf_counter()
    subprocess.run(
        [sys.executable, "-c", RUN, command.partition(",")[0]],
        cwd=folder,
        env=environment,
        check=True,
        capture_output=True,
        text=True,
    )
    return time.perf_counter() - begun


SCENARIO = Scenario(
    "startup",
    "start-up of `apflow --help` and `apflow check`",
    {"tiny": Size(1, 0), "quick": Size(3, 1), "full": Size(15, 1)},
    measure,
)
