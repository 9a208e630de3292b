"""A year of quality assurance of one provider, done through the one door: what several tests begin from."""

from datetime import datetime, timedelta
from typing import Any

from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.timers import next_due
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT
from tests.removal import CONFIRMED, REASONS, a_second_manager

A_YEAR_ON = MONDAY + timedelta(days=366)
SAID = "We look at it every week"


def pass_to(handler: Handler, now: datetime) -> None:
    """Let everything happen that is due by then, and whatever comes of it."""
    while True:
        with handler.store.reading() as connection:
            due = next_due(connection)
        if due is None or due > now:
            return
        _let_act(handler, due)


def _let_act(handler: Handler, now: datetime) -> None:
    fire_due(handler, now, machine_now=lambda: now)
    hear_all(handler, machine_now=lambda: now)


def do(
    handler: Handler,
    reference: str,
    event: str,
    actor: Actor = OLIVE,
    *,
    now: datetime,
    item: str | None = None,
    **said: Any,
) -> None:
    """Fire one event and let its relatives hear of it."""
    handler.fire(reference, event, said, actor=actor, now=now, item=item)
    hear_all(handler, machine_now=lambda: now)


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def newest(handler: Handler, reference: str, kind: str) -> str:
    """The last case of the kind that this one has opened."""
    return [child.reference for child in case(handler, reference).children if child.kind == kind][-1]


def handed_in(handler: Handler, assessment: str, *, now: datetime, said: str = SAID) -> None:
    """Answer every required question and hand it in."""
    questions = handler.library.catalogues["self_assessment_questions"].items
    for key, item in questions.items():
        if item.required:
            answer = f"{said}: {item.label.lower()}."
            do(handler, assessment, "answer", PAT, now=now, item=key, judgement="partly", answer=answer)
    do(handler, assessment, "hand_in", PAT, now=now, declaration=True)


def reviewed(handler: Handler, provider: str, *, now: datetime, said: str = SAID) -> str:
    """The self-assessment that is open, handed in and reviewed."""
    assessment = newest(handler, provider, "self_assessment")
    handed_in(handler, assessment, now=now, said=said)
    do(handler, assessment, "finish_review", now=now, result="sound", findings="All is well.")
    return assessment


def leaves_the_list(handler: Handler, provider: str, *, now: datetime) -> None:
    """Two managers take the provider off the list."""
    do(handler, provider, "propose_removal", MAGDA, now=now, removal_reasons=REASONS)
    handler.fire(provider, "confirm_removal", CONFIRMED, actor=a_second_manager(handler), now=now)
    hear_all(handler, machine_now=lambda: now)


def a_visit_made(handler: Handler, provider: str, now: datetime = A_YEAR_ON) -> str:
    """A routine visit from its planning to the end of its checklist."""
    day = now.date().isoformat()
    do(handler, provider, "plan_visit", now=now, kind="routine", visit_by=day)
    visit = newest(handler, provider, "visit")
    meeting: dict[str, Any] = {
        "visit_on": day,
        "visit_time": "10:30",
        "visit_place": "The farm",
        "visitors": "Olive Officer",
    }
    do(handler, visit, "arrange_visit", now=now, **meeting)
    do(handler, visit, "took_place", now=now, visited_on=day, visitors="Olive Officer")
    for key, item in handler.library.catalogues["visit_checklist"].items.items():
        if item.required:
            do(handler, visit, "find_in_order", now=now, item=key)
    return visit


def a_filed_visit(handler: Handler, provider: str, now: datetime = A_YEAR_ON) -> str:
    """The same to its filing, every answer said not to have been looked at."""
    visit = a_visit_made(handler, provider, now)
    for key in case(handler, visit).items.get("answers", ()):
        do(handler, visit, "leave_unvalidated", now=now, item=key)
    do(handler, visit, "circulate", now=now, note="All in order.", no_surprise=True)
    do(handler, visit, "acknowledge", PAT, now=now)
    do(handler, visit, "file_note", OLIVE, now=now, retention="six_years")
    return visit
