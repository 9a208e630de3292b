"""What is wrong with a definition before it runs: references that lead nowhere, cases that could be forgotten.

`whole` asks for all of it; each other module checks one noun of the language, or, where it is named after an
endeavour (`shape`, `forgotten`, `quorum`, `invariant`, `scenario`), what following the definition has shown. Findings
carry the path of the offending key; the loader turns it into file:line:column.
"""

from apflow.core.checks.council import check_council, council_claims
from apflow.core.checks.findings import Finding, Subject
from apflow.core.checks.whole import (
    Checked,
    Followed,
    check_catalogue,
    check_definition,
    check_subject,
    check_unfollowed,
    claims,
    follow,
)

__all__ = [
    "Checked",
    "Finding",
    "Followed",
    "Subject",
    "check_catalogue",
    "check_council",
    "check_definition",
    "check_subject",
    "check_unfollowed",
    "claims",
    "council_claims",
    "follow",
]
