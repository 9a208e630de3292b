"""Codes of the family unknown-…: a name that leads nowhere."""

from apflow.core.codes.code import Code, Where

_CHILD = """\
children:
  another:
    label: Another loan
    workflow: {workflow}
    start: {start}
    ends: {{closed: back_again}}
start:
  again: {{label: Ask again, by: clock, to: waiting, form: {{name: }}}}
  ask: {{begins: {{{begins}: {{name: name}}}}}}
alerts:
  signal_refused: {{title: Look at the other loan, for: librarian, due: 1 week, assumed: Our own rule.}}
events:
  back_again: {{label: The other is back, by: clock, from: [waiting, lent]}}
"""


_TERMS = (
    "school_calendar:\n  assumed: Made up.\n  terms:\n"
    "    - {name: Autumn 1, first_day: 2026-09-02, last_day: 2026-10-23}\n"
    "    - {name: Autumn 2, first_day: 2026-11-02, last_day: 2026-12-18}\n"
)


def _unknown(
    what: str, matters: str, wrong: str, instead: str, where: Where = "workflow", listed: str = "this file"
) -> Code:
    return Code(
        f"unknown-{what}",
        f"There is no {what} of this name.",
        matters,
        f"Write the name of a {what} that is in {listed}, or add one.",
        wrong,
        instead,
        where,
    )


def _child(key: str, before: str, after: str) -> tuple[str, str]:
    """The same snippet with one name wrong, and the line that mends it."""
    names = {"workflow": "loan", "start": "again", "begins": "another"}
    right = _CHILD.format(**names).splitlines()
    wrong = _CHILD.format(**{**names, key: before}).splitlines()
    number = next(n for n, (old, new) in enumerate(zip(right, wrong, strict=True)) if old != new)
    assert after in right[number]
    lines = [*wrong[:number], f"{wrong[number]}  # ←", *wrong[number + 1 :]]
    return "\n".join(lines) + "\n", right[number] + "\n"


REFERENCES = (
    _unknown(
        "state",
        "An event that leads nowhere, or a rule for a state there is not, does nothing.",
        "states:\n  lent:\n    events:\n      return:\n        to: close  # ←\n",
        "        to: closed\n",
    ),
    _unknown(
        "event",
        "A deadline or a task would wait for something that can never happen.",
        "states:\n  waiting:\n    tasks:\n      look:\n        done_by: lent  # ←\n",
        "        done_by: lend\n",
    ),
    _unknown(
        "role",
        "Nobody holds it, so nobody could act, be told or be asked.",
        "states:\n  lent:\n    awaiting: readers  # ←\n",
        "    awaiting: reader\n",
        listed="council.yaml",
    ),
    _unknown(
        "guard",
        "A control that does not exist controls nothing.",
        "states:\n  waiting:\n    events:\n      lend:\n        requires: paper_seen  # ←\n",
        "        requires: papers_seen\n",
    ),
    _unknown(
        "notice",
        "The e-mail could not be written when it is wanted.",
        "states:\n  lent:\n    deadlines:\n      back_due:\n        then:\n          escalate: librarian\n"
        "          notice: over_due  # ←\n",
        "          notice: overdue\n",
        listed="the workflow's folder of notices",
    ),
    _unknown(
        "field",
        "What it should hold would be missing for ever.",
        "called: nam  # ←\n",
        "called: name\n",
    ),
    _unknown(
        "question",
        "A condition would read an answer that nobody is asked for.",
        "fields:\n  card:\n    asked_if:\n      fact: answer.membr  # ←\n",
        "      fact: answer.member\n",
    ),
    _unknown(
        "fact",
        "A condition that reads it would never hold.",
        "guards:\n  is_wanted:\n    when:\n      fact: council.is_open  # ←\n      is_present: true\n",
        "      fact: council.applications_open\n",
        listed="the guide to workflow files",
    ),
    _unknown(
        "form",
        "The questions of a form there is not are never asked.",
        "start:\n  ask:\n    asks: requests  # ←\n",
        "    asks: request\n",
    ),
    _unknown(
        "collection",
        "There are no items in a collection there is not.",
        "states:\n  waiting:\n    events:\n      lend:\n        clears: view  # ←\n",
        "        clears: views\n",
    ),
    _unknown(
        "status",
        "No item could ever have it.",
        "collections:\n  papers:\n    starts: wanted  # ←\n",
        "    starts: needed\n",
    ),
    _unknown(
        "catalogue",
        "The collection would be empty, and every item of it would count as in order.",
        "collections:\n  papers:\n    catalogue: paper  # ←\n",
        "    catalogue: papers\n",
        listed="the folder",
    ),
    _unknown(
        "source",
        "No item would ever be drawn.",
        "collections:\n  placed:\n    label: Placed\n    drawn_from: live_placement  # ←\n    starts: there\n"
        "    statuses: {there: {label: There}}\nstates:\n  waiting:\n    events:\n      lend: {draws: placed}\n",
        "    drawn_from: live_placements\n",
        listed="the guide to workflow files",
    ),
    Code(
        "no-records",
        "A question and the records it is answered with do not fit.",
        "There would be nothing to choose from, or what there is would never be offered.",
        "Write `type: record` and `records:` together, with one of the sources that the guide to workflow files names.",
        "fields:\n  place:  # ←\n    label: Which place?\n    type: record\n",
        "    type: record\n    records: listed_sites\n",
    ),
    Code(
        "keeps-nothing",
        "An event would write a record that is not there to be written.",
        "What the event agrees would never get on the record, and lists and lights would not know of it.",
        "Say under the workflow's own `keeps:` which record its cases keep, and let an event after the start write it.",
        "states:\n  waiting:\n    events:\n      lend: {keeps: true}  # ←\n",
        "      lend: {}\n",
    ),
    _unknown(
        "clock",
        "The date would never be counted.",
        "fields:\n  until:\n    type: date\n    label: Until when?\n    counted:\n      clock: last_day_of_week  # ←\n"
        "      from: {first_day: wanted_on}\n      span: 12 weeks\n      assumed: Our own rule.\n",
        "      clock: last_day_of_weeks\n",
        listed="the reference page",
    ),
    Code(
        "unknown-input",
        "A clock is given something that it does not count from.",
        "It would not know what to do with it, and would miss what was meant.",
        "Write what the message names, or leave it out.",
        "fields:\n  until:\n    type: date\n    label: Until when?\n    counted:\n      clock: missed_for_health\n"
        "      from:\n        first_day: wanted_on\n        missed_befor: books  # ←\n      span: 15 school days\n"
        "      assumed: Our own rule.\n",
        "        missed_before: books\n",
        given=_TERMS,
    ),
    Code(
        "never-counted",
        "A date is counted from something that no field is named for.",
        "It would be missing for ever.",
        "Say under `from:` which field that is.",
        "fields:\n  until:\n    type: date\n    label: Until when?\n    counted:\n      clock: suspension_in_care\n"
        "      from: {first_day: wanted_on}  # ←\n      span: 6 school days\n      assumed: Our own rule.\n",
        "      from: {first_day: wanted_on, looked_after_since: wanted_on}\n",
        given=_TERMS,
    ),
    Code(
        "other-unit",
        "A date is counted in a unit that its clock does not count in.",
        "Six weeks and six school days are not the same, and which is meant decides when something is due.",
        "Write the number with the clock's own unit, or name another clock.",
        "fields:\n  until:\n    type: date\n    label: Until when?\n    counted:\n      clock: last_day_of_weeks\n"
        "      from: {first_day: wanted_on}\n      span: 12 months  # ←\n      assumed: Our own rule.\n",
        "      span: 12 weeks\n",
    ),
    Code(
        "counted-and-asked",
        "A form asks for a date that a clock counts.",
        "Whatever is answered would be written over at once.",
        "Leave it out of the form, or do not count it.",
        "fields:\n  until:\n    type: date\n    label: Until when?\n    counted: {clock: last_day_of_weeks, "
        "from: {first_day: wanted_on}, span: 12 weeks, assumed: Our own rule.}\nforms:\n  request:\n    until:  # ←\n",
        "    books:\n",
    ),
    _unknown(
        "document",
        "There would be nothing to read or to sign.",
        "states:\n  waiting:\n    events:\n      lend:\n        signs: receit  # ←\n"
        "documents:\n  receipt:\n    title: Receipt\n    read_by: librarian\n"
        "    sections: [{heading: When, shows: [wanted_on]}]\n",
        "        signs: receipt\n",
    ),
    _unknown(
        "register",
        "Whoever should be written to would not be.",
        "roles:\n  everybody:\n    title: Everybody\n    assumed: Our own rule.\n    mail: register\n"
        "    register: commissioner  # ←\n",
        "    register: commissioners\n",
        "council",
        listed="the guide to workflow files",
    ),
    _unknown(
        "professional",
        "Whoever should be written to would not be.",
        "roles:\n  nurse:\n    title: Nurse\n    assumed: Our own rule.\n    mail: works_with\n    works_with:\n"
        "      who: nurse  # ←\n",
        "      who: health\n",
        "council",
        listed="the guide to workflow files",
    ),
    _unknown(
        "section",
        "The item would be shown nowhere.",
        "items:\n  passport:\n    section: identify  # ←\n",
        "    section: identity\n",
        "catalogue",
    ),
    _unknown(
        "deadline",
        "More time for it, a task by it or a date in an e-mail would come to nothing.",
        "states:\n  waiting:\n    tasks:\n      look:\n        deadline: look_do  # ←\n",
        "        deadline: look_due\n",
    ),
    _unknown(
        "alert",
        "The work it should have opened would be in nobody's queue.",
        "states:\n  waiting:\n    events:\n      lend:\n        opens: tell_all  # ←\n",
        "        opens: tell_everyone\n",
    ),
    _unknown(
        "workflow",
        "A child case could not begin.",
        *_child("workflow", "lone", "loan"),
        listed="the folder",
    ),
    _unknown(
        "child",
        "An event would begin or signal a kind of case that is not described.",
        *_child("begins", "anothr", "another"),
    ),
    _unknown(
        "option",
        "The public list would put words on an answer that nobody can give.",
        "fields:\n  shelf: {type: choice, label: Which shelf?, options: {a: Shelf A}, privacy: public}\n"
        "public_list:\n  title: Readers\n  states: {lent: Has a book}\n  shows: {shelf: Shelf}\n"
        "  words:\n    shelf:\n      b: On shelf B  # ←\n",
        "      a: On shelf A\n",
        listed="the field's options",
    ),
    _unknown(
        "item",
        "A scenario would act on something that is not in the collection.",
        "scenarios:\n  papers_are_seen:\n    says: A paper is seen.\n    steps:\n      - {who: librarian, does: ask}\n"
        "      - {who: librarian, does: see, item: passports}  # ←\n    ends: waiting\n",
        "      - {who: librarian, does: see, item: passport}\n",
        listed="the catalogue",
    ),
)
