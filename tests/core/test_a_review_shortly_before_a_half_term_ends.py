"""A review that was held shortly before a half-term ends is not called again as it ends, and none is left out."""

from datetime import date, datetime, time, timedelta
from typing import Any

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.rehearsing import Cast, a_play, does
from apflow.loader import Library

STEPS = [
    ("commissioner", "refer_a_pupil"),
    ("commissioner", "describe"),
    ("commissioner", "confirm_checks"),
    ("commissioner", "refer"),
    ("provider", "offer"),
    ("provider", "set_programme"),
    ("commissioner", "set_plan"),
    ("provider", "sign"),
    ("commissioner", "sign"),
    ("commissioner", "start_placement"),
    ("provider", "record_induction"),
    ("commissioner", "call_review_now"),
]
ANSWERS: dict[str, dict[str, Any]] = {"refer_a_pupil": {"kind": "alongside"}, "set_plan": {"next_invoice_on": None}}


def reviewed(library: Library, *, school_days_left: int) -> tuple[date, tuple[date, date]]:
    """When the next is called after a review so long before a half-term ends; and when that and the one after end."""
    definition = library.current("placement")
    play, cast, school = a_play(definition), Cast(definition), definition.calendar.school
    for role, event in STEPS:
        does(play, cast.person(role), event, **ANSWERS.get(event, {}))
    begins = local_date(play.now) + timedelta(weeks=8)
    ends = (school.half_terms_after(begins, 0).on, school.half_terms_after(begins, 1).on)
    day = ends[0]
    while school.days_between(day, ends[0]) < school_days_left:
        day -= timedelta(days=1)
    play.wait_until(datetime.combine(day, time(10), LONDON))
    far = (ends[0] + timedelta(days=50)).isoformat()
    said = {"reviewed_on": day.isoformat(), "first_review_on": far, "next_report_on": far}
    does(play, cast.person("commissioner"), "continue_it", **said)
    return local_date(play.case.deadlines["review_called"].due_at), ends


def test_it_is_called_at_the_end_of_the_half_term_after(library: Library) -> None:
    called_on, (_, following) = reviewed(library, school_days_left=3)
    assert called_on == following


def test_one_that_was_held_early_in_a_half_term_is_called_again_as_it_ends(library: Library) -> None:
    called_on, (first, _) = reviewed(library, school_days_left=18)
    assert called_on == first


def test_a_placement_that_is_paused_asks_one_thing_a_night(library: Library) -> None:
    """What asks whether it goes on, and what looks at why it does not, were due at the same moment."""
    definition = library.current("placement")
    play, cast = a_play(definition), Cast(definition)
    for role, event in STEPS[:-1]:
        does(play, cast.person(role), event, **ANSWERS.get(event, {}))
    does(play, cast.person("commissioner"), "pause")

    due = play.case.deadlines
    assert due["resume_or_end"].due_at < due["look_again"].due_at
