"""A small policy about paying for school trips, with what the others lack: panels, pauses, secrets, promises."""

COUNCIL = """\
council: Made Up Council
short_name: MUC
team: The trips team
mailbox: trips@council.example
roles:
  clerk:
    {title: Clerk, mail: assigned, mailbox: t@c.example, least: 3, sees: [public, case, personal, child], assumed: x}
  treasurer: {title: Treasurer, mail: everyone, least: 2, assumed: x}
  panellist: {title: Panellist, mail: everyone, least: 4, most_conflicts: 1, assumed: x}
  parent: {title: Parent, audience: provider, mail: party, sees: [public, case, personal, child], assumed: x}
  public: {title: Anyone, audience: provider, mail: nobody, sees: [public], assumed: x}
agencies: {school: A school, council: The council}
calendar:
  {working_days: [monday, tuesday, wednesday, thursday, friday], bank_holidays: england-and-wales, assumed: x}
school_calendar:
  terms:
    - {name: One, first_day: 2026-09-02, last_day: 2026-10-23}
    - {name: Two, first_day: 2026-11-02, last_day: 2026-12-18}
  assumed: x
"""

WORKFLOW = """\
workflow: bursary
title: Paying for trips
version: 1
reference: BU
called: trip
party: {role: parent, name: name, email: email}
seen_by: {clerk: all, treasurer: all, panellist: {states: [deciding]}, parent: own}
journey: [asked, deciding, granted]
fields:
  trip: {type: text, label: Which trip?, privacy: public}
  name: {type: text, label: Your name, privacy: personal}
  email: {type: email, label: Your email address, privacy: personal}
  pupil: {type: text, label: Name of the pupil, privacy: child}
  cost: {type: money, label: What does it cost?}
  leaves_on: {type: date, label: When does the trip leave?}
  income: {type: choice, label: How much do you earn?, options: {low: Little, high: Enough}, privacy: personal}
  looked_at_by: {type: person, role: clerk, label: Who looks at it?, optional: true}
collections:
  votes:
    label: Votes
    keyed_by: actor
    seen_by: [clerk, treasurer, panellist]
    statuses: {yes_vote: {label: For}, no_vote: {label: Against}}
guards:
  earns_little:
    when: {fact: income, is: low}
    reason: This is for families who earn little.
    unknown: Say first what you earn.
    override: {by: treasurer, at_most: 10 working days, tell: {clerk: set_aside}, assumed: x}
    assumed: x
  earns_enough: {when: {fact: income, is: high}, reason: This family earns little., assumed: x}
  enough_votes:
    when: {all: [{count: votes, at_least: 3}, {count: votes, distinct: agency, at_least: 2}]}
    reason: Three must vote, from two agencies.
    assumed: x
  most_are_for:
    when: {majority: votes, where: {fact: item.status, is: yes_vote}}
    reason: Most must be for it.
    assumed: x
  has_left: {when: {fact: leaves_on, is_before: today}, reason: The trip has not left yet., assumed: x}
start:
  ask:
    label: Ask for money
    by: [public, clerk]
    to: asked
    form: {trip: , name: , email: , pupil: , cost: , leaves_on: {date_must_be: today or after}, income: }
    notify: {parent: asked, clerk: to_look_at}
states:
  asked:
    label: Asked
    awaiting: clerk
    tasks:
      look:
        {title: Look, for: clerk, person: looked_at_by, deadline: look_due, done_by: [pass_on, refuse], assumed: x}
    deadlines:
      look_due:
        label: Somebody should look
        within: 5 school days
        remind: {at: [2 school days left, 1 school day left], who: clerk, notice: to_look_at}
        then: {escalate: treasurer, notice: overdue}
        assumed: x
    events:
      pass_on: {label: Pass on to the panel, by: clerk, to: deciding, requires: earns_little, clears: votes}
      refuse: {label: Refuse, by: clerk, to: refused, requires: earns_enough, notify: {parent: refused}}
      put_aside: {label: Put aside, by: clerk, to: waiting, form: {looked_at_by: }}
      more_time: {label: More time, by: clerk, extends: {deadline: look_due, by: 1 week, at_most: 2, assumed: x}}
  waiting:
    label: Waiting
    awaiting: parent
    tasks:
      tell_more: {title: Tell us more, for: parent, due: 2 weeks, assumed: x}
    deadlines:
      told_due:
        label: We need to hear from you
        within: 4 weeks
        remind: {at: 1 week left, who: parent, notice: asked}
        then: {event: give_up, after_warning: 3 working days}
        assumed: x
    events:
      tell: {label: Tell us more, by: parent, to: asked, form: {cost: , income: }}
      give_up: {label: Give up, by: clock, to: refused, notify: {parent: refused}}
  deciding:
    label: With the panel
    awaiting: panellist
    tasks:
      vote: {title: Vote, for: panellist, due: 1 week, each: votes, assumed: x}
      decide: {title: Record the decision, for: clerk, deadline: decide_due, done_by: [grant, turn_down], assumed: x}
    deadlines:
      decide_due: {label: The panel should decide, within: 10 working days, then: {escalate: treasurer}, assumed: x}
      chase_due: {label: Chase, after_deadline: decide_due, within: 1 week, then: {escalate: clerk}, assumed: x}
      votes_due:
        label: Three should have voted
        within: 1 week
        unless: {count: votes, at_least: 3}
        then: {escalate: clerk}
        assumed: x
    events:
      vote_for: {label: Vote for it, by: panellist, item: {of: votes, from: [none, no_vote], to: yes_vote}}
      vote_against: {label: Vote against it, by: panellist, item: {of: votes, from: [none, yes_vote], to: no_vote}}
      grant:
        label: Grant
        by: treasurer
        to: granted
        requires: [enough_votes, most_are_for]
        not_by: pass_on
        notify: {parent: {notice: granted, about: report_due, invite: {on: leaves_on, title: "Trip: {case}"}}}
      turn_down: {label: Turn down, by: clerk, to: refused, notify: {parent: refused}}
  granted:
    label: Granted
    awaiting: clerk
    tasks:
      report: {title: Write the report, for: clerk, due: 3 weeks, assumed: x}
    deadlines:
      report_due: {label: Is the trip over?, every: 6 weeks, then: {escalate: clerk}, assumed: x}
    events:
      finish: {label: Finish, by: clerk, to: paid, requires: has_left, opens: tell_the_school}
      recall: {label: Take the money back, by: treasurer, to: refused}
  paid: {label: Paid, final: true}
  refused: {label: Refused, final: true}
events:
  withdraw: {label: Withdraw, by: [parent, clerk], from: {all_except: [granted]}, to: refused}
deadlines:
  decided:
    label: Everything decided
    within: 3 months
    while_in: [asked, waiting, deciding]
    paused_in: {states: waiting, at_most: 30 working days}
    then: {escalate: treasurer}
    assumed: x
alerts:
  tell_the_school: {title: Tell the school, for: clerk, due: 2 working days, assumed: x}
invariants:
  not_for_the_rich:
    {says: Nothing is paid before the trip., on_entry_to: paid, holds: {fact: leaves_on, is_before: today}, assumed: x}
  decided_by_three:
    says: Three decide.
    on_entry_to: granted
    holds: {count: votes, at_least: 3}
    assumed: x
  named: {says: Every trip has a name., always: true, holds: {any: [{fact: trip, is_present: true}]}, assumed: x}
scenarios:
  granted:
    says: The panel is for it.
    steps:
      - {who: public, does: ask, answers: {income: low}}
      - {who: clerk, does: refuse, refused: earns little}
      - {who: clerk, does: pass_on}
      - {who: treasurer, does: grant, refused: Three must vote}
      - {who: panellist, does: vote_for, people: 3}
      - {who: treasurer, does: grant}
    ends: granted
    emails: [asked, to_look_at, granted]
  given_up:
    says: Nobody answers.
    steps:
      - {who: public, does: ask, answers: {income: low}}
      - {who: clerk, does: put_aside}
      - {wait: 3 months}
    ends: refused
"""

FILES = {"council": COUNCIL, "bursary": WORKFLOW}
NOTICES = {
    "bursary/asked": "{{ case.title }}: {{ fields.trip }} costs {{ fields.cost }}",
    "bursary/to_look_at": "{{ case.title }}, for {{ fields.pupil }}{% if deadline %} by {{ deadline.on }}{% endif %}",
    "bursary/overdue": "{{ case.title }} is overdue",
    "bursary/refused": "We cannot pay for {{ fields.trip }}",
    "bursary/granted": "We pay for {{ fields.trip }}{% if deadline %}; {{ deadline.label }}{% endif %}",
    "bursary/set_aside": "{{ override.by }} set aside {{ override.guard }} until {{ override.until }}",
}
