"""Which way each arrow leaves its state: down to the next, out to the right, or back round the left."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from apflow.core.diagram.chart import Arrow, Chart

_ABREAST = 2


@dataclass(frozen=True)
class Sides:
    """The arrows by the way they leave. Those that share a target on one side join before it, and enter it once."""

    spine: Sequence[str]
    ends: Sequence[str]
    down: Mapping[str, Sequence[Arrow]]
    right: Mapping[str, Sequence[Arrow]]
    left: Mapping[str, Sequence[Arrow]]
    enters_right: frozenset[str] = field(default=frozenset())
    enters_left: frozenset[str] = field(default=frozenset())


def sides_of(chart: Chart, spine: Sequence[str], ends: Sequence[str]) -> Sides:
    """Every arrow on exactly one side of the state it leaves."""
    place = {name: number for number, name in enumerate(spine)}
    far = len(spine)

    def is_next(arrow: Arrow) -> bool:
        return place.get(arrow.target, far + 1) == place[arrow.source] + 1

    down = {name: [arrow for arrow in chart.from_state(name) if is_next(arrow)][:_ABREAST] for name in spine}
    rest = [arrow for arrow in chart.arrows if arrow not in down[arrow.source]]
    ahead = [arrow for arrow in rest if place.get(arrow.target, far) > place[arrow.source]]
    back = [arrow for arrow in rest if arrow not in ahead]
    # Those that end soonest leave at the top, so that they do not cross the ones that go further down.
    right = _by_source(spine, ahead, lambda arrow: (place.get(arrow.target, -1), *_nearness(chart, ends, arrow)))
    return Sides(
        spine=spine,
        ends=ends,
        down=down,
        right=right,
        left=_by_source(spine, back, lambda arrow: (-place[arrow.target],)),
        enters_right=frozenset(arrow.target for arrow in ahead) & frozenset(spine),
        enters_left=frozenset(arrow.target for arrow in back),
    )


def _by_source(
    spine: Sequence[str], arrows: Sequence[Arrow], order: Callable[[Arrow], tuple[float, ...]]
) -> Mapping[str, Sequence[Arrow]]:
    return {name: sorted((arrow for arrow in arrows if arrow.source == name), key=order) for name in spine}


def _nearness(chart: Chart, ends: Sequence[str], arrow: Arrow) -> tuple[float, ...]:
    """Ends in the order in which they are first reached."""
    first = next(number for number, other in enumerate(chart.arrows) if other.target == arrow.target)
    return (float(arrow.target not in ends), float(first))
