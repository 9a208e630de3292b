"""Items that people add, numbered as they come, and deadlines counted from the dates that items have."""

from datetime import date, timedelta
from pathlib import Path

import pytest
from msgspec.structs import replace

from apflow.core.errors import Blocked, Invalid, NotFound, NotOpen
from apflow.core.facts import items_of
from apflow.core.firing.offers import item_offers, offers
from apflow.core.play import Play
from apflow.core.rehearsing import a_play
from apflow.testing import MAGDA, OLIVE, library_from
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
PLAN = """\
workflow: plan
title: Plans
version: 1
reference: PL
called: name
party: {role: provider, name: name, email: email}
seen_by: {officer: all, manager: all, provider: own}
fields: {name: {type: text, label: Name}, email: {type: email, label: Email}}
collections:
  actions:
    label: Actions
    keyed_by: number
    called: what
    statuses: {open: {label: Open}, done: {label: Done}}
guards:
  all_done: {when: {every: actions, has: {fact: item.status, is: done}}, reason: "Not done: {which}.", assumed: x}
start: {begin: {label: Begin, by: officer, to: running, form: {name: , email: }}}
states:
  running:
    label: Running
    awaiting: officer
    deadlines:
      look: {label: Look at it, every: 12 months, then: {escalate: manager}, assumed: x}
      overdue:
        label: An action is overdue
        within: 0 calendar days
        of: by_when
        among: {items: actions, where: {fact: item.status, is: open}}
        then: {escalate: officer}
        assumed: x
    events:
      add:
        label: Add an action
        by: officer
        item: {of: actions, from: none, to: open}
        form: {what: {type: text, label: What?}, by_when: {type: date, label: By when?}}
      move:
        label: Another date
        by: officer
        item: {of: actions, from: open, to: open}
        form: {by_when: {type: date, label: By when?}}
      finish: {label: Done, by: officer, item: {of: actions, from: open, to: done}}
      close: {label: Close, by: officer, requires: all_done, to: closed}
  closed: {label: Closed, final: true}
"""

OF_THE_STATE = PLAN[PLAN.index("      overdue:\n") : PLAN.index("    events:\n")]
OF_THE_CASE = """\
deadlines:
  overdue:
    label: An action is overdue
    within: 0 calendar days
    of: by_when
    among: {items: actions, where: {fact: item.status, is: open}}
    while_in: [running]
    then: {escalate: officer}
    assumed: x
states:
"""
CHECK = "alerts: {check: {title: Check it, for: officer, due: 1 working day, done_by: finish, assumed: x}}\n"
SAY_DONE = "      say_done: {label: Say so, by: officer, item: {of: actions, from: open, to: open}, opens: check}\n"
WITH_CHECKING = (("states:\n", f"{CHECK}states:\n"), ("      close: {", f"{SAY_DONE}      close: {{"))


def a_plan(folder: Path, *changes: tuple[str, str]) -> Play:
    (folder / "council.yaml").write_text(COUNCIL, encoding="utf-8")
    (folder / "plan.yaml").write_text(PLAN, encoding="utf-8")
    rewrite(folder / "plan.yaml", *changes)
    play = a_play(library_from(folder).current("plan"))
    play.open(OLIVE, "begin", name="Made Up Farm", email="farm@sample.example")
    return play


@pytest.fixture
def plan(tmp_path: Path) -> Play:
    return a_plan(tmp_path)


def add(play: Play, what: str, days: int) -> None:
    play.fire(OLIVE, "add", what=what, by_when=in_days(play, days))


def in_days(play: Play, days: int) -> str:
    return (play.now + timedelta(days=days)).date().isoformat()


def rung(play: Play) -> list[date]:
    return [outcome.entry.at.date() for outcome in play.outcomes if outcome.entry.kind == "escalation"]


# Items that are added


def test_items_are_numbered_as_they_are_added_and_named_by_an_answer(plan: Play) -> None:
    add(plan, "Train the staff", 10)
    add(plan, "Mend the fence", 5)
    facts = plan.case.items["actions"]
    assert {key: item.data["what"] for key, item in facts.items()} == {"1": "Train the staff", "2": "Mend the fence"}
    with pytest.raises(Blocked, match=r"Not done: Train the staff; Mend the fence\."):
        plan.fire(OLIVE, "close")


def test_what_is_done_to_one_of_them_leaves_the_others(plan: Play) -> None:
    add(plan, "Train the staff", 10)
    add(plan, "Mend the fence", 5)
    plan.fire(OLIVE, "finish", "1")
    assert [item.status for item in plan.case.items["actions"].values()] == ["done", "open"]
    with pytest.raises(NotOpen, match="stands at “Done”"):
        plan.fire(OLIVE, "finish", "1")
    add(plan, "Number three", 7)
    assert list(plan.case.items["actions"]) == ["1", "2", "3"]


def test_the_tenth_comes_after_the_ninth_whatever_order_a_database_has_them_in(plan: Play) -> None:
    for number in range(1, 12):
        add(plan, f"Action {number}", number)
    kept = dict(sorted(plan.case.items["actions"].items()))
    assert list(kept)[:3] == ["1", "10", "11"]
    listed = items_of(plan.definition, replace(plan.case, items={"actions": kept}), "actions")
    assert list(listed) == [str(number) for number in range(1, 12)]


def test_one_that_nobody_added_is_not_there_and_one_must_be_named(plan: Play) -> None:
    add(plan, "Train the staff", 10)
    with pytest.raises(NotFound):
        plan.fire(OLIVE, "finish", "2")
    with pytest.raises(Invalid):
        plan.fire(OLIVE, "finish")


def test_adding_is_offered_of_the_case_and_the_rest_of_each_item(plan: Play) -> None:
    add(plan, "Train the staff", 10)
    definition, case, world = plan.definition, plan.case, plan.world
    assert {offer.event for offer in offers(definition, case, OLIVE, world)} == {"add", "close"}
    assert {offer.event for offer in item_offers(definition, case, OLIVE, world, ("actions", "1"))} == {
        "move",
        "finish",
    }
    assert item_offers(definition, case, OLIVE, world, ("actions", "2")) == ()
    assert offers(definition, case, MAGDA, world) == ()


# Deadlines counted from the dates they have


def test_it_begins_with_the_first_date_and_rings_once_for_each(plan: Play) -> None:
    assert "overdue" not in plan.case.deadlines
    begun = plan.now.date()
    add(plan, "Later", 20)
    add(plan, "Sooner", 6)
    plan.wait_until(plan.now + timedelta(days=40))
    assert [(day - begun).days for day in rung(plan)] == [6, 20]


def test_what_is_done_in_time_is_not_overdue_and_the_next_date_takes_its_place(plan: Play) -> None:
    begun = plan.now.date()
    add(plan, "Sooner", 6)
    add(plan, "Later", 20)
    plan.fire(OLIVE, "finish", "1")
    plan.wait_until(plan.now + timedelta(days=40))
    assert [(day - begun).days for day in rung(plan)] == [20]


def test_one_that_rang_does_not_ring_again_for_what_happens_to_others(plan: Play) -> None:
    begun = plan.now.date()
    add(plan, "Sooner", 6)
    add(plan, "Later", 20)
    plan.wait_until(plan.now + timedelta(days=10))
    plan.fire(OLIVE, "move", "2", by_when=in_days(plan, 20))
    plan.wait_until(plan.now + timedelta(days=30))
    assert [(day - begun).days for day in rung(plan)] == [6, 30]


def test_with_nothing_left_it_stops_until_there_is_another_date(plan: Play) -> None:
    begun = plan.now.date()
    add(plan, "Sooner", 6)
    plan.fire(OLIVE, "finish", "1")
    assert "overdue" not in plan.case.deadlines
    plan.wait_until(plan.now + timedelta(days=9))
    add(plan, "Another", 3)
    plan.wait_until(plan.now + timedelta(days=10))
    assert [(day - begun).days for day in rung(plan)] == [12]


def test_the_work_that_a_date_opened_when_it_passed_is_closed_once_nothing_is_late(plan: Play) -> None:
    add(plan, "Sooner", 6)
    add(plan, "Also soon", 7)
    add(plan, "Later", 20)
    plan.wait_until(plan.now + timedelta(days=10))
    plan.fire(OLIVE, "finish", "1")
    assert [task.name for task in plan.case.tasks] == ["overdue_overdue"]
    plan.fire(OLIVE, "finish", "2")
    assert plan.case.tasks == ()
    assert "overdue" in plan.case.deadlines


def test_one_that_has_passed_stays_until_it_is_done(plan: Play) -> None:
    add(plan, "Sooner", 6)
    plan.wait_until(plan.now + timedelta(days=10))
    assert plan.case.deadlines["overdue"].ended
    plan.fire(OLIVE, "finish", "1")
    assert "overdue" not in plan.case.deadlines


def test_a_move_of_the_case_stops_what_the_items_that_it_clears_were_counted_for(tmp_path: Path) -> None:
    away = "      empty: {label: Begin anew, by: officer, clears: actions, to: running}\n      close: {"
    plan = a_plan(tmp_path, (OF_THE_STATE, ""), ("states:\n", OF_THE_CASE), ("      close: {", away))
    add(plan, "Sooner", 6)
    plan.fire(OLIVE, "empty")
    assert "overdue" not in plan.case.deadlines


# Work about one of them


def test_what_an_event_on_an_item_opens_is_about_that_item_and_closes_with_it(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, *WITH_CHECKING)
    add(plan, "Train the staff", 10)
    add(plan, "Mend the fence", 10)
    plan.fire(OLIVE, "say_done", "1")
    plan.fire(OLIVE, "say_done", "2")
    plan.fire(OLIVE, "say_done", "2")
    assert [(task.name, task.item) for task in plan.case.tasks] == [("check", "1"), ("check", "2")]
    plan.fire(OLIVE, "finish", "2")
    assert [task.item for task in plan.case.tasks] == ["1"]


def test_items_can_be_called_by_a_day(tmp_path: Path) -> None:
    plan = a_plan(tmp_path, ("called: what", "called: by_when"))
    plan.fire(OLIVE, "add", what="Train the staff", by_when="2027-12-24")
    (facts,) = items_of(plan.definition, plan.case, "actions").values()
    assert facts["label"] == "Friday 24 December 2027"


def test_reminders_go_before_each_date(tmp_path: Path) -> None:
    remind = "        remind: {at: [5 calendar days left, 1 calendar day left], who: officer, notice: soon}\n"
    plan = a_plan(tmp_path, ("        then: {escalate: officer}\n", f"{remind}        then: {{escalate: officer}}\n"))
    begun = plan.now.date()
    add(plan, "Sooner", 6)
    add(plan, "Later", 20)
    plan.wait_until(plan.now + timedelta(days=30))
    reminded = [outcome.entry.at.date() for outcome in plan.outcomes if outcome.entry.kind == "reminder"]
    # Each date is a Monday: the day before it is a Sunday, so the last reminder goes on the Friday.
    assert [(day - begun).days for day in reminded] == [1, 3, 15, 17]


def test_what_is_said_when_a_date_has_passed_speaks_of_that_date_and_not_of_the_next(tmp_path: Path) -> None:
    told = ("        then: {escalate: officer}\n", "        then: {escalate: officer, notice: late}\n")
    plan = a_plan(tmp_path, told)
    begun = plan.now.date()
    add(plan, "Sooner", 6)
    add(plan, "Later", 20)
    plan.wait_until(plan.now + timedelta(days=10))
    (sent,) = [send for outcome in plan.outcomes for send in outcome.sends]
    assert sent.due_at is not None
    assert (sent.due_at.date() - begun).days == 6


# What is wrong with a file


@pytest.mark.parametrize(
    ("before", "after", "message"),
    [
        ("of: by_when", "of: by_whom", 'there is no question called "by_whom"'),
        ("of: by_when", "of: what", '"what" is no date'),
        ("{items: actions,", "{items: acts,", 'there is no collection called "acts"'),
        ("called: what", "called: whats", 'there is no question called "whats"'),
        ("from: none, to: open", "from: open, to: open", "no event adds an item"),
        ("What?}", "What?, drafted_from: acts}", 'there is no collection called "acts"'),
        ("label: Name}", "label: Name, drafted_from: acts}", 'there is no collection called "acts"'),
    ],
)
def test_what_leads_nowhere_is_found(tmp_path: Path, before: str, after: str, message: str) -> None:
    with pytest.raises(Exception, match=message):
        a_plan(tmp_path, (before, after))
