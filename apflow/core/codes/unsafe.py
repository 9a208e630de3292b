"""Which problems make a policy unsafe to run, were one found in what is live already: all others can wait.

What cannot be read or leads nowhere would fail in the middle of somebody's work; what goes round without an end would
never stop; what is not theirs to read would be told. A case that could be forgotten is no worse than it was yesterday.
"""

from apflow.core.codes.files import FILES
from apflow.core.codes.privacy import PRIVACY
from apflow.core.codes.references import REFERENCES

_CAN_WAIT = {
    "unsourced",
    "half-a-notice",
    "calendar-ends",
    "school-calendar-ends",
    "not-asked-by-then",
    "none-in-force",
}
_OTHERS = {"collection", "no-school-calendar", "deadline-loop", "endless", "endless-children", "no-state", "not-a-date"}

UNSAFE = frozenset({code.name for group in (FILES, REFERENCES, PRIVACY) for code in group} - _CAN_WAIT | _OTHERS)
