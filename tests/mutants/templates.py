"""Notices that are not there, or speak of what there is not."""

import re
from collections.abc import Iterator, Mapping

from tests.mutants.mutation import Mutation
from tests.mutants.page import Page
from tests.mutants.references import slip

_SAID = re.compile(r"(?:\{\{-? *|\{%-? *(?:if|for \w+ in|elif) +)([a-z_]+)((?:\.[a-z_]+)*)")


def generate(templates: Mapping[str, str], pages: tuple[Page, ...]) -> Iterator[Mutation]:
    for file, text in templates.items():
        if file.count("/") == 2:
            yield from left_out(file, pages)
            yield from misspelt(file, text)
            yield from unclosed(file, text)


def left_out(file: str, pages: tuple[Page, ...]) -> Iterator[Mutation]:
    """The template not there: right is where the notice is named."""
    _, workflow, rest = file.split("/")
    notice = rest.split(".")[0]
    users = {page.file: page.mentions(notice) for page in pages if page.name == workflow}
    lines = frozenset[int]({1})
    yield Mutation("template missing", f"{file} left out", file, lines, None, users)


def misspelt(file: str, text: str) -> Iterator[Mutation]:
    """Every word of a template that stands for something, misspelt."""
    for found in _SAID.finditer(text):
        steps = [found[1], *found[2].split(".")[1:]]
        for number, step in enumerate(steps):
            said = ".".join([*steps[:number], slip(step), *steps[number + 1 :]])
            new = text[: found.start(1)] + said + text[found.end() :]
            line = text.count("\n", 0, found.start(1)) + 1
            yield Mutation("template misspelt", f"{file}:{line} {said}", file, frozenset({line}), new)


def unclosed(file: str, text: str) -> Iterator[Mutation]:
    """A value whose second brace is not there."""
    at = text.find("}}")
    if at >= 0:
        lines = frozenset(range(1, text.count("\n") + 2))
        yield Mutation("template unclosed", f"{file} unclosed", file, lines, text[:at] + text[at + 1 :])
