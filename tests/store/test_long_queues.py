"""A long queue is read in short pages from its indexes; they hold every task once, whatever happens in between."""

import random
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event, update

from apflow.core.days.calendar import local_date
from apflow.core.errors import ApflowError
from apflow.core.people.actor import Actor
from apflow.core.queue import Part
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.reading.work import Wanted, places_of, wanted_of, work_of
from apflow.store.reading.work_rows import Place
from apflow.store.tables.people import people
from apflow.testing import MONDAY, OLIVE, OSCAR, PAVEL, PETRA, enquire
from tests.brought import bring_to
from tests.store.effort import steps
from tests.store.long_queue import add_tasks, close_task, open_part, open_work
from tests.store.witness import at_once, case_of

DAY = timedelta(days=1)
# Many are due at the same moment, as what is due at the end of a day is; and some never.
DUES = [
    *(MONDAY - DAY * (number % 3 + 1) for number in range(9)),
    *(MONDAY + timedelta(hours=number % 2 * 3) for number in range(5)),
    *(MONDAY + DAY * (number % 4 + 1) for number in range(11)),
    *[None] * 6,
]
VIEW = {"view": "visit", "comments": "Well prepared."}


@pytest.fixture
def long_queue(store: Store, handler: Handler) -> str:
    """A case with tasks that are free, held by each of two officers, and for every officer to do a part of."""
    reference = enquire(handler)
    held = [{"claimed_by": OLIVE.id, "put_off_until": until} for until in (None, MONDAY, MONDAY + DAY)]
    kinds: list[dict[str, Any]] = [{}, *held, {"claimed_by": OSCAR.id}, {"each": "views"}, {"role": "manager"}]
    for columns in kinds:
        add_tasks(store, reference, DUES, **columns)
    return reference


@pytest.mark.parametrize("size", [1, 4, 50])
def test_every_part_is_the_tasks_that_belong_to_it_in_order(store: Store, long_queue: str, size: int) -> None:
    for part in Part:
        assert _pages(store, wanted_of(part, MONDAY), size) == open_part(store, OLIVE, part, MONDAY)
    assert _pages(store, Wanted(), size) == [place for place, _, _ in open_work(store, OLIVE)]


@pytest.mark.parametrize("seed", range(3))
def test_pages_hold_every_task_that_stays_once_while_others_open_and_close(
    store: Store, long_queue: str, seed: int
) -> None:
    choose = random.Random(seed)
    before, gone, new = open_work(store, OLIVE), set[int](), set[int]()

    def meanwhile(seen: Sequence[Place]) -> None:
        still = [place.task for place, _, _ in open_work(store, OLIVE)]
        closed = choose.choice([seen[-1].task, choose.choice(still)])
        close_task(store, closed)
        gone.add(closed)
        if len(new) < 20:  # Else there would always be one more at the end.
            new.update(add_tasks(store, long_queue, [choose.choice(DUES), seen[0].due_at]))

    read = [place.task for place in _pages(store, Wanted(), 7, meanwhile)]
    assert len(read) == len(set(read))
    assert {place.task for place, _, _ in before} - gone <= set(read)
    assert set(read) <= {place.task for place, _, _ in before} | new
    assert gone
    assert new


def test_a_page_goes_on_from_a_task_that_has_been_closed_since(store: Store, long_queue: str) -> None:
    whole = _pages(store, Wanted(), 100)
    close_task(store, whole[4].task)
    assert _places(store, Wanted(), whole[4], 3) == whole[5:8]


def test_what_is_held_by_somebody_who_is_gone_is_to_be_claimed_in_its_place(store: Store, long_queue: str) -> None:
    before = len(_pages(store, wanted_of(Part.TO_CLAIM, MONDAY), 10))
    with store.writing() as connection:
        connection.execute(update(people).where(people.c.id == OSCAR.id).values(is_active=False))
    after = _pages(store, wanted_of(Part.TO_CLAIM, MONDAY), 10)
    assert after == open_part(store, OLIVE, Part.TO_CLAIM, MONDAY)
    assert len(after) > before


def test_somebody_without_a_role_has_no_work(store: Store, long_queue: str) -> None:
    nobody = Actor(id=OLIVE.id, name="Nobody Here", roles=frozenset())
    with store.reading() as connection:
        assert work_of(connection, nobody, limit=10) == []


@pytest.mark.parametrize("seed", range(3))
def test_after_any_commands_the_queue_is_what_a_recount_of_all_tasks_finds(
    store: Store, handler: Handler, seed: int
) -> None:
    choose = random.Random(seed)
    references = [enquire(handler), bring_to(handler, "checking_evidence"), bring_to(handler, "panel")]
    for turn in range(25):
        _something(store, handler, references, choose, MONDAY + turn * timedelta(hours=7))
        _recounted(store, MONDAY + turn * timedelta(hours=7))


def test_two_officers_at_once_leave_a_queue_that_a_recount_finds(store: Store, handler: Handler) -> None:
    references = [enquire(handler) for _ in range(4)]
    tasks = {reference: case_of(store, reference).tasks[0].id for reference in references}

    def take(actor: Actor) -> None:
        for reference, task in tasks.items():
            with suppress(ApflowError):
                handler.claim(reference, task, actor=actor, now=MONDAY)

    at_once(lambda: take(OLIVE), lambda: take(OSCAR))
    _recounted(store, MONDAY)
    held = [[place.task for place in _places(store, Wanted(), None, 9, officer)] for officer in (OLIVE, OSCAR)]
    assert sorted(held[0] + held[1]) == sorted(tasks.values())


def test_what_broke_off_after_its_task_was_written_is_in_no_queue(store: Store, handler: Handler) -> None:
    enquire(handler)
    before = _places(store, Wanted(), None, 9)

    def break_off(_connection: Any, _cursor: Any, sql: str, *_: Any) -> None:
        if sql.startswith("INSERT INTO timers"):
            raise ZeroDivisionError

    event.listen(store.engine, "before_cursor_execute", break_off)
    with pytest.raises(ZeroDivisionError):
        enquire(handler, organisation="Second Barn")
    event.remove(store.engine, "before_cursor_execute", break_off)
    assert _places(store, Wanted(), None, 9) == before
    _recounted(store, MONDAY)


def test_sqlite_reads_each_run_from_its_index_without_sorting_it(store: Store, long_queue: str) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL plans by the size of the tables, and these are small")
    for part in Part:
        plan = _plan(store, part)
        reads = [line for line in plan if " tasks " in f"{line} "]
        assert reads
        assert all("USING" in line and "INDEX ix_tasks_" in line for line in reads), plan
        # The one that puts the runs together has only as many rows as they are let have.
        assert sum("TEMP B-TREE" in line for line in plan) == 1, plan
        is_put_off = [line for line in reads if "ix_tasks_put_off" in line]
        assert is_put_off == (reads if part is Part.PUT_OFF else []), plan


def test_a_page_of_work_costs_sqlite_no_more_when_the_queue_is_longer(store: Store, handler: Handler) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("PostgreSQL does not tell its steps")
    reference = enquire(handler)
    for part in Part:
        add_tasks(store, reference, [_due_in(part)] * 100, **_COLUMNS[part])
    before = {part: _effort(store, part) for part in Part}
    for part in Part:
        if part is not Part.PUT_OFF:  # Those that a person has put off are looked past, by the index alone.
            add_tasks(store, reference, [_due_in(part)] * 900, **_COLUMNS[part])
        add_tasks(store, reference, [_due_in(part)] * 300, claimed_by=OSCAR.id)
    for part in Part:
        assert 0 < _effort(store, part) < before[part] * 1.05


_COLUMNS: dict[Part, dict[str, Any]] = {
    **{part: {} for part in Part},
    Part.YOURS: {"claimed_by": OLIVE.id},
    Part.PUT_OFF: {"claimed_by": OLIVE.id, "put_off_until": MONDAY + DAY},
}


def _due_in(part: Part) -> datetime:
    return MONDAY + {Part.OVERDUE: -DAY, Part.TODAY: timedelta(hours=1)}.get(part, DAY * 2)


def _effort(store: Store, part: Part) -> int:
    """The steps that a page takes; the connection's first ones are not counted."""
    _places(store, wanted_of(part, MONDAY), None, 50)
    return steps(store, lambda: _places(store, wanted_of(part, MONDAY), None, 50))


def _something(store: Store, handler: Handler, references: list[str], choose: random.Random, now: datetime) -> None:
    """One command of somebody's, which may well be refused."""
    reference, actor = choose.choice(references), choose.choice([OLIVE, OSCAR])
    open_tasks = case_of(store, reference).tasks
    with suppress(ApflowError):
        match choose.choice(["enquire", "claim", "claim", "release", "put off", "invite", "view", "alert", "leave"]):
            case "enquire":
                references.append(enquire(handler, now=now))
            case "claim" | "release" as how if open_tasks:
                task = choose.choice(open_tasks).id
                (handler.claim if how == "claim" else handler.release)(reference, task, actor=actor, now=now)
            case "put off" if open_tasks:
                until = local_date(now) + choose.choice([1, 2, 9]) * DAY
                handler.put_off(reference, choose.choice(open_tasks).id, until, actor=actor, now=now)
            case "invite":
                handler.fire(reference, "invite", {}, actor=actor, now=now)
            case "view":
                handler.fire(reference, "give_view", VIEW, actor=choose.choice([PETRA, PAVEL]), now=now)
            case "alert":
                handler.alert(reference, "mail_failed", "The mailbox does not exist.", now=now)
            case "leave":
                roles = choose.choice([["officer"], ["manager"]])
                with store.writing() as connection:
                    connection.execute(update(people).where(people.c.id == OSCAR.id).values(roles=roles))


def _recounted(store: Store, now: datetime) -> None:
    for actor in (OLIVE, PETRA, PAVEL):
        for part in Part:
            found = _places(store, wanted_of(part, now), None, 100, actor)
            assert found == open_part(store, actor, part, now), (actor.name, part)


def _pages(
    store: Store, wanted: Wanted, size: int, meanwhile: Callable[[Sequence[Place]], None] | None = None
) -> list[Place]:
    """The whole list, a page at a time, with something happening after each."""
    read: list[Place] = []
    while page := _places(store, wanted, read[-1] if read else None, size):
        read += page
        if meanwhile:
            meanwhile(page)
        assert len(read) < 1_000
    return read


def _places(store: Store, wanted: Wanted, after: Place | None, limit: int, actor: Actor = OLIVE) -> list[Place]:
    with store.reading() as connection:
        rows = work_of(connection, actor, wanted, after=after, limit=limit)
        assert [row.place for row in rows] == places_of(connection, actor, wanted, after=after, limit=limit)
    return [row.place for row in rows]


def _plan(store: Store, part: Part) -> list[str]:
    """How SQLite goes about the statement that reads the part from its beginning."""
    asked: list[tuple[str, Any]] = []

    def note(_connection: Any, _cursor: Any, sql: str, parameters: Any, *_: Any) -> None:
        asked.append((sql, parameters))

    event.listen(store.engine, "before_cursor_execute", note)
    with store.reading() as connection:
        places_of(connection, OLIVE, wanted_of(part, MONDAY), limit=10)
        event.remove(store.engine, "before_cursor_execute", note)
        cursor: sqlite3.Cursor = connection.connection.cursor()  # type: ignore[assignment]
        return [str(line[3]) for line in cursor.execute(f"EXPLAIN QUERY PLAN {asked[-1][0]}", asked[-1][1]).fetchall()]
