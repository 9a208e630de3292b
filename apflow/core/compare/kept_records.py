"""What is kept of children compared: the copy of a record, and how long records are kept."""

from collections.abc import Iterable, Iterator, Mapping

from apflow.core.compare.grammar import Saying, differences, listed
from apflow.core.compare.names import in_words, role_words
from apflow.core.compare.questions import KEPT_AS
from apflow.core.definition.council import Council
from apflow.core.definition.fields import PrivacyClass
from apflow.core.definition.keeping import ClosedCases, CopyOfRecord, KeptFor, Retention


def compare_copies(old: CopyOfRecord | None, new: CopyOfRecord | None) -> Iterator[str]:
    """At least one sentence for every difference in what a copy of a child's record gives."""
    if old is None or new is None:
        yield (
            "A copy of a child's record can no longer be made."
            if new is None
            else f"A copy of a child's record can now be made, with what is {_kept_as(new.gives)}."
        )
        return
    subject = "A copy of a child's record"
    sayings: dict[str, Saying] = {
        "gives": lambda was, now: [f"{subject} now gives what is {_kept_as(now)}; before, what is {_kept_as(was)}."],
        "instead": lambda was, now: [f"{subject} now says “{now}” of what is left out, said “{was}”."],
    }
    yield from differences(subject, old, new, sayings)


def compare_retention(council: Council, old: Retention | None, new: Retention | None) -> Iterator[str]:
    """The same of how long records are kept, and who decides."""
    if old is None or new is None:
        yield (
            "What is held about children is no longer erased."
            if new is None
            else f"What is held about a child is now kept for {new.years} years after the last placement."
        )
        return
    sayings: dict[str, Saying] = {
        "years": lambda was, now: [
            f"What is held about a child is now kept for {now} years after the last placement, was for {was}."
        ],
        "until_age": lambda was, now: [f"Where it is kept longer, that is now to the age of {now}, was to {was}."],
        "longer_for": lambda was, now: [
            f"It is now kept longer of those with {listed(map(in_words, now)) or 'nothing'}; "
            f"before, with {listed(map(in_words, was)) or 'nothing'}."
        ],
        "decided_by": lambda was, now: [
            f"An erasure is now decided by {listed(role_words(council, one) for one in now)}; "
            f"before, by {listed(role_words(council, one) for one in was)}."
        ],
    }
    yield from differences("How long records are kept", old, new, sayings)


def compare_closed_cases(council: Council, old: ClosedCases | None, new: ClosedCases | None) -> Iterator[str]:
    """The same of how long closed cases are kept."""
    if old is None or new is None:
        yield "Closed cases are no longer erased." if new is None else "How long closed cases are kept is now said."
        return
    sayings: dict[str, Saying] = {
        "decided_by": lambda was, now: [
            f"The erasure of a closed case is now decided by {listed(role_words(council, one) for one in now)}; "
            f"before, by {listed(role_words(council, one) for one in was)}."
        ],
        "rules": _rules,
    }
    yield from differences("How long closed cases are kept", old, new, sayings)


def _rules(old: Mapping[str, KeptFor], new: Mapping[str, KeptFor]) -> Iterator[str]:
    for name in [name for name in old if name not in new]:
        yield f"Closed cases are no longer kept by the rule “{in_words(name)}”: {_rule(old[name])}."
    for name, rule in new.items():
        was = old.get(name)
        if was is None:
            yield f"Closed cases are now kept by the rule “{in_words(name)}”: {_rule(rule)}."
        elif _rule(was) != _rule(rule):
            yield f"By the rule “{in_words(name)}” closed cases are now kept so: {_rule(rule)}; before: {_rule(was)}."
        elif was != rule:
            yield f"Why closed cases are kept by the rule “{in_words(name)}” is said otherwise."
    if list(old) != list(new) and set(old) == set(new):
        yield "The rules by which closed cases are kept are now asked in another order."


def _rule(rule: KeptFor) -> str:
    parts = [f"{in_words(rule.of)}, {rule.keep}"]
    parts += [f"ended as {listed(map(in_words, rule.states))}"] if rule.states else []
    parts += [f"{in_words(name)} {in_words(option)}" for name, option in rule.answered.items()]
    parts += [f"counted from {in_words(rule.counted_from)}"] if rule.counted_from else []
    parts += ["counted from when what it belongs to is closed"] if rule.with_parent else []
    return ", ".join(parts)


def _kept_as(classes: Iterable[str]) -> str:
    return listed(KEPT_AS[PrivacyClass(one)] for one in classes)
