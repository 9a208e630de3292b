"""The council's roles: held by nobody or one person, and seeing less; it shows wherever a workflow names the role."""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from tests.mutants.mutation import Lines, Mutation, added, changed, dropped
from tests.mutants.page import Page
from tests.mutants.places import around, stories
from tests.mutants.subjects import Subject


def generate(subject: Subject) -> Iterator[Mutation]:
    for page in subject.pages:
        for part in page.at("roles.*"):
            elsewhere = {other.file: _of_the_role(other, part.path[1]) for other in subject.pages if other != page}
            made = (*_held_by_few(page, part.path), *_sees_less(page, part.path))
            yield from (replace(one, elsewhere={**elsewhere, **_said(subject, one)}) for one in made)


def _held_by_few(page: Page, path: tuple[str, ...]) -> Iterator[Mutation]:
    """The role of which there are none, or one."""
    role, present = page.by_path[path], page.by_path.get((*path, "least"))
    for number, kind in (("0", "nobody holds the role"), ("1", "one holds the role")):
        if present is not None:
            yield changed(kind, page, present, number, *around(page, role))
        else:
            yield added(kind, page, role, f"least: {number}", around(page, role))


def _sees_less(page: Page, path: tuple[str, ...]) -> Iterator[Mutation]:
    """The role without one of the classes it sees."""
    for part in page.at(f"{'.'.join(path)}.sees.*"):
        yield dropped("role sees less", page, part, around(page, part))


def _of_the_role(page: Page, role: str) -> Lines:
    """Wherever the role is named, its people counted, cases called by a name, or a promise made."""
    counted = {part.line for part in page.at("guards.**.at_least", "guards.*.when", "**.not_by", "called")}
    states = {part.key_line for part in page.at("states.*", "start.*", "events.*")}
    return page.mentions(role) | stories(page) | counted | states


def _said(subject: Subject, mutation: Mutation) -> Mapping[str, Lines]:
    if mutation.kind != "role sees less":
        return {}
    return {file: frozenset(range(1, text.count("\n") + 2)) for file, text in subject.templates.items()}
