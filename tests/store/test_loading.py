"""A case is loaded as it was decided, whatever was done to it."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from msgspec import structs

from apflow.core.commands import (
    Alert,
    BringBackTask,
    ClaimTask,
    Command,
    CompleteTask,
    Fire,
    PassTask,
    PutOffTask,
    ReleaseTask,
    Ring,
    SetGuardAside,
    TakeGuardBack,
)
from apflow.core.decide import decide
from apflow.core.outcome import NewTask, Outcome
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Item, OpenTask, RunningDeadline, Snapshot
from apflow.handler import Handler
from apflow.store.cases.loading import load_uploads
from apflow.store.cases.unit import Saved
from apflow.store.driver.engine import Store
from apflow.testing import ENQUIRY, MAGDA, MONDAY, OLIVE, OSCAR, PAT, PETRA
from tests.brought import bring_to
from tests.store.witness import case_of, faults

GUARD = "evidence_is_in_date"
A_MOMENT = datetime(2026, 11, 5, 9, 30, 15, 123456, tzinfo=UTC)
A_DAY = A_MOMENT.date() + timedelta(days=4)


@dataclass(frozen=True)
class Step:
    """One command in a state: how to get there, and what to ask."""

    name: str
    state: str
    ask: Callable[[Snapshot], Command]
    now: datetime = A_MOMENT
    prepare: Callable[[Handler, str], None] = field(default=lambda handler, reference: None)


def _event(event: str, actor: Actor, item: str | None = None, **answers: Any) -> Callable[[Snapshot], Command]:
    return lambda case: Fire(event, actor, answers, item)


def _set_aside(handler: Handler, reference: str) -> None:
    handler.set_aside(reference, GUARD, A_MOMENT.date(), "Renewal is paid.", actor=MAGDA, now=MONDAY)


def _viewed(handler: Handler, reference: str) -> None:
    handler.fire(reference, "give_view", {"view": "more", "comments": "No."}, actor=PETRA, now=MONDAY)


def _put_off(handler: Handler, reference: str) -> None:
    task = case_of(handler.store, reference).tasks[0].id
    handler.put_off(reference, task, A_DAY, actor=OLIVE, now=MONDAY)


def _alerted(handler: Handler, reference: str) -> None:
    handler.alert(reference, "mail_failed", "No such mailbox.", now=MONDAY)


BARN: dict[str, Any] = {**ENQUIRY, "organisation": "Made Up Barn", "contact_phone": ""}
del BARN["contact_email"]
WITHDRAWAL: dict[str, Any] = {"why": "We have changed our minds.", "sure": True}
STEPS = [
    Step("a move", "enquiry", _event("invite", OLIVE, message="Welcome.")),
    Step(
        "a first claim on an item",
        "gathering_evidence",
        _event("say_not_applicable", PAT, "employers_liability", why="We employ nobody."),
    ),
    Step(
        "an item sent back",
        "checking_evidence",
        _event("send_back", OLIVE, "public_liability", reason="It has run out."),
    ),
    Step("more time", "gathering_evidence", _event("allow_more_time", OLIVE, why="A death in the family.")),
    Step(
        "changed details",
        "checking_evidence",
        _event("correct_details", PAT, **BARN),
    ),
    Step("a view changed", "panel", _event("give_view", PETRA, view="visit", comments="Yes."), prepare=_viewed),
    Step("a panel moved", "panel", _event("move_panel", OLIVE, panel_on="2026-12-08", why="Snow.")),
    Step(
        "a visit arranged",
        "visit",
        _event(
            "arrange_visit", OLIVE, visit_on="2026-12-08", visit_time="2:15pm", visit_place="The farm", visitors="Olive"
        ),
    ),
    Step("an end", "panel", _event("withdraw", PAT, **WITHDRAWAL)),
    Step("an alert", "enquiry", lambda case: Alert("mail_failed", OLIVE, "No such mailbox.")),
    Step("a task claimed", "enquiry", lambda case: ClaimTask(case.tasks[0].id, OLIVE)),
    Step("a task released", "visit", lambda case: ReleaseTask(case.tasks[0].id, OLIVE)),
    Step("a task put off", "visit", lambda case: PutOffTask(case.tasks[0].id, OLIVE, A_DAY)),
    Step("a task brought back", "visit", lambda case: BringBackTask(case.tasks[0].id, OLIVE), prepare=_put_off),
    Step(
        "a task released that was put off", "visit", lambda case: ReleaseTask(case.tasks[0].id, OLIVE), prepare=_put_off
    ),
    Step(
        "a task put off passed on",
        "visit",
        lambda case: PassTask(case.tasks[0].id, MAGDA, OSCAR, held_by=OLIVE.id),
        prepare=_put_off,
    ),
    Step(
        "an alert dealt with",
        "enquiry",
        lambda case: CompleteTask(case.tasks[-1].id, OLIVE, "Rang them."),
        prepare=_alerted,
    ),
    Step("a guard set aside", "visit", lambda case: SetGuardAside(GUARD, A_MOMENT.date(), "Renewal is paid.", MAGDA)),
    Step("a guard taken back", "visit", lambda case: TakeGuardBack(GUARD, MAGDA), prepare=_set_aside),
    Step("a reminder", "enquiry", lambda case: Ring("answer_due", OLIVE), now=MONDAY + timedelta(days=5)),
    Step("an escalation", "checking_evidence", lambda case: Ring("check_due", OLIVE), now=MONDAY + timedelta(days=60)),
]


@pytest.mark.parametrize("step", STEPS, ids=lambda step: step.name.replace(" ", "-"))
def test_a_case_is_loaded_as_it_was_decided(store: Store, handler: Handler, step: Step) -> None:
    reference = bring_to(handler, step.state)
    step.prepare(handler, reference)
    before = case_of(store, reference)
    command = step.ask(before)
    outcome = _decided(handler, before, command, step.now)
    _give(handler, reference, command, step.now)
    after = case_of(store, reference)
    assert (after.state, after.entered_at, after.version) == (outcome.state, outcome.entered_at, before.version + 1)
    assert (after.fields, after.assigned_to) == (outcome.fields, outcome.assigned_to)
    assert after.changed_at == outcome.entry.at
    assert after.overrides == (before.overrides if outcome.overrides is None else outcome.overrides)
    assert after.items == _items_after(before, outcome)
    assert _tasks(after.tasks) == _tasks_after(before, outcome)
    assert _running(after.deadlines.values()) == _running(_deadlines_after(before, outcome))
    assert faults(store) == []


def _decided(handler: Handler, case: Snapshot, command: Command, now: datetime) -> Outcome:
    with handler.store.reading() as connection:
        definition = handler.definition_of(connection, case)
        known = load_uploads(connection, [], None)
    return decide(definition, structs.replace(case, uploads=known), command, handler.world(now), now)


def _give(handler: Handler, reference: str, command: Command, now: datetime) -> Saved:
    match command:
        case Fire(event, actor, answers, item):
            return handler.fire(reference, event, answers, actor=actor, now=now, item=item)
        case ClaimTask(task, actor):
            return handler.claim(reference, task, actor=actor, now=now)
        case ReleaseTask(task, actor):
            return handler.release(reference, task, actor=actor, now=now)
        case PassTask(task, actor, to, held_by):
            return handler.pass_on(reference, task, to, held_by=held_by, actor=actor, now=now)
        case PutOffTask(task, actor, until):
            return handler.put_off(reference, task, until, actor=actor, now=now)
        case BringBackTask(task, actor):
            return handler.bring_back(reference, task, actor=actor, now=now)
        case CompleteTask(task, actor, note):
            return handler.complete(reference, task, note, actor=actor, now=now)
        case SetGuardAside(guard, until, reason, actor):
            return handler.set_aside(reference, guard, until, reason, actor=actor, now=now)
        case TakeGuardBack(guard, actor):
            return handler.take_back(reference, guard, actor=actor, now=now)
        case Ring(deadline):
            return handler.ring(reference, deadline, token=0, now=now)
        case Alert(alert, _, note):
            return handler.alert(reference, alert, note, now=now)
    raise AssertionError(command)


def _items_after(before: Snapshot, outcome: Outcome) -> dict[str, dict[str, Item]]:
    items = {name: dict(kept) for name, kept in before.items.items() if name not in outcome.cleared}
    assert not outcome.dropped, "test_a_part_that_is_taken_back.py looks at that"
    for item in outcome.items:
        items.setdefault(item.collection, {})[item.key] = item
    return items


def _tasks_after(before: Snapshot, outcome: Outcome) -> list[tuple[Any, ...]]:
    changes = {change.task: change for change in outcome.tasks}
    kept: list[OpenTask | NewTask] = []
    for task in before.tasks:
        match changes.get(task.id):
            case None:
                kept.append(task)
            case change if change.how == "moved":
                kept.append(structs.replace(task, due_at=change.due_at, put_off_until=None))
            case change if change.how in ("claimed", "released"):
                holder = change.by if change.how == "claimed" else None
                kept.append(structs.replace(task, claimed_by=holder, put_off_until=None))
            case change if change.how in ("put_off", "brought_back"):
                kept.append(structs.replace(task, put_off_until=change.until))
    return _tasks([*kept, *outcome.opened])


def _tasks(found: Any) -> list[tuple[Any, ...]]:
    parts = ("name", "role", "title", "due_at", "claimed_by", "each", "is_alert")
    return sorted((*(getattr(task, part) for part in parts), getattr(task, "put_off_until", None)) for task in found)


def _deadlines_after(before: Snapshot, outcome: Outcome) -> list[RunningDeadline]:
    stopped = {deadline.name for deadline in outcome.stopped}
    running = {name: deadline for name, deadline in before.deadlines.items() if name not in stopped}
    running |= {deadline.name: deadline for deadline in (*outcome.altered, *outcome.started)}
    return list(running.values())


def _running(found: Any) -> list[RunningDeadline]:
    return sorted((structs.replace(deadline, id=None) for deadline in found), key=lambda deadline: deadline.name)
