"""Papers of a provider that run out one after another: each reminder names all of them, so that none is forgotten."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from apflow.core.days.calendar import LONDON
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT, a_handler, a_staged_file, add_people, leave
from tests.brought import bring_to
from tests.quality import do, pass_to

RUN_OUT = {
    "public_liability": ("2026-12-24", "Thursday 24 December 2026"),
    "professional_indemnity": ("2026-12-27", "Sunday 27 December 2026"),
    "employers_liability": ("2027-01-02", "Saturday 2 January 2027"),
}
LATER = "2027-10-01"


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    reference = bring_to(handler, "approved")
    for item, (day, _) in RUN_OUT.items():
        send(handler, reference, item, day)
    return reference


def send(handler: Handler, reference: str, item: str, expires_on: str, now: datetime = MONDAY) -> None:
    file = a_staged_file(handler.store, PAT, now=now)
    do(handler, reference, "supply", PAT, now=now, item=item, file=file, expires_on=expires_on)
    do(handler, reference, "accept", OLIVE, now=now, item=item)


def reminders(handler: Handler, notice: str = "provider/document_runs_out") -> list[str]:
    with handler.store.reading() as connection:
        query = select(messages.c.text).where(messages.c.notice == notice)
        return list(connection.execute(query.order_by(messages.c.id)).scalars())


def test_a_paper_that_runs_out_days_after_another_is_in_every_reminder_of_that_one(
    handler: Handler, provider: str
) -> None:
    pass_to(handler, datetime(2026, 12, 23, 12, tzinfo=LONDON))

    told = reminders(handler)
    assert len(told) == 3, "four, two and one weeks before the first; eight weeks before had passed"
    for text in told:
        assert all(day in text for _, day in RUN_OUT.values())


def test_one_that_was_renewed_is_named_no_more_and_the_next_has_its_own_reminders(
    handler: Handler, provider: str
) -> None:
    pass_to(handler, datetime(2026, 11, 30, 12, tzinfo=LONDON))
    send(handler, provider, "public_liability", LATER, datetime(2026, 11, 30, 12, tzinfo=LONDON))
    before = len(reminders(handler))

    pass_to(handler, datetime(2026, 12, 23, 12, tzinfo=LONDON))

    told = reminders(handler)[before:]
    assert told
    for text in told:
        assert "24 December" not in text
        assert "1 October" not in text
        assert "27 December" in text
        assert "2 January" in text


def test_what_has_run_out_already_is_not_among_what_will(handler: Handler, provider: str) -> None:
    pass_to(handler, datetime(2026, 12, 25, tzinfo=LONDON))
    before = len(reminders(handler))

    pass_to(handler, datetime(2027, 1, 1, 12, tzinfo=LONDON))

    later = reminders(handler)[before:]
    assert later
    assert all("24 December" not in text.partition("have run out already")[0] for text in later)


def test_what_runs_out_in_half_a_year_is_not_named_yet(handler: Handler, provider: str) -> None:
    send(handler, provider, "employers_liability", "2027-05-01")

    pass_to(handler, MONDAY + timedelta(days=50))

    assert reminders(handler)
    assert all("1 May" not in text for text in reminders(handler))


def test_whoever_is_approved_days_before_a_paper_runs_out_reads_it_there_as_no_reminder_is_left(
    handler: Handler,
) -> None:
    reference = bring_to(handler, "visit")
    send(handler, reference, "employers_liability", "2026-11-05")
    leave(handler, reference, "visit")

    (told,) = reminders(handler, "provider/approved")
    assert "before Thursday 5 November 2026, when it runs out: Employers" in told
    assert reminders(handler) == []
