"""A self-assessment that never comes: the council looks again, also once somebody has answered for it."""

from datetime import timedelta

import pytest

from apflow.core.people.actor import THE_CLOCK
from apflow.handler import Handler
from apflow.testing import MONDAY, OLIVE
from tests.quality import case, pass_to

ABOUT = {"organisation": "Made Up Farm", "contact_name": "Pat", "contact_email": "pat@made-up-farm.example"}


@pytest.fixture
def reference(handler: Handler) -> str:
    return handler.open_case("self_assessment", "begin", ABOUT, actor=THE_CLOCK, now=MONDAY).reference


def officers_work(handler: Handler, reference: str) -> list[str]:
    return [task.name for task in case(handler, reference).tasks if task.role == "officer"]


def test_an_officer_looks_again_after_having_answered_for_it(handler: Handler, reference: str) -> None:
    answered = MONDAY + timedelta(weeks=9)
    pass_to(handler, answered)
    (task,) = (task for task in case(handler, reference).tasks if task.name == "overdue_hand_in_due")
    handler.complete(reference, task.id, "They say next week.", actor=OLIVE, now=answered)
    assert officers_work(handler, reference) == []

    pass_to(handler, answered + timedelta(weeks=6))

    assert officers_work(handler, reference) == ["overdue_hand_in_due"]


def test_an_officer_who_has_not_answered_yet_has_it_once(handler: Handler, reference: str) -> None:
    pass_to(handler, MONDAY + timedelta(weeks=30))

    assert officers_work(handler, reference) == ["overdue_hand_in_due"]
