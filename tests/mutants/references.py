"""Names that lead nowhere: every reference misspelt, one at a time."""

from collections.abc import Iterator, Mapping

from tests.mutants.mutation import Mutation, changed, renamed
from tests.mutants.page import Page

EVENTS = ("start.*", "events.*", "states.*.events.*")
DEADLINES = ("deadlines.*", "states.*.deadlines.*")
TASKS = ("states.*.tasks.*", "alerts.*")


def _under(heads: tuple[str, ...], *tails: str) -> tuple[str, ...]:
    return tuple(f"{head}.{tail}" for head in heads for tail in tails)


# Where the words of each kind stand, by themselves or in a list.
WORDS: Mapping[str, tuple[str, ...]] = {
    "state": (
        *_under(EVENTS, "to", "from", "from.all_except"),
        *_under(DEADLINES, "while_in", "paused_in.states"),
        "journey", "seen_by.*.states", "documents.*.while_in", "invariants.*.on_entry_to", "scenarios.*.ends",
    ),
    "event": (
        *_under(TASKS, "done_by"), *_under(DEADLINES, "then.event", "after"), *_under(EVENTS, "not_by"),
        *_under(EVENTS, "calls.*.event"), "scenarios.*.steps.*.does",
    ),
    "role": (
        *_under(EVENTS, "by"), *_under(TASKS, "for"), *_under(DEADLINES, "then.escalate", "remind.who"),
        "party.role", "states.*.awaiting", "collections.*.seen_by", "documents.*.read_by", "flags.*.seen_by",
        "takes.*.late.by", "guards.*.override.by", "scenarios.*.steps.*.who",
    ),
    "guard": _under(EVENTS, "requires"),
    "form": _under(EVENTS, "asks"),
    "alert": _under(EVENTS, "opens"),
    "notice": (
        *_under(EVENTS, "notify.*", "notify.*.notice"), *_under(DEADLINES, "remind.notice", "then.notice"),
        "guards.*.override.tell.*",
    ),
    "field": (
        "called", "party.name", "party.email", *_under(DEADLINES, "of"), *_under(EVENTS, "only.*", "joins.case"),
        *_under(EVENTS, "notify.*.invite.on", "notify.*.invite.at", "notify.*.invite.place"),
    ),
    "deadline": (*_under(TASKS, "deadline"), *_under(EVENTS, "extends.deadline", "notify.*.about")),
    "collection": (
        *_under(EVENTS, "item.of", "clears"), *_under(TASKS, "each"), "**.every", "**.count", "**.majority",
    ),
    "status": (*_under(EVENTS, "item.from", "item.to"), "collections.*.starts"),
    "fact": ("**.fact",),
    "catalogue": ("collections.*.catalogue",),
    "calendar": ("calendar.bank_holidays", "calendar.working_days"),
    "section": ("items.*.section",),
}  # fmt: skip

# Where a key is itself a name that must lead somewhere.
KEYS: Mapping[str, tuple[str, ...]] = {
    "role": (*_under(EVENTS, "notify.*", "only.*"), "seen_by.*", "guards.*.override.tell.*"),
    "field": ("scenarios.*.steps.*.answers.*",),
}
# "every:" also says how often a deadline comes round, and which days are closed is no name.
_NOT = frozenset({"deadlines", "routine_visits"})


def misspelt(page: Page) -> Iterator[Mutation]:
    """Every name that leads somewhere, with two of its letters the wrong way round, or one letter too many."""
    for kind, patterns in WORDS.items():
        for part in page.words_at(*patterns):
            is_how_often = part.path[-1] == "every" and not _NOT.isdisjoint(part.path)
            if not (is_how_often or part.word in ("none", "all", "own", "today")):
                yield changed(f"misspelt {kind}", page, part, slip(part.word))
    for kind, patterns in KEYS.items():
        for part in page.at(*patterns):
            yield renamed(f"misspelt {kind}", page, part, slip(part.path[-1]))


def compared_with_nothing(page: Page) -> Iterator[Mutation]:
    """Every status or option that a condition speaks of, misspelt."""
    for part in page.words_at("**.is", "**.is_not", "**.is_one_of"):
        if part.word not in ("true", "false"):
            yield changed("misspelt value", page, part, slip(part.word))


def asked_for_nothing(page: Page) -> Iterator[Mutation]:
    """Every question that is a field of the case, asked by a name no field has."""
    asked = page.at("forms.*.*", *_under(EVENTS, "form.*"))
    for part in asked:
        if isinstance(part.node.value, str) and part.word == "":
            yield renamed("misspelt field", page, part, slip(part.path[-1]))


def slip(word: str) -> str:
    """The word as a hurried hand writes it."""
    middle = len(word) // 2
    turned = word[: middle - 1] + word[middle] + word[middle - 1] + word[middle + 1 :] if len(word) > 2 else word
    return turned if turned != word else f"{word}x"


def generate(page: Page) -> Iterator[Mutation]:
    yield from misspelt(page)
    yield from compared_with_nothing(page)
    yield from asked_for_nothing(page)
