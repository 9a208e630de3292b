"""Who covers for somebody away finds their work among their own, on those days alone, and gains no role by it."""

from datetime import UTC, datetime, timedelta

import pytest
from sqlalchemy import insert, update

from apflow import testing
from apflow.core.errors import Invalid, NotAllowed, NotOpen
from apflow.core.people.actor import Actor
from apflow.core.queue import Part
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.outbox import recent_messages
from apflow.store.people.away import away_on
from apflow.store.people.people import add_person
from apflow.store.reading.deeds import deeds_of
from apflow.store.reading.work import wanted_of, work_of
from apflow.store.records.records import changes_of
from apflow.store.tables.away import covers, times_away
from apflow.store.tables.people import people
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, OSCAR, PETRA
from tests.away import come_back, say_away
from tests.brought import bring_to
from tests.store.effort import steps
from tests.store.long_queue import add_tasks
from tests.store.witness import at_once, case_of

DAY = timedelta(days=1)
FRIDAY = MONDAY + 4 * DAY


@pytest.fixture
def reference(handler: Handler) -> str:
    """A case that Olive has, with a task to check the evidence and an alert of hers."""
    reference = bring_to(handler, "checking_evidence")
    handler.alert(reference, "mail_failed", "pat@x.example does not exist", now=MONDAY)
    return reference


@pytest.fixture
def ona(store: Store) -> Actor:
    """A third officer."""
    with store.writing() as connection:
        number = add_person(
            connection, name="Ona Officer", email="ona@bathnes.example", roles=["officer"], agency=None, now=MONDAY
        )
    return Actor(number, "Ona Officer", frozenset({"officer"}))


def seen_by(store: Store, actor: Actor, now: datetime = MONDAY) -> list[tuple[str, int | None]]:
    """What is in somebody's queue of what is theirs, and who holds it."""
    with store.reading() as connection:
        parts = (Part.OVERDUE, Part.TODAY, Part.YOURS)
        rows = [row for part in parts for row in work_of(connection, actor, wanted_of(part, now), limit=50)]
    return sorted((row.name, row.claimed_by) for row in rows if row.claimed_by is not None)


HERS = [("check_evidence", OLIVE.id), ("mail_failed", OLIVE.id)]


def test_who_covers_finds_the_work_on_those_days_of_london_and_on_no_others(
    store: Store, handler: Handler, reference: str
) -> None:
    say_away(handler, OLIVE, MONDAY + DAY, FRIDAY, OSCAR)
    midnight = datetime(2026, 11, 3, 0, 0, tzinfo=UTC)  # As in London, in winter.

    assert seen_by(store, OSCAR, midnight - timedelta(minutes=1)) == []
    assert seen_by(store, OSCAR, midnight) == HERS
    assert seen_by(store, OSCAR, FRIDAY.replace(hour=23, minute=59)) == HERS
    assert seen_by(store, OSCAR, FRIDAY.replace(hour=0) + DAY) == []
    assert seen_by(store, OLIVE) == HERS, "it stays theirs"


def test_new_work_of_theirs_appears_with_the_cover_and_stays_theirs(store: Store, handler: Handler) -> None:
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    bring_to(handler, "checking_evidence")
    assert seen_by(store, OSCAR) == [("check_evidence", OLIVE.id)]


def test_somebody_who_is_back_early_is_covered_no_more(store: Store, handler: Handler, reference: str) -> None:
    number = say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    come_back(handler, OLIVE, number)
    assert seen_by(store, OSCAR) == []
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    assert seen_by(store, OSCAR) == HERS, "and may be away again"


def test_the_cover_finishes_what_only_its_holder_could_and_the_history_says_who(
    store: Store, handler: Handler, reference: str
) -> None:
    (alert,) = (task for task in case_of(store, reference).tasks if task.name == "mail_failed")
    with pytest.raises(NotOpen):
        handler.complete(reference, alert.id, "Rang Pat.", actor=OSCAR, now=MONDAY)
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    handler.complete(reference, alert.id, "Rang Pat.", actor=OSCAR, now=MONDAY)

    assert case_of(store, reference).assigned_to == OLIVE.id
    with store.reading() as connection:
        deeds = [what for _, _, what, _ in deeds_of(connection, OSCAR.id or 0, MONDAY)]
    assert "task: completed mail_failed" in deeds
    with pytest.raises(NotOpen):
        handler.complete(reference, alert.id, "Again.", actor=OSCAR, now=FRIDAY + DAY)


def test_nobody_gains_a_role_by_covering(store: Store, handler: Handler, reference: str) -> None:
    say_away(handler, OLIVE, MONDAY, FRIDAY, MAGDA)
    (alert,) = (task for task in case_of(store, reference).tasks if task.name == "mail_failed")
    with pytest.raises(NotAllowed):
        handler.complete(reference, alert.id, "Rang Pat.", actor=MAGDA, now=MONDAY)
    with pytest.raises(Invalid):  # Who has none of the roles, and passes on none of their work, cannot be named.
        say_away(handler, OLIVE, FRIDAY + DAY, FRIDAY + 2 * DAY, PETRA)


def test_who_covers_for_the_cover_covers_for_both(store: Store, handler: Handler, reference: str, ona: Actor) -> None:
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    say_away(handler, OSCAR, MONDAY, MONDAY, ona)  # Who fell ill this morning.
    assert seen_by(store, ona) == HERS
    assert seen_by(store, OSCAR) == []
    assert seen_by(store, OSCAR, MONDAY + DAY) == HERS


def test_covers_are_no_circle_and_never_away_themselves(handler: Handler, ona: Actor) -> None:
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    with pytest.raises(Invalid, match="Olive Officer is away from 2 Nov 2026 to 6 Nov 2026, so cannot cover then"):
        say_away(handler, OSCAR, FRIDAY, FRIDAY + DAY, OLIVE)
    later = say_away(handler, OSCAR, FRIDAY + DAY, FRIDAY + 2 * DAY, OLIVE)
    with pytest.raises(Invalid, match="Olive Officer is away"):
        say_away(handler, OSCAR, FRIDAY, FRIDAY + 2 * DAY, OLIVE, number=later)


def test_two_who_name_each_other_in_the_same_moment_do_not_both(store: Store, handler: Handler) -> None:
    refused = []

    def name(who: Actor, other: Actor) -> None:
        try:
            say_away(handler, who, MONDAY, FRIDAY, other)
        except Invalid as refusal:
            refused.append(refusal)

    at_once(lambda: name(OLIVE, OSCAR), lambda: name(OSCAR, OLIVE))
    assert len(refused) == 1
    with store.reading() as connection:
        assert len(away_on(connection, MONDAY.date()).absences) == 1


@pytest.mark.parametrize(
    ("first", "last", "says"),
    [
        (FRIDAY, MONDAY, "the same as or after"),
        (MONDAY - 2 * DAY, MONDAY - DAY, "has passed"),
        (FRIDAY, FRIDAY, "already"),
    ],
)
def test_days_that_cannot_be_are_refused(handler: Handler, first: datetime, last: datetime, says: str) -> None:
    say_away(handler, OLIVE, MONDAY + DAY, FRIDAY)
    with pytest.raises(Invalid) as refusal:
        say_away(handler, OLIVE, first, last, OSCAR)
    assert says in " ".join(refusal.value.errors.values())


def test_a_cover_who_has_left_covers_no_more(store: Store, handler: Handler) -> None:
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    with store.writing() as connection:
        connection.execute(update(people).where(people.c.id == OSCAR.id).values(is_active=False))
    with store.reading() as connection:
        assert away_on(connection, MONDAY.date()).covers_of(OLIVE.id) == []


def test_emails_about_their_cases_come_to_the_cover_beside_them(store: Store, handler: Handler) -> None:
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR, MAGDA)
    testing.bring_to(handler, "checking_evidence")
    with store.reading() as connection:
        theirs, to_oscar, to_magda = (
            recent_messages(connection, to_email=EMAILS[one]) for one in (OLIVE, OSCAR, MAGDA)
        )

    greeting = "(covering for Olive Officer, who is away until 6 Nov 2026)"
    assert theirs
    assert [one.subject for one in to_oscar if greeting in one.text] == [one.subject for one in theirs]
    assert [one.subject for one in to_magda if greeting in one.text] == [one.subject for one in theirs]
    assert f"Dear Oscar Officer {greeting}" in to_oscar[0].text


def test_who_covers_is_told_of_a_visit_and_not_invited_unless_they_are_going(store: Store, handler: Handler) -> None:
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR, MAGDA)
    reference = bring_to(handler, "visit")
    visit = {"visit_on": FRIDAY.date().isoformat(), "visit_time": "10:30", "visit_place": "The farm"}
    handler.fire(reference, "arrange_visit", {**visit, "going": [OSCAR.id]}, actor=OLIVE, now=MONDAY)
    with store.reading() as connection:
        last = {one: recent_messages(connection, to_email=EMAILS[one])[0] for one in (OLIVE, OSCAR, MAGDA)}

    assert {one.notice for one in last.values()} == {"provider/visit_for_our_calendars"}
    assert [one.id for one, letter in last.items() if letter.invitation] == [OLIVE.id, OSCAR.id]
    assert "covering for" not in last[OSCAR].text
    assert "covering for Olive Officer" in last[MAGDA].text


def test_every_change_is_in_the_log_of_records_and_what_somebody_did(store: Store, handler: Handler) -> None:
    number = say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR, by=MAGDA)
    say_away(handler, OLIVE, MONDAY, FRIDAY + DAY, OSCAR, MAGDA, by=MAGDA, number=number)
    come_back(handler, OLIVE, number)
    with store.reading() as connection:
        by_magda = [(what, of) for _, _, what, of in deeds_of(connection, MAGDA.id or 0, MONDAY)]
        by_olive = [(what, of) for _, _, what, of in deeds_of(connection, OLIVE.id or 0, MONDAY)]
        last, *_ = changes_of(connection, "time away", number, limit=1)
        changed = changes_of(connection, "time away", number, limit=2)[1]
    assert [of for _, of in by_magda] == [f"time away {number}"] * 2
    assert f"time away {number}" in [of for what, of in by_olive if "ended_at" in what]
    assert changed.fields["covers"] == [["Oscar Officer (2)"], ["Magda Manager (3)", "Oscar Officer (2)"]]
    assert last.fields["ended_by"] == [None, "Olive Officer (1)"]


def test_a_page_of_the_queue_takes_no_longer_for_a_long_one_or_for_times_away_of_years(
    store: Store, handler: Handler, reference: str
) -> None:
    if store.engine.dialect.name != "sqlite":
        pytest.skip("SQLite's steps are counted")
    say_away(handler, OLIVE, MONDAY, FRIDAY, OSCAR)
    add_tasks(store, reference, [MONDAY - DAY] * 60, claimed_by=OLIVE.id)
    short = _effort(store)
    add_tasks(store, reference, [MONDAY - DAY] * 3_000, claimed_by=OLIVE.id)
    assert _effort(store) <= short + 10

    before = (MONDAY - 400 * DAY).date()
    past = {"person_id": OLIVE.id, "first_on": before, "last_on": before, "added_by": OLIVE.id, "added_at": MONDAY}
    with store.writing() as connection:
        for _ in range(500):
            row = insert(times_away).values(**past, version=1, changed_at=MONDAY).returning(times_away.c.id)
            number = connection.execute(row).scalar_one()
            connection.execute(insert(covers).values(away_id=number, person_id=OSCAR.id))
    assert _effort(store) <= short + 30


def _effort(store: Store) -> int:
    wanted = wanted_of(Part.OVERDUE, MONDAY)

    def read() -> None:
        with store.reading() as connection:
            assert len(work_of(connection, OSCAR, wanted, limit=50)) == 50

    read()
    return steps(store, read)
