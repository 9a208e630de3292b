"""Lanes beside the spine: where the upright part of each bundle of arrows runs, with few crossings and no overlaps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

_APART = 14.0


@dataclass(frozen=True, slots=True)
class Bundle:
    """The arrows to one target on one side: `near` are the heights at which they cross towards the spine, `far` away
    from it."""

    target: str
    near: tuple[float, ...]
    far: tuple[float, ...] = ()

    @property
    def top(self) -> float:
        return min(self.near + self.far)

    @property
    def bottom(self) -> float:
        return max(self.near + self.far)

    @property
    def is_straight(self) -> bool:
        return self.top == self.bottom


def lanes_of(bundles: Sequence[Bundle]) -> Mapping[str, int]:
    """For each target the lane its bundle bends in, counted away from the spine; those that overlap never share one."""
    bent = sorted((bundle for bundle in bundles if not bundle.is_straight), key=lambda one: one.bottom - one.top)
    lanes: dict[str, int] = {}
    for number, bundle in enumerate(ordered := _untangled(bent)):
        beside = [lanes[other.target] for other in ordered[:number] if _overlap(bundle, other)]
        lanes[bundle.target] = 1 + max(beside, default=-1)
    return lanes


def _untangled(bundles: list[Bundle]) -> list[Bundle]:
    """Neighbours change places for as long as that means fewer crossings."""
    ordered = list(bundles)
    for _ in ordered:
        swapped = [place for place in range(len(ordered) - 1) if _is_better_swapped(ordered, place)]
        if not swapped:
            break
    return ordered


def _is_better_swapped(ordered: list[Bundle], place: int) -> bool:
    first, second = ordered[place], ordered[place + 1]
    if _crossings(second, first) >= _crossings(first, second):
        return False
    ordered[place], ordered[place + 1] = second, first
    return True


def _crossings(inner: Bundle, outer: Bundle) -> int:
    into = sum(inner.top < height < inner.bottom for height in outer.near)
    return into + sum(outer.top < height < outer.bottom for height in inner.far)


def _overlap(one: Bundle, other: Bundle) -> bool:
    return one.top < other.bottom + _APART and other.top < one.bottom + _APART
