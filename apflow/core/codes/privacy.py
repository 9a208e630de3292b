"""Codes about what would reach somebody who may not read it."""

from apflow.core.codes.code import Code

PRIVACY = (
    Code(
        "not-theirs-to-read",
        "A notice, its subject or an invitation says what a role that it reaches may not read.",
        "It would tell somebody what the policy keeps from them.",
        "Leave it out, send another notice, or let the role read it (`read:`, or `sees:` in council.yaml).",
        wrong=(
            "fields:\n  room: {type: text, label: Which room?, read: librarian}\n"
            "states:\n  waiting:\n    events:\n      lend:\n        notify:\n          reader:\n"
            "            notice: lent\n            invite:\n              on: wanted_on\n              title: A book\n"
            "              place: room  # ←\n"
        ),
        instead="              at: null\n",
    ),
    Code(
        "not-public",
        "The public list shows what is not of the class `public`, is for some roles only, or names people.",
        "Anybody at all could read it, and what has been public once cannot be taken back.",
        "Leave it out of the list; or, if it really is for everybody, give the field `privacy: public`.",
        wrong=(
            "fields:\n  blurb: {type: text, label: About them, privacy: public}\n"
            "public_list:\n  title: Readers\n  states: {lent: Has a book}\n  shows:\n"
            "    address: Where they live  # ←\n"
        ),
        instead="    blurb: About them\n",
    ),
    Code(
        "reason-says-too-much",
        "A guard's reason lists items that somebody who may do the event does not see.",
        "They would read the names of what is kept from them when they are refused.",
        "Leave `{which}` out of the reason, or let them see the collection (`seen_by:`).",
        wrong=(
            "guards:\n  all_seen:\n    when: {every: papers, has: {fact: item.status, is: seen}}\n"
            '    reason: "First: {which}."\n    assumed: Our own rule.\n'
            "states:\n  lent:\n    events:\n      return:\n        requires:\n          - all_seen  # ←\n"
        ),
        instead="          - is_wanted\n",
    ),
    Code(
        "flag-says-too-much",
        "A flag looks at a field that somebody who is shown it may not read.",
        "That it is shown would tell them something of what is kept from them.",
        "Say whom it is for (`seen_by:`), or let it look at other fields.",
        wrong=(
            "fields:\n  slip: {type: text, label: A slip, privacy: personal, read: librarian, optional: true}\n"
            "flags:\n  slipped:\n    says: There is a slip.\n    when: {fact: slip, is_present: true}  # ←\n"
            "    assumed: Our own rule.\n"
        ),
        instead="    when: {fact: slip, is_present: true}\n    seen_by: librarian\n",
    ),
    Code(
        "shows-names",
        "Somebody who is not staff is asked to choose a person.",
        "The form would show them the names of all the people there are to choose from.",
        "Let only staff answer it (`write:`), or take the name as text (`type: text`).",
        wrong=(
            "fields:\n  looker: {type: person, label: Who looked?, role: librarian}\n"
            "states:\n  lent:\n    events:\n      return:\n        form: {looker: }\n        by: reader  # ←\n"
        ),
        instead="        by: librarian\n",
    ),
    Code(
        "copied-too-openly",
        "A field is copied into a child case, where a role reads it that may not read it here.",
        "The child case would tell them what this one keeps from them.",
        "Give the child's field the same `privacy:` and `read:`, or do not copy it.",
        wrong=(
            "fields:\n  remark: {type: text, label: What is to be known?, read: librarian}\n"
            "alerts:\n  signal_refused: {title: Look at it, for: librarian, due: 1 week, assumed: Our own rule.}\n"
            "children:\n  another: {label: Another loan, workflow: loan, start: again}\n"
            "start:\n  again: {label: Ask again, by: clock, to: waiting, form: {name: }}\n"
            "  ask:\n    begins:\n      another:\n        name: remark  # ←\n"
        ),
        instead="        name: name\n",
    ),
    Code(
        "not-filled-in",
        "A label, title or reason has something in braces, and nothing is ever put in its place.",
        "People would read the braces as they are written.",
        "Write the words themselves. Only a reason has `{which}`, and only an invitation's title has `{case}`.",
        wrong='states:\n  waiting:\n    label: "Waiting for {name}"  # ←\n',
        instead="    label: Waiting\n",
    ),
)
