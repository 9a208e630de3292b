"""What asks somebody to see to a case is hidden from whomever the case is hidden from, also if that is said later."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import delete, select, update

from apflow.core.errors import NotFound
from apflow.core.people.actor import Actor
from apflow.core.standing import URGENT_UNDONE
from apflow.handler import Handler
from apflow.rounds.left_undone import telling
from apflow.rounds.nightly import checking
from apflow.store.driver.engine import Store
from apflow.store.findings import standing_findings
from apflow.store.reading.history import history_of
from apflow.store.reading.letters import Sought, is_letter_shown, list_letters
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.store.reading.work import work_of
from apflow.store.tables.cases import cases, hidden_cases
from apflow.store.tables.messages import messages
from apflow.store.tables.people import people
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, a_handler, add_people
from tests.breaches import a_data_protection_officer, report
from tests.brought import bring_to
from tests.quality import case, pass_to
from tests.removal import a_second_manager
from tests.store.witness import at_once

NIGHT = datetime(2026, 11, 4, 4, 0, tzinfo=UTC)
MORNING = NIGHT + timedelta(hours=5)
MORGAN_S_EMAIL = "morgan@council.example"


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def dora(handler: Handler) -> Actor:
    return a_data_protection_officer(handler.store)


@pytest.fixture
def morgan(handler: Handler) -> Actor:
    return a_second_manager(handler)


@pytest.fixture
def breach(handler: Handler, dora: Actor, morgan: Actor) -> str:
    """One that is hidden from nobody, on which urgent work is left undone."""
    breach = report(handler)
    pass_to(handler, MONDAY + timedelta(days=2))
    check(handler)
    return breach


def check(handler: Handler, night: datetime = NIGHT) -> None:
    for _ in checking(handler, lambda: night, lambda: night):
        pass


def asking(handler: Handler, breach: str) -> str:
    with handler.store.reading() as connection:
        (found,) = (row for row in standing_findings(connection, limit=20, offset=0) if row.kind == URGENT_UNDONE)
    assert found.about == breach
    return str(found.task_case)


def work(handler: Handler, actor: Actor) -> set[str]:
    with handler.store.reading() as connection:
        return {row.reference for row in work_of(connection, actor, limit=50)}


def listed(handler: Handler, actor: Actor) -> list[str]:
    with handler.store.reading() as connection:
        rows = list_cases(connection, CaseFilter(workflow="finding", shown_to=actor.id), limit=10)
    return [row.reference for row in rows]


def hide(handler: Handler, breach: str, by: Actor, **whom: list[int | None]) -> None:
    handler.fire(breach, "whom_it_is_about", whom, actor=by, now=MORNING)


def test_one_that_is_hidden_later_takes_along_what_asks_for_it(
    handler: Handler, breach: str, dora: Actor, morgan: Actor
) -> None:
    finding = asking(handler, breach)
    assert finding in work(handler, MAGDA)

    hide(handler, breach, dora, about_managers=[MAGDA.id])

    assert work(handler, MAGDA) == set()
    assert listed(handler, MAGDA) == []
    with pytest.raises(NotFound):
        handler.fire(finding, "note_it", {"done": "Seen to."}, actor=MAGDA, now=MORNING)
    assert finding in work(handler, morgan)
    assert listed(handler, morgan) == [finding]


def test_what_they_had_of_it_is_anybody_s_again_and_its_history_says_so(
    handler: Handler, breach: str, dora: Actor
) -> None:
    finding = asking(handler, breach)
    (task,) = case(handler, finding).tasks
    handler.claim(finding, task.id, actor=MAGDA, now=NIGHT)

    hide(handler, breach, dora, about_managers=[MAGDA.id])

    (task,) = case(handler, finding).tasks
    assert task.claimed_by is None
    with handler.store.reading() as connection:
        assert history_of(connection, finding)[-1].name == "changed who_sees_it"


def test_no_email_of_it_goes_to_them_any_more(handler: Handler, breach: str, dora: Actor) -> None:
    told = len(letters_to(handler, MAGDA))
    hide(handler, breach, dora, about_managers=[MAGDA.id])

    pass_to(handler, NIGHT + timedelta(days=3))

    assert len(letters_to(handler, MAGDA)) == told


def letters_to(handler: Handler, person: Actor) -> list[str]:
    with handler.store.reading() as connection:
        return [row.subject for row in list_letters(connection, Sought(EMAILS[person]), limit=50)]


def test_they_see_it_again_once_the_case_is_not_about_them(handler: Handler, breach: str, dora: Actor) -> None:
    finding = asking(handler, breach)
    hide(handler, breach, dora, about_managers=[MAGDA.id])

    hide(handler, breach, dora, about_managers=[])

    assert finding in work(handler, MAGDA)
    handler.fire(finding, "note_it", {"done": "Seen to."}, actor=MAGDA, now=MORNING)


def test_one_that_has_ended_is_hidden_too(handler: Handler, breach: str, dora: Actor, morgan: Actor) -> None:
    finding = asking(handler, breach)
    handler.fire(finding, "leave_it", {"left_because": "It is on its way."}, actor=morgan, now=NIGHT)

    hide(handler, breach, dora, about_managers=[MAGDA.id])

    assert listed(handler, MAGDA) == []


def test_whoever_deals_with_breaches_and_is_an_officer_too_is_kept_from_it(
    handler: Handler, dora: Actor, morgan: Actor
) -> None:
    both = Actor(dora.id, dora.name, frozenset({"data_protection_officer", "officer"}))
    with handler.store.writing() as connection:
        connection.execute(update(people).where(people.c.id == dora.id).values(roles=sorted(both.roles)))
    breach = report(handler, about_officers=[dora.id])
    pass_to(handler, MONDAY + timedelta(days=2))

    check(handler)

    assert listed(handler, both) == []
    with pytest.raises(NotFound):
        handler.fire(asking(handler, breach), "note_it", {"done": "Seen to."}, actor=both, now=MORNING)
    assert listed(handler, OLIVE) == [asking(handler, breach)]


def test_the_next_night_mends_what_was_not_hidden_with_its_case(
    handler: Handler, breach: str, dora: Actor, morgan: Actor
) -> None:
    finding = asking(handler, breach)
    hide(handler, breach, dora, about_managers=[MAGDA.id])
    with handler.store.writing() as connection:  # As it was with those that were raised before.
        number = case(handler, finding).id
        connection.execute(delete(hidden_cases).where(hidden_cases.c.case_id == number))
        values = {"fields": {**case(handler, finding).fields, "not_for": []}}
        connection.execute(update(cases).where(cases.c.id == number).values(values))
    assert listed(handler, MAGDA) == [finding]

    check(handler, NIGHT + timedelta(days=1))

    assert listed(handler, MAGDA) == []


def test_raised_and_hidden_at_the_same_moment_it_is_hidden(handler: Handler, dora: Actor, morgan: Actor) -> None:
    breach = report(handler)
    pass_to(handler, MONDAY + timedelta(days=2))

    acts: list[Callable[[], None]] = [
        lambda: check(handler),
        lambda: hide(handler, breach, dora, about_managers=[MAGDA.id]),
    ]
    at_once(*acts)

    assert listed(handler, MAGDA) == []
    assert listed(handler, morgan) == [asking(handler, breach)]


def test_an_email_of_the_day_that_names_it_is_shown_to_the_others_alone(
    handler: Handler, breach: str, dora: Actor
) -> None:
    hide(handler, breach, dora, about_managers=[MAGDA.id])
    other = bring_to(handler, "enquiry")
    handler.alert(other, "mail_failed", "No such mailbox.", now=MONDAY)
    check(handler, NIGHT + timedelta(days=1))
    list(telling(handler, MORNING + timedelta(days=1)))

    (hers,) = emails_of_the_day(handler, MAGDA, EMAILS[MAGDA])
    assert other in hers
    assert breach not in hers
    (others,) = emails_of_the_day(handler, dora, MORGAN_S_EMAIL)
    assert breach in others
    assert emails_of_the_day(handler, MAGDA, MORGAN_S_EMAIL) == []


def emails_of_the_day(handler: Handler, reader: Actor, to: str) -> list[str]:
    """The texts of those that the reader may open."""
    with handler.store.reading() as connection:
        sought = Sought(to, seen_by=(reader.id or 0, {}))
        rows = [row for row in list_letters(connection, sought, limit=50) if row.case_id is None]
        every = connection.execute(select(messages.c.id, messages.c.text).where(messages.c.to_email == to))
        opened = {row.id: row.text for row in every if is_letter_shown(connection, row.id, reader.id or 0)}
    return [opened[row.id] for row in rows]
