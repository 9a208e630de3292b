"""Codes about fields that an event empties."""

from apflow.core.codes.code import Code

EMPTIED = (
    Code(
        "empties-nothing",
        "An event empties a field where that changes nothing: it begins a case, makes a proposal, or the field follows "
        "what others say.",
        "What was to be forgotten stays, or was never there.",
        "Leave out `empties:`, or name the field that is asked.",
        wrong=(
            "start:\n  phone:\n    label: Ask by phone\n    by: librarian\n    to: waiting\n"
            "    form: {name: , address: }\n    empties: wanted_on  # ←\n"
        ),
        instead="    emphasis: usual\n",
    ),
    Code(
        "asked-and-emptied",
        "An event asks for a field that it empties.",
        "The answer would be lost as it is given.",
        "Leave it out of the form, or out of `empties:`.",
        wrong=(
            "states:\n  waiting:\n    events:\n      forget:\n        label: Forget it\n        by: librarian\n"
            "        form: {wanted_on: }\n        empties:\n        - wanted_on  # ←\n"
        ),
        instead="        - books\n",
    ),
    Code(
        "cannot-be-empty",
        "An event empties a field that the case cannot be without: what it is called by, whom it is about, or what its "
        "record says.",
        "The case would have no name, nobody could be written to, or the record would say what the case does not.",
        "Leave the field out, or let the event write the record as well (`keeps: true`).",
        wrong=(
            "states:\n  waiting:\n    events:\n      forget:\n        label: Forget it\n        by: librarian\n"
            "        empties:\n        - name  # ←\n"
        ),
        instead="        - wanted_on\n",
    ),
    Code(
        "emptied-and-sent",
        "An event passes a field on to another case, or invites to the day in it, and empties it.",
        "It is emptied first: the other case would be told nothing, or the invitation would have no day.",
        "Empty it by another event, or copy an answer.",
        wrong=(
            "states:\n  waiting:\n    events:\n      lend_once:\n        label: Lend it\n        by: librarian\n"
            "        to: lent\n        notify:\n"
            "          reader: {notice: lent, about: back_due, invite: {on: wanted_on, title: A book}}\n"
            "        empties:\n        - wanted_on  # ←\n"
        ),
        instead="        - books\n",
    ),
)
