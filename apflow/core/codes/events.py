"""Codes about events and the questions they ask."""

from apflow.core.codes.code import Code

EVENTS = (
    Code(
        "never-changes",
        "An event that neither asks for a field of the case nor empties one is to do something only if it changes one.",
        "It would never be done.",
        "Leave out `if_changed:`, or let the event ask for the fields that may be changed.",
        wrong=(
            "states:\n  waiting:\n    events:\n      forget:\n        label: Forget what was said\n"
            "        by: librarian\n        clears: views\n        if_changed: clears  # ←\n"
        ),
        instead="        form: {wanted_on: }\n        if_changed: clears\n",
    ),
    Code(
        "always-changes",
        "An event is to do something only if it changes a field, and it always does: it begins a case, or is about a "
        "proposal.",
        "The condition says nothing.",
        "Leave out `if_changed:`.",
        wrong=(
            "states:\n  lent:\n    events:\n      renew:\n        label: Renew\n        by: reader\n"
            "        form: {wanted_on: }\n        proposal: made\n        clears: views\n"
            "        if_changed: clears  # ←\n"
        ),
        instead="        emphasis: usual\n",
    ),
    Code(
        "not-done",
        "An event is to do something only if it changes a field, or a condition holds, and does not do it at all.",
        "Somebody meant it to: what was to be cleared stays, or nobody is written to.",
        "Say what it does as well (`clears:`, `notify:`, `opens:`), or leave this out.",
        wrong=(
            "states:\n  waiting:\n    events:\n      move:\n        label: Another day\n        by: librarian\n"
            "        form: {wanted_on: }\n        if_changed: clears  # ←\n"
        ),
        instead="        clears: views\n        if_changed: clears\n",
    ),
    Code(
        "settles-nothing",
        "An event has it settled anew who is still written to, where the workflow settles that of nobody.",
        "Somebody meant that nothing goes home until it is said again, and everything would go on going.",
        "Say under `read_by_link:` of whom it is `settled:` first, or leave this out.",
        wrong=(
            "states:\n  waiting:\n    events:\n      forget:\n        label: Ask at home again\n        by: librarian\n"
            "        settles_anew: true  # ←\n"
        ),
        instead="        emphasis: usual\n",
    ),
    Code(
        "proposes-nothing",
        "An event makes a proposal and asks for none of the case's own fields.",
        "There would be nothing to take or to drop: it could never be done.",
        "Let it ask for the fields that may be changed (`asks:` or `form:`), or leave out `proposal:`.",
        wrong=(
            "states:\n  lent:\n    events:\n      renew:\n        label: Renew\n        by: reader\n"
            "        proposal: made  # ←\n"
        ),
        instead="        form: {books: }\n",
    ),
    Code(
        "never-proposed",
        "An event settles a proposal, and no event makes one.",
        "It could never be done.",
        "Give another event `proposal: made`, or leave this one's `proposal:` out.",
        wrong="states:\n  lent:\n    events:\n      return:\n        proposal: taken  # ←\n",
        instead="        emphasis: usual\n",
    ),
    Code(
        "nothing-to-filter-by",
        "The public list is to be filtered by a field that is not chosen from options.",
        "There would be no options to offer the reader.",
        "Leave it out, or make it a `choice` or `many`; words are looked for by `searched:`.",
        wrong=(
            "fields:\n  blurb: {type: text, label: About them, privacy: public}\n"
            "  shelf: {type: choice, label: Which shelf?, options: {a: Shelf A}, privacy: public}\n"
            "public_list:\n  title: Readers\n  states: {lent: Has a book}\n  shows: {blurb: About, shelf: Shelf}\n"
            "  filters:\n  - blurb  # ←\n"
        ),
        instead="  - shelf\n",
    ),
    Code(
        "no-state",
        "An event that starts a case does not say which state it leads to.",
        "The case would be nowhere.",
        "Add `to:` with a state.",
        wrong="start:\n  phone:  # ←\n    label: Ask by phone\n    by: librarian\n",
        instead="  phone:\n    to: waiting\n",
    ),
    Code(
        "never-open",
        "An event that several states share is possible in none.",
        "It is a promise the page can never keep.",
        "Add `from:` with the states, or `from: {all_except: […]}`.",
        wrong="events:\n  remark:  # ←\n    label: Add a remark\n    by: librarian\n",
        instead="  remark:\n    from: [waiting, lent]\n",
    ),
    Code(
        "from-twice",
        "An event that stands under one state also says from which.",
        "It is possible in that state only, whatever `from:` says.",
        "Leave out `from:`, or move the event to `events:`.",
        wrong=(
            "states:\n  lent:\n    events:\n      renew:\n        label: Renew\n        by: reader\n"
            "        from: waiting  # ←\n"
        ),
        instead="        emphasis: quiet\n",
    ),
    Code(
        "no-options",
        "A choice of nothing.",
        "The question cannot be answered, so the event can never be done.",
        "List the options.",
        wrong="fields:\n  cover:  # ←\n    type: choice\n    label: Hard or soft?\n",
        instead="  cover:\n    options: {hard: Hard, soft: Soft}\n",
    ),
    Code(
        "no-people",
        "A question for a person does not say whose people there are to choose from.",
        "Everyone who ever signed in would be on the list.",
        "Add `role:`.",
        wrong="fields:\n  helper:  # ←\n    type: person\n    label: Who will look?\n",
        instead="  helper:\n    role: librarian\n",
    ),
    Code(
        "apart-from-nobody",
        "People are to be kept apart from those of another question, which is not asked beside theirs.",
        "One person could be among both, such as those who are here and those who sent apologies.",
        "Ask both in the same form, or name a question that is.",
        wrong=(
            "fields:\n  here:\n    type: people\n    role: librarian\n    label: Who is here?\n    optional: true\n"
            "  away:\n    type: people\n    role: librarian\n    label: Who is not?\n    optional: true\n"
            "    apart_from: here  # ←\nstates:\n  waiting:\n    events:\n      lend:\n        form:\n          away:\n"
        ),
        instead="          away:\n          here:\n",
    ),
    Code(
        "not-a-person",
        "A field that holds no person is used as if it did, or says from which role to choose.",
        "The work would be nobody's.",
        "Name a field of `type: person`, or leave this out.",
        wrong="fields:\n  helper:\n    type: text\n    label: Who will look?\n    role: librarian  # ←\n",
        instead="    max_length: 100\n",
    ),
    Code(
        "never-read",
        "A role is said to read a field of a privacy class that it never sees.",
        "One of the two is wrong: either the field is shown to nobody, or the class protects nothing.",
        "Leave the role out of `read:`, or add the class to what it sees in council.yaml.",
        wrong=(
            "fields:\n  told_us:\n    type: text\n    label: What a child told us\n    privacy: safeguarding\n"
            "    read: [reader]  # ←\n"
        ),
        instead="    optional: true\n",
    ),
    Code(
        "name-not-read",
        "Cases are called by a field that somebody who sees them may not read.",
        "The name stands on every page and in every subject line.",
        "Call cases by another field, or let all who see them read it.",
        wrong="called: alias  # ←\nfields:\n  alias: {type: text, label: Name, read: librarian}\n",
        instead="called: name\n",
    ),
    Code(
        "asked-of-nobody",
        "An event asks a question that none of those who may do it may answer.",
        "The answer would be missing for ever.",
        "Let one of them answer it (`write:`), or do not ask it here.",
        wrong=(
            "states:\n  lent:\n    events:\n      renew:  # ←\n        label: Renew\n        by: reader\n"
            "        form:\n          until: {type: date, label: Until when?, write: librarian}\n"
        ),
        instead="      renew:\n        done: Renewed\n        by: [reader, librarian]\n",
    ),
    Code(
        "not-asked",
        "A guard of the event reads an answer that the event does not ask for.",
        "The answer is always missing, so the event is always refused.",
        "Ask the question in the event's form, or leave the guard out.",
        wrong=(
            "guards:\n  says_why:\n    when: {fact: answer.why, is_present: true}\n    reason: Say why.\n"
            "    assumed: Our own rule.\nstates:\n  lent:\n    events:\n      return:\n"
            "        requires: [says_why]  # ←\n"
        ),
        instead="        requires: [says_why]\n        form: {why: {type: text, label: Why?}}\n",
    ),
    Code(
        "not-asked-of",
        "A guard reads an answer that one of those who may do the event is not asked for.",
        "For them the event is always refused.",
        "Let them answer it (`write:`), or take them out of `by:`.",
        wrong=(
            "guards:\n  says_why:\n    when: {fact: answer.why, is_present: true}\n    reason: Say why.\n"
            "    assumed: Our own rule.\nstates:\n  lent:\n    events:\n      return:\n"
            "        by: [reader, librarian]\n        form: {why: {type: text, label: Why?, write: librarian}}\n"
            "        requires: [says_why]  # ←\n"
        ),
        instead="        emphasis: main\n",
    ),
    Code(
        "clock-asked",
        "An event of the clock asks questions.",
        "Nobody is there to answer them.",
        "Leave out the form, or `by: clock`.",
        wrong=(
            "states:\n  lent:\n    events:\n"
            "      lose: {label: Lose, by: clock, to: closed, form: {why: {type: text, label: Why?}}}  # ←\n"
        ),
        instead="      lose: {label: Lose, by: clock, to: closed}\n",
    ),
)
