"""Asking the guards, and giving their reasons."""

from collections.abc import Iterable

from apflow.core.conditions import Facts, falling_short, holds
from apflow.core.definition.conditions import All, AnyOf, Compare, Condition, Count, Every, FactRef, Majority, Not
from apflow.core.definition.timing import GuardSpec
from apflow.core.definition.workflow import EventSpec, Workflow


def reasons_against(workflow: Workflow, spec: EventSpec, facts: Facts, *, reading_answers: bool) -> tuple[str, ...]:
    """The reasons, each once, of the event's guards that say no, among those that read answers or those that do not."""
    return tuple(dict.fromkeys(objections(workflow, spec, facts, reading_answers=reading_answers).values()))


def objections(workflow: Workflow, spec: EventSpec, facts: Facts, *, reading_answers: bool) -> dict[str, str]:
    """Each of those guards with its reason; one that is set aside has none."""
    asked = {
        name: workflow.guards[name]
        for name in spec.requires
        if name not in facts.set_aside and reads_answers(workflow.guards[name].when) is reading_answers
    }
    reasons = {name: _reason_against(guard, facts) for name, guard in asked.items()}
    return {name: reason for name, reason in reasons.items() if reason}


def passed_over(workflow: Workflow, spec: EventSpec, facts: Facts) -> tuple[str, ...]:
    """The event's guards that would say no, were they not set aside."""
    return tuple(
        name
        for name in spec.requires
        if name in facts.set_aside and holds(workflow.guards[name].when, facts) is not True
    )


def _reason_against(guard: GuardSpec, facts: Facts) -> str | None:
    truth = holds(guard.when, facts)
    if truth is True:
        return None
    if truth is None and guard.unknown:
        return guard.unknown
    return guard.reason.replace("{which}", "; ".join(falling_short(guard.when, facts)))


def reads_answers(condition: Condition) -> bool:
    """Whether the condition looks at what is being submitted."""
    return any(name.startswith("answer.") for name in facts_read(condition))


def facts_read(condition: Condition) -> Iterable[str]:
    """The names of every fact the condition looks up."""
    match condition:
        case Compare():
            yield condition.fact
            _, other = condition.comparison
            if isinstance(other, FactRef):
                yield other.fact
        case All():
            yield from (name for part in condition.all for name in facts_read(part))
        case AnyOf():
            yield from (name for part in condition.any for name in facts_read(part))
        case Not():
            yield from facts_read(condition.not_)
        case Every():
            yield from facts_read(condition.has)
            yield from facts_read(condition.where) if condition.where else ()
        case Count():
            yield from facts_read(condition.where) if condition.where else ()
            yield from (f"item.{condition.distinct}",) if condition.distinct else ()
        case Majority():
            yield from facts_read(condition.where)
            yield from facts_read(condition.of) if condition.of else ()
