"""What a change of the nightly check means, in sentences."""

from collections.abc import Iterable, Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, gained_and_lost, listed
from apflow.core.compare.names import in_words
from apflow.core.definition import words
from apflow.core.definition.nightly import Digest, DueUnderRetention, NightlyCheck


def compare_nightly_checks(old: NightlyCheck | None, new: NightlyCheck | None) -> Iterator[str]:
    if old is None or new is None:
        yield (
            "Cases are no longer looked at each night."
            if new is None
            else f"Every case is now looked at each night at {words.clock(new.at)}, for whatever could be forgotten."
        )
        return
    sayings: dict[str, Saying] = {
        "at": lambda was, now: [
            f"Every case is now looked at each night at {words.clock(now)}, was at {words.clock(was)}."
        ],
        "raises": _raised,
        "at_most": lambda was, now: [
            f"At most {now} things of a kind that are found at night are now work at one time, was {was}."
        ],
        "undone_after": lambda was, now: [
            f"What an alert asks for is now left undone once it has been overdue for {now or 'however long'}, "
            f"was {was or 'never'}."
        ],
        "urgent": _urgent,
        "digest": _digest,
    }
    yield from differences("The nightly check", old, new, sayings)


def _raised(old: Iterable[str], new: Iterable[str]) -> Iterator[str]:
    more, less = gained_and_lost(old, new)
    if more:
        yield f"What is found at night is now also somebody's work where it is {listed(map(in_words, more))}."
    if less:
        yield f"What is found at night is no longer anybody's work where it is {listed(map(in_words, less))}."


def _urgent(old: Mapping[str, Iterable[str]], new: Mapping[str, Iterable[str]]) -> Iterator[str]:
    for workflow in sorted({*old, *new}):
        more, less = gained_and_lost(old.get(workflow, ()), new.get(workflow, ()))
        of = f"of {in_words(workflow)}"
        if more:
            yield f"Work left undone is now urgent {of}, and told alone at once: {listed(map(in_words, more))}."
        if less:
            yield f"Work left undone is no longer urgent {of}: {listed(map(in_words, less))}."


def _digest(old: Digest | None, new: Digest | None) -> Iterator[str]:
    if new is None:
        yield "There is no longer an email of the day about work left undone."
    elif old is None:
        yield f"Work left undone is now told in one email of the day, to {in_words(new.to)}, at {words.clock(new.at)}."
    else:
        sayings: dict[str, Saying] = {
            "to": lambda was, now: [
                f"The email about work left undone now goes to {in_words(now)}, was {in_words(was)}."
            ],
            "at": lambda was, now: [
                f"The email about work left undone now goes at {words.clock(now)}, was at {words.clock(was)}."
            ],
            "again_after": lambda was, now: [f"Work left undone is now told of again after {now}, was {was}."],
            "urgent_again_after": lambda was, now: [
                f"Urgent work left undone is now told of again after {now or new.again_after}, "
                f"was {was or old.again_after}."
            ],
            "shows": lambda was, now: [
                f"The email about work left undone now names {now} things beside what is urgent, was {was}."
            ],
            "retention": _retention,
        }
        yield from differences("The email about work left undone", old, new, sayings)


def _retention(old: DueUnderRetention | None, new: DueUnderRetention | None) -> Iterator[str]:
    if new is None:
        yield "The email about work left undone no longer says what waits for a decision on erasing it."
    elif old is None:
        yield (
            "The email about work left undone now says what waits for a decision on erasing it: of what is new at most "
            f"every {new.at_most_every}, and of what still waits after {new.again_after}."
        )
    else:
        sayings: dict[str, Saying] = {
            "at_most_every": lambda was, now: [
                f"Of what newly waits for a decision on erasing it people are now told at most every {now}, was {was}."
            ],
            "again_after": lambda was, now: [
                f"Of what still waits for a decision on erasing it people are now told again after {now}, was {was}."
            ],
        }
        yield from differences("What the email says of retention", old, new, sayings)
