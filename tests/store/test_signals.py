"""What cases say to their relatives is kept with the commit that says it, and heard once and in order."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, event, select, update

from apflow.core.commands import Fire
from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Parent
from apflow.handler import Handler
from apflow.loader import Library
from apflow.rounds.signals import POSTPONED_FOR, hear, hear_all
from apflow.store import signals as queue
from apflow.store.cases.loading import load_case
from apflow.store.cases.unit import Unit
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE
from apflow.store.reading.history import history_of
from apflow.store.signals import Claimed, Taken
from apflow.store.tables.cases import cases
from apflow.store.tables.work import signals
from apflow.testing import MONDAY, OLIVE, PAT, a_handler, library_from
from tests.loader.family import a_family_folder
from tests.store.witness import after_the_same_look, case_of, count, faults, rows

FARM = {"organisation": "Made Up Farm", "contact_name": "Pat Provider", "contact_email": "pat@made-up-farm.example"}
LATER = MONDAY + timedelta(days=2)


@pytest.fixture(scope="module")
def family(tmp_path_factory: pytest.TempPathFactory) -> Library:
    return library_from(a_family_folder(tmp_path_factory.mktemp("family")))


@pytest.fixture
def handler(store: Store, family: Library) -> Handler:
    return a_handler(store, family)


def do(handler: Handler, reference: str, event: str, actor: Actor = OLIVE, **answers: Any) -> None:
    handler.fire(reference, event, answers, actor=actor, now=LATER)


def a_provider(handler: Handler, **answers: Any) -> str:
    return handler.open_case("provider", "add", {**FARM, **answers}, actor=OLIVE, now=MONDAY).reference


def listen(handler: Handler) -> int:
    return hear_all(handler, machine_now=lambda: MONDAY)


def claim(store: Store, later: timedelta = timedelta(0)) -> Claimed:
    claimed = queue.claim_next(store, MONDAY + later)
    assert claimed is not None
    return claimed


def on_plan(handler: Handler) -> str:
    """A provider whose action plan has been agreed and not yet begun."""
    reference = a_provider(handler)
    do(handler, reference, "plan", concern="No first aider.")
    return reference


def with_plan(handler: Handler) -> tuple[str, str]:
    """A provider on an action plan, and the plan."""
    reference = on_plan(handler)
    listen(handler)
    return reference, case_of(handler.store, reference).children[0].reference


def told(store: Store, reference: str) -> list[tuple[str, str, str]]:
    with store.reading() as connection:
        return [(one.kind, one.name, one.payload.get("note", "")) for one in history_of(connection, reference)]


def test_a_child_is_asked_for_in_the_commit_that_begins_it(store: Store, handler: Handler) -> None:
    reference = on_plan(handler)
    with store.reading() as connection:
        (signal,) = connection.execute(select(signals)).all()
    (waiting,) = case_of(store, reference).children
    assert (signal.purpose, signal.workflow, signal.event, signal.sent_at) == ("begin", "plan", "begin", LATER)
    assert (waiting.kind, waiting.reference, waiting.is_open) == ("action_plan", "", True)
    assert count(store, cases) == 1


def test_a_child_begins_with_what_was_copied_and_its_parent_says_so(store: Store, handler: Handler) -> None:
    reference, plan = with_plan(handler)
    parent, child = case_of(store, reference), case_of(store, plan)
    assert (child.workflow, child.state, child.parent) == ("plan", "open", Parent(reference, "action_plan"))
    assert child.fields["why"] == "No first aider."
    assert child.deadlines["done_by"].anchor_at == child.entered_at == LATER
    assert child.parties == parent.parties == {PAT.id}
    assert [(one.kind, one.state, one.version) for one in parent.children] == [("action_plan", "open", 1)]
    assert told(store, reference)[-1] == ("child", "begun action_plan", plan)
    assert listen(handler) == 0
    assert faults(store) == []


def test_the_end_of_a_child_moves_its_parent(store: Store, handler: Handler) -> None:
    reference, plan = with_plan(handler)
    do(handler, plan, "meet")
    assert case_of(store, reference).state == "on_plan"
    assert listen(handler) == 1
    assert case_of(store, reference).state == "listed"
    assert told(store, reference)[-1] == ("event", "lift", f"{plan} has ended: Met.")
    assert case_of(store, reference).children[0].state == "met"


def test_a_parent_tells_each_open_child_and_hears_of_their_ends(store: Store, handler: Handler) -> None:
    reference, plan = with_plan(handler)
    do(handler, reference, "call_off")
    assert listen(handler) == 3  # To every plan; to this one; and this one's end, for which there is no event.
    assert case_of(store, plan).state == "stopped"
    assert told(store, reference)[-1] == ("child", "ended action_plan", f"{plan} has ended: Called off.")


def test_a_child_is_told_what_was_said_before_it_had_begun(store: Store, handler: Handler) -> None:
    reference = on_plan(handler)
    do(handler, reference, "call_off")
    listen(handler)
    assert [child.state for child in case_of(store, reference).children] == ["stopped"]


def test_telling_nobody_is_soon_done(store: Store, handler: Handler) -> None:
    reference, plan = with_plan(handler)
    do(handler, plan, "hold")
    do(handler, plan, "resume")
    do(handler, plan, "fail")
    do(handler, reference, "call_off")
    listen(handler)
    assert count(store, signals, signals.c.done_at.is_(None)) == 0
    assert case_of(store, plan).state == "failed"


def test_a_refused_end_is_a_task_for_whoever_has_the_case(store: Store, handler: Handler) -> None:
    reference, plan = with_plan(handler)
    do(handler, reference, "lift")
    do(handler, plan, "meet")
    assert listen(handler) == 1
    parent = case_of(store, reference)
    assert parent.state == "listed"
    (task,) = parent.tasks
    assert (task.name, task.claimed_by, task.is_alert) == ("signal_refused", OLIVE.id, True)
    assert "cannot be done while the case is listed" in task.note
    handler.complete(reference, task.id, "Told Pat.", actor=OLIVE, now=LATER)


def test_the_end_of_a_child_whose_parent_is_closed_is_recorded_there_and_leaves_no_task(
    store: Store, handler: Handler
) -> None:
    reference, plan = with_plan(handler)
    do(handler, reference, "drop")
    do(handler, plan, "meet")
    assert listen(handler) == 1
    parent = case_of(store, reference)
    assert (parent.state, parent.tasks) == ("removed", ())
    assert told(store, reference)[-1] == ("child", "ended action_plan", f"{plan} has ended: Met.")


def test_a_child_is_born_with_whoever_has_its_parent(store: Store, handler: Handler) -> None:
    reference, plan = with_plan(handler)
    assert case_of(store, plan).assigned_to == case_of(store, reference).assigned_to == OLIVE.id


def test_a_child_that_cannot_begin_is_a_task_on_its_parent(store: Store, tmp_path: Path) -> None:
    short = ("name: {type: text, label: Organisation}", "name: {type: text, label: Organisation, max_length: 5}")
    handler = a_handler(store, library_from(a_family_folder(tmp_path, short, file="plan.yaml")))
    reference = on_plan(handler)
    assert listen(handler) == 1
    parent = case_of(store, reference)
    assert [task.note for task in parent.tasks] == [
        '"Action plan" could not be begun. Organisation: use 5 characters or fewer; you have used 12'
    ]
    assert (parent.children, count(store, cases)) == ((), 1)


def test_a_child_that_never_ends_leaves_its_parent_to_its_own_deadlines(store: Store, handler: Handler) -> None:
    reference, plan = with_plan(handler)
    do(handler, plan, "hold")
    parent = case_of(store, reference)
    handler.ring(reference, "plan_due", token=0, now=parent.deadlines["plan_due"].due_at)
    do(handler, reference, "lift")
    assert case_of(store, reference).state == "listed"
    assert case_of(store, reference).children[0].is_open


def test_a_guard_waits_for_a_child_that_has_been_asked_for(store: Store, handler: Handler) -> None:
    reference = on_plan(handler)
    do(handler, reference, "lift")
    with pytest.raises(Blocked, match="still open"):
        do(handler, reference, "close")
    listen(handler)
    with pytest.raises(Blocked, match="still open"):
        do(handler, reference, "close")
    do(handler, case_of(store, reference).children[0].reference, "fail")
    do(handler, reference, "close")


def test_whoever_has_lost_the_claim_changes_nothing(store: Store, handler: Handler) -> None:
    on_plan(handler)
    lost, held = claim(store), claim(store, LEASE + timedelta(seconds=1))
    before = rows(store)
    with pytest.raises(Taken):
        hear(handler, lost)
    assert rows(store) == before
    hear(handler, held)
    assert count(store, cases) == 2


def test_a_signal_heard_twice_at_once_under_one_claim_begins_one_child(store: Store, handler: Handler) -> None:
    reference = on_plan(handler)
    claimed = claim(store)
    results = after_the_same_look(store, *[lambda: hear(handler, claimed)] * 2)
    assert sorted(type(result).__name__ for result in results) == ["NoneType", "Taken"]
    assert len(case_of(store, reference).children) == 1
    assert faults(store) == []


def test_two_at_once_hear_each_signal_once(store: Store, handler: Handler) -> None:
    references = [on_plan(handler) for _ in range(6)]
    heard = after_the_same_look(store, *[lambda: listen(handler)] * 2)
    assert sum(heard) + listen(handler) == 6
    assert all(len(case_of(store, reference).children) == 1 for reference in references)
    assert faults(store) == []


def test_what_one_case_says_is_heard_in_order_even_while_another_is_at_it(store: Store, handler: Handler) -> None:
    first, second = on_plan(handler), on_plan(handler)
    do(handler, first, "call_off")
    assert claim(store).sender == first
    assert claim(store).sender == second
    assert queue.claim_next(store, MONDAY) is None


def test_a_signal_that_cannot_be_heard_waits_and_stops_no_other(store: Store, handler: Handler) -> None:
    broken, sound = on_plan(handler), on_plan(handler)
    lost = update(cases).where(cases.c.reference == broken)
    with store.writing() as connection:
        connection.execute(lost.values(state="nowhere"))
    assert listen(handler) == 1
    assert len(case_of(store, sound).children) == 1
    assert count(store, signals, signals.c.done_at.is_(None)) == 1
    with store.writing() as connection:
        connection.execute(lost.values(state="on_plan"))
    assert hear_all(handler, machine_now=lambda: MONDAY + 2 * POSTPONED_FOR) == 1


def test_a_case_without_relatives_costs_no_statement_more(store: Store, handler: Handler) -> None:
    alone, (parent, plan) = a_provider(handler), with_plan(handler)
    assert statements(store, plan) == statements(store, alone) + 1
    assert statements(store, parent) == statements(store, alone) + 2


def statements(store: Store, reference: str) -> int:
    seen: list[Any] = []

    def note(*said: Any) -> None:
        seen.append(said)

    event.listen(store.engine, "before_cursor_execute", note)
    try:
        case_of(store, reference)
    finally:
        event.remove(store.engine, "before_cursor_execute", note)
    return len(seen)


@pytest.mark.parametrize("url", [pytest.param("postgresql", marks=pytest.mark.postgres)], indirect=True)
def test_a_parent_that_read_of_a_child_decides_again_when_that_has_moved_meanwhile(
    store: Store, handler: Handler
) -> None:
    reference, plan = with_plan(handler)
    looks: list[Connection] = []

    def prepare(connection: Connection) -> Unit:
        case = load_case(connection, reference)
        assert case is not None
        chase = Fire("chase", OLIVE)
        unit = handler.decided(connection, handler.definition_of(connection, case), case, chase, LATER)
        looks.append(connection)
        do(handler, plan, "fail")
        return unit

    with pytest.raises(Blocked, match="No plan runs"):
        handler.commit(reference, prepare)
    assert len(looks) == 1
