"""The day set by law for a pupil without education is watched until the pupil is there, a recorded start or not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.outbox import messages_of
from apflow.testing import MONDAY, PAT, a_handler, add_people
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

BEFORE = datetime(2026, 11, 9, 9, tzinfo=UTC)  # Of each of those below the law's day is the 10th.
AFTER = datetime(2026, 11, 11, 9, tzinfo=UTC)
LATE = {"starts_on": "2026-11-30", "first_review_on": "2026-12-14", "next_report_on": "2026-12-07"}
IN_TIME = {"starts_on": "2026-11-09"}
RUNS = datetime(2026, 12, 1, 9, tzinfo=UTC)
EXCLUDED = {"kind": "excluded", "permanently_excluded_on": "2026-10-23"}
FOR_LAW = [
    pytest.param(EXCLUDED, "sixth_day_excluded", id="excluded"),
    pytest.param({"kind": "excluded", "suspended_on": "2026-10-30"}, "sixth_day_suspended", id="suspended"),
    pytest.param({"kind": "health", "missed_from": "2026-10-13"}, "fifteenth_day", id="health"),
]
INDUCTED: dict[str, Any] = {
    "inducted_on": MONDAY.date().isoformat(),
    "given_by": "Pat",
    "health_and_safety": True,
    "who_to_tell": True,
}
PAUSED = {"standing_because": "No bus.", "meanwhile": "The school"}
MATTER = {"in_short": "A bruise", "matter": "A bruise was seen."}
ENDS = {"until": "2026-11-13", "found_at_once": "It cannot be safe."}
GOES_ON = {"found_at_once": "It was an accident.", "in_place": "Two adults.", "own_checks": True}


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


def started(handler: Handler, said: dict[str, Any], plan: dict[str, Any]) -> tuple[str, Actor]:
    _, place = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), place, **said)
    prepare(handler, reference, school, **plan)
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    return reference, school


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def told(handler: Handler, reference: str, notice: str, role: str) -> int:
    with handler.store.reading() as connection:
        return sum(
            row.notice == f"placement/{notice}" and row.to_email.startswith(role)
            for row in messages_of(connection, reference)
        )


def work(handler: Handler, reference: str) -> set[tuple[str, str]]:
    return {(task.name, task.role) for task in case(handler, reference).tasks}


@pytest.mark.parametrize(("said", "_clock"), FOR_LAW)
def test_a_day_before_the_first_day_is_told_as_the_start_is_recorded_and_when_it_passes(
    handler: Handler, said: dict[str, Any], _clock: str
) -> None:
    reference, _ = started(handler, said, LATE)

    assert ("begins_after_law_day", "officer") in work(handler, reference), "at once, and not when it is too late"
    assert told(handler, reference, "work_overdue", "magda") == 0
    fire_due(handler, BEFORE, machine_now=lambda: BEFORE)
    assert told(handler, reference, "due_soon", "sally") == 1, "a school day before it"
    fire_due(handler, AFTER, machine_now=lambda: AFTER)

    assert told(handler, reference, "work_overdue", "magda") == 1
    assert ("overdue_due_before_it_begins", "manager") in work(handler, reference)


@pytest.mark.parametrize(("said", "_clock"), FOR_LAW)
def test_a_placement_that_begins_by_the_day_is_not_asked_about_it(
    handler: Handler, said: dict[str, Any], _clock: str
) -> None:
    reference, _ = started(handler, said, IN_TIME)
    fire_due(handler, AFTER, machine_now=lambda: AFTER)

    assert told(handler, reference, "work_overdue", "magda") == 0
    assert ("begins_after_law_day", "officer") not in work(handler, reference)


@pytest.mark.parametrize(("said", "clock"), FOR_LAW)
def test_one_that_is_paused_before_its_first_day_is_told_of_the_day_that_passes(
    handler: Handler, said: dict[str, Any], clock: str
) -> None:
    reference, school = started(handler, said, IN_TIME)
    handler.fire(reference, "pause", PAUSED, actor=school, now=MONDAY)
    fire_due(handler, AFTER, machine_now=lambda: AFTER)

    assert told(handler, reference, "work_overdue", "magda") == 1
    assert (f"overdue_{clock}_while_paused", "manager") in work(handler, reference)


@pytest.mark.parametrize(("said", "clock"), FOR_LAW)
@pytest.mark.parametrize("to_its_end", [False, True], ids=["being decided on", "ending"])
def test_the_day_is_watched_on_while_a_paused_one_is_decided_on_or_ends(
    handler: Handler, said: dict[str, Any], clock: str, to_its_end: bool
) -> None:
    reference, school = started(handler, said, IN_TIME)
    handler.fire(reference, "pause", PAUSED, actor=school, now=MONDAY)
    handler.fire(reference, "safeguarding_matter", MATTER, actor=PAT, now=MONDAY)
    if to_its_end:
        handler.fire(reference, "decide_to_end", ENDS, actor=school, now=MONDAY)
    watched = case(handler, reference).deadlines[f"{clock}_while_paused"]
    assert BEFORE < watched.due_at < AFTER
    fire_due(handler, BEFORE, machine_now=lambda: BEFORE)
    assert told(handler, reference, "due_soon", "sally") >= 1
    fire_due(handler, AFTER, machine_now=lambda: AFTER)

    assert (f"overdue_{clock}_while_paused", "manager") in work(handler, reference)
    assert case(handler, reference).state == ("ending" if to_its_end else "urgent_review")


def test_what_was_told_while_it_was_paused_stays_work_and_is_not_told_again_while_it_is_decided_on(
    handler: Handler,
) -> None:
    reference, school = started(handler, EXCLUDED, IN_TIME)
    handler.fire(reference, "pause", PAUSED, actor=school, now=MONDAY)
    fire_due(handler, AFTER, machine_now=lambda: AFTER)
    handler.fire(reference, "safeguarding_matter", MATTER, actor=PAT, now=AFTER)
    fire_due(handler, AFTER + timedelta(minutes=5), machine_now=lambda: AFTER + timedelta(minutes=5))

    assert told(handler, reference, "work_overdue", "magda") == 1
    assert ("overdue_sixth_day_excluded_while_paused", "manager") in work(handler, reference)


@pytest.mark.parametrize("was_paused", [False, True], ids=["never paused", "paused, and begun again"])
def test_one_that_is_not_paused_is_not_asked_about_the_day_while_it_is_decided_on(
    handler: Handler, was_paused: bool
) -> None:
    reference, school = started(handler, EXCLUDED, IN_TIME)
    if was_paused:
        handler.fire(reference, "pause", PAUSED, actor=school, now=MONDAY)
        handler.fire(reference, "begin_after_pause", {"is_safe": True}, actor=school, now=MONDAY)
    handler.fire(reference, "safeguarding_matter", MATTER, actor=PAT, now=MONDAY)
    assert not [name for name in case(handler, reference).deadlines if name.endswith("_while_paused")]


def test_it_is_asked_about_no_longer_once_it_may_begin(handler: Handler) -> None:
    reference, school = started(handler, EXCLUDED, IN_TIME)
    handler.fire(reference, "pause", PAUSED, actor=school, now=MONDAY)
    handler.fire(reference, "safeguarding_matter", MATTER, actor=PAT, now=MONDAY)
    handler.fire(reference, "it_may_begin", GOES_ON, actor=school, now=MONDAY)
    assert case(handler, reference).fields.get("meanwhile") is None
    fire_due(handler, AFTER, machine_now=lambda: AFTER)
    assert told(handler, reference, "work_overdue", "magda") == 0


def test_one_that_begins_after_the_day_has_one_task_of_it_while_a_paused_one_is_decided_on(handler: Handler) -> None:
    reference, school = started(handler, EXCLUDED, LATE)
    handler.fire(reference, "pause", PAUSED, actor=school, now=MONDAY)
    handler.fire(reference, "safeguarding_matter", MATTER, actor=PAT, now=MONDAY)
    fire_due(handler, AFTER, machine_now=lambda: AFTER)

    by_law = {"overdue_due_before_it_begins", "overdue_sixth_day_excluded_while_paused"}
    assert len([name for name, _ in work(handler, reference) if name in by_law]) == 1


@pytest.mark.parametrize("plan", [IN_TIME, LATE], ids=["in time", "late"])
def test_one_that_has_run_and_is_paused_long_after_the_day_is_not_asked_about_it(
    handler: Handler, plan: dict[str, Any]
) -> None:
    reference, school = started(handler, EXCLUDED, plan)
    handler.fire(reference, "record_induction", INDUCTED, actor=PAT, now=MONDAY)
    fire_due(handler, RUNS, machine_now=lambda: RUNS)
    before = told(handler, reference, "work_overdue", "magda")
    handler.fire(reference, "pause", PAUSED, actor=school, now=RUNS)
    handler.fire(reference, "resume", {"is_safe": True}, actor=school, now=RUNS)
    fire_due(handler, RUNS + timedelta(minutes=5), machine_now=lambda: RUNS + timedelta(minutes=5))

    assert told(handler, reference, "work_overdue", "magda") == before
    assert not [name for name, role in work(handler, reference) if role == "manager"]


def test_one_that_begins_after_the_day_is_told_of_it_once_while_it_is_paused(handler: Handler) -> None:
    reference, school = started(handler, EXCLUDED, LATE)
    handler.fire(reference, "record_induction", INDUCTED, actor=PAT, now=MONDAY)
    handler.fire(reference, "pause", PAUSED, actor=school, now=MONDAY)
    fire_due(handler, AFTER, machine_now=lambda: AFTER)

    assert told(handler, reference, "work_overdue", "magda") == 1


def test_the_officer_s_letter_of_the_start_does_not_say_that_there_is_nothing_to_do(handler: Handler) -> None:
    reference, _ = started(handler, EXCLUDED, LATE)

    with handler.store.reading() as connection:
        rows = messages_of(connection, reference)
    (text,) = [row.text for row in rows if row.notice == "placement/starts_staff"]
    assert "Nothing" not in text
    assert "see what the pupil has from that day until then" in text.replace("\n", " ")
