"""The way one case came through its workflow, and where it is."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property

from apflow.core.definition import words

Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class Passage:
    """One event that moved the case, and the day it did."""

    event: str
    from_state: str
    to_state: str
    on: date


@dataclass(frozen=True)
class Way:
    """Every passage of a case, oldest first, and the state it is in now; without a reference it is nobody's."""

    reference: str = ""
    state: str = ""
    passages: tuple[Passage, ...] = ()

    @cached_property
    def steps(self) -> Mapping[Key, str]:
        """By state and event, when the case went that way: "1: 4 Jan 2026, 5: 2 Mar 2026"."""
        found: dict[Key, list[str]] = {}
        for number, passage in enumerate(self.passages, 1):
            said = f"{number}: {words.short_day(passage.on)}"
            found.setdefault((passage.from_state, passage.event), []).append(said)
        return {key: ", ".join(said) for key, said in found.items()}

    @cached_property
    def seen(self) -> frozenset[str]:
        """The states the case has been in."""
        return frozenset(name for passage in self.passages for name in (passage.from_state, passage.to_state))


NOWHERE = Way()
