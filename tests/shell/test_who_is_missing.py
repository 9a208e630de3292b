"""A pupil who was due, did not come, and of whom nobody has said why: the council and the school look, told once."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from email.message import EmailMessage
from typing import Any

import pytest
from sqlalchemy import select

from apflow.handler import Handler
from apflow.loader import Library
from apflow.records.door import By, add
from apflow.records.people.pupils import PROFESSIONAL
from apflow.rounds.chasing import chasing
from apflow.sending.mailer import sending
from apflow.sending.transports import Permanent, Step
from apflow.store.driver.engine import Store
from apflow.store.records.attendance import missing
from apflow.store.tables.work import tasks
from apflow.testing import MONDAY, OLIVE, a_handler, add_people
from tests.records.attendance import SCHOOL_MAIL, a_placed_pupil, a_plan, letters, mark, own_dates, said
from tests.records.council import WREN, a_placement, a_pupil

AFTERNOONS = ["tuesday pm", "thursday pm"]  # Two sessions a week: three absences of ten take a week and a half.
TUESDAY, THURSDAY = date(2026, 11, 3), date(2026, 11, 5)


@pytest.fixture
def door(either_store: Store, library: Library) -> Handler:
    add_people(either_store)
    return a_handler(either_store, library)


def at(day: date, hour: int = 16) -> datetime:
    return datetime(day.year, day.month, day.day, hour, tzinfo=UTC)


def looked_for(door: Handler, now: datetime) -> Sequence[str]:
    """The notes of the tasks there are to find out where a pupil is, once all has been chased that is due."""
    for _ in chasing(door, now):
        pass
    with door.store.reading() as connection:
        return connection.execute(select(tasks.c.note).where(tasks.c.name == "pupil_missing")).scalars().all()


def is_marked(door: Handler, case: int, placement: int, day: date, how: str, **more: Any) -> None:
    """What the provider says of an afternoon, half an hour before it counts."""
    one = said(placement, how, day=day, half="pm", key=f"{placement}-{day}", **more)
    mark(door, case, one, minutes_on=int((at(day, 15) - MONDAY).total_seconds() // 60))


def did_not_come(door: Handler, case: int, placement: int, day: date, **more: Any) -> None:
    is_marked(door, case, placement, day, "absent", **more)


def test_who_is_missing_two_days_running_is_looked_for_the_same_day_and_once(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=AFTERNOONS, from_on="2026-11-02")
    did_not_come(door, case, placement, TUESDAY)
    assert looked_for(door, at(TUESDAY)) == []
    did_not_come(door, case, placement, THURSDAY)
    assert looked_for(door, at(THURSDAY, 15)) == [], "the reason may still be on its way"

    assert len(looked_for(door, at(THURSDAY))) == 1
    (note,) = looked_for(door, at(THURSDAY))
    assert note == (
        "A pupil placed here has not come since Tuesday 3 November 2026, and nobody has said why. "
        f"See /placements/{placement}/attendance"
    )
    (letter,) = letters(door, "missing")
    assert letter.to_email == SCHOOL_MAIL
    assert "Sparrow" not in letter.text + letter.html


def test_who_is_in_care_is_looked_for_on_the_first_day(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=AFTERNOONS, from_on="2026-11-02")
    wren = a_placement(door, a_pupil(door, **{**WREN, "true_of": ["looked_after"]}))
    a_plan(door, wren, sessions=AFTERNOONS, from_on="2026-11-02")
    for each in (placement, wren):
        did_not_come(door, case, each, TUESDAY)

    (note,) = looked_for(door, at(TUESDAY))
    assert note.endswith(f"/placements/{wren}/attendance")


def test_nobody_is_looked_for_of_whom_somebody_said_why_or_who_came_since(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=AFTERNOONS, from_on="2026-11-02")
    did_not_come(door, case, placement, TUESDAY, reason="ill")
    did_not_come(door, case, placement, THURSDAY)
    assert looked_for(door, at(THURSDAY)) == []
    is_marked(door, case, placement, date(2026, 11, 10), "present")
    did_not_come(door, case, placement, date(2026, 11, 12))
    assert looked_for(door, at(date(2026, 11, 12))) == []


def test_who_was_found_can_be_missing_anew(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=AFTERNOONS, from_on="2026-11-02")
    for day in (TUESDAY, THURSDAY):
        did_not_come(door, case, placement, day)
    assert len(looked_for(door, at(THURSDAY))) == 1
    is_marked(door, case, placement, date(2026, 11, 10), "present")
    looked_for(door, at(date(2026, 11, 10)))
    with door.store.reading() as connection:
        assert missing(connection) == {}
    for day in (date(2026, 11, 12), date(2026, 11, 17)):
        did_not_come(door, case, placement, day)
    assert len(looked_for(door, at(date(2026, 11, 17)))) == 2


def test_a_day_on_which_the_home_school_is_closed_is_no_day_missed(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=AFTERNOONS, from_on="2026-11-02")
    for day in (TUESDAY, THURSDAY):
        did_not_come(door, case, placement, day)
    own_dates(door, inset="5/11/2026")
    assert looked_for(door, at(THURSDAY)) == []


def test_those_who_work_with_a_missing_pupil_hear_the_same_day_without_a_name(door: Handler) -> None:
    case, _ = a_placed_pupil(door, sessions=AFTERNOONS, from_on="2026-11-02")
    number = a_pupil(door, **{**WREN, "true_of": ["looked_after"]})
    wren = a_placement(door, number)
    a_plan(door, wren, sessions=AFTERNOONS, from_on="2026-11-02")
    by = By(OLIVE, MONDAY, door.library)
    worker = {"role": "social_worker", "name": "Saffron Worker", "email": "saffron@council.example"}
    add(door.store, PROFESSIONAL, {**worker, "email_checked_on": "2026-11-02"}, by, {"pupil_id": number})
    did_not_come(door, case, wren, TUESDAY)

    (note,) = looked_for(door, at(TUESDAY))
    assert "Social worker of the pupil: told by email. Virtual School: told by email." in note
    told = {letter.to_email: letter for letter in letters(door, "missing_around")}
    assert set(told) == {"saffron@council.example", "virtual_school@council.example"}
    text = told["saffron@council.example"].text
    assert f", placement {wren}." in text
    assert "Wren" not in text
    looked_for(door, at(TUESDAY, 17))
    assert len(letters(door, "missing_around")) == 2


def test_an_officer_reads_whom_of_those_around_a_missing_pupil_nobody_could_write_to(door: Handler) -> None:
    case, _ = a_placed_pupil(door, sessions=AFTERNOONS, from_on="2026-11-02")
    wren = a_placement(door, a_pupil(door, **{**WREN, "true_of": ["cp"]}))
    a_plan(door, wren, sessions=AFTERNOONS, from_on="2026-11-02")
    did_not_come(door, case, wren, TUESDAY)
    (note,) = looked_for(door, at(TUESDAY))
    assert "Social worker of the pupil: not told. Nobody is on the pupil's record." in note
    assert letters(door, "missing_around") == []


class Refusing:
    """A mail server that knows nobody."""

    def send(self, email: EmailMessage, *, before_data: Step, accepted: Step) -> None:
        raise Permanent(f"550 there is no {email['To']}")


def test_that_the_school_could_not_be_told_is_an_officer_s_task(door: Handler) -> None:
    case, placement = a_placed_pupil(door, sessions=AFTERNOONS, from_on="2026-11-02")
    for day in (TUESDAY, THURSDAY):
        did_not_come(door, case, placement, day)
    looked_for(door, at(THURSDAY))
    list(sending(door.store, Refusing(), door, lambda: at(THURSDAY, 17), lambda: at(THURSDAY, 17)))
    with door.store.reading() as connection:
        notes = connection.execute(select(tasks.c.note).where(tasks.c.name == "mail_failed")).scalars().all()
    assert [note for note in notes if "attendance/missing" in note and SCHOOL_MAIL in note]
    assert [note for note in notes if "attendance/unexplained_absence" in note and SCHOOL_MAIL in note]
