"""Workflows of the wrong shape: what is left out, leads elsewhere, contradicts itself, or goes round by itself."""

from collections.abc import Iterator

from tests.mutants.mutation import Mutation, added, changed, dropped, rewritten
from tests.mutants.page import Page, Part
from tests.mutants.places import DEADLINES, EVENTS, around, beyond, flow, named, states_of, stories, under


def generate(page: Page) -> Iterator[Mutation]:
    yield from no_such_event(page)
    yield from no_way_out(page)
    yield from no_end(page)
    yield from ends_too_soon(page)
    yield from led_elsewhere(page)
    yield from contradictions(page)
    yield from both_at_once(page)
    yield from by_itself(page)


def no_such_event(page: Page) -> Iterator[Mutation]:
    """Every event left out."""
    for event in page.at(*EVENTS):
        lines = named(page, event) | stories(page) | _left_behind(page, event)
        yield dropped("event dropped", page, event, lines)


def _left_behind(page: Page, event: Part) -> frozenset[int]:
    """The states it was possible in, and those it led towards."""
    to = [one.word for one in page.at(f"{event.where}.to")]
    here = set(states_of(page, event)) if event.path[0] != "start" else set()
    return beyond(page, *to) | {one.key_line for one in page.at("states.*") if one.path[1] in here}


def no_way_out(page: Page) -> Iterator[Mutation]:
    """Every state of which no event leads anywhere any more."""
    for state in page.at("states.*"):
        leading = [one for one in page.at(f"{state.where}.events.*.to") if one.word != state.path[1]]
        if leading:
            edits = [(one.span, state.path[1]) for one in leading]
            lines = {state.key_line} | {one.line for one in leading} | beyond(page, *(one.word for one in leading))
            yield rewritten(
                "no way out", page, state, edits, f"{state.where} leads to itself only", lines | stories(page)
            )


def no_end(page: Page) -> Iterator[Mutation]:
    """Every final state that is none."""
    for part in page.at("states.*.final"):
        yield changed("final dropped", page, part, "false", *around(page, part))


def ends_too_soon(page: Page) -> Iterator[Mutation]:
    """Every other state declared final."""
    for state in page.at("states.*"):
        if (*state.path, "final") not in page.by_path:
            lines = around(page, state) | page.mentions(state.path[1]) | beyond(page, state.path[1]) | stories(page)
            yield added("final added", page, state, "final: true", lines | _used_in(page, state.path[1]))


def _used_in(page: Page, state: str) -> frozenset[int]:
    """What is only of use in the state: the events, guards and conditions that would never come about."""
    names = {one.path[-1] for one in page.at(f"states.{state}.events.*", f"states.{state}.deadlines.*")}
    return frozenset().union(*(page.mentions(name) for name in names))


def led_elsewhere(page: Page) -> Iterator[Mutation]:
    """Every event that leads to a state other than its own, or to none."""
    names = [one.path[1] for one in page.at("states.*")]
    for part in page.at(*under(EVENTS, "to")):
        event = page.by_path[part.path[:-1]]
        lines = named(page, event) | stories(page) | _left_behind(page, event)
        for other in _others(names, part.word):
            yield changed("led elsewhere", page, part, other, *lines, *beyond(page, other))
        yield dropped("leads nowhere", page, part, lines)


def _others(names: list[str], own: str) -> list[str]:
    """The state after its own, the first one, and the last."""
    after = names[(names.index(own) + 1) % len(names)]
    return [name for name in dict.fromkeys((after, names[0], names[-1])) if name != own]


def contradictions(page: Page) -> Iterator[Mutation]:
    """Every guard that holds only where it does not, and every one turned round."""
    for part in page.at("guards.*.when"):
        own = flow(page, part)
        lines = _asking(page, part) | around(page, page.by_path[part.path[:-1]]) | stories(page)
        for kind, text in (
            ("guard contradicts", f"{{all: [{own}, {{not: {own}}}]}}"),
            ("guard turned round", f"{{not: {own}}}"),
        ):
            yield rewritten(kind, page, part, [(part.span, text)], text, lines)


def _asking(page: Page, part: Part) -> frozenset[int]:
    """The events that ask the guard, the states they are possible in, and those they lead to."""
    found: set[int] = set()
    for asked in page.words_at(*under(EVENTS, "requires")):
        if asked.word == part.path[1]:
            event = next(one for one in page.at(*EVENTS) if asked.path[: len(one.path)] == one.path)
            found |= {asked.line, event.key_line} | _left_behind(page, event)
    return frozenset(found)


def both_at_once(page: Page) -> Iterator[Mutation]:
    """Every deadline that ends in an event, with another of the same moment that ends in another event."""
    for part in page.at(*under(DEADLINES, "then.event")):
        deadline, home = page.by_path[part.path[:-2]], page.by_path[part.path[:-3]]
        offered = page.at(f"states.{part.path[1]}.events.*", "events.*")
        for event in offered:
            by = page.by_path.get((*event.path, "by"))
            if by is None or event.path[-1] == part.word:
                continue
            same = flow(page, deadline).replace(f"event: {part.word}", f"event: {event.path[-1]}")
            text = page.with_key(home, f"at_the_same_moment: {same}")
            own = Page(page.file, text)
            allowed = own.by_path[by.path]
            given = _with(allowed, "clock")
            beside = own.mentions("at_the_same_moment") | around(own, own.by_path[event.path])
            yield rewritten(
                "both at once", own, own.by_path[deadline.path], [(allowed.span, given)],
                f"{deadline.where} beside {event.path[-1]}",
                around(own, own.by_path[deadline.path]) | beside,
            )  # fmt: skip


def _with(part: Part, word: str) -> str:
    words = [one.value for one in part.node.value] if isinstance(part.node.value, list) else [part.word]
    return f"[{', '.join(dict.fromkeys((*words, word)))}]"


def by_itself(page: Page) -> Iterator[Mutation]:
    """Every deadline that ends in an event, at once, and leading back to where it is."""
    for part in page.at(*under(DEADLINES, "then.event")):
        deadline = page.by_path[part.path[:-2]]
        span = page.by_path.get((*deadline.path, "within")) or page.by_path.get((*deadline.path, "every"))
        for to in page.at(f"states.{part.path[1]}.events.{part.word}.to", f"events.{part.word}.to"):
            if span is not None and part.path[0] == "states":
                edits = [(span.span, "0 calendar days"), (to.span, part.path[1])]
                lines = around(page, deadline) | {span.line, to.line, part.line} | beyond(page, to.word)
                yield rewritten("round by itself", page, deadline, edits, f"{deadline.where} at once", lines)
