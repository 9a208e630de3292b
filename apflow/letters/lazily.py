"""What a letter may speak of, but seldom does: made when its template first asks."""

from collections.abc import Callable, Iterator, Mapping
from typing import Generic, TypeVar

Made = TypeVar("Made")


class Lazily(Mapping[str, Made], Generic[Made]):
    """An entry for each of the names, made by `make` once it is asked for."""

    __slots__ = ("_made", "_make", "_names")

    def __init__(self, names: Mapping[str, object], make: Callable[[str], Made]) -> None:
        self._names, self._make = names, make
        self._made: dict[str, Made] = {}

    def __iter__(self) -> Iterator[str]:
        return iter(self._names)

    def __len__(self) -> int:
        return len(self._names)

    def __contains__(self, name: object) -> bool:
        return name in self._names

    def __getitem__(self, name: str) -> Made:
        if name in self._made:
            return self._made[name]
        if name not in self._names:
            raise KeyError(name)
        made = self._made[name] = self._make(name)
        return made
