"""One step of a story, and what a story is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from apflow.demo.cast import Member


@dataclass(frozen=True, slots=True)
class Step:
    """One command: `back` working days before today at `hour`, by a member of staff or (None) by the provider.

    An event on every item of the evidence has `items`, a test of the item's key; `days_on` turns answers that are
    numbers into dates so many working days after today. One `on` a kind of child case is done to the newest of them.
    Members among the answers stand for their accounts, and an organisation as the `item` for its case.
    """

    back: int
    event: str
    by: Member | None = None
    answers: dict[str, Any] | None = None
    hour: int = 10
    items: Callable[[str, int], bool] | None = None
    days_on: tuple[str, ...] = ()
    on: str = ""
    item: str | None = None


Story = Iterator[Step]
