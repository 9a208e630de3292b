"""Mutations on which judge and checker differ with reason: what is written differently there comes to the same."""

import re
from collections.abc import Mapping

from tests.mutants.mutation import Mutation

# By pattern of kind and name.
REASONS: Mapping[str, str] = {
    r"kept from everybody: bursary:\d+ states\.asked\.events\.(put_aside|more_time) ": (
        "Of all that it is kept from, no more than two steps can lie behind a case that is here, and there are three "
        "clerks; the judge counts steps that can only come later."
    ),
}


def why_equivalent(mutation: Mutation) -> str | None:
    """The reason for which nothing is claimed of the mutation, if there is one."""
    said = f"{mutation.kind}: {mutation.name}"
    return next((reason for pattern, reason in REASONS.items() if re.search(pattern, said)), None)
