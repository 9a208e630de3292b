"""What is wrong with when a deadline is not wanted: what it asks must be the case's own, and come out either way."""

from collections.abc import Iterator

from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.findings import Finding, Path, Subject
from apflow.core.definition.conditions import All, AnyOf, Compare, Condition, Not, collections_read, facts_read
from apflow.core.explore.domains import comparisons_in
from apflow.core.explore.exploring import Exploration
from apflow.core.explore.situations import HOLDS, IS_BROKEN, Wanted
from apflow.core.facts import CASE_STATE

_OF_AN_ITEM, _TODAY = "item.", "today"


def check_unless(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about what the conditions read, before the workflow is followed."""
    for path, _, spec in subject.deadlines():
        if spec.unless is not None:
            where = (*path, "unless")
            yield from check_condition(words, where, spec.unless)
            yield from _unseen(subject, words, where, spec.unless)


def _unseen(subject: Subject, words: Vocabulary, path: Path, condition: Condition) -> Iterator[Finding]:
    """What changes without anything being done to the case, so that nobody would stop or start the deadline."""
    alone = {fact for fact in _outside_items(condition) if fact.startswith(_OF_AN_ITEM)}
    day = {_TODAY for compare in comparisons_in(condition) if compare.comparison[1] == _TODAY}
    for fact in sorted({*facts_read(condition), *day}):
        place, dot, _ = fact.partition(".")
        if (dot and place != "item") or fact in (_TODAY, f"{_OF_AN_ITEM}{CASE_STATE}"):
            message = (
                f'"{fact}" changes, or is gone, without anything being done to the case; ask its fields or its items'
            )
            yield Finding(path, "changes-unseen", message)
        elif fact in alone:
            message = f'"{fact}" is of no item here; say of which (every: …, or count: …)'
            yield Finding(path, "changes-unseen", message)
    for name in sorted({*collections_read(condition)} - subject.workflow.collections.keys()):
        if name in words.people:
            message = f'who the people in "{name}" are changes without anything being done to the case; ask is_present'
            yield Finding(path, "changes-unseen", message)


def _outside_items(condition: Condition) -> Iterator[str]:
    match condition:
        case Compare():
            yield from facts_read(condition)
        case All(all=parts) | AnyOf(any=parts):
            yield from (fact for part in parts for fact in _outside_items(part))
        case Not(not_=part):
            yield from _outside_items(part)


def check_wanted(subject: Subject, exploration: Exploration) -> Iterator[Finding]:
    """A deadline that is never wanted where it would run, or always is; nothing is said that was not all looked at."""
    for path, states, spec in subject.deadlines() if exploration.is_whole else ():
        if spec.unless is None or exploration.states.isdisjoint(states):
            continue
        if not _may_come_out(exploration, states, spec.unless, IS_BROKEN):
            message = (
                "this always holds where the deadline would run, so it never runs; mend it, or leave the deadline out"
            )
            yield Finding((*path, "unless"), "never-wanted", message, True)
        elif not _may_come_out(exploration, states, spec.unless, HOLDS):
            message = "this never holds where the deadline runs, so it is always wanted; mend it, or leave unless: out"
            yield Finding((*path, "unless"), "always-wanted", message, True)


def _may_come_out(exploration: Exploration, states: tuple[str, ...], condition: Condition, as_: Wanted) -> bool:
    frame = exploration.steps.frame
    situations = (found for state in states for found in exploration.within(state))
    return any(frame.narrow(condition, found, frame.facts(found, {}, {}), as_) for found in situations)
