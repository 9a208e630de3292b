"""Time that cannot be: reminders too late, deadlines that never come, clocks that stand still or run too fast."""

from collections.abc import Iterator

from tests.mutants.mutation import Mutation, added, changed
from tests.mutants.page import Page, Part
from tests.mutants.places import DEADLINES, around, beyond, flow, stories, under


def generate(page: Page) -> Iterator[Mutation]:
    yield from reminded_too_early(page)
    yield from shadowed(page)
    yield from too_fast(page)
    yield from still_for_ever(page)
    yield from no_time(page)
    yield from not_wanted(page)


def reminded_too_early(page: Page) -> Iterator[Mutation]:
    """Every reminder that would go before there is a deadline, and every one that goes twice."""
    for part in page.words_at(*under(DEADLINES, "remind.at")):
        yield changed("reminder too early", page, part, "999 working days left")
        yield changed("reminder at no time", page, part, "some days left")
        if part.path[-1] != "at":
            first = page.by_path[(*part.path[:-1], "0")]
            if first.word != part.word:
                yield changed("reminded twice", page, part, first.word)


def shadowed(page: Page) -> Iterator[Mutation]:
    """Every deadline that takes the case away, with one beside it that would come later."""
    for part in page.at("states.*.deadlines.*.then.event"):
        deadline, home = page.by_path[part.path[:-2]], page.by_path[part.path[:-3]]
        text = "much_later: {label: Much later, within: 99 years, then: {escalate: ROLE}, assumed: x}"
        role = next((one.word for one in page.at("states.*.deadlines.*.then.escalate")), None)
        if role is not None:
            yield added("deadline shadowed", page, home, text.replace("ROLE", role), around(page, deadline))
    for part in page.at("states.*.deadlines.*.then.escalate"):
        deadline = page.by_path[part.path[:-2]]
        ends = [one for one in page.at(f"states.{part.path[1]}.events.*", "events.*") if _is_by_clock(page, one.where)]
        for event in ends:
            to = next((one.word for one in page.at(f"{event.where}.to")), None)
            text = (
                f"at_once: {{label: At once, within: 0 calendar days, then: {{event: {event.path[-1]}}}, assumed: x}}"
            )
            home = page.by_path[deadline.path[:-1]]
            lines = page.lines_of(home) | stories(page) | (beyond(page, to) if to else frozenset())
            yield added("deadline shadowed", page, home, text, lines)


def _is_by_clock(page: Page, where: str) -> bool:
    return any(one.word == "clock" for one in page.words_at(f"{where}.by"))


def too_fast(page: Page) -> Iterator[Mutation]:
    """Every round that is over before the work in it is, or takes no time."""
    for part in page.at(*under(DEADLINES, "every")):
        lines = around(page, page.by_path[part.path[:-1]])
        yield changed("round too short", page, part, "1 calendar day", *lines)
        yield changed("round of no time", page, part, "0 calendar days", *lines)


def still_for_ever(page: Page) -> Iterator[Mutation]:
    """Every deadline of the whole case that stands still wherever it runs."""
    for part in page.at("deadlines.*.paused_in.states"):
        whole = page.by_path[(*part.path[:2], "while_in")]
        yield changed("paused for ever", page, part, flow(page, whole), *around(page, part))
    for part in page.at("deadlines.*.while_in"):
        if (*part.path[:2], "paused_in") not in page.by_path:
            text = f"paused_in: {{states: {flow(page, part)}, at_most: 10 working days}}"
            yield added("paused for ever", page, page.by_path[part.path[:2]], text, around(page, part))


def no_time(page: Page) -> Iterator[Mutation]:
    """Every span that is none, and every unit there is not."""
    for part in page.at(*under(DEADLINES, "within"), "states.*.tasks.*.due", "alerts.*.due"):
        yield changed("span misspelt", page, part, part.word.replace("day", "dya").replace("week", "wek"))
        yield changed("span misspelt", page, part, f"-{part.word}")


def not_wanted(page: Page) -> Iterator[Mutation]:
    """Every deadline that is never wanted, that says it is not and always is, or that hangs on what is elsewhere."""
    said = next((part.path[-1] for part in page.at("fields.*")), None)
    for part in page.at(*DEADLINES):
        if said is None or (*part.path, "unless") in page.by_path:
            continue
        both = f"{{fact: {said}, is_present: true}}, {{fact: {said}, is_present: false}}"
        lines = around(page, part) | _where_it_runs(page, part) | stories(page)
        yield added("deadline never wanted", page, part, f"unless: {{any: [{both}]}}", lines)
        yield added("deadline always wanted", page, part, f"unless: {{all: [{both}]}}", lines)
        elsewhere = "unless: {fact: council.applications_open, is: true}"
        yield added("deadline wanted elsewhere", page, part, elsewhere, lines)


def _where_it_runs(page: Page, part: Part) -> frozenset[int]:
    names = {one.word for one in page.words_at(f"{part.where}.while_in")}
    return frozenset(one.key_line for one in page.at("states.*") if one.path[1] in names)
