"""The words of a state's box and of an arrow, wrapped to the room they have."""

from collections.abc import Iterator

from apflow.core.definition import words
from apflow.core.diagram.chart import Arrow, Box
from apflow.core.diagram.shapes import Block, Line, lettered
from apflow.core.diagram.way import Way

_MARKS = {"good": "good", "bad": "bad"}


def block_of_box(box: Box, way: Way, room: float) -> Block:
    """What stands in the box of a state."""
    return Block(tuple(_of_box(box, way, room)))


def block_of_arrow(arrow: Arrow, way: Way, room: float) -> Block:
    """What stands beside an arrow."""
    lines = lettered(arrow.title, room, "event")
    for text in arrow.small:
        lines += lettered(text, room, "small", "clock" if text == arrow.when else "")
    lines += lettered(way.steps.get(arrow.key, ""), room, "step")
    return Block(tuple(lines))


def _of_box(box: Box, way: Way, room: float) -> Iterator[Line]:
    yield from lettered(box.title, room, "title")
    if way.state == box.name:
        yield from lettered(_here(way), room, "step", "here")
    yield from lettered(box.awaited, room, "small")
    for deadline in box.deadlines:
        yield from lettered(deadline, room, "small", "clock")
    yield from lettered(_staying(len(box.staying)), room, "small")
    yield from lettered(box.ending, room, "small", _MARKS.get(box.outcome or "", "neutral") if box.is_final else "")


def _here(way: Way) -> str:
    since = f" since {words.short_day(way.passages[-1].on)}" if way.passages else ""
    return f"The case is here{since}"


def _staying(count: int) -> str:
    if not count:
        return ""
    return f"{count} other thing{' that does not move a case' if count == 1 else 's that do not move a case'}"
