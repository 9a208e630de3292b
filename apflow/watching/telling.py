"""Who is told what became of each command, message and request: metrics, the log, traces. Nobody, unless they ask.

What is told names the case by its reference and the policy by its words, and never a person or an answer.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import Literal

from msgspec import Struct

from apflow.core.errors import ApflowError, NotFound, Refusal

Outcome = Literal["sent", "put_back", "failed", "uncertain"]


class Done(Struct, frozen=True):
    """A command that has been committed: `kind` and `event` as in the history, `version` as it left the case."""

    reference: str
    workflow: str
    kind: str
    event: str
    version: int
    seconds: float


class Refused(Struct, frozen=True):
    """A command that was not done. No `reference` where there is no such case for whoever asked."""

    reference: str | None
    code: str
    seconds: float


class Mailed(Struct, frozen=True):
    """How far one try of a message got."""

    message: int
    reference: str | None
    outcome: Outcome


class Answered(Struct, frozen=True):
    """A request to a page or the API, by its route: an address can carry a sign-in link."""

    method: str
    route: str
    status: int
    seconds: float


Seen = Done | Refused | Mailed | Answered
Watcher = Callable[[Seen], None]

_watchers: list[Watcher] = []


@contextmanager
def watched_by(*watchers: Watcher) -> Iterator[None]:
    """Tell these of everything until the block is left."""
    _watchers.extend(watchers)
    try:
        yield
    finally:
        for watcher in watchers:
            _watchers.remove(watcher)


def tell(seen: Seen) -> None:
    """Tell whoever watches; what they cannot write down changes nothing of what was done."""
    for watcher in _watchers:
        with suppress(OSError):
            watcher(seen)


def tell_refused(reference: str | None, refusal: ApflowError, seconds: float) -> None:
    """Tell of a command that came to nothing."""
    if _watchers:
        known = None if isinstance(refusal, NotFound) else reference
        code = refusal.code if isinstance(refusal, Refusal) else type(refusal).__name__
        tell(Refused(known, code, seconds))
