"""A task for what somebody has to hear of all the same, where the case's own text has no alert for it."""

from apflow.core.definition.compiled import Definition
from apflow.core.definition.labels import STAFF
from apflow.core.definition.timing import TaskSpec
from apflow.core.people.staffing import is_held, sees


def spare_task(definition: Definition, state: str, title: str) -> TaskSpec:
    """For whoever of the staff sees the case as it stands; for the first of the staff where nobody does."""
    staff = [role for role in definition.workflow.seen_by if definition.audience(role) == STAFF]
    seeing = [role for role in staff if is_held(definition, role) and sees(definition, role, state)]
    role = next(iter([*seeing, *staff, *definition.council.roles]))
    return TaskSpec.model_validate({"title": title, "for": role})
