"""What is proposed on a case beside what stands, as far as the reader is told of it."""

from dataclasses import dataclass

from apflow.core.definition.words import in_words
from apflow.core.firing.proposals import proposed
from apflow.core.people.permission import readable
from apflow.web.case.opened import Opened


@dataclass(frozen=True, slots=True)
class Difference:
    """One field under the question it answers, as it stands and as it would be; empty for nothing."""

    label: str
    now: str
    then: str


def proposed_on(opened: Opened) -> list[Difference]:
    """Each field that would change; none when nothing is proposed."""
    fields = readable(opened.definition, opened.definition.workflow.fields, opened.actor)
    stands, would_be = opened.snapshot.fields, proposed(opened.snapshot.fields)
    return [
        Difference(
            spec.label,
            in_words(spec, stands.get(name), opened.names) or "",
            in_words(spec, would_be[name], opened.names) or "",
        )
        for name, spec in fields.items()
        if name in would_be
    ]


def public_address(opened: Opened) -> str | None:
    """Where anybody can read the case, if it is on the public list."""
    public_list = opened.definition.workflow.public_list
    is_on_it = public_list is not None and opened.snapshot.state in public_list.states
    return f"/approved-list/{opened.snapshot.id}" if is_on_it else None
