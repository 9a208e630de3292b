"""A small policy to replay by hand: an objection lies open for comments, then an officer decides it."""

from pathlib import Path

from apflow.core.definition.compiled import Definition
from apflow.testing import library_from

COUNCIL = """\
council: Made Up Council
short_name: MUC
team: The objections team
mailbox: objections@council.example
roles:
  public: {title: Anybody, audience: provider, mail: nobody, assumed: x}
  officer: {title: Officer, mail: assigned, mailbox: objections@council.example, assumed: x}
  manager: {title: Manager, mail: everyone, assumed: x}
calendar: {working_days: [monday, tuesday, wednesday, thursday, friday], bank_holidays: england-and-wales, assumed: x}
"""

WORKFLOW = """\
workflow: objection
title: Objections
version: 1
reference: OB
called: name
seen_by: {officer: all, manager: all}
fields:
  name: {type: text, label: Name}
  heard_on: {type: date, label: The day of the hearing, date_must_be: today or after}
start:
  object: {label: Object, by: public, to: open_for_comments, form: {name: }}
states:
  open_for_comments:
    label: Open for comments
    awaiting: officer
    deadlines:
      comments_close:
        label: Comments close
        within: 14 calendar days
        remind: {at: 3 calendar days left, who: officer, notice: closing}
        then: {event: close}
        assumed: x
    events:
      comment: {label: Comment, by: officer, done: Noted}
      close: {label: Close, by: clock, to: deciding}
      withdraw: {label: Withdraw, by: officer, to: withdrawn}
  deciding:
    label: Being decided
    awaiting: officer
    tasks: {decide: {title: Decide, for: officer, deadline: decide_by, assumed: x}}
    deadlines:
      decide_by: {label: It should be decided, within: 5 working days, then: {escalate: manager}, assumed: x}
    events:
      invite: {label: Invite to a hearing, by: officer, form: {heard_on: }}
      uphold: {label: Uphold, by: [officer, manager], to: decided}
  decided: {label: Decided, final: true}
  withdrawn: {label: Withdrawn, final: true}
"""


def objections(folder: Path, *changes: tuple[str, str]) -> Definition:
    """The policy with these texts of the workflow, each of which is there once, written differently."""
    text = WORKFLOW
    for before, after in changes:
        assert text.count(before) == 1, f"{before!r} is there {text.count(before)} times"
        text = text.replace(before, after)
    folder.mkdir()
    (folder / "council.yaml").write_text(COUNCIL, encoding="utf-8")
    (folder / "objection.yaml").write_text(text, encoding="utf-8")
    return library_from(folder).current("objection")
