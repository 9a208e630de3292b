"""Every mutation of every subject, in an order that is always the same."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from tests.mutants import council, forgotten, keys, privacy, promises, references, shape, templates, time
from tests.mutants.mutation import Lines, Mutation
from tests.mutants.page import Page
from tests.mutants.places import EVENTS
from tests.mutants.subjects import Subject, subjects

OF_A_KIND = 3


def of_the_small_ones() -> Iterator[tuple[str, Mutation]]:
    """The mutations of the small subjects, each with its subject's name."""
    small = (subject for subject in subjects() if not subject.is_large)
    yield from ((subject.name, _told(subject, mutation)) for subject in small for mutation in mutations(subject))


def corpus(only: str = "", of_a_kind: int | None = OF_A_KIND) -> list[tuple[str, Mutation]]:
    """The mutations of every subject whose kind has these letters in it, each with its subject's name.

    Of the large subjects no more than so many of a kind, evenly spread; None for all there are.
    """
    return [
        (subject.name, _told(subject, mutation))
        for subject in subjects()
        for mutation in _spread(mutations(subject), of_a_kind if subject.is_large else None)
        if only in mutation.kind
    ]


def _spread(made: Iterable[Mutation], of_a_kind: int | None) -> Iterator[Mutation]:
    kinds: dict[str, list[Mutation]] = {}
    for mutation in made:
        kinds.setdefault(mutation.kind, []).append(mutation)
    for same in kinds.values():
        few = len(same) if of_a_kind is None else min(of_a_kind, len(same))
        yield from (same[number * len(same) // few] for number in range(few))


def mutations(subject: Subject) -> Iterator[Mutation]:
    """Each way to break the subject, one at a time; what two generators do alike is there once."""
    seen: set[tuple[str, str | None]] = set()
    for mutation in (*_all(subject), *council.generate(subject)):
        written = (mutation.file, mutation.text)
        if written not in seen and mutation.text != subject.texts[mutation.file]:
            seen.add(written)
            yield mutation


def _all(subject: Subject) -> Iterator[Mutation]:
    for page in subject.pages:
        for each in (references, keys, shape, forgotten, time, promises):
            yield from each.generate(page)
        yield from privacy.generate(page, subject.templates)
    yield from templates.generate(subject.templates, subject.pages)


def _told(subject: Subject, mutation: Mutation) -> Mutation:
    """The same, knowing where else it may be reported: looked for last, as it takes longest."""
    return replace(mutation, elsewhere={**_told_of(subject, mutation), **mutation.elsewhere})


def _told_of(subject: Subject, mutation: Mutation) -> dict[str, Lines]:
    """Where other files speak of what was changed: what a parent told its children to do, or an answer asked for."""
    before, after = subject.texts[mutation.file].split("\n"), (mutation.text or "").split("\n")
    words = set(_WORD.findall(" ".join(line for line in before if line not in after)))
    others = (page for page in subject.pages if page.file != mutation.file and mutation.text is not None)
    found = {page.file: _named(page, words) for page in others} | {
        file: _spoken_of(text, words) for file, text in subject.templates.items() if file != mutation.file
    }
    return {file: lines for file, lines in found.items() if lines}


def _spoken_of(template: str, words: set[str]) -> Lines:
    """The lines of a template that speak of answers of these names."""
    return frozenset(
        number for number, line in enumerate(template.split("\n"), 1) if words.intersection(_ANSWER.findall(line))
    )


def _named(page: Page, words: set[str]) -> Lines:
    """The lines of the events, states and fields of these names."""
    return frozenset(one.key_line for one in page.at(*EVENTS, "states.*", "fields.*") if one.path[-1] in words) | {
        inner.line for one in page.at(*EVENTS) if one.path[-1] in words for inner in page.words_at(f"{one.where}.by")
    }


_WORD = re.compile(r"\w+")
_ANSWER = re.compile(r"answers\.(\w+)")
