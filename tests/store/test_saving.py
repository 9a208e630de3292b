"""What one command does is saved whole, and what is loaded afterwards is what was decided."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection, select

from apflow.core.actor import Actor
from apflow.core.commands import Alert, ClaimTask, Command, CompleteTask, Fire, ReleaseTask, Ring
from apflow.core.decide import decide
from apflow.core.errors import Blocked, Invalid, NotAllowed, NotFound, NotOpen, Refusal, Stale, UnknownEvent
from apflow.core.outcome import NewTask, Outcome
from apflow.core.snapshot import Item, OpenTask, RunningDeadline, Snapshot
from apflow.handler import Handler, Key
from apflow.loader import Library
from apflow.notices import NoticeError
from apflow.store import beside
from apflow.store.cases import load_uploads
from apflow.store.engine import Store
from apflow.store.history import history_of
from apflow.store.tables.cases import case_items, case_parties, drafts
from apflow.store.tables.history import command_results, history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people, sign_in_links
from apflow.store.tables.work import tasks, timers
from apflow.store.unit import Saved
from apflow.testing import (
    DAN,
    ENQUIRY,
    MONDAY,
    OLIVE,
    PAT,
    PAVEL,
    PETRA,
    POPPY,
    a_document,
    a_handler,
    a_staged_file,
    bring_to,
    enquire,
)
from tests.store.witness import case_of, count, faults, rows

A_MOMENT = datetime(2026, 11, 5, 9, 30, 15, 123456, tzinfo=UTC)
REFER = {"panel_on": "2026-12-01", "summary": "Animal care, well run."}


# --- One command, every table -------------------------------------------------------------------------


def test_a_new_case_is_saved_with_its_history_task_deadline_party_messages_and_link(
    store: Store, handler: Handler
) -> None:
    reference = enquire(handler)
    case = case_of(store, reference)
    assert (case.state, case.version, case.parties) == ("enquiry", 1, frozenset({7}))
    assert [task.name for task in case.tasks] == ["answer_enquiry"]
    assert list(case.deadlines) == ["answer_due"]
    with store.reading() as connection:
        (entry,) = history_of(connection, reference)
        letters = connection.execute(select(messages).order_by(messages.c.id)).all()
        links = connection.execute(select(sign_in_links)).all()
    assert (entry.kind, entry.name, entry.to_state, entry.actor_audience) == ("event", "enquire", "enquiry", "provider")
    assert {(letter.notice, letter.status, letter.case_id) for letter in letters} == {
        ("provider/enquiry_received", "queued", case.id),
        ("provider/enquiry_to_answer", "queued", case.id),
    }
    assert [(link.person_id, link.next_path) for link in links] == [(7, f"/cases/{reference}")]


def test_a_reference_to_panel_changes_every_table_it_should_in_one_go(store: Store, handler: Handler) -> None:
    reference = _ready_for_panel(store, handler)
    case_id = case_of(store, reference).id
    with store.writing() as connection:
        _draft(connection, reference, "refer_to_panel", {"summary": "Half a senten"})
        _draft(connection, reference, "ask_for_information", {"what_we_need": "Mine to keep"})
    queued = count(store, messages)
    handler.fire(reference, "refer_to_panel", REFER, actor=OLIVE, now=A_MOMENT, key=Key("refer"))

    case = case_of(store, reference)
    assert (case.state, case.entered_at, case.fields["panel_on"]) == ("panel", A_MOMENT, "2026-12-01")
    assert {task.name for task in case.tasks} == {"give_your_view", "record_decision"}
    assert count(store, tasks, tasks.c.closed_how == "done", tasks.c.name == "check_evidence") == 1
    assert set(case.deadlines) == {"panel_due", "views_due"}
    assert count(store, timers, timers.c.name == "check_due", timers.c.stopped_at == A_MOMENT) == 1
    assert count(store, history, history.c.case_id == case_id) == case.version
    assert count(store, messages) == queued + 4  # the provider and three members of the panel
    assert count(store, messages, messages.c.invitation.is_not(None)) == 3
    assert count(store, command_results) == 1
    with store.reading() as connection:
        left = connection.execute(select(drafts.c.event)).scalars().all()
    assert left == ["ask_for_information"]


def test_a_document_belongs_to_the_case_from_the_commit_that_names_it(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    document = a_document(handler, PAT, "public_liability")
    handler.fire(reference, "supply", document, actor=PAT, now=A_MOMENT, item="public_liability")
    item = case_of(store, reference).item("evidence", "public_liability")
    assert item == Item("evidence", "public_liability", "supplied", document, A_MOMENT)
    with store.reading() as connection:
        upload = beside.upload(connection, document["file"])
    assert upload is not None
    assert upload.reference == reference


def test_clearing_a_collection_deletes_its_items_and_no_others(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "panel")
    _back_to_checking(handler, reference)
    evidence = count(store, case_items, case_items.c.collection == "evidence")
    handler.fire(reference, "refer_to_panel", REFER, actor=OLIVE, now=MONDAY)
    assert count(store, case_items, case_items.c.collection == "panel_views") == 0
    assert count(store, case_items, case_items.c.collection == "evidence") == evidence


def test_times_come_back_aware_and_in_utc(store: Store, handler: Handler) -> None:
    summer = datetime.fromisoformat("2026-06-01T10:00:00+01:00")
    reference = enquire(handler, now=summer)
    case = case_of(store, reference)
    with store.reading() as connection:
        (entry,) = history_of(connection, reference)
    times = [case.entered_at, case.changed_at, entry.at, entry.recorded_at, case.tasks[0].opened_at]
    times += [deadline.due_at for deadline in case.deadlines.values()]
    assert {time.tzinfo for time in times if time} == {UTC}
    assert case.entered_at == summer


# --- What is loaded is what was decided ---------------------------------------------------------------


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


def _viewed(handler: Handler, reference: str) -> None:
    handler.fire(reference, "give_view", {"view": "more", "comments": "No."}, actor=PETRA, now=MONDAY)


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
    Step(
        "an alert dealt with",
        "enquiry",
        lambda case: CompleteTask(case.tasks[-1].id, OLIVE, "Rang them."),
        prepare=_alerted,
    ),
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
    assert after.items == _items_after(before, outcome)
    assert _tasks(after.tasks) == _tasks_after(before, outcome)
    assert _running(after.deadlines.values()) == _running(_deadlines_after(before, outcome))
    assert faults(store) == []


def _decided(handler: Handler, case: Snapshot, command: Command, now: datetime) -> Outcome:
    with handler.store.reading() as connection:
        definition = handler.definition_of(connection, case)
        known = load_uploads(connection, [], None)
    return decide(definition, replace(case, uploads=known), command, handler.world(now), now)


def _give(handler: Handler, reference: str, command: Command, now: datetime) -> Saved:
    match command:
        case Fire(event, actor, answers, item):
            return handler.fire(reference, event, answers, actor=actor, now=now, item=item)
        case ClaimTask(task, actor):
            return handler.claim(reference, task, actor=actor, now=now)
        case ReleaseTask(task, actor):
            return handler.release(reference, task, actor=actor, now=now)
        case CompleteTask(task, actor, note):
            return handler.complete(reference, task, note, actor=actor, now=now)
        case Ring(deadline):
            return handler.ring(reference, deadline, token=0, now=now)
        case Alert(alert, _, note):
            return handler.alert(reference, alert, note, now=now)
    raise AssertionError(command)


def _items_after(before: Snapshot, outcome: Outcome) -> dict[str, dict[str, Item]]:
    items = {name: dict(kept) for name, kept in before.items.items() if name not in outcome.cleared}
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
                kept.append(replace(task, due_at=change.due_at))
            case change if change.how in ("claimed", "released"):
                kept.append(replace(task, claimed_by=change.by if change.how == "claimed" else None))
    return _tasks([*kept, *outcome.opened])


def _tasks(found: Any) -> list[tuple[Any, ...]]:
    parts = ("name", "role", "title", "due_at", "claimed_by", "each", "is_alert")
    return sorted(tuple(getattr(task, part) for part in parts) for task in found)


def _deadlines_after(before: Snapshot, outcome: Outcome) -> list[RunningDeadline]:
    stopped = {deadline.name for deadline in outcome.stopped}
    running = {name: deadline for name, deadline in before.deadlines.items() if name not in stopped}
    running |= {deadline.name: deadline for deadline in (*outcome.altered, *outcome.started)}
    return list(running.values())


def _running(found: Any) -> list[RunningDeadline]:
    return sorted((replace(deadline, id=None) for deadline in found), key=lambda deadline: deadline.name)


# --- A refusal leaves nothing -------------------------------------------------------------------------

REFUSED: dict[str, tuple[type[Refusal], Actor, str, dict[str, Any], str | None]] = {
    "a stranger": (NotFound, DAN, "withdraw", WITHDRAWAL, None),
    "no such event": (UnknownEvent, OLIVE, "sing", {}, None),
    "not their event": (NotAllowed, PAT, "accept", {}, None),
    "not in this state": (NotOpen, OLIVE, "approve", {"ready": True}, None),
    "a guard": (Blocked, PAT, "submit", {"declaration": True}, None),
    "a wrong answer": (Invalid, OLIVE, "allow_more_time", {"why": ""}, None),
    "a file of nobody's": (Invalid, PAT, "supply", {"file": "f" * 32}, "registration_status"),
}


@pytest.mark.parametrize("refused", REFUSED)
def test_a_refusal_leaves_no_row_behind(store: Store, handler: Handler, refused: str) -> None:
    refusal, actor, event, answers, item = REFUSED[refused]
    reference = bring_to(handler, "gathering_evidence")
    before = rows(store)
    with pytest.raises(refusal):
        handler.fire(reference, event, answers, actor=actor, now=A_MOMENT, item=item, key=Key("once"))
    assert rows(store) == before


def test_a_refused_enquiry_leaves_no_row_behind(store: Store, handler: Handler) -> None:
    before = rows(store)
    with pytest.raises(Invalid):
        enquire(handler, contact_email="not an address")
    assert rows(store) == before


def test_an_event_on_a_page_out_of_date_leaves_no_row_behind(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    seen = case_of(store, reference).version - 1
    before = rows(store)
    with pytest.raises(Stale):
        handler.fire(reference, "allow_more_time", {"why": "Snow."}, actor=OLIVE, now=A_MOMENT, seen=seen)
    assert rows(store) == before


def test_someone_elses_file_cannot_be_supplied(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    theirs = a_staged_file(store, DAN)
    before = rows(store)
    with pytest.raises(Invalid):
        handler.fire(reference, "supply", {"file": theirs}, actor=PAT, now=MONDAY, item="registration_status")
    assert rows(store) == before


def test_a_file_cannot_be_supplied_twice(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "gathering_evidence")
    document = a_document(handler, PAT, "registration_status")
    handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="registration_status")
    before = rows(store)
    with pytest.raises(Invalid):
        handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="registration_status")
    assert rows(store) == before


def test_a_notice_that_cannot_be_rendered_leaves_no_row_behind(store: Store, library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "provider"
    folder.mkdir()
    for part in ("subject.txt", "txt", "html"):
        for notice in ("enquiry_received", "enquiry_to_answer"):
            (folder / f"{notice}.{part}").write_text("{{ nobody.knows.this }}")
    handler = a_handler(store, library, notifications=tmp_path)
    before = rows(store)
    with pytest.raises(NoticeError):
        enquire(handler)
    assert rows(store) == before


@pytest.mark.parametrize("strange", ["AP-NONE-HERE", "", "\x00", "AP-\ud800", "' OR 1=1 --", "A" * 500])
def test_a_reference_that_names_no_case_is_not_found(handler: Handler, strange: str) -> None:
    with pytest.raises(NotFound):
        handler.fire(strange, "withdraw", WITHDRAWAL, actor=OLIVE, now=MONDAY)


@pytest.mark.parametrize("strange", ["\x00", "f\x00f", "\ud800"])
def test_an_answer_no_database_can_hold_is_refused_or_cleaned(store: Store, handler: Handler, strange: str) -> None:
    reference = bring_to(handler, "gathering_evidence")
    with pytest.raises(Refusal):
        handler.fire(reference, "supply", {"file": strange}, actor=PAT, now=MONDAY, item="registration_status")
    handler.fire(reference, "allow_more_time", {"why": f"Snow{strange}"}, actor=OLIVE, now=MONDAY)
    with store.reading() as connection:
        entry = history_of(connection, reference)[-1]
    assert strange not in entry.payload["answers"]["why"]


# --- Who is written to --------------------------------------------------------------------------------


def test_a_new_contact_is_known_as_the_one_their_message_is_for(store: Store, handler: Handler) -> None:
    enquire(handler, contact_email="New.Person@Elsewhere.example")
    with store.reading() as connection:
        person = connection.execute(select(people).where(people.c.email == "new.person@elsewhere.example")).one()
        letter = connection.execute(select(messages).where(messages.c.notice == "provider/enquiry_received")).one()
        link = connection.execute(select(sign_in_links)).one()
    assert person.roles == ["provider"]
    assert (letter.to_person, link.person_id) == (person.id, person.id)
    assert count(store, case_parties, case_parties.c.person_id == person.id) == 1


def _ready_for_panel(store: Store, handler: Handler) -> str:
    reference = bring_to(handler, "checking_evidence")
    for key in case_of(store, reference).items["evidence"]:
        handler.fire(reference, "accept", {}, actor=OLIVE, now=MONDAY, item=key)
    return reference


def _back_to_checking(handler: Handler, reference: str) -> None:
    """The panel asks for more, and the provider answers."""
    for member in (PETRA, PAVEL, POPPY):
        handler.fire(reference, "give_view", {"view": "more", "comments": "Not yet."}, actor=member, now=MONDAY)
    decision = {"panel_on": MONDAY.date().isoformat(), "chaired_by": "Magda", "reasons": "See below."}
    handler.fire(reference, "panel_ask", {**decision, "what_we_need": "A timetable."}, actor=OLIVE, now=MONDAY)
    handler.fire(reference, "submit", {"declaration": True, "reply": "Here."}, actor=PAT, now=MONDAY)


def _draft(connection: Connection, reference: str, event: str, answers: dict[str, Any]) -> None:
    person = OLIVE.id or 0
    beside.save_draft(connection, person=person, reference=reference, event=event, item="", answers=answers, now=MONDAY)
