"""What a scenario finds out, and what was promised of it."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any

from bench.pairs import Spread


@dataclass(frozen=True, slots=True)
class Target:
    """What a figure must reach at least, and what we want."""

    floor: float
    want: float

    @property
    def lower_is_better(self) -> bool:
        return self.want < self.floor

    def verdict(self, value: float) -> str:
        """In one word how far the value got."""
        if self.lower_is_better:
            return "want" if value <= self.want else "floor" if value <= self.floor else "missed"
        return "want" if value >= self.want else "floor" if value >= self.floor else "missed"


@dataclass(frozen=True)
class Figure:
    """One line of the table; `behind` is what it was worked out from."""

    name: str
    spread: Spread
    unit: str = ""
    target: Target | None = None
    behind: Mapping[str, float | str] = field(default_factory=dict)

    @property
    def verdict(self) -> str:
        return self.target.verdict(self.spread.median) if self.target else ""

    def as_json(self) -> dict[str, Any]:
        return {**asdict(self), "verdict": self.verdict}
