"""What one command commits together, and what is told of it afterwards."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from msgspec import Struct

from apflow.core.definition.compiled import Definition
from apflow.core.outcome import Outcome
from apflow.core.snapshot import Snapshot
from apflow.store.records.commissioned import Commissioned
from apflow.store.signals import Claimed


class Conflict(Exception):
    """The case has moved on since the snapshot was taken; decide again."""


class PartyDetails(Struct, frozen=True):
    """Who an outsider on a case is; known by e-mail address, without one it is nobody from now on."""

    role: str
    name: str
    email: str


class Redirected(Struct, frozen=True):
    """A message that waited for somebody whom a case names no longer, by the token it was seen under.

    Either another `is_written` in its place, or somebody tells them otherwise.
    """

    message: int
    token: int
    is_written: bool


class Receipt(Struct, frozen=True):
    """What remains of a command with an idempotency key."""

    actor: str
    key: str
    body_hash: str


@dataclass(frozen=True, slots=True)
class Saved:
    """The case as the commit left it; `workflow`, `kind` and `event` say what was done, unless it was done before."""

    reference: str
    version: int
    workflow: str = field(default="", compare=False)
    kind: str = field(default="", compare=False)
    event: str = field(default="", compare=False)


class Unit(Struct, frozen=True):
    """Everything that one command commits together.

    `heard` is the signal that caused it, if one did, `child` the case that begins with it, and `told` are the cases on
    which something is done as well. `read` is what it read of commissioners and placements, which must stand so still.
    `readers` are links for people without an account, `signed` what a document said that was signed. `again` is the
    message, and the claim it was seen under, in whose place another is sent; `redirected` are those that do not go.
    """

    definition: Definition
    snapshot: Snapshot
    outcome: Outcome
    recorded_at: datetime
    letters: Sequence[Mapping[str, Any]] = ()
    links: Sequence[Mapping[str, Any]] = ()
    readers: Sequence[Mapping[str, Any]] = ()
    signed: Mapping[str, Any] | None = None
    parties: tuple[PartyDetails, ...] = ()
    receipt: Receipt | None = None
    draft_of: tuple[int, str, str] | None = None
    edition: int | None = None
    heard: Claimed | None = None
    child: "Unit | None" = None
    read: Commissioned | None = None
    told: "tuple[Unit, ...]" = ()
    again: tuple[int, int] | None = None
    redirected: tuple[Redirected, ...] = ()

    @property
    def was_closed(self) -> bool:
        """Whether the case was closed before this, and so may have been erased meanwhile."""
        state = self.definition.workflow.states.get(self.snapshot.state)
        return self.snapshot.id is not None and state is not None and state.final

    @property
    def pauses(self) -> bool | None:
        """Whether the record that the case keeps is paused from now on; None where that stays as it is.

        A case that is moved to another text of its workflow is paused as that says, which may know no pauses.
        """
        kept, is_other_text = self.definition.workflow.keeps, self.outcome.entry.kind == "version"
        if kept is None or not (self.outcome.moved or is_other_text):
            return None
        return False if is_other_text and kept.paused is None else kept.is_paused(self.outcome.state)
