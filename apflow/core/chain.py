"""The tamper-evident history: each entry's hash covers what happened and the entry before it.

What was said stands behind a salted commitment, so that it can be erased and the chain still verifies.
"""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

GENESIS = ""


def commitment(payload: Mapping[str, Any], salt: str) -> str:
    """The salted commitment to a payload; without the salt it tells nothing."""
    return _digest(salt, _canonical(payload))


def link(before: str, structure: Mapping[str, Any], committed: str) -> str:
    """The hash of an entry, given that of the entry before it."""
    return _digest(before, _canonical(structure), committed)


def _canonical(value: Mapping[str, Any]) -> str:
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
