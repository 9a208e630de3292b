"""A small policy with child cases: a provider on a list, the action plans it is given, and the visits those begin."""

from pathlib import Path

from tests.loader.folder import rewrite

COUNCIL = """\
council: Made Up Council
short_name: MUC
team: The team
mailbox: team@council.example
roles:
  officer: {title: Officer, mail: assigned, mailbox: team@council.example, assumed: x}
  manager: {title: Manager, mail: everyone, assumed: x}
  provider: {title: Provider, audience: provider, mail: party, assumed: x}
calendar:
  {working_days: [monday, tuesday, wednesday, thursday, friday], bank_holidays: england-and-wales, assumed: x}
"""

PROVIDER = """\
workflow: provider
title: The list
version: 1
reference: PR
called: organisation
party: {role: provider, name: contact_name, email: contact_email}
seen_by: {officer: all, manager: all, provider: own}
fields:
  organisation: {type: text, label: Organisation}
  contact_name: {type: text, label: Contact}
  contact_email: {type: email, label: Email address}
  concern: {type: long text, label: What is wrong?}
children:
  action_plan:
    label: Action plan
    workflow: plan
    start: begin
    ends: {met: lift, failed: remove}
guards:
  no_plan_open:
    {when: {fact: child.action_plan.open, is: 0}, reason: An action plan is still open., assumed: x}
  last_plan_met:
    when: {fact: child.action_plan.state, is: met}
    reason: The last plan was not met.
    unknown: No plan yet.
    assumed: x
  a_plan_runs: {when: {fact: child.action_plan.open, at_least: 1}, reason: No plan runs., assumed: x}
start:
  add: {label: Add, by: officer, to: listed, form: {organisation: , contact_name: , contact_email: }}
states:
  listed:
    label: Listed
    awaiting: officer
    deadlines: {review_due: {label: Review, every: 1 year, then: {escalate: manager}, assumed: x}}
    events:
      plan:
        label: Agree an action plan
        by: officer
        to: on_plan
        form: {concern: }
        begins: {action_plan: {name: organisation, email: contact_email, contact: contact_name, why: concern}}
      praise: {label: Praise, by: officer, requires: last_plan_met}
      close: {label: Close, by: officer, to: removed, requires: no_plan_open}
  on_plan:
    label: On an action plan
    awaiting: officer
    deadlines: {plan_due: {label: Look at the plan, every: 12 weeks, then: {escalate: manager}, assumed: x}}
    events:
      lift: {label: The plan was met, by: [clock, officer], to: listed}
      call_off: {label: Call the plan off, by: officer, to: listed, signals: {action_plan: stop}}
      chase: {label: Ask how the plan goes, by: officer, requires: a_plan_runs}
      drop: {label: Drop, by: officer, to: removed}
  removed: {label: Removed, final: true}
events:
  remove: {label: Take off the list, by: clock, from: [on_plan], to: removed}
alerts:
  signal_refused: {title: A linked case could not act, for: officer, due: 1 working day, assumed: x}
"""

PLAN = """\
workflow: plan
title: Action plans
version: 1
reference: AC
called: name
party: {role: provider, name: contact, email: email}
seen_by: {officer: all, manager: all, provider: own}
fields:
  name: {type: text, label: Organisation}
  contact: {type: text, label: Contact}
  email: {type: email, label: Email address}
  why: {type: long text, label: What must change?}
start:
  begin: {label: Begin, by: clock, to: open, form: {name: , contact: , email: , why: {optional: true}}}
states:
  open:
    label: Open
    awaiting: officer
    deadlines: {done_by: {label: Everything done, within: 8 weeks, then: {event: fail}, assumed: x}}
    events:
      meet: {label: Everything is done, by: officer, to: met}
      fail: {label: Not done, by: [clock, officer], to: failed}
      stop: {label: Stop, by: [clock, officer], to: stopped}
      hold: {label: Hold, by: officer, to: held}
  held:
    label: On hold
    awaiting: officer
    deadlines: {held_due: {label: Take it up again, every: 2 weeks, then: {escalate: manager}, assumed: x}}
    events:
      resume: {label: Take up again, by: officer, to: open}
  met: {label: Met, final: true}
  failed: {label: Not met, final: true}
  stopped: {label: Called off, final: true}
alerts:
  signal_refused: {title: A linked case could not act, for: officer, due: 1 working day, assumed: x}
"""


def a_family_folder(tmp_path: Path, *changes: tuple[str, str], file: str = "provider.yaml") -> Path:
    """The policy, with some of the lines of one file written differently."""
    folder = tmp_path / "family"
    folder.mkdir()
    for name, text in (("council.yaml", COUNCIL), ("provider.yaml", PROVIDER), ("plan.yaml", PLAN)):
        (folder / name).write_text(text, encoding="utf-8")
    rewrite(folder / file, *changes)
    return folder
