"""A proposal: what somebody would have a case's fields say, kept beside what they say until it is taken or dropped."""

from collections.abc import Mapping
from typing import Any

from apflow.core.definition.events import EventSpec
from apflow.core.errors import Blocked, NotOpen

PROPOSAL = "$proposal"  # Among the case's fields, under a name that no field can have.
_NOTHING_NEW = "This is what is said already: nothing would change."
_NOTHING_PROPOSED = "Nothing is proposed."


def proposed(fields: Mapping[str, Any]) -> Mapping[str, Any]:
    """The fields that a proposal would change, each as it would be; None for one it would empty."""
    return fields.get(PROPOSAL) or {}


def lacks_proposal(fields: Mapping[str, Any], spec: EventSpec) -> bool:
    """Whether the event would take or drop a proposal, and there is none."""
    return spec.proposal in ("taken", "dropped") and not proposed(fields)


def refuse_without_proposal(fields: Mapping[str, Any], spec: EventSpec) -> None:
    """Refuse to take or drop what nobody proposes."""
    if lacks_proposal(fields, spec):
        raise NotOpen(_NOTHING_PROPOSED)


def settled(fields: Mapping[str, Any], spec: EventSpec, different: Mapping[str, Any]) -> dict[str, Any]:
    """What the event changes, given what its answers differ in: the fields themselves, or what is proposed of them.

    Refused when it proposes what is said already.
    """
    if spec.proposal == "made":
        if not different:
            raise Blocked((_NOTHING_NEW,))
        return {PROPOSAL: dict(different)}
    if spec.proposal is None:
        return dict(different)
    taken = proposed(fields) if spec.proposal == "taken" else {}
    return {**taken, **different, PROPOSAL: None}
