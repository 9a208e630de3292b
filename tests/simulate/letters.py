"""A workflow with one queue and nothing else, so that it can be compared with what theory says of a queue."""

from pathlib import Path

from apflow.core.simulate.plan import Arrivals, Choice, Response, Simulation, Spread, Staff
from apflow.loader import Library
from apflow.testing import library_from

COUNCIL = """\
council: Made Up Council
short_name: MUC
team: The post room
mailbox: post@council.example
roles:
  public: {title: Anybody, audience: provider, mail: nobody, assumed: x}
  officer: {title: Officer, mail: assigned, mailbox: post@council.example, assumed: x}
  manager: {title: Manager, mail: everyone, assumed: x}
calendar: {working_days: [monday, tuesday, wednesday, thursday, friday], bank_holidays: england-and-wales, assumed: x}
"""

WORKFLOW = """\
workflow: letter
title: Letters
version: 1
reference: LT
called: name
seen_by: {officer: all, manager: all}
fields: {name: {type: text, label: Name}}
start:
  write: {label: Write, by: public, to: to_answer, form: {name: }, notify: {officer: letter_came}}
states:
  to_answer:
    label: To be answered
    awaiting: officer
    tasks: {answer: {title: Answer, for: officer, deadline: answer_by, assumed: x}}
    deadlines:
      answer_by:
        label: It should be answered
        within: 3 calendar days
        then: {escalate: manager, notice: letter_late}
        assumed: x
    events:
      answer: {label: Answer, by: [officer, manager], to: answered}
      look_up: {label: Look something up, by: officer}
  answered: {label: Answered, final: true}
"""


def letters(folder: Path) -> Library:
    (folder / "council.yaml").write_text(COUNCIL, encoding="utf-8")
    (folder / "letter.yaml").write_text(WORKFLOW, encoding="utf-8")
    return library_from(folder)


def a_year_of_letters(
    *, a_week: float, minutes: float, officers: int = 1, seed: int = 1, weeks: int = 52, does: str = "answer"
) -> Simulation:
    """Letters that come at any hour to officers who are always there, each letter as long as chance has it."""
    answering = Response(takes=Spread(mean=f"{minutes} minutes"), choices=(Choice(share=1, does=does),))
    return Simulation(
        simulation="letters",
        title="Letters",
        seed=seed,
        begins="2026-01-05",
        weeks=weeks,
        people={"officer": Staff(count=officers, hours="always"), "manager": Staff(count=1, hours="always")},
        arrivals={"letter": Arrivals(event="write", a_week=a_week)},
        responses={"letter": {"to_answer": {"officer": answering}}},
    )
