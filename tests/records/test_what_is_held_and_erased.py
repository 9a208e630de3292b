"""What is held about a pupil is found, and erased when its time is over, on either database."""

from datetime import date

import pytest
from sqlalchemy import select, update

from apflow.core.errors import Blocked, NotFound
from apflow.handler import Handler
from apflow.records.retention.records import due_by, due_of, erase, keep_back, let_go
from apflow.rounds.signals import hear_all
from apflow.store.people import people
from apflow.store.records.held import cases_about, cases_in_whose_words
from apflow.store.records.offered import own_pupils
from apflow.store.records.pupils import list_pupils, named_in_words
from apflow.store.records.reads import note_reads, reads_of
from apflow.store.records.retention import erased
from apflow.store.tables.cases import cases
from apflow.store.tables.places import commissioners
from apflow.store.tables.pupils import placements, pupil_words, pupils
from apflow.store.tables.records import record_changes
from apflow.testing import MAGDA, MONDAY, OLIVE
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import a_placement, a_pupil, a_school, a_site, an_approved_provider, by, upn_of

TODAY = MONDAY.date()
YEARS = 7 * 365


@pytest.fixture
def pip(door: Handler) -> int:
    """A pupil whose only placement ended on 20 November 2026."""
    a_school(door)
    a_site(door, an_approved_provider(door))
    number = a_pupil(door, upn=upn_of(1))
    a_placement(door, number, ends_on="2026-11-20", destination="school")
    return number


def test_a_record_is_due_after_its_years_and_those_that_run_never_are(door: Handler, pip: int) -> None:
    running = a_pupil(door, surname="Thistle")
    a_placement(door, running)
    with door.store.reading() as connection:
        assert due_by(connection, door.library, date(2032, 11, 20), TODAY) == []
        (due,) = due_by(connection, door.library, date(2032, 11, 21), TODAY)
        assert (due.row.id, due.kept.day) == (pip, date(2032, 11, 20))
        assert due_of(connection, door.library, running, TODAY).kept.day == date.max


def test_one_that_never_began_runs_out_from_its_first_day(door: Handler, pip: int) -> None:
    other = a_pupil(door, surname="Thistle")
    a_placement(door, other, never_began=True)
    with door.store.reading() as connection:
        assert due_of(connection, door.library, other, TODAY).kept.day == date(2032, 9, 7)


def test_a_hold_blocks_and_what_is_erased_is_gone_from_the_log_too(door: Handler, pip: int) -> None:
    later = by(door, MAGDA, days_on=YEARS)
    with door.store.writing() as connection:
        keep_back(connection, pip, "A claim", date(2033, 1, 1), later)
        with pytest.raises(Blocked, match=r"A claim\. To be asked again on 1 Jan 2033"):
            erase(connection, pip, "Its time is over.", later)
        assert let_go(connection, pip, later) == 1
        with pytest.raises(NotFound):
            erase(connection, pip, "Not for an officer.", by(door, OLIVE, days_on=YEARS))

    with door.store.writing() as connection:
        note_reads(connection, person=None, pupils=[pip], page="By a link", at=MONDAY, reader="Paula Sparrow")
        assert erase(connection, pip, "Its time is over.", later) == []

    with door.store.reading() as connection:
        row = connection.execute(select(pupils).where(pupils.c.id == pip)).one()
        log = connection.execute(select(record_changes).where(record_changes.c.kind == "pupil")).all()
        assert (row.surname, row.upn, row.born, row.home_school_id is None) == ("Erased", None, date(2012, 1, 1), False)
        assert [one.fields for one in log if one.record_id == pip] == [{}, {}]
        assert connection.execute(select(placements.c.ends_on)).scalar_one() == date(2026, 11, 20)
        (told,) = erased(connection, limit=5)
        assert (told.actor_name, told.through) == ("Magda Manager", "Erased: Its time is over.")
        assert [look.name for look in reads_of(connection, pip, limit=5)] == ["Erased"]
        with pytest.raises(NotFound):
            due_of(connection, door.library, pip, TODAY)


def test_an_erased_record_is_offered_to_nobody_and_its_words_are_no_name(door: Handler, pip: int) -> None:
    later = by(door, MAGDA, days_on=YEARS)
    with door.store.writing() as connection:
        connection.execute(update(commissioners).values(email="sally@hill-school.example"))
        person = people.add_person(
            connection, name="Sally", email="sally@hill-school.example", roles=["commissioner"], agency=None, now=MONDAY
        )
        assert [row.id for row in own_pupils(connection, person, MONDAY.date())] == [pip]
        assert len(named_in_words(connection, None, ["pip"], everybody=True)) == 1

        erase(connection, pip, "Its time is over.", later)

        assert own_pupils(connection, person, MONDAY.date()) == []
        assert list_pupils(connection, "", limit=9) == []
        assert named_in_words(connection, None, ["pip", "sparrow", "erased"], everybody=True) == ()
        assert connection.execute(select(pupil_words)).all() == []


def test_cases_about_a_pupil_and_those_that_only_name_them(door: Handler) -> None:
    school = a_school_with_an_account(door, "Hill School", "999901", "sally@hill-school.example")
    _, place = a_listed_site(door)
    pip = a_pupil_of(door, "Hill School", "Zoë")
    reference = refer(door, school, pip, place)
    worry = {
        "organisation": "The farm",
        "what_happened": "Zoë Sparrow told me.",
        "told_by": "school",
        "how_told": "By telephone",
    }
    concern = door.open_case("concern", "log_concern", worry, actor=OLIVE, now=MONDAY).reference

    with door.store.reading() as connection:
        assert cases_about(connection, [("placement", "pupil", [pip])]) == [reference]
        assert cases_about(connection, [("placement", "pupil", [pip + 1])]) == []
        assert [found for found, _ in cases_in_whose_words(connection, ("Zoë", "sparrow"))] == [concern]
        assert cases_in_whose_words(connection, ("Zoë", "Thistle")) == []


def test_a_concern_that_was_begun_on_a_placement_is_about_its_pupil_wherever_it_belongs_now(door: Handler) -> None:
    school = a_school_with_an_account(door, "Hill School", "999901", "sally@hill-school.example")
    provider, place = a_listed_site(door)
    pip = a_pupil_of(door, "Hill School", "Zoë")
    reference = refer(door, school, pip, place)
    prepare(door, reference, school)
    told = {"what_happened": "He was left alone.", "told_by": "school", "how_told": "By telephone"}
    door.fire(reference, "log_concern_here", told, actor=OLIVE, now=MONDAY)
    hear_all(door, machine_now=lambda: MONDAY)
    naming, begun_by = [("placement", "pupil", [pip])], [("concern", "placement")]
    with door.store.reading() as connection:
        placement, concern = cases_about(connection, naming)
        (number,) = connection.execute(select(cases.c.id).where(cases.c.reference == provider)).scalars()
    door.fire(concern, "choose_provider", {"provider": number}, actor=OLIVE, now=MONDAY)

    with door.store.reading() as connection:
        assert cases_about(connection, naming) == [placement], "it is with the provider's case"
        assert cases_about(connection, naming, begun_by) == [placement, concern]
