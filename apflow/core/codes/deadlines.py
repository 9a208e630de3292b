"""Codes about deadlines, reminders and time."""

from apflow.core.codes.code import Code

_DUE = """\
states:
  lent:
    deadlines:
      back_due:
"""
_WIDE = """\
deadlines:
  all_done:%s
    label: The whole loan should be over
    within: 12 weeks
    then: {escalate: librarian}
    assumed: Our own rule.
"""

DEADLINES = (
    Code(
        "not-the-clock",
        "What a deadline or a child case is to do is not an event of the clock.",
        "When the time comes nobody is there to do it, so it would be refused.",
        "Write `by: clock` at the event, or name one that is.",
        wrong="states:\n  waiting:\n    deadlines:\n      look_due:\n        then:\n          event: lend  # ←\n",
        instead="          event: lapse\n",
    ),
    Code(
        "not-there",
        "A deadline of the whole case ends in an event that one of its states does not have.",
        "In that state the deadline would pass and nothing would happen.",
        "Add the event there, or leave the state out of `while_in:`.",
        wrong=(
            "deadlines:\n  all_done:\n    label: The whole loan should be over\n    within: 12 weeks\n"
            "    while_in: [waiting, lent]\n    then:\n      event: lapse  # ←\n    assumed: Our own rule.\n"
        ),
        instead="      escalate: librarian\n",
    ),
    Code(
        "no-warning",
        "An event waits until a warning has been delivered, and there is no warning.",
        "It would wait for ever.",
        "Add a reminder, or leave out `after_warning:`.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      give_up:\n        label: We give the book up\n"
            "        within: 6 months\n        then:\n          event: write_off\n"
            "          after_warning: 1 week  # ←\n        assumed: Our own rule.\n"
            "    events: {write_off: {label: Write off, by: clock, to: closed}}\n"
        ),
        instead="        remind: {at: 4 weeks left, who: reader, notice: overdue}\n",
    ),
    Code(
        "not-a-date",
        "The deadline is counted from a field that holds no date.",
        "It could never begin.",
        "Name a field of `type: date`.",
        wrong="states:\n  waiting:\n    deadlines:\n      wanted_by:\n        of: books  # ←\n",
        instead="        of: wanted_on\n",
    ),
    Code(
        "deadline-loop",
        "Deadlines are counted from each other in a circle.",
        "Each would wait for the other, so none would begin.",
        "Count one of them from something else.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      give_up:\n        label: We give the book up\n"
            "        within: 6 months\n        after_deadline: give_up  # ←\n        then: {escalate: librarian}\n"
            "        assumed: Our own rule.\n"
        ),
        instead="        after_deadline: back_due\n",
    ),
    Code(
        "no-task-to-share",
        "A deadline shares the task of another that opens none for its role.",
        "What one role has done would be taken for the other's, or nobody would have the work at all.",
        "Name a deadline that escalates to the same role and has a task of its own, or leave `same_task_as:` out.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      give_up:\n        label: We give the book up\n"
            "        within: 6 months\n        after_deadline: back_due\n        then: {escalate: reader}\n"
            "        same_task_as: back_due  # ←\n        assumed: Our own rule.\n"
        ),
        instead="        remind: []\n",
    ),
    Code(
        "one-state",
        "A deadline of one state has `while_in` or `paused_in`.",
        "It ends when the case leaves the state, so it can neither run on nor stand still elsewhere.",
        "Move it to `deadlines:` of the whole workflow, or leave the key out.",
        wrong=_DUE + "        while_in: [lent]  # ←\n",
        instead="        label: It is due back\n",
    ),
    Code(
        "no-while-in",
        "A deadline of the whole case does not say in which states it runs.",
        "It would run in none.",
        "Add `while_in:`.",
        wrong=_WIDE % "  # ←",
        instead="  all_done:\n    while_in: [waiting, lent]\n",
    ),
    Code(
        "over",
        "A deadline of the whole case runs in a final state.",
        "Nothing is due once a case is over.",
        "Leave the state out of `while_in:`.",
        wrong=(_WIDE % "") + "    while_in:\n      - waiting\n      - closed  # ←\n",
        instead="      - lent\n",
    ),
    Code(
        "not-while-in",
        "A deadline stands still in a state it does not run in.",
        "It has ended before the case gets there.",
        "Add the state to `while_in:`, or leave it out of `paused_in:`.",
        wrong=(_WIDE % "") + "    while_in: [waiting, lent]\n    paused_in:\n      at_most: 2 weeks\n"
        "      states:\n        - closed  # ←\n",
        instead="        - waiting\n",
    ),
    Code(
        "never-runs",
        "A deadline stands still in every state it runs in.",
        "It would never pass.",
        "Leave one of the states out of `paused_in:`.",
        wrong=(_WIDE % "") + "    while_in: [waiting, lent]\n    paused_in:\n      at_most: 2 weeks\n"
        "      states: [waiting, lent]  # ←\n",
        instead="      states: [waiting]\n",
    ),
    Code(
        "leads-on",
        "An event gives a deadline more time and leads to a state.",
        "The deadlines of the state that is left stop, and the others run on as they are: nobody would get more time.",
        "Give more time by an event without `to:`, or leave out `extends:`.",
        wrong="states:\n  waiting:\n    events:\n      wait:\n        to: lent  # ←\n"
        "        extends: {deadline: look_due, by: 1 week, at_most: 2, assumed: Our own rule.}\n",
        instead="        emphasis: quiet\n",
    ),
    Code(
        "pauses-apart",
        "A deadline stands still in other states, or for longer, than the one that it is counted from.",
        "It would no longer come so long after that one as it says.",
        "Leave out its `paused_in:`: it stands still with the other one by itself.",
        wrong=(_WIDE % "") + "    while_in: [waiting, lent]\n    paused_in: {states: waiting, at_most: 2 weeks}\n"
        "  later:\n    label: Later still\n    within: 1 week\n"
        "    after_deadline: all_done\n    while_in: [waiting, lent]\n"
        "    then: {escalate: librarian}\n    assumed: Our own rule.\n"
        "    paused_in: {states: lent, at_most: 2 weeks}  # ←\n",
        instead="    remind: []\n",
    ),
    Code(
        "reminded-twice",
        "The same role is reminded of the same deadline twice at the same time.",
        "They would get two e-mails at once; another time was probably meant.",
        "Leave one out, or mend its time.",
        wrong=_DUE + "        remind:\n          who: reader\n          notice: due_soon\n          at:\n"
        "            - 1 week left\n            - 1 week left  # ←\n",
        instead="            - 1 working day left\n",
    ),
    Code(
        "reminder-too-early",
        "A reminder would come before its deadline begins.",
        "It would go at once, or never, and warn of nothing.",
        "Remind later, or give more time.",
        wrong=_DUE
        + "        remind:\n          who: reader\n          notice: due_soon\n          at: 5 weeks left  # ←\n",
        instead="          at: 1 week left\n",
    ),
    Code(
        "warned-each-time",
        "A deadline that comes round again waits for a warning.",
        "The next round begins by itself, so there is nothing to wait for.",
        "Leave out `after_warning:`.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      count_due:\n        label: The books are counted\n"
            "        every: 3 months\n        remind: {at: 1 week left, who: librarian, notice: due_soon}\n"
            "        then:\n          event: note_count\n          after_warning: 2 working days  # ←\n"
            "        assumed: Our own rule.\n    events: {note_count: {label: Note the count, by: clock}}\n"
        ),
        instead="        label: The books are counted again\n",
    ),
    Code(
        "cycle-too-short",
        "A deadline comes round again before a task of its state is due.",
        "The work of one round would not be done when the next begins.",
        "Let it come less often, or give less time for the task.",
        wrong=(
            "states:\n  lent:\n    tasks: {count: {title: Count the books, for: librarian, due: 4 weeks, assumed: x}}\n"
            "    deadlines:\n      count_due:\n        label: The books are counted\n        every: 2 weeks  # ←\n"
            "        then: {escalate: librarian}\n        assumed: Our own rule.\n"
        ),
        instead="        every: 6 months\n",
    ),
    Code(
        "shadowed",
        "Another deadline always takes the case away before this one is due.",
        "What it says never happens.",
        "Leave it out, or mend one of the two durations.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      lost_due:\n        label: We take it for lost\n"
            "        within: 1 week\n        then: {event: write_off}\n        assumed: Our own rule.\n"
            "      back_due:  # ←\n"
            "    events: {write_off: {label: Write off, by: clock, to: closed}}\n"
        ),
        instead="      back_due:\n        within: 1 calendar day\n",
    ),
    Code(
        "former-name-taken",
        "A deadline is said to go on from an earlier one that another deadline of the state is, or goes on from.",
        "A case that is moved to this version would have the same deadline twice, or lose one of them.",
        "Leave `formerly:` out, or name the deadline that this one was.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      lost_due:\n        label: We take it for lost\n"
            "        within: 6 months\n        then: {escalate: librarian}\n        assumed: Our own rule.\n"
            "        formerly: back_due  # ←\n"
        ),
        instead="        formerly: given_up_due\n",
    ),
    Code(
        "changes-unseen",
        "Whether a deadline is wanted rests on what is no field and no item of the case.",
        "That changes without anything being done to the case, so nothing would stop the deadline, or start it again.",
        "Ask a field, or how items stand (`every:`, `count:`); let an event write down what is known elsewhere.",
        wrong=(
            "states:\n  waiting:\n    deadlines:\n      wanted_by:\n"
            "        unless: {fact: council.applications_open, is: false}  # ←\n"
        ),
        instead="        unless: {fact: member, is: true}\n",
    ),
    Code(
        "never-wanted",
        "Whatever a deadline is not wanted for always holds where it would run.",
        "It would never run.",
        "Mend its `unless:`, or leave the deadline out.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      count_due:\n        label: The books should be counted\n"
            "        within: 1 week\n        then: {escalate: librarian}\n        assumed: Our own rule.\n"
            "        unless: {fact: wanted_on, is_present: true}  # ←\n"
        ),
        instead="        unless: {fact: member, is: true}\n",
    ),
    Code(
        "always-wanted",
        "Whatever a deadline is not wanted for never holds where it runs.",
        "It would go on asking for what is decided; something else was probably meant.",
        "Mend its `unless:`, or leave it out.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      count_due:\n        label: The books should be counted\n"
            "        within: 1 week\n        then: {escalate: librarian}\n        assumed: Our own rule.\n"
            "        unless: {fact: wanted_on, is_present: false}  # ←\n"
        ),
        instead="        unless: {fact: member, is: true}\n",
    ),
)
