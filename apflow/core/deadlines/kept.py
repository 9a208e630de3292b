"""Whose the deadlines are: a case has some that the council keeps, and some that one side or the other does."""

from collections.abc import Set

from apflow.core.definition.compiled import Definition


def kept_by(definition: Definition, state: str, roles: Set[str]) -> set[str]:
    """The deadlines in this state that these roles are to keep: those that remind them.

    Where none does, it is the state's first, unless that reminds somebody else or comes round.
    """
    specs, theirs = definition.deadlines[state], asked_of(definition, state, roles)
    first = next(iter(definition.state(state).deadlines), None)
    if theirs or first is None or specs[first].remind or specs[first].every:
        return theirs
    return {first}


def asked_of(definition: Definition, state: str, roles: Set[str]) -> set[str]:
    """Those of the deadlines in this state that remind these roles, and so are plainly theirs."""
    specs = definition.deadlines[state]
    return {name for name, spec in specs.items() if any(ladder.who in roles for ladder in spec.remind)}
