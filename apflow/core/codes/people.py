"""Codes about who: overrides, steps kept apart, and tasks of a person."""

from apflow.core.codes.code import Code

_OVERRIDE = "guards:\n  is_wanted:\n    override:\n      at_most: 1 week\n      assumed: Our own rule.\n"
_FIELDS = (
    "fields:\n  looker: {type: person, label: Who looks?, role: librarian}\n"
    "  lender: {type: person, label: Who reads it?, role: reader}\nstates:\n  waiting:\n    tasks:\n"
)

PEOPLE = (
    Code(
        "override-by-nobody",
        "A guard may be set aside by the clock, or by the public.",
        "Setting a rule aside needs a person who gives a reason and answers for it.",
        "Name the roles whose people may.",
        wrong=f"{_OVERRIDE}      by: clock  # ←\n",
        instead="      by: librarian\n",
    ),
    Code(
        "override-unseen",
        "Those who may set a guard aside do not see the cases.",
        "They could never do it, and nobody would know that it is waiting for them.",
        "Add the role to `seen_by:`, or name one that is there.",
        given="roles:\n  porter: {title: Porter, assumed: Our own rule.}\n",
        wrong=f"{_OVERRIDE}      by: porter  # ←\n",
        instead="      by: librarian\n",
    ),
    Code(
        "clock-kept-out",
        "An event of the clock's says by whom it may not be done.",
        "The clock is nobody, so the two steps are not kept apart.",
        "Leave out `not_by:`, or let people do the event.",
        wrong="states:\n  waiting:\n    events:\n      lapse:\n        not_by: lend  # ←\n",
        instead="        by: [clock, librarian]\n        not_by: lend\n",
    ),
    Code(
        "wrong-people",
        "A task or notice is for one role, and the field that says whose it is, or who gets it too, offers others.",
        "The task would be taken for nobody's as soon as it opens, and the notice would reach none of them.",
        "Give the field and the task or notice the same role.",
        wrong=f"{_FIELDS}      look:\n        person: lender  # ←\n",
        instead="        person: looker\n",
    ),
    Code(
        "each-person",
        "A task is everyone's own, and also one person's.",
        "It cannot be both.",
        "Leave out one of `each:` and `person:`.",
        wrong=f"{_FIELDS}      opine:\n        person: looker  # ←\n",
        instead="        due: 1 week\n",
    ),
    Code(
        "no-readers",
        "A role that reads by a link is written to, and nothing says who that is on a case.",
        "Nobody would get the e-mail.",
        "Say under the workflow's own `read_by_link:` whose items they are and what they read, or leave the role out.",
        given="roles:\n  heir: {title: Heir, audience: provider, mail: by_link, assumed: Our own rule.}\n",
        wrong="states:\n  waiting:\n    events:\n      lend:\n        notify:\n          heir: lent  # ←\n",
        instead="          reader: lent\n",
    ),
    Code(
        "about-no-child",
        "Those who work with the child of a case are written to, and its cases are about no child.",
        "Nobody would get the e-mail.",
        "Leave the role out, or say under `keeps:` in which field the pupil is.",
        given=(
            "roles:\n  nurse: {title: Nurse, audience: provider, mail: works_with, works_with: {who: health}, "
            "least: 0, assumed: Our own rule.}\n"
        ),
        wrong="states:\n  waiting:\n    events:\n      lend:\n        notify:\n          nurse: lent  # ←\n",
        instead="          reader: lent\n",
    ),
    Code(
        "signed-unread",
        "Somebody may sign a document that shows what they may not read.",
        "They would answer for words they have never seen.",
        "Take the field out of the document, let them read it, or let somebody else sign.",
        wrong=(
            "fields:\n  doubts: {type: text, label: Doubts, privacy: child, read: [librarian]}\n"
            "states:\n  waiting:\n    events:\n      lend:\n        signs: receipt  # ←\n"
            "documents:\n  receipt:\n    title: Receipt\n    read_by: librarian\n"
            "    sections: [{heading: When, shows: [doubts]}]\n"
        ),
        instead="        emphasis: main\n",
    ),
    Code(
        "not-always-there",
        "A document that is signed or read by a link can be had in some states only.",
        "Whoever is to sign it, or follows the link, could find nothing there.",
        "Leave `while_in:` out, or make another document for those states.",
        wrong=(
            "states:\n  waiting:\n    events:\n      lend:\n        signs: receipt\n"
            "documents:\n  receipt:\n    title: Receipt\n    read_by: librarian\n    while_in: lent  # ←\n"
            "    sections: [{heading: When, shows: [wanted_on]}]\n"
        ),
        instead="    words: {wanted_on: Lent until}\n",
    ),
)
