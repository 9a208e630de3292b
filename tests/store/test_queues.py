"""What each person's page lists: their work, the cases that wait on others, and all cases by filter."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.core.queue import Group, grouped
from apflow.handler import Handler
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.store.reading import queues
from apflow.store.reading.queues import CaseFilter
from apflow.store.reading.work import work_of
from apflow.store.reading.work_rows import WorkRow
from apflow.testing import MAGDA, MONDAY, OLIVE, OSCAR, PAT, PAVEL, PETRA, POPPY, a_document, enquire
from tests.brought import bring_to
from tests.store.witness import case_of

VIEW = {"view": "visit", "comments": "Well prepared."}


# --- A person's work ----------------------------------------------------------------------------------


def test_a_task_nobody_has_taken_is_in_the_queue_of_everyone_who_could_do_it(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    for officer in (OLIVE, OSCAR):
        (row,) = _work(store, officer)
        assert (row.title, row.reference, row.case_title) == ("Answer the enquiry", reference, "Made Up Farm")
        assert (row.claimed_by, row.state, row.version) == (None, "enquiry", 1)
    assert _work(store, MAGDA) == _work(store, PAT) == _work(store, PETRA) == []


def test_a_task_someone_has_taken_is_in_their_queue_only(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    (task,) = case_of(store, reference).tasks
    handler.claim(reference, task.id, actor=OLIVE, now=MONDAY)
    (row,) = _work(store, OLIVE)
    assert (row.claimed_by, row.claimed_name) == (OLIVE.id, "Olive Officer")
    assert _work(store, OSCAR) == []


def test_a_task_put_back_is_in_everyones_queue_again(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    (task,) = case_of(store, reference).tasks
    handler.claim(reference, task.id, actor=OLIVE, now=MONDAY)
    handler.release(reference, task.id, actor=OLIVE, now=MONDAY)
    assert [row.task for row in _work(store, OSCAR)] == [task.id]


def test_a_task_that_is_done_is_in_no_queue(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    assert _work(store, OLIVE) == _work(store, OSCAR) == []


def test_a_member_of_the_panel_has_nothing_left_to_do_once_they_have_given_their_view(
    store: Store, handler: Handler
) -> None:
    reference = bring_to(handler, "panel")
    assert [len(_work(store, member)) for member in (PETRA, PAVEL, POPPY)] == [1, 1, 1]
    handler.fire(reference, "give_view", VIEW, actor=PETRA, now=MONDAY)
    handler.fire(reference, "declare_conflict", {"conflict": "My neighbour."}, actor=PAVEL, now=MONDAY)
    assert [len(_work(store, member)) for member in (PETRA, PAVEL, POPPY)] == [0, 0, 1]


def test_work_is_sorted_by_what_is_due_soonest(store: Store, handler: Handler) -> None:
    later = enquire(handler, now=MONDAY + timedelta(days=2))
    sooner = enquire(handler, now=MONDAY)
    assert [row.reference for row in _work(store, OLIVE)] == [sooner, later]


def test_each_task_is_in_the_group_that_says_why_it_is_on_the_page(store: Store, handler: Handler) -> None:
    mine, free = enquire(handler, now=MONDAY), enquire(handler, now=MONDAY)
    handler.claim(mine, case_of(store, mine).tasks[0].id, actor=OLIVE, now=MONDAY)
    _look(store, OLIVE, mine)
    _look(store, OLIVE, free)
    due = case_of(store, mine).deadlines["answer_due"].due_at
    groups = {
        when: {group.value: [row.reference for row in rows] for group, rows in grouped(_work(store, OLIVE), at).items()}
        for when, at in (("now", MONDAY), ("on the day", due - timedelta(hours=9)), ("late", due + timedelta(hours=1)))
    }
    assert groups["now"][Group.LATER] == [mine]
    assert groups["now"][Group.TO_CLAIM] == [free]
    assert groups["on the day"][Group.TODAY] == [mine, free]
    assert groups["late"][Group.OVERDUE] == [mine, free]


def test_what_a_provider_does_is_news_until_the_officer_has_looked(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "visit")
    _look(store, OLIVE, reference)
    assert _news(store, OLIVE) == {False}
    document = a_document(handler, PAT, "public_liability")
    handler.fire(reference, "supply", document, actor=PAT, now=MONDAY, item="public_liability")
    assert _news(store, OLIVE) == {True}
    _look(store, OLIVE, reference)
    assert _news(store, OLIVE) == {False}


def test_what_a_colleague_does_is_no_news(store: Store, handler: Handler) -> None:
    reference = bring_to(handler, "visit")
    _look(store, OLIVE, reference)
    visit = {"visit_on": "2026-12-01", "visit_time": "10:30", "visit_place": "The farm", "visitors": "Oscar"}
    handler.fire(reference, "arrange_visit", visit, actor=OSCAR, now=MONDAY)
    assert _news(store, OLIVE) == {False}


def test_what_one_officer_has_looked_at_is_still_news_to_another(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    _look(store, OLIVE, reference)
    assert _news(store, OLIVE) == {False}
    assert _news(store, OSCAR) == {True}


def test_a_task_leads_to_its_case_while_open_and_when_closed(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    (task,) = case_of(store, reference).tasks
    handler.fire(reference, "invite", {}, actor=OLIVE, now=MONDAY)
    with store.reading() as connection:
        assert queues.task_reference(connection, task.id) == reference
        assert queues.task_reference(connection, 999) is None


def test_a_case_whose_next_move_is_the_providers_waits_on_others(store: Store, handler: Handler) -> None:
    waiting = bring_to(handler, "gathering_evidence")
    bring_to(handler, "checking_evidence")
    enquire(handler)
    with store.reading() as connection:
        assert [row.reference for row in queues.waiting_on_others(connection, OLIVE, limit=9)] == [waiting]
        assert queues.waiting_on_others(connection, OSCAR, limit=9) == []


def test_what_waits_is_looked_for_among_so_many_cases_only(store: Store, handler: Handler) -> None:
    for _ in range(3):
        bring_to(handler, "gathering_evidence")
    with store.reading() as connection:
        found = [len(queues.waiting_on_others(connection, OLIVE, limit=9, among=among)) for among in (1, 2, 3, 4)]
    assert found == [1, 2, 3, 3]


# --- All cases ----------------------------------------------------------------------------------------


@pytest.fixture
def five(handler: Handler) -> dict[str, str]:
    """Five cases in different states, by a short name for each."""
    cases = {
        "new": enquire(handler, organisation="Alpha Farm"),
        "gathering": bring_to(handler, "gathering_evidence", organisation="Beta Barn"),
        "checking": bring_to(handler, "checking_evidence", organisation="Gamma 50% Off_Road"),
        "approved": bring_to(handler, "approved", organisation="Delta Dairy"),
        "closed": enquire(handler, organisation="Epsilon Farm", contact_email="dan@elsewhere.example"),
    }
    close = {"reasons": "Not what we need."}
    handler.fire(cases["closed"], "close_enquiry", close, actor=OSCAR, now=MONDAY + timedelta(hours=1))
    return cases


FILTERS: dict[str, tuple[CaseFilter, set[str]]] = {
    "everything": (CaseFilter(), {"new", "gathering", "checking", "approved", "closed"}),
    "a word of the title": (CaseFilter(text="farm"), {"new", "closed"}),
    "no such word": (CaseFilter(text="stable"), set()),
    "a per cent sign": (CaseFilter(text="50%"), {"checking"}),
    "only a per cent sign": (CaseFilter(text="%"), {"checking"}),
    "an underscore": (CaseFilter(text="Off_Road"), {"checking"}),
    "only an underscore": (CaseFilter(text="_"), {"checking"}),
    "a backslash": (CaseFilter(text="\\"), set()),
    "a quotation mark": (CaseFilter(text="'"), set()),
    "what no database holds": (CaseFilter(text="Alpha\x00"), {"new"}),
    "two states": (CaseFilter(states=("enquiry", "approved")), {"new", "approved"}),
    "a workflow": (CaseFilter(workflow="provider"), {"new", "gathering", "checking", "approved", "closed"}),
    "another workflow": (CaseFilter(workflow="placement"), set()),
    "awaiting the provider": (CaseFilter(awaiting="provider"), {"gathering"}),
    "Olive's": (CaseFilter(assigned=1), {"gathering", "checking", "approved"}),
    "nobody's": (CaseFilter(assigned=0), {"new"}),
    "Dan's own": (CaseFilter(party=8), {"closed"}),
    "open": (CaseFilter(open_only=True), {"new", "gathering", "checking", "approved"}),
    "late in a fortnight": (CaseFilter(overdue_at=MONDAY + timedelta(days=16)), {"new", "checking"}),
    "late now": (CaseFilter(overdue_at=MONDAY), set()),
    "what the panel sees": (CaseFilter(seen_states=("panel", "visit", "approved")), {"approved"}),
    "several at once": (CaseFilter(text="farm", open_only=True, assigned=0), {"new"}),
}


def test_a_filter_chooses_the_same_cases_for_the_list_the_count_and_the_cursor(
    store: Store, five: dict[str, str]
) -> None:
    names = {reference: name for name, reference in five.items()}
    chosen = {}
    with store.reading() as connection:
        for said, (wanted, _) in FILTERS.items():
            listed = {names[row.reference] for row in queues.list_cases(connection, wanted, limit=10)}
            paged = {names[row.reference] for _, row in queues.cases_after(connection, wanted, after=0, limit=10)}
            chosen[said] = (listed, paged, queues.count_cases(connection, wanted))
    assert chosen == {said: (expected, expected, len(expected)) for said, (_, expected) in FILTERS.items()}


def test_cases_are_found_by_part_of_their_reference(store: Store, five: dict[str, str]) -> None:
    with store.reading() as connection:
        found = queues.list_cases(connection, CaseFilter(text=five["new"][3:].lower()), limit=10)
    assert [row.reference for row in found] == [five["new"]]


def test_the_list_shows_what_changed_last_first_and_when_the_next_thing_is_due(
    store: Store, five: dict[str, str]
) -> None:
    with store.reading() as connection:
        rows = queues.list_cases(connection, CaseFilter(), limit=10)
    assert rows[0].reference == five["closed"]
    assert (rows[0].is_open, rows[0].due_at, rows[0].assigned_name) == (False, None, "Oscar Officer")
    new = next(row for row in rows if row.reference == five["new"])
    assert new.due_at == case_of(store, five["new"]).deadlines["answer_due"].due_at
    approved = next(row for row in rows if row.reference == five["approved"])
    assert (approved.title, approved.awaiting, approved.assigned_to) == ("Delta Dairy", "officer", OLIVE.id)


def test_pages_of_the_list_follow_on_from_each_other(store: Store, five: dict[str, str]) -> None:
    with store.reading() as connection:
        pages = [queues.list_cases(connection, CaseFilter(), limit=2, offset=offset) for offset in (0, 2, 4)]
        whole = queues.list_cases(connection, CaseFilter(), limit=10)
    assert [len(page) for page in pages] == [2, 2, 1]
    assert [row for page in pages for row in page] == whole


def test_cases_are_counted_by_state_whatever_state_was_asked_for(store: Store, five: dict[str, str]) -> None:
    with store.reading() as connection:
        everywhere = queues.count_by_state(connection, CaseFilter(states=("approved",)))
        farms = queues.count_by_state(connection, CaseFilter(text="farm"))
    assert everywhere == {
        "enquiry": 1,
        "gathering_evidence": 1,
        "checking_evidence": 1,
        "approved": 1,
        "declined": 1,
    }
    assert farms == {"enquiry": 1, "declined": 1}


def test_more_cases_than_are_worth_counting_are_not_all_counted(store: Store, five: dict[str, str]) -> None:
    with store.reading() as connection:
        assert queues.count_cases(connection, CaseFilter(), most=5) == 5
        assert queues.count_cases(connection, CaseFilter(), most=3) == 4
        assert queues.count_by_state(connection, CaseFilter(), most=5) is not None
        assert queues.count_by_state(connection, CaseFilter(), most=4) is None


def test_a_cursor_misses_nothing_and_repeats_nothing_while_cases_change_and_open(
    store: Store, handler: Handler, five: dict[str, str]
) -> None:
    first = _after(store, 0)
    handler.fire(five["new"], "invite", {}, actor=OLIVE, now=MONDAY + timedelta(hours=2))
    opened = enquire(handler)
    second = _after(store, first[-1][0])
    third = _after(store, second[-1][0])
    references = [row.reference for page in (first, second, third) for _, row in page]
    assert references == [*five.values(), opened]
    assert _after(store, third[-1][0]) == []


def _after(store: Store, cursor: int) -> Sequence[tuple[int, Any]]:
    with store.reading() as connection:
        return queues.cases_after(connection, CaseFilter(), after=cursor, limit=2)


def _work(store: Store, actor: Actor) -> list[WorkRow]:
    with store.reading() as connection:
        return work_of(connection, actor, limit=100)


def _news(store: Store, actor: Actor) -> set[bool]:
    return {row.news for row in _work(store, actor)}


def _look(store: Store, actor: Actor, reference: str) -> None:
    case = case_of(store, reference)
    assert case.id is not None
    assert actor.id is not None
    with store.writing() as connection:
        beside.note_look(connection, person=actor.id, case_id=case.id, version=case.version, now=MONDAY)
