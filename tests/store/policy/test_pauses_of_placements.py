"""A placement that its case pauses has the days on record, by the commit of each event that says so."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import NotAllowed
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.handler import Handler
from apflow.loader import Library
from apflow.provision.pauses import Pause
from apflow.store.driver.engine import Store
from apflow.store.records.pauses import pauses_of
from apflow.store.tables.records import record_changes
from apflow.testing import MAGDA, MONDAY, PAT, a_handler
from apflow.versions.moving import Move, moved, moved_back, version_to
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.versions import changed

SAID: dict[str, dict[str, Any]] = {
    "pause": {"standing_because": "We look into it.", "meanwhile": "The school."},
    "resume": {"is_safe": True},
    "it_goes_on": {"found_at_once": "Safe.", "in_place": "Two staff.", "own_checks": True},
}
CALLED = {"called_because": "The council removed it."}
INDUCTED = {"inducted_on": "2026-11-02", "given_by": "Pat", "health_and_safety": True, "who_to_tell": True}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


@pytest.fixture
def reference(handler: Handler, hill: Actor) -> str:
    return running(handler, hill)


def running(handler: Handler, hill: Actor) -> str:
    """A placement that has begun."""
    _, site = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, hill, starts_on="2026-11-02")
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    handler.fire(reference, "record_induction", INDUCTED, actor=PAT, now=MONDAY)
    return reference


def on(days: int) -> datetime:
    return MONDAY + timedelta(days=days)


def pauses(store: Store) -> list[Pause]:
    with store.reading() as connection:
        return pauses_of(connection, [1]).get(1, [])


def test_each_pause_is_on_record_with_its_own_days(store: Store, handler: Handler, hill: Actor, reference: str) -> None:
    assert pauses(store) == []
    for event, days in (("pause", 1), ("resume", 8), ("pause", 14)):
        handler.fire(reference, event, SAID[event], actor=hill, now=on(days))

    assert pauses(store) == [Pause(date(2026, 11, 3), date(2026, 11, 10)), Pause(date(2026, 11, 16))]
    with store.reading() as connection:
        query = select(record_changes).where(record_changes.c.kind == "placement").order_by(record_changes.c.id)
        changes = connection.execute(query).all()[1:]
    assert [(row.fields, row.actor_name) for row in changes] == [
        ({"paused_on": [None, "2026-11-03"]}, hill.name),
        ({"resumed_on": [None, "2026-11-10"]}, hill.name),
        ({"paused_on": [None, "2026-11-16"]}, hill.name),
    ]


def test_a_day_is_the_one_that_it_is_in_london(store: Store, handler: Handler, hill: Actor, reference: str) -> None:
    summer_night = datetime.fromisoformat("2027-05-03T23:30:00+00:00")
    handler.fire(reference, "pause", SAID["pause"], actor=hill, now=summer_night)

    assert pauses(store) == [Pause(date(2027, 5, 4))]


def test_who_goes_on_the_same_day_is_not_away_and_who_pauses_again_is(
    store: Store, handler: Handler, hill: Actor, reference: str
) -> None:
    for event, hours in (("pause", 0), ("resume", 1)):
        handler.fire(reference, event, SAID[event], actor=hill, now=MONDAY + timedelta(hours=hours))
    assert pauses(store) == [Pause(date(2026, 11, 2), date(2026, 11, 2))]

    handler.fire(reference, "pause", SAID["pause"], actor=hill, now=MONDAY + timedelta(hours=2))

    assert pauses(store) == [Pause(date(2026, 11, 2))]


def test_a_decision_that_is_asked_for_at_once_does_not_end_a_pause_and_that_it_goes_on_does(
    store: Store, handler: Handler, hill: Actor, reference: str
) -> None:
    handler.fire(reference, "pause", SAID["pause"], actor=hill, now=on(1))
    handler.fire(reference, "called_to_decide", CALLED, actor=THE_CLOCK, now=on(2))
    assert pauses(store) == [Pause(date(2026, 11, 3))]
    handler.fire(reference, "pause", SAID["pause"], actor=hill, now=on(3))
    handler.fire(reference, "called_to_decide", CALLED, actor=THE_CLOCK, now=on(4))
    assert pauses(store) == [Pause(date(2026, 11, 3))]

    handler.fire(reference, "it_goes_on", SAID["it_goes_on"], actor=hill, now=on(7))

    assert pauses(store) == [Pause(date(2026, 11, 3), date(2026, 11, 9))]


def test_one_that_ends_while_it_is_paused_stays_so_to_its_last_day(
    store: Store, handler: Handler, hill: Actor, reference: str
) -> None:
    handler.fire(reference, "pause", SAID["pause"], actor=hill, now=on(1))
    said = {"ends_on": "2026-11-20", "standing_because": "No.", "reflections": "Goats.", "kept_for": "six_years"}
    handler.fire(reference, "break_off", said | {"meanwhile": "The school."}, actor=hill, now=on(18))

    assert pauses(store) == [Pause(date(2026, 11, 3))]


def test_who_may_not_pause_it_leaves_no_pause(store: Store, handler: Handler, reference: str) -> None:
    with pytest.raises(NotAllowed):
        handler.fire(reference, "pause", SAID["pause"], actor=PAT, now=on(2))

    assert pauses(store) == []


def test_a_case_of_an_older_text_is_paused_once_it_is_moved_since_it_entered_the_state_until_moved_back(
    store: Store, library: Library
) -> None:
    paused = library.sources["placement"].text.partition("  paused: ")[2].partition("\n\n")[0]
    older = a_handler(store, changed(library, (f"  paused: {paused}\n", ""), workflow="placement"))
    hill = a_school_with_an_account(older, "Hill School", "999901", "sally@hill-school.example")
    reference = running(older, hill)
    older.fire(reference, "pause", SAID["pause"], actor=hill, now=on(1))
    assert pauses(store) == []

    newer = a_handler(store, library)
    move = Move(version_to(newer, "placement", None), MAGDA, on(3))
    assert [told.how for told in moved(newer, move, [reference])] == ["moved"]
    assert pauses(store) == [Pause(date(2026, 11, 3))]

    assert [told.how for told in moved_back(newer, MAGDA, on(4), [reference])] == ["back"]
    assert pauses(store) == [Pause(date(2026, 11, 3), date(2026, 11, 6))]
