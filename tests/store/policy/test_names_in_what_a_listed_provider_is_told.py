"""What is written to a provider on the list names no pupil who is placed there."""

from typing import Any

import pytest

from apflow.core.errors import Invalid
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, OLIVE, a_handler, add_people
from tests.brought import bring_to
from tests.quality import case, do, newest
from tests.records.council import a_placement, a_pupil, a_school, a_site

TODAY = MONDAY.date().isoformat()
NAMED = "Have Pip's file ready."
MEETING: dict[str, Any] = {
    "visit_on": TODAY,
    "visit_time": "10:30",
    "visit_place": "The farm",
    "visitors": "Olive Officer",
}
CONCERN: dict[str, Any] = {"what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}
TRIAGED: dict[str, Any] = {"category": "quality", "organisation": "Made Up Farm", "in_care": False}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def provider(handler: Handler) -> str:
    """One on the list, where Pip is placed."""
    reference = bring_to(handler, "approved")
    a_school(handler)
    a_site(handler, case(handler, reference).id or 0)
    a_placement(handler, a_pupil(handler))
    return reference


def a_visit(handler: Handler, provider: str) -> str:
    do(handler, provider, "plan_visit", now=MONDAY, kind="routine", visit_by=TODAY)
    return newest(handler, provider, "visit")


def an_arranged_visit(handler: Handler, provider: str) -> str:
    visit = a_visit(handler, provider)
    do(handler, visit, "arrange_visit", now=MONDAY, **MEETING)
    return visit


def a_concern(handler: Handler, provider: str) -> str:
    do(handler, provider, "log_concern_here", now=MONDAY, **CONCERN)
    concern = newest(handler, provider, "concern")
    do(handler, concern, "triage_other", now=MONDAY, **TRIAGED)
    return concern


@pytest.mark.parametrize(
    ("of", "event", "said", "question", "item"),
    [
        (a_visit, "arrange_visit", MEETING, "what_to_prepare", None),
        (an_arranged_visit, "call_off", {}, "why_off", None),
        (a_concern, "begin_action_plan", {}, "why", None),
        (lambda _, provider: provider, "send_back", {}, "reason", "public_liability"),
    ],
)
def test_a_pupil_who_is_placed_there_is_not_named(
    handler: Handler, provider: str, of: Any, event: str, said: dict[str, Any], question: str, item: str | None
) -> None:
    reference = of(handler, provider)

    with pytest.raises(Invalid) as refused:
        handler.fire(reference, event, {**said, question: NAMED}, actor=OLIVE, now=MONDAY, item=item)

    assert "(Pip)" in refused.value.errors[question]
