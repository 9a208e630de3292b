"""Every check of how long closed cases are kept."""

from collections.abc import Iterator, Mapping

from apflow.core.checks.findings import Finding, Path, each_known, known, known_key
from apflow.core.definition.council import Council
from apflow.core.definition.fields import FieldType
from apflow.core.definition.keeping import ClosedCases, KeptFor
from apflow.core.definition.workflow import Workflow


def check_closed_cases(council: Council, workflows: Mapping[str, Workflow] | None) -> Iterator[Finding]:
    """Each rule is of a workflow, its own final states, choices and days; all ends have one, and somebody decides."""
    closed = council.closed_cases
    if closed is None:
        return
    yield from each_known(("closed_cases", "decided_by"), "role", closed.decided_by, council.roles)
    if workflows is None:
        return
    for name, rule in closed.rules.items():
        path: Path = ("closed_cases", "rules", name)
        yield from known((*path, "of"), "workflow", rule.of, workflows)
        if workflow := workflows.get(rule.of):
            yield from _kept_for(path, rule, workflow)
            yield from _decided(path, closed, workflow)
    yield from _never_asked(closed)
    for workflow in workflows.values():
        yield from _kept_for_ever(council, closed, workflow)


def _kept_for(path: Path, rule: KeptFor, workflow: Workflow) -> Iterator[Finding]:
    days = [name for name, field in workflow.fields.items() if field.type is FieldType.DATE]
    choices = {name: field.options for name, field in workflow.fields.items() if field.type is FieldType.CHOICE}
    yield from each_known((*path, "states"), "state", rule.states, _ends(workflow))
    if rule.counted_from is not None:
        yield from known((*path, "counted_from"), "field", rule.counted_from, days)
    for name, option in rule.answered.items():
        yield from known_key((*path, "answered", name), "field", choices)
        if name in choices:
            yield from known((*path, "answered", name), "option", option, choices[name])


def _decided(path: Path, closed: ClosedCases, workflow: Workflow) -> Iterator[Finding]:
    seen_by = workflow.seen_by
    if not any(role in seen_by and not seen_by[role].own for role in closed.decided_by):
        message = f'nobody who decides sees the cases of "{workflow.workflow}", so none would ever be erased'
        yield Finding((*path, "of"), "nobody-decides", message)


def _never_asked(closed: ClosedCases) -> Iterator[Finding]:
    whole: set[str] = set()
    for name, rule in closed.rules.items():
        if rule.of in whole:
            message = f'a rule above fits every case of "{rule.of}", so this one never counts'
            yield Finding(("closed_cases", "rules", name), "never-counts", message, True)
        if not rule.states and not rule.answered:
            whole.add(rule.of)


def _kept_for_ever(council: Council, closed: ClosedCases, workflow: Workflow) -> Iterator[Finding]:
    if council.retention is not None and workflow.keeps is not None and "pupil" in workflow.keeps.as_:
        return  # It goes with the pupil's record.
    rules = [rule for rule in closed.rules.values() if rule.of == workflow.workflow and not rule.answered]
    said = {state for rule in rules for state in rule.states or _ends(workflow)}
    if left := [state for state in _ends(workflow) if state not in said]:
        message = f'no rule says how long cases of "{workflow.workflow}" are kept that end as {", ".join(left)}'
        yield Finding(("closed_cases", "rules"), "kept-for-ever", message, True)


def _ends(workflow: Workflow) -> list[str]:
    return [name for name, state in workflow.states.items() if state.final]
