"""A provider tells everybody who has a pupil there of new staff once, and confirms their checks in writing."""

from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Invalid
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, PAT, a_handler, add_people
from tests.quality import do
from tests.removal import a_provider_with_pupils, a_register

SCHOOLS = tuple(f"Invented School {number:03}" for number in range(2, 5))
NEW: dict[str, Any] = {
    "new_staff_from": MONDAY.date().isoformat(),
    "new_staff_roles": "One tutor and two volunteers",
    "new_staff_checked": True,
    "new_staff_trained": True,
}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    """One on the list, with a pupil of each of three schools of the twelve on the register."""
    a_register(handler, 12)
    return a_provider_with_pupils(handler, *SCHOOLS)


def test_whoever_has_pupils_there_has_it_in_writing_and_nobody_else(handler: Handler, provider: str) -> None:
    do(handler, provider, "tell_of_new_staff", PAT, now=MONDAY, **NEW)
    with handler.store.reading() as connection:
        query = select(messages).where(messages.c.notice == "provider/new_staff").order_by(messages.c.id)
        rows = connection.execute(query).all()
    assert [row.to_email for row in rows] == [f"office{number}@schools.example" for number in range(2, 5)]
    for body in (body for row in rows for body in (row.text, row.html)):
        assert "One tutor and two volunteers" in body
        assert "confirms to you in writing" in body


@pytest.mark.parametrize("question", ["new_staff_checked", "new_staff_trained"])
def test_it_is_not_told_without_the_checks(handler: Handler, provider: str, question: str) -> None:
    with pytest.raises(Invalid) as refused:
        do(handler, provider, "tell_of_new_staff", PAT, now=MONDAY, **{**NEW, question: False})
    assert list(refused.value.errors) == [question]
