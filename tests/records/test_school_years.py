"""A school's own term dates: kept by its own people or by staff, imported, and what placements are counted by."""

from datetime import date, timedelta
from typing import Any

import pytest

from apflow.core.commands import MoveVersion
from apflow.core.days.calendar import LONDON
from apflow.core.errors import Invalid, NotFound
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.records.attendance.school_years import SCHOOL_YEAR, answers_of_year, school_days_of
from apflow.records.door import By, add, change
from apflow.records.importing.file import FILES, bring_in
from apflow.rounds.recounting import recount_school
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.records.commissioners import named_so
from apflow.store.records.records import record
from apflow.store.records.school_years import years_of
from apflow.store.tables.terms import school_years
from apflow.testing import MONDAY, PAT, a_handler
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import by
from tests.versions import longer_everywhere

HALVES: tuple[str, ...] = ("2026-09-03 2026-10-16", "2026-10-26 2026-12-11", "2027-01-04 2027-02-12")
HALVES += ("2027-02-22 2027-04-02", "2027-04-19 2027-05-28", "2027-06-07 2027-07-21")
OWN = {
    f"{which}_{number}": day
    for number, half in enumerate(HALVES, start=1)
    for which, day in zip(("first", "last"), half.split(), strict=True)
}


def number_of(handler: Handler, name: str) -> int:
    with handler.store.reading() as connection:
        (found,) = named_so(connection, name, limit=2)
    return int(found.id)


def kept(handler: Handler, school: int, **said: Any) -> int:
    return add(handler.store, SCHOOL_YEAR, said, by(handler), {"commissioner_id": school, "year": 2026})


def the_case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


@pytest.fixture
def handler(door: Handler) -> Handler:
    return door


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def test_a_school_keeps_its_own_dates_and_nobody_elses(handler: Handler, hill: Actor) -> None:
    a_school_with_an_account(handler, "Vale Academy", "999902", "val@vale.example")
    own, others = number_of(handler, "Hill School"), number_of(handler, "Vale Academy")
    theirs = By(hill, MONDAY, handler.library, own={"commissioner_id": own})

    add(handler.store, SCHOOL_YEAR, {"inset": "18/9/2026"}, theirs, {"commissioner_id": own, "year": 2026})
    with pytest.raises(NotFound):
        add(handler.store, SCHOOL_YEAR, {"inset": "18/9/2026"}, theirs, {"commissioner_id": others, "year": 2026})
    with pytest.raises(NotFound):
        add(
            handler.store,
            SCHOOL_YEAR,
            {"inset": "18/9/2026"},
            By(PAT, MONDAY, handler.library),
            {"commissioner_id": own, "year": 2026},
        )


@pytest.mark.parametrize(
    ("said", "wrong"),
    [
        ({**OWN, "last_3": None}, {"last_3": "all six half-terms, or of none"}),
        ({"inset": "in the spring"}, {"inset": "“in” is no date"}),
        ({"inset": "28/10/2026"}, {"inset": "in no half-term"}),
        ({**OWN, "first_2": "2026-10-16"}, {"first_1": "Term 2 begins before Term 1 has ended"}),
    ],
)
def test_what_is_wrong_is_said(handler: Handler, hill: Actor, said: dict[str, Any], wrong: dict[str, str]) -> None:
    given = {name: value for name, value in said.items() if value}

    with pytest.raises(Invalid) as refusal:
        kept(handler, number_of(handler, "Hill School"), **given)
    ((name, text),) = wrong.items()
    assert text in refusal.value.errors[name]


def test_dates_that_are_the_councils_go_on_following_it(handler: Handler, hill: Actor) -> None:
    school = number_of(handler, "Hill School")
    as_shown = answers_of_year(None, handler.library, 2026)
    record_id = kept(handler, school, **{**as_shown, "inset": "18/9/2026"})

    with handler.store.reading() as connection:
        row = record(connection, school_years, record_id)
        days = school_days_of(connection, handler.library, school)
    assert row is not None
    assert (row.half_terms, row.inset) == ([], ["2026-09-18"])
    assert days.half_terms == handler.library.calendar.school.half_terms
    assert days.why_closed(date(2026, 9, 18)) == "INSET day"


def test_changed_as_it_is_shown_nothing_is_different(handler: Handler, hill: Actor) -> None:
    school = number_of(handler, "Hill School")
    record_id = kept(handler, school, **OWN, inset="18/9/2026")
    with handler.store.reading() as connection:
        (row,) = years_of(connection, school)

    shown = answers_of_year(row, handler.library, 2026)
    assert not change(handler.store, SCHOOL_YEAR, record_id, 1, shown, by(handler))
    assert change(handler.store, SCHOOL_YEAR, record_id, 1, {**shown, "inset": ""}, by(handler))


def test_a_file_brings_the_dates_of_many_schools(handler: Handler, hill: Actor) -> None:
    a_school_with_an_account(handler, "Vale Academy", "999902", "val@vale.example")
    names = [f"Term {number} {which} day" for number in range(1, 7) for which in ("first", "last")]
    days = [date.fromisoformat(day).strftime("%d/%m/%Y") for half in HALVES for day in half.split()]
    text = ",".join(["School", "School year", *names, "INSET days"]) + "\n"
    text += ",".join(["Hill School", "2026/27", *days, "18/09/2026"]) + "\n"
    text += ",".join(["999902", "2026-2027", *[""] * 12, "2/11/2026 3/11/2026"]) + "\n"
    wrong = text + ",".join(["No Such School", "next year", *[""] * 12, ""]) + "\n"

    refused = bring_in(handler.store, FILES["years"], wrong.encode(), by(handler))
    assert [bad.heading for bad in refused.bad] == ["School"]
    report = bring_in(handler.store, FILES["years"], text.encode(), by(handler))
    assert (report.bad, report.done) == ([], {"added": 2, "changed": 0, "same": 0})
    again = bring_in(handler.store, FILES["years"], text.encode(), by(handler))
    assert again.done == {"added": 0, "changed": 0, "same": 2}


@pytest.mark.parametrize(
    ("inset", "due"),
    [("", date(2026, 11, 10)), ("4/11/2026", date(2026, 11, 11)), ("4/11/2026, 5/11/2026", date(2026, 11, 12))],
    ids=["the council's days", "one INSET day", "two"],
)
def test_the_sixth_day_of_a_referral_is_one_of_the_schools_own(
    handler: Handler, hill: Actor, inset: str, due: date
) -> None:
    _, place = a_listed_site(handler)
    if inset:
        kept(handler, number_of(handler, "Hill School"), inset=inset)
    excluded: dict[str, Any] = {"kind": "excluded", "permanently_excluded_on": MONDAY.date().isoformat()}
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place, **excluded)

    case = the_case(handler, reference)
    assert case.fields["excluded_due_on"] == due.isoformat()
    assert case.deadlines["sixth_day_excluded"].due_at.astimezone(LONDON).date() == due


def test_one_who_becomes_looked_after_is_to_be_placed_from_that_day(handler: Handler, hill: Actor) -> None:
    _, place = a_listed_site(handler)
    excluded: dict[str, Any] = {"kind": "excluded", "permanently_excluded_on": MONDAY.date().isoformat()}
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place, **excluded)
    thursday = MONDAY + timedelta(days=3)

    handler.fire(
        reference, "becomes_looked_after", {"looked_after_since": thursday.date().isoformat()}, actor=hill, now=thursday
    )

    case = the_case(handler, reference)
    assert case.fields["excluded_wanted_on"] == thursday.date().isoformat()
    assert case.deadlines["wanted_after_exclusion"].due_at.astimezone(LONDON).date() == thursday.date()
    assert "looked_after" in {task.name for task in case.tasks}


def test_the_notice_of_a_direction_stops_being_due_once_it_is_given(handler: Handler, hill: Actor) -> None:
    _, place = a_listed_site(handler)
    first = MONDAY.date() + timedelta(days=9)
    kept(handler, number_of(handler, "Hill School"), inset=f"{first - timedelta(days=1):%d/%m/%Y}")
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place, kind="directed")
    prepare(handler, reference, hill, starts_on=first.isoformat())
    assert the_case(handler, reference).fields["notice_due_on"] == (first - timedelta(days=5)).isoformat()
    assert "notice_to_parents" in the_case(handler, reference).deadlines

    told = {"notice_on": MONDAY.date().isoformat(), **dict.fromkeys(("says_where", "says_why", "says_when"), True)}
    handler.fire(reference, "give_notice", told, actor=hill, now=MONDAY)
    assert "notice_to_parents" not in the_case(handler, reference).deadlines


def test_a_review_comes_at_the_end_of_the_schools_own_half_term(handler: Handler, hill: Actor) -> None:
    _, place = a_listed_site(handler)
    kept(handler, number_of(handler, "Hill School"), **OWN)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place)
    prepare(handler, reference, hill)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    inducted: dict[str, Any] = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat"}
    inducted |= dict.fromkeys(("health_and_safety", "who_to_tell"), True)
    handler.fire(reference, "record_induction", inducted, actor=PAT, now=MONDAY)

    running = the_case(handler, reference).deadlines["review_called"]
    assert running.due_at.astimezone(LONDON).date() == date(2026, 12, 11)


def test_parents_are_refused_a_review_to_the_last_day_of_ten_weeks(handler: Handler, hill: Actor) -> None:
    """Source: SI 2010/1156 as amended by SI 2012/2532: unless one took place in the previous ten weeks."""
    _, place = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place)
    prepare(handler, reference, hill)
    handler.fire(reference, "start_placement", {}, actor=hill, now=MONDAY)
    inducted: dict[str, Any] = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat"}
    inducted |= dict.fromkeys(("health_and_safety", "who_to_tell"), True)
    handler.fire(reference, "record_induction", inducted, actor=PAT, now=MONDAY)
    handler.fire(reference, "call_review_now", {}, actor=hill, now=MONDAY)
    said = {"reviewed_on": MONDAY.date().isoformat(), "found": "Well.", "pupil_says": "Good.", "parents_say": "Good."}
    said |= dict.fromkeys(("next_report_on", "first_review_on"), (MONDAY.date() + timedelta(weeks=3)).isoformat())
    handler.fire(reference, "continue_it", said, actor=hill, now=MONDAY)

    assert (
        the_case(handler, reference).fields["parents_may_ask_from"]
        == (MONDAY.date() + timedelta(weeks=10, days=1)).isoformat()
    )


def test_dates_that_come_later_are_counted_by_and_other_schools_cases_stay(handler: Handler, hill: Actor) -> None:
    _, place = a_listed_site(handler)
    vale = a_school_with_an_account(handler, "Vale Academy", "999902", "val@vale.example")
    excluded: dict[str, Any] = {"kind": "excluded", "permanently_excluded_on": MONDAY.date().isoformat()}
    here = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place, **excluded)
    there = refer(handler, vale, a_pupil_of(handler, "Vale Academy", "Wren"), place, **excluded)
    school = number_of(handler, "Hill School")
    kept(handler, school, inset="4/11/2026")

    assert recount_school(handler, hill, MONDAY, school=school) == 1
    assert the_case(handler, here).deadlines["sixth_day_excluded"].due_at.date() == date(2026, 11, 11)
    assert the_case(handler, there).deadlines["sixth_day_excluded"].due_at.date() == date(2026, 11, 10)
    assert recount_school(handler, hill, MONDAY) == 0, "nothing is different a second time"


def test_a_deadline_that_has_passed_stays_passed(handler: Handler, hill: Actor) -> None:
    _, place = a_listed_site(handler)
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place)
    later = MONDAY + timedelta(days=10)
    fire_due(handler, later, machine_now=lambda: later)
    before = the_case(handler, reference).deadlines["considered"]
    assert before.ended
    school = number_of(handler, "Hill School")
    kept(handler, school, inset="4/11/2026")

    recount_school(handler, hill, later, school=school)
    assert the_case(handler, reference).deadlines["considered"] == before


def test_a_case_that_is_moved_to_another_version_goes_on_counting_by_the_schools_own_days(
    handler: Handler, hill: Actor
) -> None:
    """Ten school days from 2 November, no longer five: with the 11th they would be over on the 16th."""
    _, place = a_listed_site(handler)
    kept(handler, number_of(handler, "Hill School"), inset="11/11/2026")
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), place)
    assert the_case(handler, reference).deadlines["considered"].due_at.date() == date(2026, 11, 9)
    later = a_handler(handler.store, longer_everywhere(handler.library))

    to = later.library.current("placement")
    later.move_version(reference, MoveVersion(to, hill), now=MONDAY)

    assert the_case(later, reference).deadlines["considered"].due_at.date() == date(2026, 11, 17)
