"""Codes about the table that a school's register is filled in by."""

from apflow.core.codes.code import Code

REGISTERS = (
    Code(
        "unknown-register-code",
        "A rule or a reason leads to a code that the table does not explain.",
        "Nobody could say what it means, or how a session with it is counted.",
        "Write a code that is there, or add it to `codes:`.",
        wrong="tables:\n  old_law:\n    reasons:\n      ill: {says: Ill, code: Z}  # ←\n",
        instead="      ill: {says: Ill, code: N}\n",
        where="attendance",
    ),
    Code(
        "unknown-reason",
        "A long absence counts days for a reason that no table of codes has.",
        "Nobody could give it, so that the days would never add up.",
        "Write a reason that is there, or add it to `reasons:` of the table.",
        wrong=(
            "long_absences:\n  too_busy:\n    reasons:\n    - lost  # ←\n"
            "    school_days: 15\n    counted: running\n    assumed: x\n"
        ),
        instead="    - busy\n",
        where="attendance",
    ),
    Code(
        "told-unread",
        "Somebody may give a reason for an absence that they may not read.",
        "They would choose it from a list, and find it gone.",
        "Add them to `read_by:`, or take them out of `told_by:`.",
        wrong=(
            "tables:\n  old_law:\n    reasons:\n      away:\n        says: Away\n        code: O\n"
            "        read_by: [school]\n        told_by:\n        - provider  # ←\n"
        ),
        instead="        - school\n",
        where="attendance",
    ),
    Code(
        "never-fits",
        "The rules before this one decide every session that it fits.",
        "It looks as if it did something, and does nothing.",
        "Put it further up, or take it out.",
        wrong=(
            "tables:\n  old_law:\n    rules:\n      - {planned: false, because: Elsewhere.}\n"
            "      - {attended: false, absence: true, because: Away.}\n"
            "      - {planned: false, code: B, because: There.}  # ←\n"
        ),
        instead="      - {code: B, because: There.}\n",
        where="attendance",
    ),
    Code(
        "sessions-without-rule",
        "Some kinds of session have no rule.",
        "A pupil's session would have no code, and nobody would be told why.",
        "End the rules with one that asks nothing.",
        wrong="tables:\n  old_law:\n    rules:  # ←\n      - {attended: false, absence: true, because: Away.}\n",
        instead="    rules:\n      - {attended: true, code: B, because: There.}\n",
        where="attendance",
    ),
)
