"""The tamper-evident history: each entry's hash covers what happened and the entry before it.

What was said stands behind a salted commitment, so that it can be erased and the chain still verifies.
"""

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Protocol

from msgspec.json import Encoder

GENESIS = ""
# Byte for byte what the standard library writes with sorted keys and no spaces, of all that a form can be answered.
_CANONICAL = Encoder(order="sorted")


def statement(who: str, payload: Mapping[str, Any]) -> dict[str, Any]:
    """What can be erased of an entry: the name of who acted, and what they said."""
    return {"who": who, "said": dict(payload)}


def commitment(statement: Mapping[str, Any], salt: str) -> str:
    """The salted commitment to a statement; without the salt it tells nothing."""
    return _digest(salt, _canonical(statement))


def link(before: str, structure: Mapping[str, Any], committed: str) -> str:
    """The hash of an entry, given that of the entry before it."""
    return _digest(before, _canonical(structure), committed)


class Entry(Protocol):
    """What of a history entry its hash covers beside the commitment."""

    @property
    def version(self) -> int: ...
    @property
    def kind(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def actor_id(self) -> int | None: ...
    @property
    def actor_audience(self) -> str: ...
    @property
    def from_state(self) -> str: ...
    @property
    def to_state(self) -> str: ...
    @property
    def at(self) -> datetime: ...
    @property
    def recorded_at(self) -> datetime: ...
    @property
    def digest(self) -> str: ...


def structure(entry: Entry, reference: str) -> dict[str, Any]:
    """The part of an entry that is hashed as it stands: who, what and when, but not what was said."""
    return {
        "reference": reference,
        "version": entry.version,
        "kind": entry.kind,
        "name": entry.name,
        "actor_id": entry.actor_id,
        "actor_audience": entry.actor_audience,
        "from_state": entry.from_state,
        "to_state": entry.to_state,
        "at": entry.at.isoformat(timespec="microseconds"),
        "recorded_at": entry.recorded_at.isoformat(timespec="microseconds"),
        "digest": entry.digest,
    }


def _canonical(value: Mapping[str, Any]) -> str:
    return _CANONICAL.encode(value).decode()


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
