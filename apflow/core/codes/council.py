"""Codes about the council's own file, its calendars, and collections."""

from apflow.core.codes.code import Code

COUNCIL = (
    Code(
        "no-mailbox",
        "The role's mail goes to a mailbox, and none is named.",
        "E-mails to it would go to the council's own, which others read.",
        "Add `mailbox:` with its address, or choose another way for its mail.",
        wrong="roles:\n  clerk: {title: Clerk, mail: mailbox, assumed: Our own rule.}  # ←\n",
        instead="  clerk: {title: Clerk, mail: mailbox, mailbox: clerk@council.example, assumed: Our own rule.}\n",
        where="council",
    ),
    Code(
        "kept-for-ever",
        "No rule says how long closed cases of a workflow are kept, or those that end in one of its states.",
        "What is held about people would never be looked at again: it is to be kept no longer than is needed.",
        "Add a rule for it under `closed_cases:`, and say where its time comes from.",
        wrong="closed_cases:\n  decided_by: librarian\n  rules: {}  # ←\n",
        instead="  rules:\n    loans: {of: loan, keep: 6 years, assumed: Our own rule.}\n",
        where="council",
    ),
    Code(
        "never-counts",
        "A rule stands below one that fits all the same cases.",
        "The first that fits counts, so that nothing would come of it.",
        "Put it above the other, or take it out.",
        wrong=(
            "closed_cases:\n  decided_by: librarian\n  rules:\n    loans: {of: loan, keep: 6 years, assumed: x}\n"
            "    returned: {of: loan, states: [closed], keep: 1 year, assumed: x}  # ←\n"
        ),
        instead=(
            "  rules:\n    returned: {of: loan, states: [closed], keep: 1 year, assumed: x}\n"
            "    loans: {of: loan, keep: 6 years, assumed: x}\n"
        ),
        where="council",
    ),
    Code(
        "nobody-decides",
        "Nobody who decides on the erasure of closed cases sees those of this workflow.",
        "Their time would be over, and nobody could read so or decide.",
        "Let a role of `decided_by:` see them (`seen_by:` of the workflow), or name another that does.",
        wrong=(
            "closed_cases:\n  decided_by: borrower\n  rules:\n    loans: {of: loan, keep: 6 years, assumed: x}  # ←\n"
        ),
        instead="  decided_by: librarian\n",
        where="council",
    ),
    Code(
        "backwards",
        "A period ends before it starts, or a least is more than a most.",
        "It would hold for no day, or no answer would be right.",
        "Write the earlier or smaller one first.",
        wrong=(
            "applications:\n  closed_periods:\n"
            "    - {start: 2026-12-18, until: 2026-12-04, because: Stock-taking}  # ←\n"
        ),
        instead="    - {start: 2026-12-18, until: 2027-01-04, because: Stock-taking}\n",
        where="council",
    ),
    Code(
        "collection",
        "A collection has neither a catalogue nor `keyed_by:`, or both; or it is of cases, and does not say of which.",
        "Nobody could tell what is in it.",
        "Give one of `catalogue:` and `keyed_by: actor` (or `number`, or `case`, with `cases:`).",
        wrong="collections:\n  marks:  # ←\n    label: Marks\n    statuses: {given: {label: Given}}\n",
        instead="  marks:\n    keyed_by: actor\n",
    ),
    Code(
        "never-added",
        "A collection is of items that are added, and no event adds one.",
        "It would stay empty for ever.",
        "Let an event act on an item `from: none`.",
        wrong=(
            "collections:\n  marks:  # ←\n    label: Marks\n    keyed_by: number\n"
            "    statuses: {given: {label: Given}}\n"
        ),
        instead=(
            "states:\n  lent:\n    events:\n      mark:\n        label: Add a mark\n        by: librarian\n"
            "        item: {of: marks, from: none, to: given}\ncollections:\n  marks:\n"
        ),
    ),
    Code(
        "only-adds",
        "An event adds an item, and says as well how one that is there may stand.",
        "It adds another each time: what is there is never acted on.",
        "Leave `from: none`, and let an event of its own act on what is there.",
        wrong=(
            "collections:\n  marks:\n    label: Marks\n    keyed_by: number\n"
            "    statuses: {given: {label: Given}, taken: {label: Taken back}}\n"
            "states:\n  lent:\n    events:\n      mark:\n        label: Add a mark\n        by: librarian\n"
            "        item:\n          of: marks\n          to: given\n          from: [none, taken]  # ←\n"
        ),
        instead="          from: none\n",
    ),
    Code(
        "not-drawn",
        "An event draws items into a collection that is not drawn from records by events.",
        "Nothing would come of it.",
        "Give the collection `drawn_from:`, or leave it out of `draws:`.",
        wrong="states:\n  waiting:\n    events:\n      lend:\n        draws: papers  # ←\n",
        instead=(
            "        draws: placed\ncollections:\n  placed:\n    label: Placed\n    drawn_from: live_placements\n"
            "    starts: there\n    statuses: {there: {label: There}}\n"
        ),
    ),
    Code(
        "unreached-unheard",
        "Everybody on a register is written to, and nobody is told of those whom that does not reach.",
        "They would never hear of it.",
        "Add the alert `not_reached`.",
        wrong="states:\n  waiting:\n    events:\n      lend:\n        notify:\n          everybody: lent  # ←\n",
        instead=(
            "          everybody: lent\nalerts:\n  not_reached:\n    title: Tell them otherwise\n"
            "    for: librarian\n    due: 1 week\n    assumed: Our own rule.\n"
        ),
        given=(
            "roles:\n  everybody: {title: Everybody, mail: register, register: commissioners, assumed: Our own rule.}\n"
        ),
    ),
    Code(
        "not-urgent",
        "A form begins with what to do when it is urgent, and council.yaml does not say that.",
        "Whoever should ring at once would read nothing.",
        "Add `urgent:` to council.yaml, or leave the key out.",
        wrong="start:\n  ask:\n    urgent: true  # ←\n",
        instead="    urgent: false\n",
    ),
    Code(
        "no-school-calendar",
        "Something is counted in school days, half-terms or terms, and council.yaml does not say when schools open.",
        "It could never be due.",
        "Add `school_calendar:` to council.yaml, or count in another unit.",
        wrong="states:\n  lent:\n    deadlines:\n      back_due:\n        within: 3 school days  # ←\n",
        instead="        within: 3 working days\n",
    ),
    Code(
        "terms-overlap",
        "Two half-terms overlap, or are not in order.",
        "The holidays between them could not be told.",
        "List the half-terms in the order of their days.",
        wrong=(
            "school_calendar:\n  assumed: Made up.\n  terms:\n"
            "    - {name: Autumn 1, first_day: 2026-09-03, last_day: 2026-10-23}\n"
            "    - {name: Autumn 2, first_day: 2026-10-02, last_day: 2026-12-18}  # ←\n"
        ),
        instead="    - {name: Autumn 2, first_day: 2026-11-02, last_day: 2026-12-18}\n",
        where="council",
    ),
    Code(
        "half-a-term",
        "A term has only one of its two halves.",
        "Two half-terms after each other are a term, so all later terms would be counted wrongly.",
        "List both halves of each term.",
        wrong=(
            "school_calendar:\n  assumed: Made up.\n  terms:  # ←\n"
            "    - {name: Autumn 2, first_day: 2026-11-02, last_day: 2026-12-18}\n"
        ),
        instead="  terms:\n    - {name: Autumn 1, first_day: 2026-09-03, last_day: 2026-10-23}\n",
        where="council",
    ),
    Code(
        "inset-in-holiday",
        "An INSET day is in no term.",
        "Schools are closed that day in any case, so the date is likely to be a slip.",
        "Mend the date, or leave it out.",
        wrong=(
            "school_calendar:\n  assumed: Made up.\n  terms:\n"
            "    - {name: Autumn 1, first_day: 2026-09-03, last_day: 2026-10-23}\n"
            "    - {name: Autumn 2, first_day: 2026-11-02, last_day: 2026-12-18}\n  inset:\n"
            "    - {on: 2026-10-26, because: Training}  # ←\n"
        ),
        instead="    - {on: 2026-11-02, because: Training}\n",
        where="council",
    ),
)
