"""What one command does is saved whole, in every table it concerns."""

import re
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

from sqlalchemy import Connection, select

from apflow.beyond.keys import Key
from apflow.core.snapshot import Item
from apflow.handler import Handler
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.store.reading.history import history_of
from apflow.store.tables.cases import case_items, case_parties, cases, drafts
from apflow.store.tables.history import command_results, history
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people, sign_in_links
from apflow.store.tables.work import tasks, timers
from apflow.testing import MONDAY, OLIVE, PAT, PAVEL, PETRA, POPPY, a_document, enquire
from tests.brought import bring_to
from tests.store.witness import case_of, count, statements

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
    assert set(case.deadlines) == {"panel_due", "views_due", "late_views_due"}
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
    id = OLIVE.id or 0
    beside.save_draft(
        connection, person=id, reference=reference, event=event, item="", answers=answers, seen=1, now=MONDAY
    )


# --- What a save leaves alone -------------------------------------------------------------------------


def _written_of_the_case(store: Store, save: Callable[[], object]) -> set[str]:
    """The columns of the case's row that are written meanwhile."""
    with statements(store) as seen:
        save()
    (changes,) = [found[1] for sql in seen if (found := re.search(r"UPDATE cases SET (.*?) WHERE", sql))]
    return set(re.findall(r"(\w+)=", changes))


def test_sqlite_writes_what_has_an_index_again_only_where_it_has_changed(store: Store, handler: Handler) -> None:
    reference, by_index = bring_to(handler, "enquiry"), {"title", "state", "awaiting", "is_open", "assigned_to"}

    def fire(event: str, **answers: object) -> Callable[[], object]:
        return lambda: handler.fire(reference, event, answers, actor=OLIVE, now=MONDAY)

    invited = _written_of_the_case(store, fire("invite", message="Welcome."))
    assert invited >= {"version", "fields", "state", "awaiting", "is_open", "assigned_to"}
    given_time = _written_of_the_case(store, fire("allow_more_time", why="Their insurer is slow."))
    assert given_time >= {"version", "fields"}
    if store.is_sqlite:  # PostgreSQL looks for itself at what has changed.
        assert "title" not in invited
        assert given_time.isdisjoint(by_index)
    else:
        assert given_time >= by_index


def test_a_case_is_called_otherwise_as_soon_as_what_names_it_has_changed(store: Store, handler: Handler) -> None:
    meeting = {"meeting_on": "2026-11-10", "meeting_time": "10:00", "meeting_place": "Room 1", "chair": PETRA.id}
    reference = handler.open_case("panel_meeting", "plan_meeting", meeting, actor=OLIVE, now=MONDAY).reference
    moved = {**meeting, "meeting_on": "2026-11-17", "why": "The room is taken."}
    handler.fire(reference, "move_meeting", moved, actor=OLIVE, now=MONDAY)
    with store.reading() as connection:
        title = connection.execute(select(cases.c.title).where(cases.c.reference == reference)).scalar_one()
    assert title == "Tuesday 17 November 2026"
