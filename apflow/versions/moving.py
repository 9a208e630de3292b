"""Moving live cases to another version of their workflow: each explained before, and each a transaction of its own.

What is left off, or killed on the way, is taken up by asking again: whoever has been moved is not moved twice.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Literal

from msgspec import Struct

from apflow.committing import TooBusy
from apflow.core.commands import MoveVersion
from apflow.core.definition.compiled import Definition
from apflow.core.definition.timing import OnMigration
from apflow.core.errors import Blocked, NotFound, Refusal
from apflow.core.people.actor import Actor
from apflow.core.versions import ToBeAsked
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Saved
from apflow.store.reading.history import history_of
from apflow.store.reading.versions import cases_elsewhere, cases_just_moved, text_of_version

How = Literal["moved", "back", "asked", "impossible", "left"]


class Move(Struct, frozen=True):
    """Where cases are to go, who says so, and what was answered of deadlines by name."""

    to: Definition
    actor: Actor
    now: datetime
    answers: Mapping[str, OnMigration] = {}

    @property
    def command(self) -> MoveVersion:
        return MoveVersion(self.to, self.actor, self.answers)


class Told(Struct, frozen=True):
    """What becomes of one case, line by line: that, or why it is `left` by somebody else's doing meanwhile."""

    reference: str
    how: How
    said: tuple[str, ...]


def version_to(handler: Handler, workflow: str, version: int | None) -> Definition:
    """The text that is live, or the one of this version that cases have begun under; NotFound without one."""
    if workflow not in handler.library.sources:
        raise NotFound(f'There is no workflow called "{workflow}".')
    live = handler.library.current(workflow)
    if version is None or version == live.workflow.version:
        return live
    with handler.store.reading() as connection:
        digest = text_of_version(connection, workflow, version)
        if digest is None:
            raise NotFound(f"No case has ever begun under version {version} of “{live.workflow.title}”.")
        return handler.definition(connection, digest)


def to_move(handler: Handler, to: Definition, only: Sequence[str] = ()) -> list[str]:
    """The open cases that are elsewhere, or those of `only` that are."""
    with handler.store.reading() as connection:
        found = cases_elsewhere(connection, to.name, to.digest)
    return _those(found, only)


def to_move_back(handler: Handler, workflow: str, only: Sequence[str] = ()) -> list[str]:
    """The cases to which nothing has happened since they were moved, or those of `only`."""
    with handler.store.reading() as connection:
        found = cases_just_moved(connection, workflow)
    return _those(found, only)


def explained(handler: Handler, move: Move, references: Sequence[str]) -> Iterator[Told]:
    """What moving would do to each of the cases, decided as it will be; nothing is written."""
    for reference in references:
        yield _tried(partial(_would, handler, move), reference, "moved")


def moved(handler: Handler, move: Move, references: Sequence[str]) -> Iterator[Told]:
    """Move each of the cases, and say what came of it; whoever stops asking stops it between two."""
    for reference in references:
        yield _tried(partial(_does, handler, move), reference, "moved")


def moved_back(handler: Handler, actor: Actor, now: datetime, references: Sequence[str]) -> Iterator[Told]:
    """Let each of the cases stand as it did before it was moved."""
    for reference in references:
        yield _tried(partial(_back, handler, actor, now), reference, "back")


def _tried(do: Callable[[str], str], reference: str, how: How) -> Told:
    try:
        return Told(reference, how, tuple(do(reference).splitlines()))
    except ToBeAsked as refusal:
        return Told(reference, "asked", refusal.reasons)
    except Blocked as refusal:
        return Told(reference, "impossible", refusal.reasons)
    except (Refusal, TooBusy) as refusal:  # Another has moved it meanwhile, say, or ended it.
        return Told(reference, "left", (refusal.message,))


def _would(handler: Handler, move: Move, reference: str) -> str:
    with handler.store.reading() as connection:
        snapshot = load_case(connection, reference)
        if snapshot is None:
            raise NotFound
        definition = handler.definition_of(connection, snapshot)
        return handler.decided(connection, definition, snapshot, move.command, move.now).outcome.entry.note


def _does(handler: Handler, move: Move, reference: str) -> str:
    saved = handler.move_version(reference, move.command, now=move.now)
    return _note(handler, saved)


def _back(handler: Handler, actor: Actor, now: datetime, reference: str) -> str:
    return _note(handler, handler.move_back(reference, actor=actor, now=now))


def _note(handler: Handler, saved: Saved) -> str:
    """What the history now says of it."""
    with handler.store.reading() as connection:
        (entry,) = history_of(connection, saved.reference, after=saved.version - 1, limit=1)
    return str(entry.payload["note"])


def _those(found: Sequence[str], only: Sequence[str]) -> list[str]:
    return [reference for reference in found if not only or reference in only]
