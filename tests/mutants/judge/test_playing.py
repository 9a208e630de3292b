"""What is not played over and over is judged all the same: quiet children, proposals, and what comes after the end."""

from pathlib import Path

import pytest

from apflow.settings import shipped
from tests.mutants.judge import judge
from tests.mutants.judge.judging import playings
from tests.mutants.judge.reading import read_folder
from tests.mutants.judge.test_judge import a_family

VISITS = "children:\n  visit: {label: Visit, workflow: plan, start: begin, ends: {met: visited}}\n"
VISITED = "events:\n  visited: {label: Visited, by: clock, from: [listed]}\n"
COPIED = "begins: {visit: {name: organisation, email: contact_email, contact: contact_name}}"
DROP = "drop: {label: Drop, by: officer, to: removed}"
CHASE = "chase: {label: Ask how the plan goes, by: officer, requires: a_plan_runs}"


@pytest.mark.slow
def test_every_shipped_workflow_is_played_to_its_end() -> None:
    found = dict(playings(read_folder(shipped("workflows"), shipped("notifications"))))
    for playing in found.values():
        playing.run()

    assert [name for name, playing in found.items() if not playing.is_whole] == []


def test_a_child_that_makes_no_difference_ends_wherever_its_parent_can_have_come(tmp_path: Path) -> None:
    begun = (CHASE, CHASE.replace("requires: a_plan_runs", COPIED))
    unasked = (
        "  a_plan_runs: {when: {fact: child.action_plan.open, at_least: 1}, reason: No plan runs., assumed: x}\n",
        "",
    )

    assert judge(*a_family(tmp_path, ("children:\n", VISITS), ("\nevents:\n", f"\n{VISITED}"), begun, unasked)) == ()


def test_a_child_begun_where_nothing_leads_there_never_ends_there(tmp_path: Path) -> None:
    begun = (DROP, DROP.replace("}", f", {COPIED}}}"))

    said = judge(*a_family(tmp_path, ("children:\n", VISITS), ("\nevents:\n", f"\n{VISITED}"), begun))

    assert said == ("visited of listed never happens",)


PROPOSING = """events:
  propose: {label: Propose, by: provider, from: [listed], proposal: made, form: {concern: }}
  agree: {label: Agree, by: officer, from: [listed], proposal: taken}
  refuse: {label: Refuse, by: officer, from: [listed], proposal: dropped}
"""


def test_what_can_be_proposed_at_any_time_can_be_taken_and_dropped(tmp_path: Path) -> None:
    assert judge(*a_family(tmp_path, ("\nevents:\n", f"\n{PROPOSING}"))) == ()


WAS_SO = "  was_so: {when: {fact: concern, is_present: IT}, reason: No., assumed: x}\n  no_plan_open:\n"
THANK = "events:\n  thank: {label: Thank, by: officer, from: [removed], requires: was_so}\n"


def test_an_event_of_a_final_state_is_played(tmp_path: Path) -> None:
    was_so = ("  no_plan_open:\n", WAS_SO.replace("IT", "true"))

    assert judge(*a_family(tmp_path, was_so, ("\nevents:\n", f"\n{THANK}"))) == ()


def test_an_event_of_a_final_state_that_never_happens_is_seen(tmp_path: Path) -> None:
    both = ", ".join(f"{{fact: child.action_plan.state, is: {state}}}" for state in ("met", "failed"))
    never = WAS_SO.replace("{fact: concern, is_present: IT}", f"{{all: [{both}]}}")

    said = judge(*a_family(tmp_path, ("  no_plan_open:\n", never), ("\nevents:\n", f"\n{THANK}")))

    assert said == ("thank of removed never happens",)
