"""Where databases are put while they are measured: one folder, on the disk that the figures are of."""

import os
import shutil
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from apflow.store.driver.engine import Store
from apflow.store.tables import metadata
from apflow.testing import add_people
from bench.fill import LETTERS_SENT_ON, Filling, fill
from bench.policy import Policy, begin_case, put_together
from bench.raw import RawSqlite
from bench.sample import Sample, sample_of

DEFAULT = Path(__file__).parent.parent / ".build" / "bench"


@dataclass(frozen=True)
class Place:
    """A folder that is emptied afterwards, and the policy everything in it runs under."""

    folder: Path
    policy: Policy
    _filled: dict[str, Sample] = field(default_factory=dict)

    @property
    def policy_folder(self) -> Path:
        return self.folder / "policy"

    def file(self, name: str) -> Path:
        return self.folder / f"{name}.db"

    @contextmanager
    def sqlite(self, name: str) -> Iterator[Store]:
        """A new SQLite file with the tables and the people; deleted at the end."""
        with self._deleted(name) as file, opened(file) as store:
            furnish(store)
            yield store

    @contextmanager
    def reference(self, sample: Sample, cases: int) -> Iterator[RawSqlite]:
        """Raw SQL on a new file of its own, with so many copies of the sampled case."""
        with self.sqlite("reference") as store:
            store.close()
            raw = RawSqlite(self.file("reference"), sample)
            raw.seed(cases)
            yield raw
            raw.close()

    @contextmanager
    def copy(self, file: Path, name: str) -> Iterator[Path]:
        """A copy of a filled file, to change; deleted at the end."""
        with self._deleted(name) as copied:
            shutil.copyfile(file, copied)
            settle(copied)
            yield copied

    def filled(self, filling: Filling, tick: Callable[[], None]) -> tuple[Path, Sample]:
        """A file with so many cases, made once in a run, not to be changed; and the case they are copies of."""
        file = self.file(filling.name)
        if filling.name not in self._filled:
            with opened(file) as store:
                furnish(store)
                reference = begin_case(self.policy.handler(store), LETTERS_SENT_ON)
                self._filled[filling.name] = sample_of(store, reference)
            fill(file, self._filled[filling.name], filling, tick)
            settle(file)
        return file, self._filled[filling.name]

    @contextmanager
    def _deleted(self, name: str) -> Iterator[Path]:
        try:
            yield self.file(name)
        finally:
            for path in self.folder.glob(f"{name}.db*"):
                path.unlink()


@contextmanager
def a_place(parent: Path = DEFAULT) -> Iterator[Place]:
    """A place under this folder for the length of one run."""
    parent.mkdir(parents=True, exist_ok=True)
    folder = Path(tempfile.mkdtemp(prefix="apflow-bench-", dir=parent))
    folder.chmod(0o755)  # A PostgreSQL server may run under another account.
    try:
        yield Place(folder, put_together(folder / "policy"))
    finally:
        shutil.rmtree(folder)


@contextmanager
def opened(file: Path) -> Iterator[Store]:
    """apflow's own way into a file, closed at the end."""
    store = Store(f"sqlite:///{file}")
    try:
        yield store
    finally:
        store.close()


def settle(file: Path) -> None:
    """Wait until the disk has the file, so that nothing measured afterwards waits for it."""
    with file.open("rb") as whole:
        os.fsync(whole.fileno())


def furnish(store: Store) -> None:
    """Tables, indexes and people, in an empty database."""
    metadata.create_all(store.engine)
    add_people(store)
