"""The verdicts counted: by kind, and in all."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from tests.mutants.equivalent import why_equivalent
from tests.mutants.measuring import Verdict


@dataclass
class Count:
    """How many mutations of one kind there are, and what became of them."""

    mutants: int = 0
    breaking: int = 0
    reported: int = 0
    at_line: int = 0
    sound: int = 0
    false_alarms: int = 0
    equivalent: int = 0

    def add(self, verdict: Verdict) -> None:
        self.mutants += 1
        if why_equivalent(verdict.mutation) is not None:
            self.equivalent += 1
        elif verdict.broken:
            self.breaking += 1
            self.reported += verdict.is_reported
            self.at_line += verdict.is_at_the_right_line
        else:
            self.sound += 1
            self.false_alarms += verdict.is_reported

    @property
    def share(self) -> float:
        """The share of the breaking ones that are reported at the right line; 1 when there are none."""
        return self.at_line / self.breaking if self.breaking else 1.0


def counted(verdicts: Iterable[Verdict]) -> dict[str, Count]:
    """The counts by kind, with those of all kinds under "all"."""
    counts: dict[str, Count] = {}
    for verdict in verdicts:
        for kind in (verdict.mutation.kind, "all"):
            counts.setdefault(kind, Count()).add(verdict)
    return counts


def table(counts: dict[str, Count]) -> Iterator[str]:
    """The counts as the lines of a table that reads well in a terminal and in Markdown."""
    yield "| kind | mutants | breaking | reported | at the right line | sound | false alarms | equivalent |"
    yield "|---|---:|---:|---:|---:|---:|---:|---:|"
    for kind in [*sorted(counts.keys() - {"all"}), "all"]:
        one = counts[kind]
        numbers = (one.mutants, one.breaking, one.reported, one.at_line, one.sound, one.false_alarms, one.equivalent)
        yield f"| {kind} | {' | '.join(map(str, numbers))} |"
    yield ""
    yield f"{100 * counts['all'].share:.2f}% of the breaking mutations are reported at the right line."


def surprises(verdicts: Iterable[Verdict]) -> Iterator[str]:
    """Every verdict in which checker and judge differ, told."""
    for one in verdicts:
        said = f"[{one.subject}] {one.mutation.kind}: {one.mutation.name}"
        problems = " // ".join(f"{p.file.rsplit('/', 1)[-1]}:{p.line} {p.code} {p.message}" for p in one.problems)
        if why_equivalent(one.mutation) is not None:
            continue
        if one.broken and not one.problems:
            yield f"MISSED {said}\n    judge: {one.broken[0]}"
        elif one.broken and not one.is_at_the_right_line:
            yield f"ELSEWHERE {said}\n    judge: {one.broken[0]}\n    checker: {problems[:600]}"
        elif one.problems and not one.broken:
            yield f"FALSE ALARM {said}\n    checker: {problems[:600]}"
