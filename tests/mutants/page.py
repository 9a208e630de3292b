"""A policy file with the place of each of its parts, so that one of them can be written differently by position."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from itertools import takewhile

import yaml
from yamlcore import CCoreLoader

Path = tuple[str, ...]
Span = tuple[int, int]


@dataclass(frozen=True)
class Part:
    """One value of the file, with its key if it has one; a step of `path` is a key or a number in a list."""

    path: Path
    node: yaml.Node = field(compare=False)
    key: yaml.Node | None = field(compare=False)
    parent: yaml.Node = field(compare=False)

    @property
    def where(self) -> str:
        return ".".join(self.path)

    @property
    def is_word(self) -> bool:
        """Whether the value is a scalar that is not empty."""
        return isinstance(self.node, yaml.ScalarNode) and self.node.value != ""

    @property
    def word(self) -> str:
        return str(self.node.value) if isinstance(self.node, yaml.ScalarNode) else ""

    @property
    def line(self) -> int:
        return int(self.node.start_mark.line) + 1

    @property
    def key_line(self) -> int:
        return int((self.key or self.node).start_mark.line) + 1

    @property
    def span(self) -> Span:
        return self.node.start_mark.index, end_of(self.node)

    @property
    def key_span(self) -> Span | None:
        return (self.key.start_mark.index, self.key.end_mark.index) if self.key else None

    @property
    def start(self) -> int:
        return int((self.key or self.node).start_mark.index)


def is_in_braces(node: yaml.Node) -> bool:
    """Whether a mapping or list is written in braces or brackets."""
    return bool(getattr(node, "flow_style", False))


def end_of(node: yaml.Node) -> int:
    """Where the node's last character stands; a block's own mark runs on to whatever comes next."""
    if isinstance(node, yaml.ScalarNode) or is_in_braces(node) or not node.value:
        return int(node.end_mark.index)
    last = node.value[-1]
    return end_of(last[1] if isinstance(last, tuple) else last)


@dataclass(frozen=True)
class Page:
    """One file: its name in the folder, its text, and its parts in the order they stand."""

    file: str
    text: str

    @property
    def name(self) -> str:
        return self.file.removesuffix(".yaml").removeprefix("workflows/")

    @cached_property
    def root(self) -> yaml.Node:
        node = yaml.compose(self.text, Loader=CCoreLoader)
        assert node is not None
        return node

    @cached_property
    def parts(self) -> tuple[Part, ...]:
        return tuple(_parts(self.root, ()))

    @cached_property
    def by_path(self) -> dict[Path, Part]:
        return {part.path: part for part in self.parts}

    def at(self, *patterns: str) -> Iterator[Part]:
        """The parts at these paths; `*` stands for any one step and `**` for any number of them."""
        if patterns not in self._found:
            fitting = {number for one in patterns for number in self._fitting(tuple(one.split(".")))}
            self._found[patterns] = tuple(self.parts[number] for number in sorted(fitting))
        yield from self._found[patterns]

    def _fitting(self, pattern: Path) -> Iterator[int]:
        """The numbers of the parts that fit, looked for where the steps before the first `*` lead."""
        known = tuple(takewhile(lambda step: "*" not in step, pattern))
        yield from (number for number in self._below.get(known, ()) if _fits(self.parts[number].path, pattern))

    @cached_property
    def _found(self) -> dict[tuple[str, ...], tuple[Part, ...]]:
        return {}

    @cached_property
    def _below(self) -> dict[Path, list[int]]:
        """By path, the numbers of the part there and of all those within it."""
        below: dict[Path, list[int]] = {}
        for number, part in enumerate(self.parts):
            for steps in range(len(part.path) + 1):
                below.setdefault(part.path[:steps], []).append(number)
        return below

    def words_at(self, *patterns: str) -> Iterator[Part]:
        """The words at these paths, whether one stands there by itself or in a list."""
        yield from (part for part in self.at(*patterns, *(f"{one}.*" for one in patterns)) if part.is_word)

    def lines_of(self, part: Part) -> frozenset[int]:
        """Every line from the part's key to its end."""
        return frozenset(range(part.key_line, self.text.count("\n", 0, end_of(part.node)) + 2))

    def mentions(self, word: str) -> frozenset[int]:
        """The lines on which the word stands as a key or a value."""
        keys = {part.key_line for part in self.parts if part.key is not None and part.path[-1] == word}
        return frozenset(keys | {part.line for part in self.parts if part.word == word})

    def replaced(self, span: Span, text: str) -> str:
        return self.text[: span[0]] + text + self.text[span[1] :]

    def without(self, part: Part) -> str:
        """The text without this part; it leaves its line ends behind, so that all else stays on its line."""
        start, end = self._extent(part)
        return self.replaced((start, end), "\n" * self.text.count("\n", start, end))

    def _extent(self, part: Part) -> Span:
        """The part's own text, with the comma that goes with it when it stands in braces or brackets."""
        beside = [(pair[0], pair[1]) if isinstance(pair, tuple) else (pair, pair) for pair in part.parent.value]
        number = next(i for i, (_, value) in enumerate(beside) if value is part.node)
        if not is_in_braces(part.parent):
            start = self.text.rindex("\n", 0, part.start) + 1
            return start, end_of(part.node)
        if number + 1 < len(beside):
            return part.start, beside[number + 1][0].start_mark.index
        return (end_of(beside[number - 1][1]) if number else part.start), end_of(part.node)

    def is_alone(self, part: Part) -> bool:
        return len(part.parent.value) == 1

    def outermost_alone(self, part: Part) -> Part:
        """The part, or what holds it and nothing else: an empty mapping would be a mistake of another kind."""
        while self.is_alone(part) and len(part.path) > 1:
            part = self.by_path[part.path[:-1]]
        return part

    def with_key(self, part: Part, text: str) -> str:
        """The text with one key more, at the beginning of the mapping that the part is."""
        at = part.node.value[0][0].start_mark
        if is_in_braces(part.node):
            return self.replaced((at.index, at.index), f"{text}, ")
        return self.replaced((at.index, at.index), f"{text}\n{' ' * at.column}")

    def holder(self, part: Part) -> Part | None:
        """The state that the part stands in."""
        return self.by_path.get(part.path[:2]) if part.path[0] == "states" else None


def _parts(node: yaml.Node, path: Path) -> Iterator[Part]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            here = (*path, str(key.value))
            yield Part(here, value, key, node)
            yield from _parts(value, here)
    elif isinstance(node, yaml.SequenceNode):
        for number, value in enumerate(node.value):
            here = (*path, str(number))
            yield Part(here, value, None, node)
            yield from _parts(value, here)


def _fits(path: Path, pattern: Path) -> bool:
    if not pattern:
        return not path
    if pattern[0] == "**":
        return any(_fits(path[skipped:], pattern[1:]) for skipped in range(len(path) + 1))
    return bool(path) and pattern[0] in ("*", path[0]) and _fits(path[1:], pattern[1:])
