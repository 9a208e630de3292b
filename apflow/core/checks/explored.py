"""What following the whole workflow shows. Only a definition whose names all lead somewhere can be followed."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Subject
from apflow.core.checks.forgotten import check_forgotten
from apflow.core.checks.invariant import check_invariants
from apflow.core.checks.quorum import check_quorums
from apflow.core.checks.scenario import check_scenarios
from apflow.core.checks.shape import check_shape

NO_HINDRANCE = frozenset({"unsourced", "unreachable", "dead-end", "no-deadline", "no-one-awaited", "final-but-open"})


def check_explored(subject: Subject, found: list[Finding]) -> Iterator[Finding]:
    """Every finding that needs the workflow followed, unless something already found stands in the way."""
    if any(finding.code not in NO_HINDRANCE for finding in found):
        return
    exploration = subject.exploration
    yield from check_shape(subject, exploration)
    yield from check_forgotten(subject, exploration)
    yield from check_quorums(subject, exploration)
    yield from check_invariants(subject, exploration)
    yield from check_scenarios(subject)
