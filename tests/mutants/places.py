"""Where a report of a broken part belongs: at the part, at what names it, or at what can no longer be."""

from collections.abc import Iterator
from typing import Any

from tests.mutants.page import Page, Part

EVENTS = ("start.*", "events.*", "states.*.events.*")
DEADLINES = ("deadlines.*", "states.*.deadlines.*")
TASKS = ("states.*.tasks.*", "alerts.*")
_NAMES = ("to", "of", "deadline", "opens", "event", "for", "requires")


def under(heads: tuple[str, ...], *tails: str) -> tuple[str, ...]:
    return tuple(f"{head}.{tail}" for head in heads for tail in tails)


def around(page: Page, part: Part) -> frozenset[int]:
    """The part's own lines, and the line of the state it stands in."""
    state = page.holder(part)
    return page.lines_of(part) | ({state.key_line} if state else frozenset())


def named(page: Page, part: Part) -> frozenset[int]:
    """Around the part, wherever its name stands, and wherever what it leads to, asks or acts on does."""
    words = {part.path[-1], *_leads(page, part)}
    lines = [page.mentions(word) for word in words]
    return around(page, part).union(*lines)


def _leads(page: Page, part: Part) -> Iterator[str]:
    depth = len(part.path)
    for inner in page.parts:
        if inner.path[:depth] == part.path and len(inner.path) > depth:
            if inner.is_word and any(step in _NAMES for step in inner.path[depth:]):
                yield inner.word
            if inner.path[depth] == "form" and len(inner.path) == depth + 2:
                yield inner.path[-1]


def stories(page: Page) -> frozenset[int]:
    """The lines of the invariants and scenarios: what they promise is reported where they promise it."""
    parts = [page.by_path[path] for path in (("invariants",), ("scenarios",)) if path in page.by_path]
    return frozenset().union(*(page.lines_of(part) for part in parts))


def states_of(page: Page, part: Part) -> list[str]:
    """The states in which an event is possible, by what the file says of it."""
    every = {one.path[1]: one for one in page.at("states.*")}
    if part.path[0] == "states":
        return [part.path[1]]
    listed = [one.word for one in page.words_at(f"{part.where}.from")]
    left_out = [one.word for one in page.words_at(f"{part.where}.from.all_except")]
    return listed or [name for name in every if name not in left_out]


def onward(page: Page) -> dict[str, set[str]]:
    """Which states the events of each state lead to; those of "start" begin a case."""
    arrows: dict[str, set[str]] = {}
    for event in page.at(*EVENTS):
        to = {one.word for one in page.at(f"{event.where}.to")}
        for state in ["start"] if event.path[0] == "start" else states_of(page, event):
            arrows.setdefault(state, set()).update(to)
    return arrows


def beyond(page: Page, *names: str) -> frozenset[int]:
    """The lines of these states and of all that can be come to from them."""
    arrows, seen, frontier = onward(page), set[str](), list(names)
    while frontier:
        at = frontier.pop()
        if at not in seen:
            seen.add(at)
            frontier += arrows.get(at, set())
    return frozenset(one.key_line for one in page.at("states.*") if one.path[1] in seen)


def flow(page: Page, part: Part) -> str:
    """The part as it would be written in braces, on one line."""
    return _flow(part.node)


def _flow(node: object) -> str:
    kind, value = type(node).__name__, _value(node)
    if kind == "MappingNode":
        return "{" + ", ".join(f"{key.value}: {_flow(one)}" for key, one in value) + "}"
    if kind == "SequenceNode":
        return "[" + ", ".join(map(_flow, value)) + "]"
    plain = not getattr(node, "style", None)
    return str(value) if plain else f'"{value}"'


def _value(node: object) -> Any:
    return getattr(node, "value", "")
