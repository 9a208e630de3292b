"""Promises that no longer hold: guards that an invariant needs, and stories that come out otherwise."""

from collections.abc import Iterator

from tests.mutants.mutation import Mutation, changed, dropped, rewritten
from tests.mutants.page import Page, Part
from tests.mutants.places import EVENTS, named, stories, under


def generate(page: Page) -> Iterator[Mutation]:
    yield from unguarded(page)
    yield from guarded_by_nothing(page)
    yield from other_ends(page)
    yield from other_emails(page)
    yield from other_steps(page)
    yield from refused_otherwise(page)


def unguarded(page: Page) -> Iterator[Mutation]:
    """Every guard that an event no longer asks."""
    for part in page.words_at(*under(EVENTS, "requires")):
        event = next(one for one in page.at(*EVENTS) if part.path[: len(one.path)] == one.path)
        lines = named(page, event) | page.mentions(part.word) | stories(page)
        yield dropped("guard dropped", page, part, lines)


def guarded_by_nothing(page: Page) -> Iterator[Mutation]:
    """Every guard that always holds."""
    for part in page.at("guards.*.when"):
        text = "{any: [{fact: today, is_present: true}]}"
        lines = page.mentions(part.path[1]) | page.lines_of(page.by_path[part.path[:2]]) | stories(page)
        yield rewritten("guard always holds", page, part, [(part.span, text)], text, lines)


def other_ends(page: Page) -> Iterator[Mutation]:
    """Every scenario that ends elsewhere."""
    for part in page.at("scenarios.*.ends"):
        for other in sorted({one.path[1] for one in page.at("states.*")} - {part.word}):
            yield changed("scenario ends elsewhere", page, part, other)


def other_emails(page: Page) -> Iterator[Mutation]:
    """Every e-mail of a scenario left out, or sent twice."""
    for part in page.at("scenarios.*.emails.*"):
        line = _lines(page, part)
        yield dropped("scenario sends less", page, part, line)
        yield changed("scenario sends more", page, part, f"{part.word}, {part.word}", *line)


def other_steps(page: Page) -> Iterator[Mutation]:
    """Every step of a scenario left out, or done by somebody else."""
    for part in page.at("scenarios.*.steps.*"):
        if not page.is_alone(part):
            yield dropped("scenario without a step", page, part, _lines(page, part))
    for part in page.at("scenarios.*.steps.*.who"):
        for other in sorted({one.word for one in page.at("scenarios.*.steps.*.who")} - {part.word}):
            yield changed("scenario with another actor", page, part, other, *_lines(page, part))


def refused_otherwise(page: Page) -> Iterator[Mutation]:
    """Every refusal of a scenario for another reason, and every step refused that is not."""
    for part in page.at("scenarios.*.steps.*.refused"):
        yield changed("refused otherwise", page, part, "because of the weather", *_lines(page, part))
        yield dropped("not refused", page, part, _lines(page, part))


def _lines(page: Page, part: Part) -> frozenset[int]:
    """The scenario it belongs to: what is different after it shows at a later line."""
    return page.lines_of(page.by_path[part.path[:2]])
