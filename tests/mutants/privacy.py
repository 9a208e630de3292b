"""What reaches somebody who may not read it: fields of a closer class, kept to fewer roles, hidden collections."""

from collections.abc import Iterator, Mapping

from tests.mutants.mutation import Lines, Mutation, added, changed, dropped
from tests.mutants.page import Page, Part
from tests.mutants.places import EVENTS, around, under


def generate(page: Page, templates: Mapping[str, str]) -> Iterator[Mutation]:
    yield from secret_fields(page, templates)
    yield from fewer_readers(page, templates)
    yield from hidden_collections(page, templates)


def _questions(page: Page) -> Iterator[Part]:
    yield from (one for one in page.at("fields.*", "forms.*.*", *under(EVENTS, "form.*")) if one.node.value)


def _said_in(templates: Mapping[str, str], page: Page, field: str) -> Mapping[str, Lines]:
    """The lines of templates that speak of the field, or of the case by its name."""
    called = any(one.word == field for one in page.at("called"))
    words = (f".{field}", f'"{field}"', "fields", "answers", *(("case.title",) if called else ()))
    return {
        file: frozenset(n for n, line in enumerate(text.split("\n"), 1) if any(word in line for word in words))
        for file, text in templates.items()
    }


def secret_fields(page: Page, templates: Mapping[str, str]) -> Iterator[Mutation]:
    """Every question of a class that fewer may read."""
    for question in _questions(page):
        present = page.by_path.get((*question.path, "privacy"))
        lines = around(page, question) | page.mentions(question.path[-1])
        for privacy in ("personal", "child"):
            kind = f"made {privacy}"
            if present is not None and present.word != privacy:
                made = changed(kind, page, present, privacy, *lines)
            elif present is None:
                made = added(kind, page, question, f"privacy: {privacy}", lines)
            else:
                continue
            yield _also(made, _said_in(templates, page, question.path[-1]))


def fewer_readers(page: Page, templates: Mapping[str, str]) -> Iterator[Mutation]:
    """Every question that one role only may read."""
    roles = sorted({one.path[1] for one in page.at("seen_by.*")})
    for question in _questions(page):
        lines = around(page, question) | page.mentions(question.path[-1])
        for role in roles[:1]:
            made = added("read by one role", page, question, f"read: [{role}]", lines)
            yield _also(made, _said_in(templates, page, question.path[-1]))


def hidden_collections(page: Page, templates: Mapping[str, str]) -> Iterator[Mutation]:
    """Every collection that a role no longer sees."""
    for part in page.words_at("collections.*.seen_by"):
        if part.path[-1] != "seen_by":
            asked = {one.line for one in page.words_at(*under(EVENTS, "requires"))}
            lines = around(page, part) | page.mentions(part.path[1]) | asked
            yield _also(dropped("collection hidden", page, part, lines), _said_of(templates, part.path[1]))


def _said_of(templates: Mapping[str, str], collection: str) -> Mapping[str, Lines]:
    return {
        file: frozenset(n for n, line in enumerate(text.split("\n"), 1) if "item" in line or collection in line)
        for file, text in templates.items()
    }


def _also(made: Mutation, elsewhere: Mapping[str, Lines]) -> Mutation:
    kept = {file: lines for file, lines in elsewhere.items() if lines}
    return Mutation(made.kind, made.name, made.file, made.lines, made.text, kept)
