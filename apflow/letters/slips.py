"""What a template's reader complains of, with what was most likely meant, in words for whoever wrote the e-mail."""

import re

_BRACES = "what begins with {{ ends with }}, and what begins with {% ends with %}"
_ENDS = "each {% if %}, {% for %} and {% block %} has an end of its own, and what was begun last ends first"

# A part of the complaint, and how to mend what mostly causes it.
_MENDS = (
    ("unexpected '}'", _BRACES),
    ("print statement", _BRACES),
    ("statement block", _BRACES),
    ("unknown tag 'end", _ENDS),
    ("end of template", _ENDS),
    ("unknown tag", "only if, elif, else, for, set, block and extends are used, each with its end"),
    ("expected name or number", "say after the dot which value is meant"),
)
_MISSING = re.compile(r"'[^']+' has no attribute '(\w+)'")


def told(complaint: str) -> str:
    """The complaint, and what to do where that is known."""
    if missing := _MISSING.fullmatch(complaint):
        return f'nothing here is called "{missing[1]}"; if only some cases have it, ask first whether it "is defined"'
    mend = next((mend for part, mend in _MENDS if part in complaint), None)
    said = complaint.partition(". ")[0].rstrip(".")
    return f"{said}; {mend}" if mend else complaint
