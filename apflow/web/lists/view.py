"""A list as its reader sees it: what its files, and whatever else stands around it, are about."""

from collections.abc import Mapping
from dataclasses import dataclass, field

TYPED = "q"  # The part of a form that somebody types to search by.
SEARCH = "search"  # The part of an address by which whoever searched finds again what they typed.
MOST_ROWS = 20_000  # In one file: a workbook is made as a whole before any of it is sent.


@dataclass(frozen=True, slots=True)
class View:
    """Where a list is, its filter, and how many rows the filter finds, or that there are more than were counted.

    `query` is the filter as the address carries it, without the page. `typed` was sent by a form, as it may be a
    child's name: it stands in no address, and whoever wants the file sends it again.
    """

    path: str
    total: int
    query: str = ""
    typed: Mapping[str, str] = field(default_factory=dict)
    is_more: bool = False
    names_children: bool = False

    @property
    def address(self) -> str:
        return f"{self.path}?{self.query}" if self.query else self.path

    def file(self, ending: str) -> str:
        """Where the same view is as a file."""
        return f"{self.path}.{ending}?{self.query}" if self.query and not self.typed else f"{self.path}.{ending}"

    @property
    def most(self) -> int:
        return MOST_ROWS

    @property
    def is_cut(self) -> bool:
        """Whether a file may not hold all of it."""
        return self.is_more or self.total > MOST_ROWS
