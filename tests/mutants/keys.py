"""Keys and values that cannot be: given twice, reserved, misspelt, or of the wrong type."""

from collections.abc import Iterator

from tests.mutants.mutation import Mutation, added, changed, dropped, renamed
from tests.mutants.page import Page, is_in_braces
from tests.mutants.places import around, flow
from tests.mutants.references import slip

# What stands for itself everywhere: nothing else may be called so.
RESERVED = {"states.*": "start", "fields.*": "today", "guards.*": "clock", "events.*": "none", "start.*": "public"}
NAMED = ("fields.*", "guards.*", "states.*", "events.*", "start.*", "forms.*", "collections.*", "alerts.*",
         "states.*.events.*", "states.*.tasks.*", "states.*.deadlines.*", "items.*", "roles.*")  # fmt: skip


def generate(page: Page) -> Iterator[Mutation]:
    yield from given_twice(page)
    yield from reserved(page)
    yield from of_the_wrong_type(page)
    yield from unclaimed(page)
    yield from misspelt(page)


def given_twice(page: Page) -> Iterator[Mutation]:
    """Every name that stands under a name of its own, given a second time."""
    for part in page.at(*NAMED):
        home = page.by_path[part.path[:-1]]
        if part.node.value and not is_in_braces(home.node):
            text = f"{part.path[-1]}: {flow(page, part)}"
            yield added("key given twice", page, home, text, {part.key_line})


def reserved(page: Page) -> Iterator[Mutation]:
    """Every name that means something else already."""
    for pattern, word in RESERVED.items():
        for part in page.at(pattern):
            if part.path[-1] != word:
                yield renamed("reserved name", page, part, word)


def of_the_wrong_type(page: Page) -> Iterator[Mutation]:
    """Every comparison with a value of another type, by a comparison of another type."""
    for part in page.at("**.is", "**.is_not", "**.is_one_of.*"):
        is_truth = part.word in ("true", "false")
        yield changed("wrong type", page, part, "maybe" if is_truth else "12")
        yield (
            renamed("wrong type", page, part, "is_before")
            if part.key is not None
            else changed("wrong type", page, part, "true")
        )
    for part in page.at("**.is_present"):
        yield changed("wrong type", page, part, "perhaps")
    for part in page.at("**.at_least", "**.at_most"):
        yield changed("wrong type", page, part, "several")


def unclaimed(page: Page) -> Iterator[Mutation]:
    """Every number or control that nobody answers for."""
    for part in page.at("**.source", "**.assumed"):
        home = page.by_path[part.path[:-1]]
        if ((*home.path, "source") in page.by_path) != ((*home.path, "assumed") in page.by_path):
            yield dropped("unclaimed", page, part, around(page, home))


def misspelt(page: Page) -> Iterator[Mutation]:
    """Every key of the language misspelt, once for each place it can stand in."""
    seen: set[tuple[str, ...]] = set()
    for part in page.parts:
        shape = tuple(step for step in part.path if step in _WORDS)
        if part.key is not None and part.path[-1] in _WORDS and shape not in seen:
            seen.add(shape)
            home = page.by_path.get(part.path[:-1])
            own = home.key_line if home else 1
            yield renamed("misspelt key", page, part, slip(part.path[-1]), own)


_WORDS = frozenset(
    [
        "title",
        "version",
        "reference",
        "called",
        "party",
        "seen_by",
        "journey",
        "fields",
        "collections",
        "guards",
        "forms",
        "start",
        "states",
        "events",
        "alerts",
        "invariants",
        "scenarios",
        "deadlines",
        "children",
        "label",
        "by",
        "to",
        "from",
        "requires",
        "asks",
        "form",
        "item",
        "notify",
        "awaiting",
        "tasks",
        "final",
        "within",
        "every",
        "of",
        "then",
        "escalate",
        "event",
        "remind",
        "at",
        "who",
        "notice",
        "type",
        "options",
        "optional",
        "when",
        "reason",
        "override",
        "for",
        "due",
        "done_by",
        "each",
        "says",
        "holds",
        "steps",
        "ends",
        "emails",
        "roles",
        "calendar",
        "working_days",
        "cut_off",
        "sections",
        "required",
        "good",
    ]
)
