"""A breach that is about a manager: they neither see it nor hear of it, wherever it could be listed or told."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked, NotFound
from apflow.core.people.actor import Actor
from apflow.core.people.permission import acting_on, may_see
from apflow.handler import Handler
from apflow.records.letters import To, Writing
from apflow.rounds.left_undone import telling
from apflow.rounds.nightly import checking
from apflow.store.driver.engine import Store
from apflow.store.findings import standing_by_kind, standing_findings
from apflow.store.people.people import add_person
from apflow.store.people.sign_in import queue_letter
from apflow.store.reading.letters import Sought, count_letters, list_letters
from apflow.store.reading.queues import CaseFilter, count_by_state, count_cases, list_cases
from apflow.store.reading.work import work_of
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, MONDAY, a_handler, add_people
from apflow.web.case.in_sight import ways_to_see
from tests.breaches import a_data_protection_officer, report
from tests.quality import case, do, pass_to
from tests.removal import a_second_manager

NEXT_WEEK = datetime(2026, 11, 9, 4, 0, tzinfo=UTC)
TAKEN = {"first_steps": "Rang the farm."}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def dora(handler: Handler) -> Actor:
    return a_data_protection_officer(handler.store)


@pytest.fixture
def morgan(handler: Handler) -> Actor:
    """A second manager, whom nothing is about."""
    return a_second_manager(handler)


@pytest.fixture
def breach(handler: Handler, dora: Actor, morgan: Actor) -> str:
    """One that is about MAGDA."""
    return report(handler, about_managers=[MAGDA.id])


def listed(handler: Handler, actor: Actor) -> list[str]:
    wanted = CaseFilter(workflow="data_breach", shown_to=actor.id)
    with handler.store.reading() as connection:
        assert count_cases(connection, wanted) == sum((count_by_state(connection, wanted) or {}).values())
        return [row.reference for row in list_cases(connection, wanted, limit=10)]


def work(handler: Handler, actor: Actor) -> set[str]:
    with handler.store.reading() as connection:
        return {row.reference for row in work_of(connection, actor, limit=50)}


def written_to(handler: Handler, email: str) -> list[str]:
    with handler.store.reading() as connection:
        wanted = select(messages.c.notice).where(messages.c.to_email == email).order_by(messages.c.id)
        return list(connection.execute(wanted).scalars())


def test_whom_it_is_about_finds_no_such_case_and_another_manager_does_their_part(
    handler: Handler, breach: str, morgan: Actor
) -> None:
    with pytest.raises(NotFound):
        handler.fire(breach, "take_on", TAKEN, actor=MAGDA, now=MONDAY)

    handler.fire(breach, "take_on", TAKEN, actor=morgan, now=MONDAY)

    assert case(handler, breach).state == "assessing"


def test_it_is_in_no_list_of_theirs(handler: Handler, breach: str, morgan: Actor) -> None:
    other = report(handler)

    assert set(listed(handler, morgan)) == {breach, other}
    assert listed(handler, MAGDA) == [other]


def test_they_get_no_email_of_it_and_the_other_manager_does(handler: Handler, breach: str, morgan: Actor) -> None:
    pass_to(handler, NEXT_WEEK)

    assert {"data_breach/hours_left", "data_breach/time_is_up"} <= set(written_to(handler, "morgan@council.example"))
    assert written_to(handler, EMAILS[MAGDA]) == []


def test_none_of_its_work_is_theirs(handler: Handler, breach: str, morgan: Actor) -> None:
    pass_to(handler, MONDAY + timedelta(hours=30))

    assert breach in work(handler, morgan)
    assert work(handler, MAGDA) == set()


def test_its_emails_are_in_no_list_of_theirs(handler: Handler, breach: str, morgan: Actor) -> None:
    with handler.store.writing() as connection:
        writing = Writing(handler.letters, handler.library.council, MONDAY)
        to = To("Dan", "dan@elsewhere.example")
        queue_letter(connection, dict(writing.letter("not_marked", to, "/", session="Monday", count=1, by="noon")))
    for person, theirs in ((morgan, 3), (MAGDA, 1)):
        ways = {name: ways_to_see(handler.library.current(name), person) for name in handler.library.sources}
        wanted = Sought(seen_by=(person.id or 0, ways))
        with handler.store.reading() as connection:
            assert len(list_letters(connection, wanted, limit=10)) == count_letters(connection, wanted) == theirs


def test_what_the_nightly_check_finds_of_it_is_not_told_them(handler: Handler, breach: str, morgan: Actor) -> None:
    pass_to(handler, MONDAY + timedelta(days=2))
    night = datetime(2026, 11, 4, 4, 0, tzinfo=UTC)
    for _ in checking(handler, lambda: night, lambda: night):
        pass
    list(telling(handler, night + timedelta(hours=5)))

    (finding,) = about(handler, "urgent_undone")
    with pytest.raises(NotFound):
        handler.fire(finding.task_case, "note_it", {"done": "Seen to."}, actor=MAGDA, now=night)
    handler.fire(finding.task_case, "note_it", {"done": "Seen to."}, actor=morgan, now=night)
    assert "finding/work_left_undone" in written_to(handler, "morgan@council.example")
    assert written_to(handler, EMAILS[MAGDA]) == []
    assert about(handler, "urgent_undone", MAGDA) == []
    with handler.store.reading() as connection:
        assert "urgent_undone" not in standing_by_kind(connection, shown_to=MAGDA.id)


def about(handler: Handler, kind: str, reader: Actor | None = None) -> list[Any]:
    with handler.store.reading() as connection:
        found = standing_findings(connection, limit=20, offset=0, shown_to=reader.id if reader else None)
    return [row for row in found if row.kind == kind]


def test_whoever_deals_with_it_can_say_later_whom_it_is_about_and_their_work_is_anybody_s_again(
    handler: Handler, dora: Actor, morgan: Actor
) -> None:
    breach = report(handler)
    pass_to(handler, MONDAY + timedelta(hours=5))
    (late,) = (task for task in case(handler, breach).tasks if task.role == "manager")
    handler.claim(breach, late.id, actor=MAGDA, now=MONDAY)

    handler.fire(breach, "whom_it_is_about", {"about_managers": [MAGDA.id]}, actor=dora, now=MONDAY)

    (late,) = (task for task in case(handler, breach).tasks if task.role == "manager")
    assert late.claimed_by is None
    assert work(handler, MAGDA) == set()
    assert breach in work(handler, morgan)


def test_whoever_has_the_case_has_it_no_longer_once_it_is_about_them(
    handler: Handler, dora: Actor, morgan: Actor
) -> None:
    breach = report(handler)
    handler.fire(breach, "take_on", TAKEN, actor=dora, now=MONDAY)
    assert case(handler, breach).assigned_to == dora.id

    handler.fire(breach, "whom_it_is_about", {"about_officers": [dora.id]}, actor=morgan, now=MONDAY)

    after = case(handler, breach)
    assert after.assigned_to is None
    assert all(task.claimed_by is None for task in after.tasks)


def test_they_see_it_again_once_it_turns_out_not_to_be_about_them(handler: Handler, breach: str, dora: Actor) -> None:
    handler.fire(breach, "whom_it_is_about", {"about_managers": []}, actor=dora, now=MONDAY)

    assert listed(handler, MAGDA) == [breach]
    handler.fire(breach, "take_on", TAKEN, actor=MAGDA, now=MONDAY)


def test_somebody_is_always_left_to_deal_with_it(handler: Handler, dora: Actor) -> None:
    with pytest.raises(Blocked, match="Somebody has to be able to deal with this"):
        report(handler, about_managers=[MAGDA.id], about_officers=[dora.id])

    report(handler, about_managers=[MAGDA.id])


def test_whoever_reports_what_they_did_themselves_reads_their_report_and_nothing_more(
    handler: Handler, dora: Actor, morgan: Actor
) -> None:
    breach = report(handler, MAGDA, about_managers=[MAGDA.id], reporter_name=MAGDA.name, reporter_email=EMAILS[MAGDA])
    as_reporter = Actor(MAGDA.id, MAGDA.name, frozenset({"manager", "reporter"}))

    snapshot, definition = case(handler, breach), handler.library.current("data_breach")
    assert may_see(definition, snapshot, as_reporter)
    assert acting_on(definition, snapshot, as_reporter).roles == {"reporter"}
    with pytest.raises(NotFound):
        handler.fire(breach, "take_on", TAKEN, actor=MAGDA, now=MONDAY)


def test_one_that_is_opened_again_is_hidden_from_the_same_people(handler: Handler, breach: str, dora: Actor) -> None:
    handler.fire(breach, "no_breach", {"no_breach_because": "It was encrypted."}, actor=dora, now=MONDAY)
    later = {"what_came_out": "It was not.", "more_on": MONDAY.date().isoformat(), "more_at": "09:00"}
    do(handler, breach, "was_one", dora, now=MONDAY, **later)

    assert listed(handler, MAGDA) == []
    assert len(listed(handler, dora)) == 2


def told_to_take_on(handler: Handler) -> list[str]:
    with handler.store.reading() as connection:
        wanted = select(messages.c.to_email).where(messages.c.notice == "data_breach/to_take_on")
        return sorted(connection.execute(wanted).scalars())


def test_one_that_is_about_who_deals_with_breaches_is_told_to_the_others_and_not_to_the_mailbox_they_share(
    handler: Handler, dora: Actor
) -> None:
    roles = ("data_protection_officer",)
    with handler.store.writing() as connection:
        add_person(connection, name="Dev Data", email="dev@council.example", roles=roles, agency=None, now=MONDAY)
    report(handler, about_officers=[dora.id])

    assert told_to_take_on(handler) == ["dev@council.example"]


def test_where_nobody_else_deals_with_breaches_the_managers_whom_it_is_not_about_are_told(
    handler: Handler, dora: Actor, morgan: Actor
) -> None:
    report(handler, about_officers=[dora.id], about_managers=[MAGDA.id])

    assert told_to_take_on(handler) == ["morgan@council.example"]


def test_one_that_is_about_a_manager_alone_is_told_to_the_mailbox(handler: Handler, breach: str) -> None:
    assert told_to_take_on(handler) == ["data.protection@council.example"]
