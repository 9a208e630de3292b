"""Guards set aside on a case, as its row keeps them."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from apflow.core.snapshot import SetAside


def set_aside_values(overrides: Mapping[str, SetAside]) -> dict[str, Any]:
    return {
        guard: {"until": one.until.isoformat(), "by": one.by, "reason": one.reason} for guard, one in overrides.items()
    }


def set_aside_of(stored: Mapping[str, Any]) -> dict[str, SetAside]:
    return {
        guard: SetAside(date.fromisoformat(one["until"]), one["by"], one["reason"]) for guard, one in stored.items()
    }
