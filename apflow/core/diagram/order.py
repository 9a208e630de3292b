"""Which states form the spine of the picture, from top to bottom, and which stand at the side as ends."""

from collections import deque
from collections.abc import Iterable, Sequence
from itertools import pairwise

from apflow.core.diagram.chart import Arrow, Chart
from apflow.core.machine import START

_UPWARD = 1.5
_BESIDE_THE_JOURNEY = 4


def ends_of(chart: Chart) -> list[str]:
    """The states that stand at the side: final, leading nowhere, and no part of the journey."""
    leaving = {arrow.source for arrow in chart.arrows}
    kept = leaving | set(chart.journey)
    return [box.name for box in chart.boxes if box.is_final and box.name not in kept]


def spine_of(chart: Chart) -> list[str]:
    """Every other state: the journey in its own order, the rest where their arrows are shortest and lead down."""
    aside = set(ends_of(chart))
    spine = [START, *dict.fromkeys(name for name in chart.journey if name not in aside)]
    steps = list(pairwise(spine))
    others = [name for name in _by_distance(chart) if name not in aside and name not in spine]
    # Once all are there, each may find a better place than it had among those that came before it.
    for name in others * 2:
        spine = _best([other for other in spine if other != name], name, chart.arrows, steps)
    return spine


def _best(spine: list[str], name: str, arrows: Iterable[Arrow], steps: Sequence[tuple[str, str]]) -> list[str]:
    placed = {*spine, name}
    pairs = [(arrow.source, arrow.target) for arrow in arrows if {arrow.source, arrow.target} <= placed]
    tries = [[*spine[:place], name, *spine[place:]] for place in range(1, len(spine) + 1)]
    return min(tries, key=lambda tried: _cost(tried, pairs, steps))


def _cost(spine: list[str], pairs: Iterable[tuple[str, str]], steps: Iterable[tuple[str, str]]) -> float:
    place = {name: number for number, name in enumerate(spine)}
    lengths = (place[target] - place[source] for source, target in pairs)
    broken = sum(place[below] - place[above] > 1 for above, below in steps)
    return sum(ahead - 1 if ahead > 0 else -ahead * _UPWARD for ahead in lengths) + broken * _BESIDE_THE_JOURNEY


def _by_distance(chart: Chart) -> list[str]:
    """Every state, nearest to the start first; those that nothing leads to come last."""
    found, waiting = [START], deque([START])
    while waiting:
        for arrow in chart.from_state(waiting.popleft()):
            if arrow.target not in found:
                found.append(arrow.target)
                waiting.append(arrow.target)
    return [*found, *(box.name for box in chart.boxes if box.name not in found)]
