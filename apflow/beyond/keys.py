"""Idempotency keys: a command sent twice with the same one is done once."""

import hashlib
import json
from dataclasses import dataclass
from typing import Any

from apflow.core.errors import Invalid
from apflow.core.people.actor import CLOCK, Actor
from apflow.store.cases.unit import Receipt

_KEY_LIMIT = 120


@dataclass(frozen=True, slots=True)
class Key:
    """An idempotency key, as the caller gave it."""

    value: str

    def __post_init__(self) -> None:
        if not 0 < len(self.value) <= _KEY_LIMIT or not self.value.isprintable():
            raise Invalid(
                {"Idempotency-Key": f"An Idempotency-Key has 1 to {_KEY_LIMIT} characters that can be printed."}
            )


def receipt_of(actor: Actor, key: Key | None, *body: Any) -> Receipt | None:
    """What is kept of the command, so that its key answers for it alone; nothing without a key."""
    if key is None:
        return None
    canonical = json.dumps(body, sort_keys=True, default=str)
    who = CLOCK if actor.is_clock else str(actor.id)  # Nobody else can have used the clock's keys before it does.
    who = "/".join(actor.by_link) if actor.by_link else who
    return Receipt(who, key.value, hashlib.sha256(canonical.encode()).hexdigest())
