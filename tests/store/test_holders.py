"""A task is held by somebody who is there and has its role; else it is anybody's again."""

from collections.abc import Sequence

import pytest
from sqlalchemy import update

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.reading.work import work_of
from apflow.store.reading.work_rows import WorkRow
from apflow.store.tables.people import people
from apflow.testing import MONDAY, OLIVE, OSCAR, a_handler, enquire
from tests.brought import bring_to
from tests.store.witness import case_of
from tests.versions import shipped_with

VISIT = {"visit_on": "2026-11-02", "visit_time": "10:30", "visit_place": "The farm", "visitors": "Oscar Officer"}
VISITOR = (
    (
        "  panel_on: {type: date,",
        "  visitor: {type: person, label: Who visits?, role: officer, optional: true}\n  panel_on: {type: date,",
    ),
    (
        "record_visit: {title: Visit and record what it found,",
        "record_visit: {person: visitor, title: Visit and record what it found,",
    ),
    ("          visit_place:\n          going:", "          visitor:\n          visit_place:\n          going:"),
)


@pytest.fixture
def with_visitor(store: Store) -> Handler:
    """The shipped policy, where the visit is the task of whoever the field names."""
    return a_handler(store, shipped_with(*VISITOR))


def work(store: Store, actor: Actor) -> Sequence[WorkRow]:
    with store.reading() as connection:
        return work_of(connection, actor, limit=100)


def change(store: Store, actor: Actor, **values: object) -> None:
    with store.writing() as connection:
        connection.execute(update(people).where(people.c.id == actor.id).values(**values))


def titles(store: Store, actor: Actor) -> list[tuple[str, int | None]]:
    return [(row.title, row.claimed_by) for row in work(store, actor) if "record" in row.title]


def test_the_task_is_in_the_queue_of_whom_the_field_names_and_follows_it(store: Store, with_visitor: Handler) -> None:
    reference = bring_to(with_visitor, "visit")
    visit = "Visit and record what it found"
    assert titles(store, OLIVE) == [(visit, OLIVE.id)]
    with_visitor.fire(reference, "arrange_visit", {**VISIT, "visitor": OSCAR.id}, actor=OLIVE, now=MONDAY)
    assert (titles(store, OLIVE), titles(store, OSCAR)) == ([], [(visit, OSCAR.id)])
    task = next(task for task in case_of(store, reference).tasks if task.name == "record_visit")
    with_visitor.release(reference, task.id, actor=OSCAR, now=MONDAY)
    assert titles(store, OLIVE) == titles(store, OSCAR) == [(visit, None)]


@pytest.mark.parametrize("gone", [{"is_active": False}, {"roles": ["manager"]}, {"roles": []}])
def test_a_task_of_somebody_who_is_gone_is_anybodys_again(
    store: Store, handler: Handler, gone: dict[str, object]
) -> None:
    reference = enquire(handler)
    (task,) = case_of(store, reference).tasks
    handler.claim(reference, task.id, actor=OLIVE, now=MONDAY)
    assert work(store, OSCAR) == []
    change(store, OLIVE, **gone)
    (row,) = work(store, OSCAR)
    assert (row.claimed_by, row.claimed_name) == (None, None)
    assert case_of(store, reference).tasks[0].claimed_by is None
    handler.claim(reference, task.id, actor=OSCAR, now=MONDAY)
    assert case_of(store, reference).tasks[0].claimed_by == OSCAR.id


def test_a_role_of_a_longer_name_is_another_role(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    (task,) = case_of(store, reference).tasks
    handler.claim(reference, task.id, actor=OLIVE, now=MONDAY)
    change(store, OLIVE, roles=["senior_officer", "officers"])
    assert [row.claimed_by for row in work(store, OSCAR)] == [None]
    change(store, OLIVE, roles=["senior_officer", "officer"])
    assert work(store, OSCAR) == []
