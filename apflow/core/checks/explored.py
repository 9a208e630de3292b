"""What following the whole workflow shows. Only a definition whose names all lead somewhere can be followed."""

from collections.abc import Iterable, Iterator

from apflow.core.checks.findings import Finding, Subject
from apflow.core.checks.forgotten import check_forgotten
from apflow.core.checks.invariant import check_invariants
from apflow.core.checks.quorum import check_quorums
from apflow.core.checks.scenario import check_scenarios
from apflow.core.checks.shape import check_shape
from apflow.core.checks.told import check_told
from apflow.core.checks.unless import check_wanted

NO_HINDRANCE = frozenset({"unsourced", "unreachable", "dead-end", "no-deadline", "no-one-awaited", "final-but-open"})


def stand_in_the_way(found: Iterable[Finding]) -> bool:
    """Whether the workflow cannot be followed for something that was found."""
    return any(finding.code not in NO_HINDRANCE for finding in found)


def check_explored(subject: Subject) -> Iterator[Finding]:
    """Every finding that needs the workflow followed; nothing that was found may stand in the way."""
    exploration = subject.exploration
    yield from check_shape(subject, exploration)
    yield from check_forgotten(subject, exploration)
    yield from check_told(subject, exploration)
    yield from check_wanted(subject, exploration)
    yield from check_quorums(subject, exploration)
    yield from check_invariants(subject, exploration)
    yield from check_scenarios(subject)
