"""YAML text into plain values, remembering where each came from.

YAML 1.2 with what policy files need and no more: no anchors, aliases, merges or tags, so nothing can grow when read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from math import isfinite
from typing import Any

import yaml
from yamlcore import CCoreLoader

from apflow.core.errors import Problem
from apflow.loader.slips import told

Path = tuple[str | int, ...]

SIZE_LIMIT = 1_000_000
DEPTH_LIMIT = 30
PARTS_LIMIT = 30_000
_TAG = "tag:yaml.org,2002:"


def _finite(text: str) -> float:
    if not isfinite(number := float(text)):
        raise ValueError(text)
    return number


_SCALARS: Mapping[str, Callable[[str], Any]] = {
    "null": lambda _: None,
    "bool": lambda text: text.lower() == "true",
    "int": lambda text: int(text, 0) if text[:2] in ("0x", "0o") else int(text),
    "float": _finite,
    "str": str,
}
_RESOLVER = CCoreLoader("")


@dataclass
class Document:
    """One file's values, and the line and column (from 1) of every key and value by its path."""

    file: str
    value: Any = None
    keys: dict[Path, tuple[int, int]] = field(default_factory=dict)
    values: dict[Path, tuple[int, int]] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def problem(
        self, path: Path, code: str, message: str, *, at_key: bool = False, suggestion: str | None = None
    ) -> Problem:
        """A problem at the place the path leads to, or as near to it as the file goes."""
        near = self.nearest(path)
        value = self.values.get(near, (1, 1))
        place = self.keys.get(near, value) if at_key else value
        return Problem(self.file, *place, code, message, suggestion)

    def nearest(self, location: tuple[str | int, ...]) -> Path:
        """The file's own path for a location that also names alternatives tried, or items of a list of one.

        Of two as long the one with more names in it: the only status that an item comes `from` stands in no list, and
        is not the first state that its event does.
        """
        paths: dict[Path, int] = {(): -1}  # Each path of the file that the steps lead to, with the last step it took.
        for number, step in enumerate(location):
            paths |= {(*path, step): number for path in paths if (*path, step) in self.values}
        return max(paths, key=lambda path: (len(path), sum(isinstance(step, str) for step in path), paths[path]))


def read_document(file: str, text: str) -> Document:
    """Read one file; its problems are in the document, never raised."""
    document = Document(file)
    if len(text) > SIZE_LIMIT:
        document.problems.append(Problem(file, 1, 1, "too-large", f"the file is larger than {SIZE_LIMIT:,} characters"))
        return document
    try:
        events, document.problems = _read(file, text)
    except yaml.MarkedYAMLError as error:
        document.problems.append(_syntax(file, error, text))
        return document
    except (yaml.YAMLError, UnicodeError) as error:
        document.problems.append(Problem(file, 1, 1, "yaml", f"this is not readable YAML: {error}"))
        return document
    if not document.problems:
        parts = (event for event in events if isinstance(event, yaml.NodeEvent | yaml.CollectionEndEvent))
        first = next(parts, None)
        if first is None:
            document.problems.append(Problem(file, 1, 1, "empty", "the file is empty"))
        else:
            document.value = _build(document, first, parts, ())
    return document


def _syntax(file: str, error: yaml.MarkedYAMLError, text: str) -> Problem:
    return Problem(file, *_place(error.problem_mark), "yaml", told(error, text))


def _place(mark: Any) -> tuple[int, int]:
    return (mark.line + 1, mark.column + 1) if mark else (1, 1)


def _read(file: str, text: str) -> tuple[list[yaml.Event], list[Problem]]:
    """What the file is made of, in order, and what of it YAML allows and policy files do not."""
    read: list[yaml.Event] = []
    found: list[Problem] = []
    depth = 0
    for event in yaml.parse(text, Loader=CCoreLoader):
        read.append(event)
        if len(read) > PARTS_LIMIT:
            large = f"the file has more than {PARTS_LIMIT:,} keys and values"
            return read, [*found, Problem(file, *_place(event.start_mark), "too-large", large)]
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if message := _why_refused(event, depth):
            found.append(Problem(file, *_place(event.start_mark), "yaml", message))
        if depth > DEPTH_LIMIT:
            break
    return read, found or _another(file, read, text)


def _why_refused(event: yaml.Event, depth: int) -> str | None:
    if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
        return "anchors (&) and aliases (*) are not used here; name a shared form under forms: instead"
    if (tag := getattr(event, "tag", None)) and tag != "!":
        return f"tags ({tag}) are not used here"
    return f"this is nested more than {DEPTH_LIMIT} deep" if depth > DEPTH_LIMIT else None


def _another(file: str, read: list[yaml.Event], text: str) -> list[Problem]:
    """A problem where a second document begins in the file."""
    begun: list[Any] = [event.start_mark for event in read if isinstance(event, yaml.DocumentStartEvent)]
    message = "but found another document"
    return [_syntax(file, yaml.MarkedYAMLError(problem=message, problem_mark=mark), text) for mark in begun[1:2]]


def _build(document: Document, event: yaml.Event, rest: Iterator[yaml.Event], path: Path) -> Any:
    """The value that begins with the event; what it is made of is taken from the rest."""
    document.values[path] = _place(event.start_mark)
    if isinstance(event, yaml.MappingStartEvent):
        return _build_mapping(document, rest, path)
    if isinstance(event, yaml.SequenceStartEvent):
        return [_build(document, part, rest, (*path, index)) for index, part in enumerate(_until_end(rest))]
    assert isinstance(event, yaml.ScalarEvent)  # Aliases were refused.
    return _scalar(document, event, path)


def _until_end(rest: Iterator[yaml.Event]) -> Iterator[yaml.Event]:
    """How each part of a collection begins; the next is asked for once all of one has been taken from the rest."""
    for event in rest:
        if isinstance(event, yaml.CollectionEndEvent):
            return
        yield event


def _skip(event: yaml.Event, rest: Iterator[yaml.Event]) -> None:
    """Take the value that begins with the event from the rest."""
    if isinstance(event, yaml.CollectionStartEvent):
        for part in _until_end(rest):
            _skip(part, rest)


def _scalar(document: Document, event: yaml.ScalarEvent, path: Path) -> Any:
    tag = _RESOLVER.resolve(yaml.ScalarNode, event.value, event.implicit)
    try:
        return _SCALARS.get(tag.removeprefix(_TAG), str)(event.value)
    except ValueError:  # YAML's .inf and .nan, and whole numbers of thousands of digits.
        message = f"{event.value[:20]} is not a number to be used here"
        document.problems.append(document.problem(path, "number", message))
        return None


def _build_mapping(document: Document, rest: Iterator[yaml.Event], path: Path) -> dict[str, Any]:
    built: dict[str, Any] = {}
    for event in _until_end(rest):
        key = event.value if isinstance(event, yaml.ScalarEvent) else None
        place = _place(event.start_mark)
        if key is None:
            document.problems.append(Problem(document.file, *place, "key", "a key must be plain text"))
            _skip(event, rest)
            _skip(next(rest), rest)
        elif key in built:
            first = document.keys[*path, key][0]
            message = f'"{key}" is given twice; it is first given on line {first}'
            document.problems.append(Problem(document.file, *place, "duplicate-key", message))
            _skip(next(rest), rest)
        else:
            document.keys[*path, key] = place
            built[key] = _build(document, next(rest), rest, (*path, key))
    return built
