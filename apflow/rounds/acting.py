"""apflow itself, where it does what a workflow leaves to the staff: the clock answers no questions."""

from apflow.core.definition.council import Council
from apflow.core.definition.labels import STAFF
from apflow.core.people.actor import Actor


def for_the_staff(council: Council) -> Actor:
    """apflow under its own name, in whichever role of staff a workflow asks for: a council names its own roles."""
    return Actor(None, "apflow", frozenset(name for name, role in council.roles.items() if role.audience == STAFF))
