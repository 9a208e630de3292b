"""A policy file broken in one place: the text around the place stays as it was, and so does every line's number."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.mutants.page import Page, Part, Span, is_in_braces

Lines = frozenset[int]


@dataclass(frozen=True)
class Mutation:
    """One file of a policy written differently, or left out when `text` is None.

    A report on one of the `lines` counts as being at the right place; so does one in a file of `elsewhere`, on its
    lines.
    """

    kind: str
    name: str
    file: str
    lines: Lines
    text: str | None
    elsewhere: Mapping[str, Lines] = field(default_factory=dict, compare=False)

    def is_at(self, file: str, line: int) -> bool:
        """Whether this is a right place to report it."""
        if file.endswith(self.file):
            return line in self.lines
        return any(file.endswith(other) and line in lines for other, lines in self.elsewhere.items())


def apply(mutation: Mutation, root: Path) -> None:
    """Write the changed file over the one in the folder that holds `workflows` and `notifications`."""
    path = root / mutation.file
    if mutation.text is None:
        path.unlink()
    else:
        path.write_text(mutation.text, encoding="utf-8")


def changed(kind: str, page: Page, part: Part, text: str, *extra: int) -> Mutation:
    """The part's value written as `text` instead; right are its lines, and the extra ones."""
    return rewritten(kind, page, part, [(part.span, text)], f"{part.where}: {text}", {part.line, *extra})


def renamed(kind: str, page: Page, part: Part, text: str, *extra: int) -> Mutation:
    """The part's key written as `text` instead."""
    assert part.key_span is not None
    edits = [(part.key_span, text)]
    return rewritten(kind, page, part, edits, f"{part.where} as a key: {text}", {part.key_line, *extra})


def dropped(kind: str, page: Page, part: Part, lines: Iterable[int]) -> Mutation:
    """The part left out, with blank lines where it stood; with all there is beside it, when it stands alone."""
    alone = page.outermost_alone(part)
    above = page.by_path.get(alone.path[:-1])
    top = int(page.root.start_mark.line) + 1  # Where a key of the whole file is said to be missing.
    name = f"{page.name}:{part.key_line} {part.where} left out"
    return Mutation(kind, name, page.file, frozenset({*lines, above.key_line if above else top}), page.without(alone))


def added(kind: str, page: Page, part: Part, text: str, lines: Iterable[int]) -> Mutation:
    """A key and its value more in the mapping that the part is: right are its own line, and these of before."""
    at = int(part.node.value[0][0].start_mark.line) + 1
    further = 0 if is_in_braces(part.node) else text.count("\n") + 1
    own = range(at, at + max(further, 1))
    moved = {line + further if line >= at else line for line in lines}
    name = f"{page.name}:{part.key_line} {part.where} and {' '.join(text.split())[:90]}"
    return Mutation(kind, name, page.file, frozenset({*own, *moved}), page.with_key(part, text))


def rewritten(
    kind: str, page: Page, part: Part, edits: Iterable[tuple[Span, str]], said: str, lines: Iterable[int]
) -> Mutation:
    """Several places of one file written differently."""
    text = page.text
    for (start, end), new in sorted(edits, reverse=True):
        text = text[:start] + new + "\n" * (page.text.count("\n", start, end) - new.count("\n")) + text[end:]
    return Mutation(kind, f"{page.name}:{part.key_line} {said}", page.file, frozenset(lines), text)
