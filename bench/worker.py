"""A worker's round, a hundred times over one file, in a process of its own: prints the most memory it held, in MB.

`python -m bench.worker FILE POLICY`
"""

import os
import resource
import sys
from datetime import timedelta
from pathlib import Path

from apflow.clock import machine_now
from apflow.scheduler import fire_due
from apflow.store.timers import next_due
from bench.fill import LETTERS_SENT_ON
from bench.place import opened
from bench.policy import read_again

ROUNDS = 100
BEFORE = LETTERS_SENT_ON - timedelta(days=1)  # Nothing is due yet, so that both sizes do the same.


def main(file: str, policy: str) -> None:
    with opened(Path(file)) as store:
        handler = read_again(Path(policy)).handler(store)
        most = 0.0
        for _ in range(ROUNDS):
            fire_due(handler, BEFORE, machine_now=machine_now)
            with store.reading() as connection:
                next_due(connection)
            most = max(most, held())
    print(most)


def held(table: Path = Path("/proc/self/statm")) -> float:
    """The megabytes that this process holds; where that cannot be told, the most that it ever has."""
    if table.exists():
        return int(table.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 2**20
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


if __name__ == "__main__":
    main(*sys.argv[1:])
