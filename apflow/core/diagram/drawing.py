"""A picture as SVG. Everything is said with attributes, so that a page that forbids inline styles can hold it."""

from collections.abc import Iterator
from xml.sax.saxutils import escape, quoteattr

from apflow.core.diagram.chart import Arrow
from apflow.core.diagram.shapes import Block, Picture, Placed, Point, Rect, Route

INK = "#0b0c0c"
QUIET = "#484949"
GREEN = "#0b4f3b"
TAKEN = "#1a4f8a"
GREY = "#6f777b"
_HEAD = 8.0
_TURN = 7.0
_FONT = "arial, helvetica, sans-serif"
_BADGES = {
    "clock": "M6 0a6 6 0 1 0 0 12a6 6 0 1 0 0 -12M6 2.5v3.5l2.5 1.5",
    "good": "M0 6.5l4 4.5l8 -10",
    "bad": "M1 1l10 10M11 1l-10 10",
    "neutral": "M0 6h12",
    "here": "M1 1l9 5l-9 5z",
}


def drawn(picture: Picture) -> str:
    """The whole picture, its title and description first."""
    return "\n".join(["\n".join(_open(picture)), *_parts(picture), "</svg>\n"])


def _parts(picture: Picture) -> Iterator[str]:
    size = f'width="{_n(picture.width)}" height="{_n(picture.height)}"'
    yield f'<rect {size} fill="#ffffff" class="app-diagram__ground"/>'
    for placed in picture.boxes:
        yield from _box(placed)
    for route in sorted(picture.routes, key=lambda route: route.is_taken):
        yield from _route(route)
    yield from _key(picture)
    for rect, block in picture.notes:
        yield from _block(block, rect.x, rect.y)


def _open(picture: Picture) -> Iterator[str]:
    size = f'width="{_n(picture.width)}" height="{_n(picture.height)}"'
    view = f'viewBox="0 0 {_n(picture.width)} {_n(picture.height)}"'
    names = 'role="img" aria-labelledby="diagram-title diagram-about"'
    yield f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} {names} class="app-diagram" font-family="{_FONT}">'
    yield f'<title id="diagram-title">{escape(title_of(picture))}</title>'
    yield f'<desc id="diagram-about">{escape(_about(picture))}</desc>'


def title_of(picture: Picture) -> str:
    """The workflow, and whose way through it is shown."""
    reference = picture.way.reference
    return f"{picture.chart.title}: the way of {reference}" if reference else f"{picture.chart.title}: its states"


def _about(picture: Picture) -> str:
    """The picture in a sentence or two."""
    chart, way = picture.chart, picture.way
    states = len(chart.boxes) - 1
    said = f"A diagram of {states} states and the {len(chart.arrows)} events that move a case between them."
    names = [box.title for box in chart.boxes if box.name == way.state]
    return f"{said} {way.reference} is in the state “{names[0]}”." if names else said


def _box(placed: Placed) -> Iterator[str]:
    rect = placed.rect
    yield f'<g class="app-diagram__state" data-state={quoteattr(placed.box.name)}>'
    yield _frame(rect, _border(placed))
    if placed.box.is_final:
        inner = Rect(rect.x + 4, rect.y + 4, rect.width - 8, rect.height - 8)
        yield _frame(inner, f'stroke="{_stroke(placed)}" stroke-width="1"', radius=3)
    yield from _block(placed.block, rect.x + 12, rect.y + 10)
    yield "</g>"


def _border(placed: Placed) -> str:
    width = 5 if placed.is_here else 2.5 if placed.is_journey or placed.is_on_the_way else 1.5
    return f'stroke="{_stroke(placed)}" stroke-width="{width}"'


def _stroke(placed: Placed) -> str:
    if placed.is_here or placed.is_on_the_way:
        return TAKEN
    return GREEN if placed.is_journey else GREY


def _frame(rect: Rect, border: str, *, radius: float = 6) -> str:
    place = f'x="{_n(rect.x)}" y="{_n(rect.y)}" width="{_n(rect.width)}" height="{_n(rect.height)}"'
    return f'<rect {place} rx="{_n(radius)}" fill="#f7faf8" {border} class="app-diagram__box"/>'


def _route(route: Route) -> Iterator[str]:
    colour, width = (TAKEN, 4) if route.is_taken else (INK, 1.5)
    dashes = ' stroke-dasharray="6 4"' if route.arrow.is_by_clock else ""
    line = f'fill="none" stroke="{colour}" stroke-width="{width}"{dashes}'
    yield f'<g class="app-diagram__event" data-from={quoteattr(route.arrow.source)} {_data(route.arrow)}>'
    yield f'<path d="{_path(route.points)}" {line} class="app-diagram__line"/>'
    yield f'<path d="{_head(route.points)}" fill="{colour}" class="app-diagram__head"/>'
    yield from _block(route.block, route.label.x, route.label.y)
    yield "</g>"


def _data(arrow: Arrow) -> str:
    return f"data-event={quoteattr(arrow.event)} data-to={quoteattr(arrow.target)}"


def _path(points: tuple[Point, ...]) -> str:
    """Along the points with round corners, stopping short of the head."""
    end = _towards(points[-1], points[-2], _HEAD - 1)
    corners = [_corner(*bend) for bend in zip(points, points[1:], points[2:], strict=False)]
    return f"M{_p(points[0])}{''.join(corners)}L{_p(end)}"


def _corner(before: Point, corner: Point, after: Point) -> str:
    start = _towards(corner, before, _turn(before, corner))
    end = _towards(corner, after, _turn(after, corner))
    return f"L{_p(start)}Q{_p(corner)} {_p(end)}"


def _turn(one: Point, other: Point) -> float:
    return min(_TURN, (abs(one[0] - other[0]) + abs(one[1] - other[1])) / 2)


def _head(points: tuple[Point, ...]) -> str:
    tip = points[-1]
    base = _towards(tip, points[-2], _HEAD)
    along = (base[0] - tip[0]) / 2, (base[1] - tip[1]) / 2
    one, other = (base[0] - along[1], base[1] + along[0]), (base[0] + along[1], base[1] - along[0])
    return f"M{_p(tip)}L{_p(one)}L{_p(other)}Z"


def _towards(start: Point, goal: Point, step: float) -> Point:
    """A point `step` away from the start, on the upright or level line to the goal."""
    across, down = goal[0] - start[0], goal[1] - start[1]
    length = abs(across) + abs(down)
    return (start[0] + across / length * step, start[1] + down / length * step) if length else start


def _block(block: Block, x: float, y: float) -> Iterator[str]:
    for line in block.lines:
        colour = {"small": QUIET, "step": TAKEN}.get(line.kind, INK)
        weight = ' font-weight="bold"' if line.weight == "bold" else ""
        if line.mark:
            yield _badge(line.mark, x, y + line.height / 2 - 6, colour)
        place = f'x="{_n(x + line.indent)}" y="{_n(y + line.size)}" font-size="{_n(line.size)}"'
        yield f'<text {place} fill="{colour}"{weight}>{escape(line.text)}</text>'
        y += line.height


def _badge(mark: str, x: float, y: float, colour: str) -> str:
    pen = f'fill="none" stroke="{colour}" stroke-width="1.75" class="app-diagram__line"'
    return f'<path transform="translate({_n(x)} {_n(y)})" d="{_BADGES[mark]}" {pen}/>'


def _key(picture: Picture) -> Iterator[str]:
    """What the lines mean."""
    entries = [("Somebody does this", INK, ""), ("The clock does this", INK, ' stroke-dasharray="6 4"')]
    entries += [("The way of this case, in order", TAKEN, "")] if picture.way.reference else []
    x, y = picture.key.x, picture.key.middle
    for text, colour, dashes in entries:
        width = 4 if colour == TAKEN else 1.5
        line = f'stroke="{colour}" stroke-width="{width}"{dashes} class="app-diagram__line"'
        yield f'<path d="M{_n(x)} {_n(y)}h30" {line}/>'
        yield f'<text x="{_n(x + 38)}" y="{_n(y + 5)}" font-size="14" fill="{QUIET}">{text}</text>'
        x += 38 + len(text) * 8


def _p(point: Point) -> str:
    return f"{_n(point[0])} {_n(point[1])}"


def _n(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
