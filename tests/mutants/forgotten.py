"""Cases that could be forgotten: nobody who acts, no work, no clock, nobody told, pauses without end."""

from collections.abc import Iterator

from tests.mutants.mutation import Mutation, added, changed, dropped
from tests.mutants.page import Page, Part
from tests.mutants.places import DEADLINES, EVENTS, TASKS, around, beyond, named, states_of, stories, under


def generate(page: Page) -> Iterator[Mutation]:
    yield from by_nobody(page)
    yield from without_work(page)
    yield from without_a_clock(page)
    yield from telling_nobody(page)
    yield from unseen(page)
    yield from without_limit(page)
    yield from too_few(page)
    yield from kept_from_everybody(page)


def by_nobody(page: Page) -> Iterator[Mutation]:
    """Every event that nobody may do, only the clock, or only a role that is not there."""
    for part in page.at(*under(EVENTS, "by")):
        event = page.by_path[part.path[:-1]]
        here = {one.key_line for one in page.at("states.*") if one.path[1] in states_of(page, event)}
        awaiting = {one.line for one in page.at("states.*.awaiting") if one.path[1] in states_of(page, event)}
        to = [one.word for one in page.at(f"{event.where}.to")]
        lines = {*named(page, event), *stories(page), *here, *awaiting, *beyond(page, *to)}
        for kind, text in (("by emptied", "[]"), ("by the clock only", "clock"), ("by the public only", "public")):
            if part.word != text:
                yield changed(kind, page, part, text, *lines)
        yield dropped("by dropped", page, part, lines)


def without_work(page: Page) -> Iterator[Mutation]:
    """Every task left out, given to somebody else, or never done."""
    for task in page.at(*TASKS):
        children = {one.key_line for one in page.at("children")} if task.path[0] == "alerts" else set()
        lines = named(page, task) | stories(page) | children
        yield dropped("task dropped", page, task, lines)
        for part in page.at(f"{task.where}.for"):
            for other in sorted({one.word for one in page.words_at(*under(EVENTS, "by"))} - {part.word}):
                yield changed("task given away", page, part, other, *around(page, task))
        for part in page.at(f"{task.where}.deadline", f"{task.where}.due", f"{task.where}.each"):
            yield dropped(f"task without {part.path[-1]}", page, part, lines)


def without_a_clock(page: Page) -> Iterator[Mutation]:
    """Every deadline left out, what it ends in, and what it is counted from."""
    for deadline in page.at(*DEADLINES):
        lines = named(page, deadline) | stories(page) | _running(page, deadline)
        yield dropped("deadline dropped", page, deadline, lines)
        for part in page.at(f"{deadline.where}.then"):
            yield dropped("escalation dropped", page, part, lines)
        for part in page.at(f"{deadline.where}.then.escalate", f"{deadline.where}.then.event"):
            yield dropped("escalation dropped", page, part, lines | {page.by_path[part.path[:-1]].line})
        for part in page.at(f"{deadline.where}.every"):
            text = page.text[part.start : part.span[1]].replace("every", "within", 1)
            here = Mutation("round only once", f"{page.name}:{part.line} {part.where}", page.file, lines | {part.line},
                            page.replaced((part.start, part.span[1]), text))  # fmt: skip
            yield here


def _running(page: Page, deadline: Part) -> frozenset[int]:
    """The states it runs in."""
    names = {one.word for one in page.words_at(f"{deadline.where}.while_in")}
    return frozenset(one.key_line for one in page.at("states.*") if one.path[1] in names)


def telling_nobody(page: Page) -> Iterator[Mutation]:
    """Every escalation to somebody who never sees the case, and every state that awaits nobody."""
    for part in page.at(*under(DEADLINES, "then.escalate", "remind.who"), "states.*.awaiting"):
        kind = "awaiting the public" if part.path[-1] == "awaiting" else "telling the public"
        deadline = page.by_path[part.path[: part.path.index("deadlines") + 2]] if "deadlines" in part.path else part
        yield changed(kind, page, part, "public", *around(page, deadline))
    for part in page.at("states.*.awaiting"):
        yield dropped("awaiting dropped", page, part, around(page, part))


def unseen(page: Page) -> Iterator[Mutation]:
    """Every role that no longer sees the cases, or not in one of its states."""
    for part in page.at("seen_by.*"):
        role = part.path[-1]
        yield dropped("seen by nobody of a role", page, part, around(page, part) | page.mentions(role) | stories(page))
    for part in page.at("seen_by.*.states.*"):
        lines = around(page, part) | page.mentions(part.path[1]) | page.mentions(part.word) | stories(page)
        yield dropped("unseen in a state", page, part, lines)


def without_limit(page: Page) -> Iterator[Mutation]:
    """Every pause and every extension that has no limit."""
    for part in page.at(*under(DEADLINES, "paused_in.at_most"), *under(EVENTS, "extends.at_most")):
        yield dropped("no limit", page, part, around(page, page.by_path[part.path[:-1]]))
    for part in page.at("guards.*.override.at_most"):
        yield dropped("no limit", page, part, around(page, page.by_path[part.path[:-1]]))


def too_few(page: Page) -> Iterator[Mutation]:
    """Every count out of reach."""
    for part in page.at("guards.**.at_least"):
        guard = page.by_path[part.path[:2]]
        lines = page.lines_of(guard) | page.mentions(guard.path[1]) | stories(page)
        yield changed("quorum out of reach", page, part, "99", *lines)


def kept_from_everybody(page: Page) -> Iterator[Mutation]:
    """Every event kept from whoever did any other of its role."""
    names = sorted({event.path[-1] for event in page.at(*EVENTS)})
    for event in page.at("events.*", "states.*.events.*"):
        if (*event.path, "not_by") not in page.by_path:
            text = f"not_by: [{', '.join(name for name in names if name != event.path[-1])}]"
            yield added("kept from everybody", page, event, text, named(page, event) | stories(page))
