"""Deadlines that are due at once are fired in one commit, and still each for itself."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from sqlalchemy import event, select, text, update
from structlog.testing import capture_logs

from apflow.handler import Handler
from apflow.loader import Library
from apflow.rounds.ringing import ring_together
from apflow.scheduler import POSTPONED_FOR, fire_due, firing
from apflow.store import timers
from apflow.store.driver.engine import Store
from apflow.store.driver.leases import LEASE
from apflow.store.reading.history import broken_chains
from apflow.store.tables.cases import cases
from apflow.testing import MONDAY, OLIVE, a_handler
from tests.shell.looking import alerts, an_enquiry, entries, message_rows, timer_rows

REMINDED = MONDAY + timedelta(days=5)
OVERDUE = MONDAY + timedelta(days=8)
MACHINE = MONDAY - timedelta(days=100)
A_MINUTE = timedelta(minutes=1)
MANY = 7
UNHURRIED = 60.0  # seconds: on a busy machine a tenth of one would end a commit before its time.


@pytest.fixture
def elsewhere(either_store: Store, library: Library) -> Iterator[Handler]:
    """The same database as another process has it."""
    store = Store(either_store.url)
    yield a_handler(store, library)
    store.close()


@pytest.fixture
def door(either_store: Store, library: Library) -> Handler:
    return a_handler(either_store, library)


def enquiries(handler: Handler, many: int = MANY) -> list[str]:
    """The references of so many cases with a deadline each, in the order those are due."""
    return [an_enquiry(handler, MONDAY + n * A_MINUTE) for n in range(many)]


def drain(handler: Handler, later: timedelta = timedelta(0)) -> int:
    return sum(firing(handler, OVERDUE, machine_now=lambda: MACHINE + later, writes_for=UNHURRIED))


def fired(store: Store) -> list[str]:
    return [reference for reference, _ in entries(store, "escalation")]


def case_id(store: Store, reference: str) -> int:
    with store.reading() as connection:
        return int(connection.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar_one())


def in_the_look(store: Store, act: Callable[[], object]) -> None:
    """Do this once, as soon as the cases of a sweep have been looked at, and before anything of them is written."""

    acts: list[Callable[[], object]] = []
    done: list[Callable[[], object]] = []

    @event.listens_for(store.engine, "before_cursor_execute")
    def watch(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        if acts:
            acts.pop()()
        elif not done and "FROM case_items" in statement and ("json_each" in statement or "ANY" in statement):
            done.append(act)
            acts.append(act)  # With the next statement, once these have been read.


@contextmanager
def no_history_of(store: Store, case: int) -> Iterator[None]:
    """Have the database itself refuse every new line in this case's history."""
    with store.writing() as connection:
        if store.is_sqlite:
            fails = "SELECT RAISE(ABORT, 'made up')"
            trigger = f"CREATE TRIGGER poison BEFORE INSERT ON history WHEN NEW.case_id = {case} BEGIN {fails}; END"
            connection.execute(text(trigger))
        else:
            connection.execute(
                text(f"ALTER TABLE history ADD CONSTRAINT poison CHECK (case_id <> {case} OR version < 2)")
            )
    try:
        yield
    finally:
        undone = "DROP TRIGGER poison" if store.is_sqlite else "ALTER TABLE history DROP CONSTRAINT poison"
        with store.writing() as connection:
            connection.execute(text(undone))


def test_deadlines_due_at_once_are_claimed_in_one_commit_and_fired_in_another(handler: Handler) -> None:
    references = enquiries(handler)
    commits = []

    @event.listens_for(handler.store.engine, "before_cursor_execute")
    def watch(_connection: object, _cursor: object, statement: str, *_: object) -> None:
        commits.append(statement) if statement == "COMMIT" else None

    assert drain(handler) == MANY

    assert len(commits) == 3  # And one that finds that nothing else is due.
    assert fired(handler.store) == references


def test_each_deadline_of_many_leaves_what_it_would_leave_alone(door: Handler) -> None:
    references = enquiries(door)
    of_all = sorted(case_id(door.store, reference) for reference in references)

    reminded = fire_due(door, REMINDED, machine_now=lambda: MACHINE)
    told = [row.case_id for row in message_rows(door.store) if row.status == "queued"]
    ended = drain(door)

    assert (reminded, ended) == (MANY, MANY)
    assert [reference for reference, _ in entries(door.store, "reminder")] == fired(door.store) == references
    assert sorted(told) == of_all
    assert sorted(row.case_id for row in alerts(door.store, "overdue_answer_due")) == of_all
    assert all(row.ended and row.token == 2 and row.claimed_until is None for row in timer_rows(door.store))
    with door.store.reading() as connection:
        assert list(broken_chains(connection)) == []


def test_one_that_the_database_refuses_takes_no_other_with_it_and_is_tried_again(door: Handler) -> None:
    references = enquiries(door)
    refused = no_history_of(door.store, case_id(door.store, references[3]))

    with refused, capture_logs() as logged:
        at_once = drain(door)
        again = drain(door, POSTPONED_FOR)

    others = [reference for reference in references if reference != references[3]]
    assert (at_once, again) == (MANY - 1, 0)
    assert fired(door.store) == others
    assert [line["case"] for line in logged if line["event"] == "deadline could not be fired"] == [references[3]]
    (waiting,) = [row for row in timer_rows(door.store) if not row.ended]
    assert waiting.claimed_until == MACHINE + POSTPONED_FOR


def test_what_a_person_does_meanwhile_to_one_case_only_has_that_one_tried_again(
    door: Handler, elsewhere: Handler
) -> None:
    references = enquiries(door)
    in_the_look(door.store, lambda: elsewhere.alert(references[2], "mail_failed", "Full.", now=OVERDUE))

    assert drain(door) == MANY

    others = [reference for reference in references if reference != references[2]]
    assert fired(door.store) == [*others, references[2]]
    assert len(entries(door.store, "alert")) == 1
    with door.store.reading() as connection:
        assert list(broken_chains(connection)) == []


def test_one_that_a_person_has_dealt_with_meanwhile_does_nothing_and_the_others_act(
    door: Handler, elsewhere: Handler
) -> None:
    references = enquiries(door)
    answers = {"reasons": "Made up.", "what_next": ""}

    def close() -> None:
        elsewhere.fire(references[0], "close_enquiry", answers, actor=OLIVE, now=OVERDUE)

    in_the_look(door.store, close)

    assert drain(door) == MANY - 1

    assert fired(door.store) == references[1:]


@pytest.mark.postgres
def test_a_case_that_somebody_holds_keeps_no_other_waiting(either_store: Store, library: Library) -> None:
    if either_store.is_sqlite:
        pytest.skip("SQLite has one writer at a time")
    door = a_handler(either_store, library)
    references = enquiries(door)
    claims = timers.claim_all_due(door.store, OVERDUE, MACHINE)

    with door.store.writing() as connection:
        connection.execute(update(cases).where(cases.c.reference == references[1]).values(title="Held"))
        acted = ring_together(door, claims, OVERDUE, writes_for=UNHURRIED)

    assert [acted[claimed.id] for claimed in claims] == [True, False, True, True, True, True, True]


def test_only_those_whose_claim_has_been_lost_do_nothing(door: Handler) -> None:
    references = enquiries(door)
    lost = timers.claim_all_due(door.store, OVERDUE, MACHINE)
    held = timers.claim_due(door.store, OVERDUE, MACHINE + LEASE + A_MINUTE)
    assert held is not None

    acted = ring_together(door, lost, OVERDUE, writes_for=UNHURRIED)

    assert held.reference == references[0]
    assert acted == {claimed.id: claimed.id != held.id for claimed in lost}
    assert fired(door.store) == references[1:]


def test_what_was_claimed_by_a_process_that_died_is_fired_once_when_the_lease_is_over(door: Handler) -> None:
    references = enquiries(door)
    died_with = timers.claim_all_due(door.store, OVERDUE, MACHINE)

    too_soon = drain(door, LEASE)
    taken_up = drain(door, LEASE + A_MINUTE)
    late = ring_together(door, died_with, OVERDUE, writes_for=UNHURRIED)

    assert (len(died_with), too_soon, taken_up) == (MANY, 0, MANY)
    assert not any(late.values())
    assert fired(door.store) == references


def test_whoever_stops_in_between_gives_back_what_was_not_fired(door: Handler) -> None:
    references = enquiries(door)
    time_for_one = 0.0

    drain_of_one = firing(door, OVERDUE, machine_now=lambda: MACHINE, writes_for=time_for_one)
    assert next(drain_of_one)
    drain_of_one.close()

    assert fired(door.store) == references[:1]
    assert [row.claimed_until for row in timer_rows(door.store)] == [None] * MANY
    assert drain(door) == MANY - 1
    assert fired(door.store) == references


def test_the_deadlines_of_relatives_are_not_claimed_together(door: Handler) -> None:
    child, parent, grandchild, sibling, stranger = enquiries(door, 5)
    family = {child: parent, grandchild: child, sibling: parent}
    with door.store.writing() as connection:
        for young, old in family.items():
            of = update(cases).where(cases.c.reference == young)
            connection.execute(of.values(parent_id=case_id(door.store, old), kind="visit"))

    claimed = timers.claim_all_due(door.store, OVERDUE, MACHINE)

    assert [one.reference for one in claimed] == [child, stranger]
