"""What a check finds, and the commonest finding: a name that leads nowhere."""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from apflow.core.definition.compiled import Definition
from apflow.core.definition.workflow import CLOCK, EventSpec, Workflow

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, at a path inside the file; `at_key` points at the key rather than its value."""

    path: Path
    code: str
    message: str
    at_key: bool = False


@dataclass(frozen=True)
class Subject:
    """The definition under check; `notices` names the templates there are, or is None to leave them unchecked."""

    definition: Definition
    notices: frozenset[str] | None = None

    @property
    def workflow(self) -> Workflow:
        return self.definition.workflow

    @cached_property
    def roles(self) -> frozenset[str]:
        return frozenset({*self.definition.council.roles, CLOCK})

    def events(self) -> Iterator[tuple[Path, str, EventSpec]]:
        """Every event as the file has it: its path, its name and what it says."""
        workflow = self.workflow
        yield from ((("start", name), name, event) for name, event in workflow.start.items())
        yield from ((("events", name), name, event) for name, event in workflow.events.items())
        for state, spec in workflow.states.items():
            yield from ((("states", state, "events", name), name, event) for name, event in spec.events.items())

    def notice(self, path: Path, notice: str) -> Iterator[Finding]:
        """A finding when the workflow has no such template."""
        if self.notices is not None:
            mine = f"{self.workflow.workflow}/"
            yield from known(path, "notice", notice, (n.removeprefix(mine) for n in self.notices if n.startswith(mine)))


def suggestion(word: str, names: Iterable[str]) -> str:
    """ "; did you mean …?" when something known is near, else nothing."""
    near = difflib.get_close_matches(word, list(names), n=1, cutoff=0.6)
    return f'; did you mean "{near[0]}"?' if near else ""


def known(path: Path, what: str, word: str, names: Iterable[str]) -> Iterator[Finding]:
    """A finding when there is no such thing as `word`, with the nearest there is."""
    there_are = list(names)
    if word not in there_are:
        message = f'there is no {what} called "{word}"{suggestion(word, there_are)}'
        yield Finding(path, f"unknown-{what}", message)


def known_key(path: Path, what: str, names: Iterable[str]) -> Iterator[Finding]:
    """A finding when there is no such thing as the key that the path ends in."""
    return (replace(finding, at_key=True) for finding in known(path, what, str(path[-1]), names))


def each_known(path: Path, what: str, words: Iterable[str], names: Iterable[str]) -> Iterator[Finding]:
    """A finding for each word of a list that leads nowhere, at its own place in the list."""
    there_are = list(names)
    for number, word in enumerate(words):
        yield from known((*path, number), what, word, there_are)


def unclaimed(path: Path) -> Finding:
    """The finding that nobody answers for a number or control."""
    return Finding(
        path, "unsourced", "say where this comes from (source: …), or own up to it (assumed: …)", at_key=True
    )
