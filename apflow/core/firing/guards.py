"""Asking the guards, and giving their reasons."""

from apflow.core.conditions import Facts, falling_short, holds
from apflow.core.definition.compiled import Definition
from apflow.core.definition.events import EventSpec
from apflow.core.definition.records import Taking
from apflow.core.definition.timing import GuardSpec
from apflow.core.definition.workflow import Workflow


def reasons_against(definition: Definition, spec: EventSpec, facts: Facts, *, reading_answers: bool) -> tuple[str, ...]:
    """The reasons, each once, of the event's guards that say no, among those that read answers or those that do not."""
    return tuple(dict.fromkeys(objections(definition, spec, facts, reading_answers=reading_answers).values()))


def objections(
    definition: Definition, spec: EventSpec | Taking, facts: Facts, *, reading_answers: bool
) -> dict[str, str]:
    """Each of those guards with its reason; one that is set aside has none."""
    guards, of_answers = definition.workflow.guards, definition.guards_of_answers
    found: dict[str, str] = {}
    for name in spec.requires:
        if name in facts.set_aside or (name in of_answers) is not reading_answers:
            continue
        if reason := _reason_against(guards[name], facts):
            found[name] = reason
    return found


def passed_over(workflow: Workflow, spec: EventSpec, facts: Facts) -> tuple[str, ...]:
    """The event's guards that would say no, were they not set aside."""
    if not facts.set_aside:
        return ()
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
