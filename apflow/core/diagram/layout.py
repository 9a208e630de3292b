"""Where everything goes: the spine down the middle, ends to the right, what goes back round the left.

Words stand where no upright line runs, each on a height of its own beside the state its arrow leaves: so nothing can
come to lie on anything else.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from apflow.core.diagram.chart import Arrow, Chart
from apflow.core.diagram.lanes import Bundle, lanes_of
from apflow.core.diagram.lettered import block_of_arrow, block_of_box
from apflow.core.diagram.order import ends_of, spine_of
from apflow.core.diagram.shapes import Block, Picture, Placed, Point, Rect, Route, lettered
from apflow.core.diagram.sides import Sides, sides_of
from apflow.core.diagram.way import Way

MARGIN = 12.0
BOX = 300.0
END = 160.0
BESIDE = 180.0
LANE = 14.0
GAP = 34.0
PAD = 12.0
ROW = 8.0
ENTRY = 26.0
KEY = 30.0


def laid_out(chart: Chart, way: Way) -> Picture:
    """The picture of a chart, with the way of a case in it."""
    ends = ends_of(chart)
    layout = _Layout(chart, way, sides_of(chart, spine_of(chart), ends))
    return layout.picture()


@dataclass(frozen=True)
class _Layout:
    """One chart on its way to a picture; each step is worked out once, when the next one asks for it."""

    chart: Chart
    way: Way
    sides: Sides

    def picture(self) -> Picture:
        boxes = (*self.spine.values(), *self.ends.values())
        below = max((placed.rect.bottom for placed in boxes), default=0) + 20
        notes = self._notes(below + KEY)
        return Picture(
            chart=self.chart,
            way=self.way,
            width=self.width,
            height=max((rect.bottom for rect, _ in notes), default=below + KEY) + MARGIN,
            boxes=boxes,
            routes=tuple(self._routes()),
            notes=tuple(notes),
            key=Rect(MARGIN, below, self.width - 2 * MARGIN, KEY),
        )

    @cached_property
    def blocks(self) -> Mapping[tuple[str, str], Block]:
        """The words of every arrow."""
        wide = [arrow for arrows in self.sides.down.values() if len(arrows) == 1 for arrow in arrows]
        narrow = BESIDE - 2 * ROW
        room = {arrow.key: BOX / 2 + BESIDE - 3 * ROW for arrow in wide}
        for first, *second in (arrows for arrows in self.sides.down.values() if len(arrows) > 1):
            room |= {first.key: BOX / 2 - 4 * ROW, second[0].key: BOX / 2 + BESIDE - 5 * ROW}
        return {arrow.key: block_of_arrow(arrow, self.way, room.get(arrow.key, narrow)) for arrow in self.chart.arrows}

    @cached_property
    def left_lanes(self) -> Mapping[str, int]:
        return lanes_of(self._bundles(self.left_rows, self.left_entries, {}))

    @cached_property
    def right_lanes(self) -> Mapping[str, int]:
        return lanes_of(self._bundles(self.right_rows, self.right_entries, self.end_heights))

    @cached_property
    def spine_x(self) -> float:
        has_left = any(self.sides.left.values())
        return MARGIN + (BESIDE + _room_for(self.left_lanes) if has_left else 0)

    @cached_property
    def ends_x(self) -> float:
        return self.spine_x + BOX + BESIDE + _room_for(self.right_lanes) + 2 * ROW

    @cached_property
    def width(self) -> float:
        if self.sides.ends:
            return self.ends_x + END + MARGIN
        return self.spine_x + BOX + BESIDE + _room_for(self.right_lanes) + MARGIN

    @cached_property
    def heights(self) -> Mapping[str, Rect]:
        """The spine's boxes, as if it stood at the left edge."""
        found: dict[str, Rect] = {}
        top = MARGIN
        for name in self.sides.spine:
            found[name] = Rect(0, top, BOX, self._height(name))
            words = max((self.blocks[arrow.key].height for arrow in self.sides.down[name]), default=0)
            top = found[name].bottom + GAP + (words + ROW if words else 0)
        return found

    @cached_property
    def spine(self) -> Mapping[str, Placed]:
        return {name: self._placed(name, replace(rect, x=self.spine_x), BOX) for name, rect in self.heights.items()}

    @cached_property
    def right_rows(self) -> Mapping[tuple[str, str], float]:
        return self._rows(self.sides.right, dict.fromkeys(self.sides.enters_right, ENTRY))

    @cached_property
    def left_rows(self) -> Mapping[tuple[str, str], float]:
        return self._rows(self.sides.left, {})

    @cached_property
    def right_entries(self) -> Mapping[str, float]:
        return {name: self.heights[name].y + ENTRY / 2 for name in self.sides.enters_right}

    @cached_property
    def left_entries(self) -> Mapping[str, float]:
        return {name: self.heights[name].bottom - ENTRY / 2 for name in self.sides.enters_left}

    @cached_property
    def end_rects(self) -> Mapping[str, Rect]:
        """The ends, as if they stood at the left edge: each level with one of the arrows to it, if there is room."""
        wished = {name: self._wished(name) for name in self.sides.ends}
        found: dict[str, Rect] = {}
        top = MARGIN
        for name in sorted(wished, key=lambda name: wished[name]):
            height = self._block(name, END).height + 2 * PAD
            found[name] = Rect(0, max(top, wished[name] - height / 2), END, height)
            top = found[name].bottom + GAP / 2
        return found

    @cached_property
    def ends(self) -> Mapping[str, Placed]:
        return {name: self._placed(name, replace(rect, x=self.ends_x), END) for name, rect in self.end_rects.items()}

    @cached_property
    def end_heights(self) -> Mapping[str, float]:
        """Where arrows enter each end: straight on if one can, else on a height that no other arrow has."""
        taken = {height: arrow.target for arrow, height in self._right()}
        taken |= {height: name for name, height in self.right_entries.items()}
        return {name: _entry(name, rect, taken) for name, rect in self.end_rects.items()}

    def _right(self) -> list[tuple[Arrow, float]]:
        return [(arrow, self.right_rows[arrow.key]) for arrows in self.sides.right.values() for arrow in arrows]

    def _wished(self, end: str) -> float:
        heights = sorted(height for arrow, height in self._right() if arrow.target == end)
        return heights[len(heights) // 2] if heights else MARGIN

    def _height(self, name: str) -> float:
        out = [sum(self._row(arrow) for arrow in side[name]) for side in (self.sides.right, self.sides.left)]
        right = out[0] + (ENTRY if name in self.sides.enters_right else 0)
        left = out[1] + (ENTRY if name in self.sides.enters_left else 0)
        return max(self._block(name, BOX).height + 2 * PAD, right + ROW, left + ROW)

    def _row(self, arrow: Arrow) -> float:
        return self.blocks[arrow.key].height + 2 * ROW

    def _block(self, name: str, width: float) -> Block:
        return block_of_box(self.chart.box(name), self.way, width - 2 * PAD)

    def _placed(self, name: str, rect: Rect, width: float) -> Placed:
        return Placed(
            box=self.chart.box(name),
            rect=rect,
            block=self._block(name, width),
            is_here=name == self.way.state,
            is_on_the_way=name in self.way.seen,
            is_journey=name in self.chart.journey,
        )

    def _rows(
        self, side: Mapping[str, Sequence[Arrow]], entries: Mapping[str, float]
    ) -> Mapping[tuple[str, str], float]:
        """The height at which each arrow leaves; its words stand above it."""
        found: dict[tuple[str, str], float] = {}
        for name, arrows in side.items():
            height = self.heights[name].y + entries.get(name, 0)
            for arrow in arrows:
                height += self._row(arrow)
                found[arrow.key] = height - ROW / 2
        return found

    def _bundles(
        self,
        rows: Mapping[tuple[str, str], float],
        entries: Mapping[str, float],
        ends: Mapping[str, float],
    ) -> list[Bundle]:
        arrows = [arrow for arrow in self.chart.arrows if arrow.key in rows]
        near: dict[str, tuple[float, ...]] = {}
        for arrow in arrows:
            near[arrow.target] = (*near.get(arrow.target, ()), rows[arrow.key])
        return [
            Bundle(target, (*heights, *((entries[target],) if target in entries else ())), _one(ends, target))
            for target, heights in near.items()
        ]

    def _routes(self) -> list[Route]:
        routes = [route for arrows in self.sides.down.values() for route in self._down(arrows)]
        routes += [self._to_the_right(arrow) for arrows in self.sides.right.values() for arrow in arrows]
        return routes + [self._to_the_left(arrow) for arrows in self.sides.left.values() for arrow in arrows]

    def _down(self, arrows: Sequence[Arrow]) -> list[Route]:
        steps = (BOX / 2,) if len(arrows) == 1 else (3 * ROW, BOX / 2 + 2 * ROW)
        return [self._straight(arrow, self.spine_x + step) for arrow, step in zip(arrows, steps, strict=False)]

    def _straight(self, arrow: Arrow, x: float) -> Route:
        top, bottom = self.heights[arrow.source].bottom, self.heights[arrow.target].y
        return self._route(arrow, ((x, top), (x, bottom)), (x + ROW, top + GAP / 3))

    def _to_the_right(self, arrow: Arrow) -> Route:
        height, edge = self.right_rows[arrow.key], self.spine_x + BOX
        lane = edge + BESIDE + LANE * (1 + self.right_lanes.get(arrow.target, 0))
        is_end = arrow.target in self.ends
        entry = self.end_heights[arrow.target] if is_end else self.right_entries[arrow.target]
        points = _bent((edge, height), lane, (self.ends_x if is_end else edge, entry))
        return self._route(arrow, points, (edge + ROW, self._above(arrow, height)))

    def _to_the_left(self, arrow: Arrow) -> Route:
        height, edge = self.left_rows[arrow.key], self.spine_x
        lane = edge - BESIDE - LANE * (1 + self.left_lanes.get(arrow.target, 0))
        points = _bent((edge, height), lane, (edge, self.left_entries[arrow.target]))
        return self._route(arrow, points, (edge - BESIDE + ROW, self._above(arrow, height)))

    def _above(self, arrow: Arrow, height: float) -> float:
        return height - self.blocks[arrow.key].height - ROW / 2

    def _route(self, arrow: Arrow, points: tuple[Point, ...], at: Point) -> Route:
        block = self.blocks[arrow.key]
        return Route(arrow, points, Rect(*at, block.width, block.height), block, arrow.key in self.way.steps)

    def _notes(self, top: float) -> list[tuple[Rect, Block]]:
        placed: list[tuple[Rect, Block]] = []
        for heading, text in self.chart.notes:
            room = self.width - 2 * MARGIN
            block = Block((*lettered(heading, room, "step"), *lettered(text, room, "small")))
            placed.append((Rect(MARGIN, top, room, block.height), block))
            top += block.height + ROW
        return placed


def _room_for(lanes: Mapping[str, int]) -> float:
    return LANE * (2 + max(lanes.values(), default=-1))


def _one(heights: Mapping[str, float], name: str) -> tuple[float, ...]:
    return (heights[name],) if name in heights else ()


def _bent(start: Point, lane: float, end: Point) -> tuple[Point, ...]:
    return (start, end) if start[1] == end[1] else (start, (lane, start[1]), (lane, end[1]), end)


def _entry(end: str, rect: Rect, taken: Mapping[float, str]) -> float:
    within = [height for height in taken if rect.y + ROW <= height <= rect.bottom - ROW]
    own = [height for height in within if taken[height] == end]
    if own:
        return min(own, key=lambda height: abs(height - rect.middle))
    tries = [rect.middle + step for far in range(int(rect.height / 2 - ROW)) for step in (far, -far)]
    return max(tries, key=lambda tried: min((abs(tried - height) for height in within), default=ROW) >= ROW)
