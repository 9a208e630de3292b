"""That somebody is left to deal with a case that is hidden from some."""

from apflow.core.definition.compiled import Definition
from apflow.core.errors import Blocked
from apflow.core.outcome import Outcome
from apflow.core.people.permission import hidden_from
from apflow.core.snapshot import World

NOBODY_LEFT = "Somebody has to be able to deal with this: leave out at least one of those you chose."


def refuse_if_hidden_from_all(definition: Definition, outcome: Outcome, world: World) -> None:
    """Blocked when somebody would hide it from everybody of the roles that can be chosen for that.

    What apflow does by itself copies what people have said of another case, and is not refused.
    """
    asked, entry = definition.workflow.hidden_from, outcome.entry
    if entry.actor.id is None or entry.changed.keys().isdisjoint(asked):
        return
    roles = (definition.workflow.fields[name].chosen_from for name in asked)
    everybody = {person for role in roles for person in world.people.get(role, {})}
    if everybody and everybody <= hidden_from(definition, outcome.fields):
        raise Blocked([NOBODY_LEFT])
