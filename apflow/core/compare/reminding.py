"""What a change of how people are reminded means, in sentences."""

from collections.abc import Iterable, Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, gained_and_lost, listed
from apflow.core.compare.names import in_words
from apflow.core.definition.reminding import Reminders

_NONE = Reminders()


def compare_reminders(old: Reminders | None, new: Reminders | None) -> Iterator[str]:
    sayings: dict[str, Saying] = {"in_one_email": _in_one_email, "in_the_morning": _in_the_morning}
    yield from differences("How people are reminded", old or _NONE, new or _NONE, sayings)


def _in_one_email(_old: bool, new: bool) -> Iterator[str]:
    if new:
        yield "What one person is reminded of on one morning now goes as one email, which lists it."
    else:
        yield "Each reminder is now an email of its own, however many somebody is reminded of on one morning."


def _in_the_morning(old: Mapping[str, Iterable[str]], new: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for workflow in sorted({*old, *new}):
        more, less = gained_and_lost(old.get(workflow, ()), new.get(workflow, ()))
        of = f"of {in_words(workflow)}"
        if more:
            yield f"What the clock sends {of} outside working hours now waits for them: {listed(map(in_words, more))}."
        if less:
            yield f"What the clock sends {of} at any hour now goes at once: {listed(map(in_words, less))}."
