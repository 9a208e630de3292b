"""A small policy about lending books, which uses every part of the language once and is quick to read."""

from pathlib import Path

from tests.loader.folder import rewrite

COUNCIL = """\
council: Made Up Council
short_name: MUC
team: The library
mailbox: library@council.example
roles:
  librarian: {title: Librarian, mail: assigned, mailbox: library@council.example, assumed: x}
  reader: {title: Reader, audience: provider, mail: party, assumed: x}
  guardian: {title: Guardian, audience: provider, mail: by_link, assumed: x}
calendar: {working_days: [monday, tuesday], bank_holidays: england-and-wales, assumed: x}
applications:
  closed_periods: [{start: 2026-12-18, until: 2027-01-04, because: Stock-taking}]
"""

CATALOGUE = """\
catalogue: papers
title: Papers
sections: {identity: Who you are}
items:
  passport: {label: Passport, section: identity, required: true, good: Any., expires: 12 months, assumed: x}
"""

REGISTRATION = """\
registration: schools
title: Registration as a school
wordings:
  old_act:
    title: The old Act
    since: 2014-01-01
    pupils: 5
    warn_from: 4
    one_pupil_with: [ehcp]
    pupil_over: 18
    open_over: 18
    mention_over: 15
    assumed: x
"""

ATTENDANCE = """\
attendance: marks
title: Marks
tables:
  old_law:
    title: The old law
    since: 2014-01-01
    codes:
      B: {says: Elsewhere, counts: attending}
      N: {says: No reason yet, counts: unauthorised}
      O: {says: No reason, counts: unauthorised}
    reasons: {busy: {says: Busy, code: O}}
    no_reason: {code: N, becomes: O, after: 5 school days}
    rules:
      - {attended: false, absence: true, because: Away.}
      - {code: B, because: There.}
    assumed: x
chasing: {am: {remind_at: "10:30", flag_at: "12:00"}, pm: {remind_at: "14:00", flag_at: "15:30"}, assumed: x}
pattern: {absences: 3, of: 10, assumed: x}
missing: {days: 2, sooner: 1, assumed: x}
long_absences: {too_busy: {reasons: busy, school_days: 15, counted: running, assumed: x}}
"""

RETURNS = """\
returns: loans
title: Returns
report: {destination: size, considered_by: name, considered_on: wanted_on, considered_evidence: card}
kinds:
  loans:
    title: Loans
    says: Every loan.
    forms:
      old_form:
        title: The old form
        since: 2014-01-01
        columns:
          - {heading: Surname, fact: pupil.surname}
        assumed: x
"""

DOCUMENT = """\
document: rules
title: Rules of the library
about: What readers and the library promise each other.
sections: [{heading: Books, text: They are brought back.}]
"""

WORKFLOW = """\
workflow: loan
title: Lending books
version: 1
reference: LO
called: name
party: {role: reader, name: name, email: address}
seen_by:
  librarian: all
  reader: {own: true, states: [waiting, lent]}
journey: [waiting, lent]
fields:
  name: {type: text, label: Your name}
  address: {type: email, label: Your email address}
  wanted_on: {type: date, label: When do you want it?}
  books: {type: number, label: How many?}
  member: {type: yes/no, label: Are you a member?}
  size: {type: choice, label: How large?, options: {small: Small, large: Large}}
  card: {type: text, label: Number of your card, asked_if: {fact: answer.member, is: true}}
collections:
  papers:
    label: Papers
    catalogue: papers
    starts: needed
    seen_by: librarian
    statuses: {needed: {label: Needed}, seen: {label: Seen}}
  views: {label: Views, keyed_by: actor, statuses: {given: {label: Given}}}
guards:
  papers_seen: {when: {every: papers, has: {fact: item.status, is: seen}}, reason: "First: {which}.", assumed: x}
  is_wanted: {when: {fact: wanted_on, is_present: true}, reason: Say when., assumed: x}
forms:
  request:
    name:
    address:
    wanted_on: {date_must_be: today or after}
    member:
    card:
start:
  ask: {label: Ask for a book, by: librarian, to: waiting, asks: request}
states:
  waiting:
    label: Waiting
    awaiting: librarian
    tasks:
      look: {title: Look for the book, for: librarian, deadline: look_due, done_by: lend, assumed: x}
      opine: {title: Say what you think, for: librarian, due: 1 week, each: views, assumed: x}
    deadlines:
      look_due:
        label: Someone should look
        within: 5 working days
        remind: {at: 1 working day left, who: reader, notice: due_soon}
        then: {event: lapse, after_warning: 1 working day}
        assumed: x
      wanted_by:
        label: The book is wanted
        of: wanted_on
        within: 0 working days
        then: {escalate: librarian, notice: overdue}
        assumed: x
    events:
      opine: {label: Say what you think, by: librarian, item: {of: views, from: [none, given], to: given}}
      see: {label: See a paper, by: librarian, item: {of: papers, from: needed, to: seen}}
      lend:
        label: Lend
        by: librarian
        to: lent
        requires: [papers_seen, is_wanted]
        clears: views
        opens: tell_everyone
        form: {books: , why: {type: text, label: Why?}}
        notify: {reader: {notice: lent, about: back_due, invite: {on: wanted_on, title: A book}}}
      wait: {label: Wait, by: librarian, extends: {deadline: look_due, by: 1 week, at_most: 2, assumed: x}}
      lapse: {label: Lapse, by: clock, to: closed}
  lent:
    label: Lent
    awaiting: reader
    tasks:
      bring: {title: Bring the book back, for: reader, assumed: x}
    deadlines:
      back_due: {label: Due back, within: 3 weeks, then: {escalate: librarian}, assumed: x}
    events:
      return: {label: Return, by: reader, to: closed}
  closed: {label: Closed, final: true}
events:
  correct: {label: Correct, by: librarian, from: {all_except: [lent]}, form: {name: }}
alerts:
  tell_everyone: {title: Tell everyone, for: librarian, due: 1 working day, assumed: x}
"""

NOTICES = frozenset({"loan/due_soon", "loan/overdue", "loan/lent"})


def a_small_folder(tmp_path: Path, *changes: tuple[str, str], file: str = "loan.yaml") -> Path:
    """The small policy, with some of the lines of one file written differently."""
    folder = tmp_path / "small"
    folder.mkdir(parents=True)
    for name, text in (("council.yaml", COUNCIL), ("papers.yaml", CATALOGUE), ("loan.yaml", WORKFLOW)):
        (folder / name).write_text(text, encoding="utf-8")
    rewrite(folder / file, *changes)
    return folder
