"""Every code a check can give, explained. A new check adds its codes to the module of its noun."""

from collections.abc import Mapping
from itertools import chain

from apflow.core.checks.findings import meant, nearest
from apflow.core.codes.children import CHILDREN
from apflow.core.codes.code import Code
from apflow.core.codes.conditions import CONDITIONS
from apflow.core.codes.council import COUNCIL
from apflow.core.codes.deadlines import DEADLINES
from apflow.core.codes.emptied import EMPTIED
from apflow.core.codes.events import EVENTS
from apflow.core.codes.explored import EXPLORED
from apflow.core.codes.files import FILES
from apflow.core.codes.names import NAMES
from apflow.core.codes.people import PEOPLE
from apflow.core.codes.privacy import PRIVACY
from apflow.core.codes.references import REFERENCES
from apflow.core.codes.registers import REGISTERS
from apflow.core.codes.states import STATES
from apflow.core.codes.stories import STORIES

_ALL = (
    FILES,
    NAMES,
    REFERENCES,
    COUNCIL,
    EVENTS,
    EMPTIED,
    CONDITIONS,
    STATES,
    DEADLINES,
    PEOPLE,
    PRIVACY,
    STORIES,
    CHILDREN,
    EXPLORED,
    REGISTERS,
)
CODES: Mapping[str, Code] = {code.name: code for code in chain.from_iterable(_ALL)}


def explain(name: str) -> str | None:
    """What a code means, or None when there is no such code."""
    return CODES[name].explained() if name in CODES else None


def no_such_code(name: str) -> str:
    """That there is no such code, with the nearest there is."""
    return f'there is no code called "{name}"{meant(nearest(name, CODES))}'


def every_code() -> str:
    """A line for each code: its name and what it means."""
    width = max(map(len, CODES))
    return "\n".join(f"{name:<{width}}  {code.means}" for name, code in sorted(CODES.items()))


__all__ = ["CODES", "Code", "every_code", "explain", "no_such_code"]
