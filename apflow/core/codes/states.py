"""Codes about states: cases that could be forgotten."""

from apflow.core.codes.code import Code

_SHELF = """\
start:
  shelve: {label: Shelve, by: librarian, to: shelf, asks: request}
states:
  shelf:%s
    label: On the shelf
"""

STATES = (
    Code(
        "ended-not-listed",
        "The public list is to have the cases in a state in which cases end.",
        "It has open cases only, so none of these would be on it, and nobody would know why.",
        "Name a state that cases stay in, or give the state no `final:`.",
        wrong=(
            "fields:\n  blurb: {type: text, label: About them, privacy: public}\n"
            "public_list:\n  title: Readers\n  shows: {blurb: About}\n  states:\n    closed: Was here once  # ←\n"
        ),
        instead="    lent: Has a book\n",
    ),
    Code(
        "dead-end",
        "Nobody can move a case out of this state.",
        "Every case that gets there stays for ever.",
        "Add an event that leads on and that a person may do, or say `final: true`.",
        wrong=_SHELF % "  # ←",
        instead="  shelf:\n    final: true\n",
    ),
    Code(
        "no-deadline",
        "No deadline is sure to run in this state.",
        "A case could be forgotten there: nobody would be reminded.",
        "Add a deadline counted from entering the state.",
        wrong=(_SHELF % "  # ←") + "    awaiting: librarian\n    events: {take: {label: Take, by: reader, to: lent}}\n",
        instead=(
            "  shelf:\n    deadlines:\n      tidy_due:\n        label: The shelf should be tidied\n"
            "        within: 2 weeks\n        then: {escalate: librarian}\n        assumed: Our own rule.\n"
        ),
    ),
    Code(
        "no-one-awaited",
        "The state does not say whose move it is.",
        "Everyone would think that somebody else is at it.",
        "Add `awaiting:` with a role.",
        wrong=(_SHELF % "  # ←")
        + "    events: {take: {label: Take, by: reader, to: lent}}\n    deadlines:\n      tidy_due:\n"
        "        label: The shelf should be tidied\n        within: 2 weeks\n        then: {escalate: librarian}\n"
        "        assumed: Our own rule.\n",
        instead="  shelf:\n    awaiting: librarian\n",
    ),
    Code(
        "final-but-open",
        "A final state has tasks or deadlines, or events that lead on.",
        "In a final state nothing is due, and a case never leaves it; what stays there can still be added.",
        "Leave out `final: true`, or what leads on from there.",
        wrong=(
            "states:\n  closed:  # ←\n    awaiting: librarian\n"
            "    events: {open_again: {label: Open again, by: librarian, to: waiting}}\n"
        ),
        instead=(
            "  closed:\n    final: false\n    deadlines:\n      clear_due:\n        label: The case should be cleared\n"
            "        within: 2 weeks\n        then: {escalate: librarian}\n        assumed: Our own rule.\n"
        ),
    ),
    Code(
        "unreachable",
        "No event leads to this state.",
        "Its rules look as if they held, and never do.",
        "Let an event lead there, or leave the state out.",
        wrong="states:\n  lost:  # ←\n    label: Lost\n    final: true\n",
        instead=("  lent:\n    events: {lose: {label: Say it is lost, by: reader, to: lost}}\n  lost:\n"),
    ),
    Code(
        "nowhere-to-go",
        "A state that is live is gone, or has another name, and no migration says where the cases in it go.",
        "Open cases would have to keep the text they began under for ever.",
        "Say in `migrate:` which state they go to, such as `migrate: {visit_booked: visit_arranged}`.",
        where="no snippet",
    ),
    Code(
        "item-held",
        "An item of a catalogue that is live is gone, or has another name, and open cases hold something under it.",
        "Catalogues hold at once for all cases: a document that was checked would be gone, and asked for anew.",
        "Keep the name before the colon. The label can change, and `required: false` lets nothing wait for the item.",
        where="no snippet",
    ),
    Code(
        "still-here",
        "The migration map says where cases go that are in a state which is still there.",
        "No case has to leave it.",
        "Leave it out, or take the state away.",
        wrong="migrate:\n  lent: waiting  # ←\n",
        instead="  borrowed: lent\n",
    ),
)
