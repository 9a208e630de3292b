"""Options of a field that nobody is offered, as each form that asks the field lists options of its own."""

from collections.abc import Iterator

from apflow.core.definition.fields import FieldSpec, FieldUse
from apflow.core.definition.workflow import Workflow


def unoffered(workflow: Workflow) -> Iterator[tuple[str, str]]:
    """Each as its field and its name; a field that no form asks is of no account."""
    entries = list(_entries(workflow))
    for name, field in workflow.fields.items():
        asked = [entry for one, entry in entries if one == name] if field.options else []
        if asked and not any(isinstance(entry, FieldUse) for entry in asked):
            offered = {option for entry in asked if isinstance(entry, FieldSpec) for option in entry.options}
            yield from ((name, option) for option in field.options if option not in offered)


def _entries(workflow: Workflow) -> Iterator[tuple[str, FieldSpec | FieldUse]]:
    events = [*workflow.start.values(), *workflow.events.values()]
    events += [event for state in workflow.states.values() for event in state.events.values()]
    for event in events:
        yield from event.form.items()
    for shared in dict.fromkeys(name for event in events for name in event.asks):
        yield from workflow.forms.get(shared, {}).items()
