"""Codes found by following the whole workflow: what can never happen, who could be forgotten, stories that fail."""

from apflow.core.codes.code import Code

EXPLORED = (
    Code(
        "never-happens",
        "An event that can never happen, or a guard that never holds where it is asked.",
        "It is a promise, or a way out, that nobody will ever have.",
        "Mend the condition, or let something lead to it; an event of the clock needs a deadline that ends in it.",
        wrong="states:\n  lent:\n    events:\n      expire: {label: Expire, to: closed, by: [clock]}  # ←\n",
        instead="      expire: {label: Expire, to: closed, by: [reader]}\n",
    ),
    Code(
        "nobody-may",
        "Nobody may do an event: it names no role, or one that never sees a case there, or is held by nobody.",
        "The people who should act could not even find the case.",
        "Let the role see the case there (`seen_by:`), or name another role.",
        wrong=(
            "seen_by:\n  reader:\n    states: [waiting]\nstates:\n  lent:\n    awaiting: librarian\n"
            "    events:\n      return:\n        by: [librarian, reader]  # ←\n"
        ),
        instead="        by: [librarian]\n",
    ),
    Code(
        "same-moment",
        "Two deadlines end at the same moment in different events.",
        "Which of them came first would be chance.",
        "Give one of them longer.",
        wrong=(
            "states:\n  lent:\n    deadlines:\n      lost_due:\n        label: We take it for lost\n"
            "        within: 8 weeks\n        then: {event: write_off}\n        assumed: Our own rule.\n"
            "      free_due:  # ←\n        label: We give it away\n        then: {event: give_away}\n"
            "        within: 56 calendar days\n        assumed: Our own rule.\n    events:\n"
            "      write_off: {label: Write off, by: clock, to: closed}\n"
            "      give_away: {label: Give away, by: clock, to: closed}\n"
        ),
        instead="      free_due:\n        of: wanted_on\n",
    ),
    Code(
        "endless",
        "Deadlines lead round and round by themselves, without anybody and without any time in between.",
        "The engine would never be done with the case.",
        "Let one of them take time, or let a person act in between.",
        wrong=(
            "states:\n  waiting:\n    deadlines:\n"
            "      again: {label: Lend again, within: 0 calendar days, then: {event: relend}, assumed: Our own rule.}\n"
            "    events:\n      relend: {label: Lend again, by: clock, to: lent, requires: is_wanted}\n"
            "  lent:\n    events:\n      take: {label: Take back, by: clock, to: waiting, requires: is_wanted}\n"
            "    deadlines:\n"
            "      taken: {label: Back, within: 0 calendar days, then: {event: take}, assumed: Our own rule.}  # ←\n"
        ),
        instead="      taken: {label: Back, within: 3 weeks, then: {event: take}, assumed: Our own rule.}\n",
    ),
    Code(
        "cannot-act",
        "The role whose move it is can do nothing in this state.",
        "Everyone would wait for somebody who cannot act.",
        "Name a role that can act (`awaiting:`), or give this one an event.",
        wrong="states:\n  lent:\n    awaiting: librarian  # ←\n",
        instead="    awaiting: reader\n",
    ),
    Code(
        "stuck",
        "Some cases in this state can never leave it, as every way out is closed to them.",
        "They would stay for ever.",
        "Add a way out without the condition that closes it, or mend the condition.",
        wrong=(
            "guards:\n  is_member: {when: {fact: member, is: true}, reason: Be a member., assumed: Our own rule.}\n"
            "states:\n  lent: {events: {return: {requires: is_member}}}  # ←\n"
        ),
        instead=(
            "  lent: {events: {return: {requires: is_member}, "
            "take_back: {label: Take it back, by: librarian, to: closed}}}\n"
        ),
    ),
    Code(
        "forgotten-later",
        "Once the deadlines of this state have passed, nothing brings the case up again.",
        "A case that was overdue once could be forgotten after all.",
        "Let a deadline come round (`every:`), or add a task that lasts until the case moves.",
        wrong=(
            "states:\n  lent:  # ←\n    events:\n      renew: {label: Keep it longer, by: reader}\n"
            "    tasks:\n      bring: {done_by: renew}\n"
        ),
        instead="  lent:\n    deadlines:\n      still_out: {label: It is still out, every: 1 month, "
        "then: {escalate: librarian}, assumed: Our own rule.}\n",
    ),
    Code(
        "task-for-nobody",
        "A task is for a role that never sees the case where it is opened, or that nobody holds.",
        "The work would be in nobody's queue.",
        "Give it to a role that sees the case, or let the role see it (`seen_by:`).",
        wrong=(
            "seen_by:\n  reader: {own: true, states: [waiting]}\n"
            "states:\n  lent:\n    tasks:\n      bring:\n        for: reader  # ←\n"
        ),
        instead="        for: librarian\n",
    ),
    Code(
        "told-unseen",
        "Colleagues are written to about a case that they do not see.",
        "They would read what is not for them to read, and could open nothing of it.",
        "Let the role see the case as it then stands (`seen_by:`), or leave it out.",
        given="roles:\n  porter: {title: Porter, mail: everyone, assumed: Our own rule.}\n",
        wrong="states:\n  waiting:\n    events:\n      lend:\n        notify:\n          porter: lent  # ←\n",
        instead="          librarian: lent\n",
    ),
    Code(
        "written-to-nobody",
        "Somebody is written to whose role gets no mail, or whom no case of this workflow names.",
        "No e-mail would go to anybody, and nobody would hear that it did not.",
        "Name a role that gets mail, or let the workflow name who it is (`party:`, `other_party:`).",
        given="roles:\n  lender: {title: Lender, audience: provider, mail: party, assumed: Our own rule.}\n",
        wrong="states:\n  waiting:\n    events:\n      lend:\n        notify:\n          lender: lent  # ←\n",
        instead="          reader: lent\n",
    ),
    Code(
        "task-not-theirs",
        "The role that has the task cannot do anything that finishes it.",
        "It would stay in their queue for ever.",
        "Give it to those who can, or name in `done_by:` what they can do.",
        wrong=(
            "states:\n  waiting:\n    tasks:\n      ask_again:\n        title: Ask again\n        due: 1 week\n"
            "        done_by: lend\n        assumed: Our own rule.\n        for: reader  # ←\n"
        ),
        instead="        for: librarian\n",
    ),
    Code(
        "quorum",
        "More people are needed than there are sure to be.",
        "With the least staff and the most conflicts of interest that council.yaml allows, the case could not go on.",
        "Ask for fewer, or see that there are more (`least:` and `most_conflicts:` in council.yaml).",
        given="roles:\n  librarian: {least: 2}\n",
        wrong=(
            "guards:\n  views_given:\n    reason: Ask for more views.\n    assumed: Our own rule.\n    when:\n"
            "      count: views\n      where: {fact: item.status, is: given}\n      at_least: 3  # ←\n"
        ),
        instead="      at_least: 2\n",
    ),
    Code(
        "same-person",
        "Everybody who may do this can have done what keeps them from it.",
        "With the least staff that council.yaml allows, nobody would be left to do it.",
        "Let another role do it, or see that more people hold the role (`least:`).",
        given="roles:\n  librarian: {least: 1}\n",
        wrong="states:\n  waiting:\n    events:\n      wait:\n        not_by: see  # ←\n",
        instead="        not_by: see\n        by: reader\n",
    ),
    Code(
        "broken",
        "There is a way to break an invariant; the message tells the shortest.",
        "What the council says is always so is not.",
        "Add the guard that is missing on that way, or say less in the invariant.",
        wrong=(
            "invariants:\n  a_member:\n    says: Only members borrow.\n    on_entry_to: lent\n"
            "    assumed: Our own rule.\n"
            "    holds: {fact: member, is: true}  # ←\n"
        ),
        instead="    holds: {fact: wanted_on, is_present: true}\n",
    ),
    Code(
        "scenario",
        "A scenario does not come out as it is told.",
        "Either the policy has changed without its story, or it does not do what was meant.",
        "Mend the policy or the story, whichever is wrong.",
        wrong=(
            "scenarios:\n  asked:\n    says: Somebody asks.\n"
            "    steps: [{who: librarian, does: ask}]\n    ends: lent  # ←\n"
        ),
        instead="    ends: waiting\n",
    ),
    Code(
        "changing",
        "The files changed while they were read.",
        "What would go live is not what was checked.",
        "Try again once nobody is writing them.",
        where="no snippet",
    ),
)
