"""One mutation after the other: written, judged, checked, and undone."""

import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from multiprocessing import get_context
from pathlib import Path

from apflow.core.errors import Problem
from apflow.letters.notices import Notices
from apflow.letters.rehearsal import check_folder
from tests.mutants.judge import judge
from tests.mutants.mutation import Mutation, apply
from tests.mutants.subjects import Subject, subjects

PROCESSES = 2


@dataclass(frozen=True)
class Verdict:
    """What the judge and the checker say of one mutation; `broken` are the judge's sentences, none when it is sound."""

    subject: str
    mutation: Mutation
    broken: tuple[str, ...]
    problems: tuple[Problem, ...]

    @property
    def is_reported(self) -> bool:
        return bool(self.problems)

    @property
    def is_at_the_right_line(self) -> bool:
        return any(self.mutation.is_at(problem.file, problem.line) for problem in self.problems)


@dataclass(frozen=True)
class Bench:
    """A subject written to a folder of its own, to be broken and mended again and again."""

    subject: Subject
    root: Path

    def judged(self) -> tuple[str, ...]:
        return judge(self.root / "workflows", self.root / "notifications")

    def checked(self) -> tuple[Problem, ...]:
        return tuple(check_folder(self.root / "workflows", Notices(self.root / "notifications")))

    def tried(self, mutation: Mutation) -> Verdict:
        apply(mutation, self.root)
        try:
            return Verdict(self.subject.name, mutation, self.judged(), self.checked())
        finally:
            (self.root / mutation.file).write_text(self.subject.texts[mutation.file], encoding="utf-8")


@cache
def bench(name: str) -> Bench:
    """The one bench of this process for the subject; the folder goes with the process."""
    root = tempfile.TemporaryDirectory(prefix=f"mutants-{name}-", ignore_cleanup_errors=True)
    _kept.append(root)
    subject = next(one for one in subjects() if one.name == name)
    subject.write(Path(root.name))
    return Bench(subject, Path(root.name))


_kept: list[tempfile.TemporaryDirectory[str]] = []


def verdicts(wanted: Sequence[tuple[str, Mutation]], processes: int = PROCESSES) -> Iterator[Verdict]:
    """The verdict on each mutation of the named subject, in order."""
    if processes == 1:
        yield from map(_verdict, wanted)
        return
    with get_context("spawn").Pool(processes) as pool:
        yield from pool.imap(_verdict, wanted, chunksize=4)


def _verdict(wanted: tuple[str, Mutation]) -> Verdict:
    return bench(wanted[0]).tried(wanted[1])
