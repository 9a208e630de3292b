"""A paper that has run out: its provider is told so, in the order of the days, and later a manager hears of it."""

from datetime import datetime

import pytest
from sqlalchemy import select

from apflow.core.days.calendar import LONDON
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT, a_handler, a_staged_file, add_people
from tests.brought import bring_to
from tests.quality import do, pass_to

ON_THE_LIST = {
    "organisation": "Made Up Forge",
    "contact_name": "Pat Provider",
    "contact_email": "pat@made-up-farm.example",
    "postcode": "BA1 1AA",
    "registration": "not_needed",
    "description": "Metalwork.",
    "ages": ["ks4"],
    "places": ["bath"],
    "subjects": ["trades"],
    "needs": ["semh"],
    "days": ["monday"],
    "listed_since": "2026-01-01",
}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    """The paper that comes last in the list of documents runs out first."""
    reference = bring_to(handler, "approved")
    send(handler, reference, "employers_liability", "2026-11-24")
    send(handler, reference, "public_liability", "2027-01-02")
    return reference


def send(handler: Handler, reference: str, item: str, expires_on: str, now: datetime = MONDAY) -> None:
    file = a_staged_file(handler.store, PAT, now=now)
    do(handler, reference, "supply", PAT, now=now, item=item, file=file, expires_on=expires_on)
    do(handler, reference, "accept", OLIVE, now=now, item=item)


def told(handler: Handler, notice: str) -> list[tuple[str, str, str]]:
    with handler.store.reading() as connection:
        query = select(messages).where(messages.c.notice == f"provider/{notice}").order_by(messages.c.id)
        return [(row.to_email, row.text, row.html) for row in connection.execute(query)]


def at(month: int, day: int) -> datetime:
    return datetime(2027 if month < 9 else 2026, month, day, 12, tzinfo=LONDON)


def test_a_provider_is_told_that_a_paper_has_run_out_and_asked_again(handler: Handler, provider: str) -> None:
    pass_to(handler, at(11, 25))
    (first,) = told(handler, "document_ran_out")
    assert first[0] == "pat@made-up-farm.example"
    assert "Tuesday 24 November 2026" in first[1]
    assert "Saturday 2 January 2027" not in first[1]

    pass_to(handler, at(12, 31))

    assert len(told(handler, "document_ran_out")) == 3


def test_the_next_reminder_says_as_well_what_has_run_out_already(handler: Handler, provider: str) -> None:
    pass_to(handler, at(12, 28))

    for text in told(handler, "document_runs_out")[-1][1:]:
        runs_out, ran_out = text.split("have run out already")
        assert "Saturday 2 January 2027" in runs_out
        assert "Tuesday 24 November 2026" in ran_out


def test_what_runs_out_is_listed_by_the_day(handler: Handler, provider: str) -> None:
    pass_to(handler, at(11, 18))

    for text in told(handler, "document_runs_out")[-1][1:]:
        assert text.index("Tuesday 24 November 2026") < text.index("Saturday 2 January 2027")


def test_a_manager_hears_of_it_once_the_provider_was_asked_twice(handler: Handler, provider: str) -> None:
    pass_to(handler, at(12, 1))
    assert told(handler, "document_is_still_out") == []

    pass_to(handler, at(12, 4))

    ((email, text, _),) = told(handler, "document_is_still_out")
    assert email == "magda@council.example"
    assert "Tuesday 24 November 2026" in text


def test_nobody_is_asked_for_a_paper_that_was_renewed(handler: Handler, provider: str) -> None:
    pass_to(handler, at(11, 25))
    send(handler, provider, "employers_liability", "2027-11-24", at(11, 25))

    pass_to(handler, at(12, 31))

    assert len(told(handler, "document_ran_out")) == 1
    assert told(handler, "document_is_still_out") == []


def work(handler: Handler, reference: str) -> list[str]:
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return sorted(task.name for task in case.tasks if task.role in ("provider", "manager"))


def test_however_often_a_paper_is_asked_for_the_provider_and_a_manager_have_one_task_each(
    handler: Handler, provider: str
) -> None:
    send(handler, provider, "public_liability", "2027-10-02")
    pass_to(handler, at(12, 31))

    assert work(handler, provider) == ["overdue_run_out", "overdue_run_out_for_manager"]

    send(handler, provider, "employers_liability", "2027-11-24", at(12, 31))

    assert work(handler, provider) == []


def test_a_paper_that_ran_out_long_ago_is_asked_for_once_in_one_night(handler: Handler) -> None:
    taken_over = handler.open_case("provider", "take_over", ON_THE_LIST, actor=OLIVE, now=MONDAY).reference
    item = "employers_liability"
    do(handler, taken_over, "record_as_checked", OLIVE, now=MONDAY, item=item, expires_on="2026-09-01")
    pass_to(handler, at(11, 4))

    assert work(handler, taken_over) == ["overdue_run_out", "overdue_run_out_for_manager"]
    assert len(told(handler, "document_ran_out")) == 1
    assert len(told(handler, "document_is_still_out")) == 1
