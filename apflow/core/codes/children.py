"""Codes about what passes between a case and its children."""

from apflow.core.codes.code import Code

_REFUSED = """\
alerts:
  signal_refused: {title: Look at the other loan, for: librarian, due: 1 week, assumed: Our own rule.}
"""
_CHILD = """\
children:
  another: {label: Another loan, workflow: loan, start: again}
"""
_AGAIN = "  again: {label: Ask again, by: clock, to: waiting, form: {name: }}\n"

_OTHERS = (
    "collections:\n  others: {label: Other loans, keyed_by: case, cases: {workflow: loan, states: waiting}, "
    "statuses: {here: {label: Here}}}\n"
)
_BRING = "label: Bring another along, by: librarian, item: {of: others, from: none, to: here}"

CHILDREN = (
    Code(
        "started-twice",
        "People begin cases of two workflows by events of the same name.",
        "The page on which they begin one goes by that name, so the other could not be begun there.",
        "Call one of the two events otherwise.",
        where="no snippet",
    ),
    Code(
        "refusal-unheard",
        "There is no alert for when a linked case asks for something that is refused.",
        "What one case tells another may be refused there; somebody must hear of it and act.",
        "Add an alert called `signal_refused`: whose task it is, and by when.",
        wrong=(
            "children:  # ←\n  another: {label: Another loan, workflow: loan, start: again}\n"
            f"start:\n{_AGAIN}  ask: {{begins: {{another: {{name: name}}}}}}\n"
        ),
        instead=f"{_REFUSED}children:\n",
    ),
    Code(
        "not-copied",
        "A child case needs an answer to begin that is not copied to it.",
        "Nobody is asked when a child begins, so it would be refused.",
        "Copy a field to it (theirs: ours), or make the question optional there.",
        wrong=f"{_REFUSED}{_CHILD}start:\n{_AGAIN}  ask:\n    begins:\n      another: {{}}  # ←\n",
        instead="      another: {name: name}\n",
    ),
    Code(
        "not-asked-there",
        "Something is copied to a child case that its start does not ask for.",
        "A form refuses what it did not ask, so the child would not begin.",
        "Ask for it in the form of the child's start event, or leave it out.",
        wrong=(f"{_REFUSED}{_CHILD}start:\n{_AGAIN}  ask:\n    begins:\n      another:\n        card: card  # ←\n"),
        instead="        name: name\n",
    ),
    Code(
        "file-copied",
        "A file is copied to a child case.",
        "A file stays with the case it was sent for, so the child would not begin.",
        "Leave it out; the child's page leads to the case that has it.",
        wrong=(
            f"{_REFUSED}{_CHILD}fields:\n  scan: {{type: file, label: A scan, optional: true}}\n"
            "start:\n  again: {label: Ask again, by: clock, to: waiting, form: {name: , scan: }}\n"
            "  ask:\n    form: {scan: }\n    begins:\n      another:\n        scan: scan  # ←\n"
        ),
        instead="        name: name\n",
    ),
    Code(
        "other-catalogue",
        "Items of a child case would begin with answers about items of another catalogue.",
        "Items are known by their keys, and those of another catalogue are not the same questions.",
        "Let both collections be from one catalogue, or bring nothing.",
        wrong=(
            f"{_REFUSED}children:\n  another:\n    label: Another loan\n    workflow: loan\n    start: again\n"
            "    brings:\n      views: {of: another, items: papers, in: closed, takes: {before: found}}  # ←\n"
            "collections:\n  papers: {brought: {before: {type: text, label: Before}}}\n"
            "  views: {brought: {before: {type: text, label: Before}}}\n"
            "states: {waiting: {events: {see: {form: {found: {type: text, label: What is it?}}}}}}\n"
            f"start:\n{_AGAIN}  ask: {{begins: {{another: {{name: name}}}}}}\n"
        ),
        instead="      papers: {of: another, items: papers, in: closed, takes: {before: found}}\n",
    ),
    Code(
        "endless-children",
        "A child case leads to the next one, and so on, without any person in between.",
        "There would be more and more cases, without end.",
        "Let a person begin it (`by:` a role), or leave out what begins the next.",
        wrong=(
            f"{_REFUSED}{_CHILD}start:\n  ask: {{begins: {{another: {{name: name}}}}}}\n"
            "  again:\n    label: Ask again\n    by: clock\n    to: waiting\n    form: {name: }\n"
            "    begins:\n      another: {name: name}  # ←\n"
        ),
        instead="      {}\n",
    ),
    Code(
        "nobody-told",
        "An event tells cases that are items of a collection, and not which; or says so of one that it acts on.",
        "An event on one of them tells that one. Any other would tell none.",
        "Say of which status those are that are told (`those:`); leave it out where the event acts on one of them.",
        wrong=(
            f"{_OTHERS}states:\n  waiting:\n    events:\n      bring_along: {{{_BRING}}}\n"
            "      tell_all:\n        label: Tell them all\n        by: librarian\n"
            "        tells:\n          others: {event: lapse}  # ←\n"
        ),
        instead="          others: {event: lapse, those: here}\n",
    ),
    Code(
        "told-on",
        "What another case is told to do tells further cases in its turn.",
        "All of it is one commit, and one refusal anywhere stops it: it must be plain from one event what happens.",
        "Let the first event tell them all, or leave the second `tells:` out.",
        wrong=(
            f"{_OTHERS}states:\n  waiting:\n    events:\n      bring_along:\n        label: Bring another along\n"
            "        by: librarian\n        item: {of: others, from: none, to: here}\n"
            "        tells:\n          others:\n"
            "            event: on_and_on  # ←\n"
            "      on_and_on: {label: On and on, by: clock, tells: {others: {event: lapse, those: here}}}\n"
        ),
        instead="            event: lapse\n",
    ),
)
