"""Finding in free text what would say which pupil it is about. Names join the numbers once pupils are on record."""

import re

from apflow.core.upn import is_upn, tidy

# Thirteen letters and figures, as they are written: together, or in groups with spaces or hyphens between.
_LIKE_A_NUMBER = re.compile(r"(?<![A-Za-z0-9])[A-Za-z](?:[ -]?[0-9]){11}[ -]?[A-Za-z0-9](?![A-Za-z0-9])")


def numbers_in(text: str) -> list[str]:
    """The unique pupil numbers in a text, as they stand there; one with a wrong check letter is no number."""
    found = (match.group() for match in _LIKE_A_NUMBER.finditer(text))
    return [number for number in found if is_upn(tidy(number.replace("-", "")))]
