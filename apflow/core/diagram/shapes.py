"""What a picture is made of: rectangles, blocks of text, boxes and routes, each with its place."""

from dataclasses import dataclass, field

from apflow.core.diagram.chart import Arrow, Box, Chart
from apflow.core.diagram.lettering import width_of, wrapped
from apflow.core.diagram.way import Way

LEADING = 1.3
_A_HAIR = 0.001
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Rect:
    """A rectangle from its top left corner."""

    x: float
    y: float
    width: float
    height: float

    @property
    def right(self) -> float:
        return self.x + self.width

    @property
    def bottom(self) -> float:
        return self.y + self.height

    @property
    def middle(self) -> float:
        return self.y + self.height / 2

    def meets(self, other: "Rect") -> bool:
        """Whether the two share more than an edge, give or take what reckoning with fractions loses."""
        across = other.right - self.x, self.right - other.x
        down = other.bottom - self.y, self.bottom - other.y
        return min(across) > _A_HAIR and min(down) > _A_HAIR


@dataclass(frozen=True, slots=True)
class Line:
    """One line of text. `kind` says how it is lettered; `mark` is a small drawing before it."""

    text: str
    kind: str = "small"
    mark: str = ""
    indent: float = 0

    @property
    def size(self) -> float:
        return SIZES[self.kind]

    @property
    def weight(self) -> str:
        return "bold" if self.kind in ("title", "step") else "normal"

    @property
    def height(self) -> float:
        return self.size * LEADING

    @property
    def width(self) -> float:
        return self.indent + width_of(self.text, self.size, self.weight)


SIZES = {"title": 17.0, "event": 15.0, "small": 14.0, "step": 14.0}
MARK = 19.0


@dataclass(frozen=True, slots=True)
class Block:
    """Lines one under the other."""

    lines: tuple[Line, ...] = ()

    @property
    def height(self) -> float:
        return sum(line.height for line in self.lines)

    @property
    def width(self) -> float:
        return max((line.width for line in self.lines), default=0)


def lettered(text: str, room: float, kind: str, mark: str = "") -> list[Line]:
    """The text wrapped into lines; a mark stands before the first, and all keep clear of it."""
    indent = MARK if mark else 0
    weight = Line("", kind).weight
    lines = wrapped(text, room - indent, SIZES[kind], weight)
    return [Line(line, kind, mark if not number else "", indent) for number, line in enumerate(lines)]


@dataclass(frozen=True, slots=True)
class Placed:
    """A state with its place."""

    box: Box
    rect: Rect
    block: Block
    is_here: bool = False
    is_on_the_way: bool = False
    is_journey: bool = False


@dataclass(frozen=True, slots=True)
class Route:
    """An arrow with its bends, its words and where they stand."""

    arrow: Arrow
    points: tuple[Point, ...]
    label: Rect
    block: Block
    is_taken: bool = False


@dataclass(frozen=True)
class Picture:
    """Everything with its place, ready to be drawn."""

    chart: Chart
    way: Way
    width: float
    height: float
    boxes: tuple[Placed, ...]
    routes: tuple[Route, ...]
    notes: tuple[tuple[Rect, Block], ...] = field(default=())
    key: Rect = Rect(0, 0, 0, 0)
