"""Codes about child cases, invariants and scenarios."""

from apflow.core.codes.code import Code

_REFUSED = """\
alerts:
  signal_refused: {title: Look at the other loan, for: librarian, due: 1 week, assumed: Our own rule.}
"""
_AGAIN = """\
start:
  again: {label: Ask again, by: clock, to: waiting, form: {name: }}
"""
_CHILD = (
    _REFUSED
    + """\
children:
  another:
    label: Another loan
    workflow: loan
    start: again
"""
)
_STORY = """\
scenarios:
  a_loan:
    says: Somebody asks for a book.
"""

STORIES = (
    Code(
        "never-begun",
        "No event begins a child case of this kind.",
        "There will never be one, and what its end should do never happens.",
        "Name the kind under `begins:` of an event, or leave it out.",
        wrong=_REFUSED + "children:\n  another: {label: Another loan, workflow: loan, start: again}  # ←\n",
        instead=(
            "  another: {label: Another loan, workflow: loan, start: again}\n"
            + _AGAIN
            + "  ask: {begins: {another: {name: name}}}\n"
        ),
    ),
    Code(
        "not-final",
        "A child case is said to end in a state that is not final in its workflow.",
        "It does not end there, so this case would never hear of it.",
        "Name a state that is `final: true`.",
        wrong=_CHILD
        + "    ends:\n      lent: back_again  # ←\n"
        + _AGAIN
        + "  ask: {begins: {another: {name: name}}}\nevents:\n"
        "  back_again: {label: The other is back, by: clock, from: [waiting, lent]}\n",
        instead="      closed: back_again\n",
    ),
    Code(
        "other-type",
        "A field is copied into a child case's field of another type.",
        "The child would keep what its own form refuses.",
        "Copy a field of the same type.",
        wrong=_CHILD + _AGAIN + "  ask:\n    begins:\n      another:\n        name: books  # ←\n",
        instead="        name: name\n",
    ),
    Code(
        "not-kept",
        "An invariant reads an answer, which is gone once it has been given.",
        "What must be true of a case can only be told from what the case keeps.",
        "Make it a field of the case, and read that.",
        wrong=(
            "invariants:\n  wanted_some_day:\n    says: It is known when the book is wanted.\n    on_entry_to: lent\n"
            "    assumed: Our own rule.\n    holds: {fact: answer.wanted_on, is_present: true}  # ←\n"
        ),
        instead="    holds: {fact: wanted_on, is_present: true}\n",
    ),
    Code(
        "may-not",
        "In a scenario somebody does what their role may not.",
        "The story would end there.",
        "Let another role do it, or say `refused:` with part of the reason.",
        wrong=_STORY + "    steps:\n      - {who: librarian, does: ask}\n      - who: reader  # ←\n        does: see\n"
        "        item: passport\n    ends: waiting\n",
        instead="      - who: librarian\n",
    ),
)
