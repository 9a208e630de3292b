"""Codes about names as such: reserved ones, and the same one twice."""

from apflow.core.codes.code import Code

NAMES = (
    Code(
        "reserved",
        "The name means something else already: today, clock, public, none or start.",
        "A condition or a role of that name would be read as the other.",
        "Choose another name.",
        wrong="fields:\n  today: {type: date, label: Which day is it?}  # ←\n",
        instead="  asked_on: {type: date, label: Which day is it?}\n",
    ),
    Code(
        "said-twice",
        "The same name is in a list twice.",
        "It may stand where another was meant.",
        "Leave one out, or write the one that was meant.",
        wrong="states:\n  lent:\n    events:\n      return:\n        by:\n        - reader\n        - reader  # ←\n",
        instead="        - librarian\n",
    ),
)
