"""A long list a page at a time, as the GOV.UK pagination component shows it."""

from dataclasses import dataclass
from typing import Any

from litestar.datastructures import MultiDict

_AROUND = 1


def page_number(params: MultiDict[str]) -> int:
    """The page asked for; the first when the address says nothing sensible."""
    asked = params.get("page", "1")
    return max(1, int(asked)) if asked.isdecimal() and len(asked) < 7 else 1


@dataclass(frozen=True, slots=True)
class Paging:
    """Which page of how many."""

    asked: int
    total: int
    size: int

    @property
    def last(self) -> int:
        return max(1, -(-self.total // self.size))

    @property
    def number(self) -> int:
        return min(self.asked, self.last)

    @property
    def first(self) -> int:
        """The place of the page's first row in the whole list."""
        return (self.number - 1) * self.size

    def shown(self, address: str) -> dict[str, Any]:
        """What `govukPagination` takes; `address` is the page's own, ready for its number to be added."""
        return {
            "previous": {"href": f"{address}page={self.number - 1}"} if self.number > 1 else None,
            "next": {"href": f"{address}page={self.number + 1}"} if self.number < self.last else None,
            "items": self._items(address),
        }

    def _items(self, address: str) -> list[dict[str, Any]]:
        items: list[dict[str, Any]] = []
        before = 0
        for number in self._numbers():
            if number > before + 1:
                items.append({"ellipsis": True})
            items.append({"number": number, "href": f"{address}page={number}", "current": number == self.number})
            before = number
        return items

    def _numbers(self) -> list[int]:
        near = range(self.number - _AROUND, self.number + _AROUND + 1)
        return sorted({1, self.last, *(number for number in near if 1 <= number <= self.last)})
