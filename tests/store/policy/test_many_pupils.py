"""A command on a placement does no more work however many pupils and placements there are: counted on SQLite."""

import shutil
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

import pytest
from sqlalchemy import insert, select, update

from apflow.core.people.barred import KeptFrom
from apflow.handler import Handler
from apflow.letters.barred import kept_from_pupil
from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.store.records.pupils import keep_words
from apflow.store.tables.cases import barred_cases, case_items, cases
from apflow.store.tables.places import commissioners
from apflow.store.tables.pupils import placements, pupils
from apflow.testing import MONDAY, OLIVE, TODAY, a_handler
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.store.effort import steps

LEADS = "say_who_leads_at_school"


@pytest.fixture
def on_sqlite(tmp_path: Path, migrated_file: Path, library: Library) -> Iterator[Handler]:
    """The one kind of database whose work can be counted in steps."""
    shutil.copy(migrated_file, tmp_path / "apflow.db")
    store = Store(f"sqlite:///{tmp_path}/apflow.db")
    yield a_handler(store, library)
    store.close()


def test_to_screen_an_answer_is_no_more_work_however_many_pupils_there_are(on_sqlite: Handler) -> None:
    _, site = a_listed_site(on_sqlite)
    hill = a_school_with_an_account(on_sqlite, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(on_sqlite, hill, a_pupil_of(on_sqlite, "Hill School", "Pip"), site)
    prepare(on_sqlite, reference, hill)
    names = iter(("Ann Other", "Bo Other", "Cy Other"))

    def lead() -> None:
        on_sqlite.fire(reference, LEADS, {"leads_at_school": next(names)}, actor=OLIVE, now=MONDAY)

    lead()  # What is read once is read now.
    few = steps(on_sqlite.store, lead)
    a_thousand_pupils_placed_at(on_sqlite.store, site)
    many = steps(on_sqlite.store, lead)

    assert many < few + 200  # Indexes are a page deeper.


def test_who_must_not_be_written_to_is_found_however_many_are(on_sqlite: Handler) -> None:
    _, site = a_listed_site(on_sqlite)
    hill = a_school_with_an_account(on_sqlite, "Hill School", "999901", "sally@hill-school.example")
    pip = a_pupil_of(on_sqlite, "Hill School", "Pip")
    reference = refer(on_sqlite, hill, pip, site)
    definition = on_sqlite.library.current("placement")
    (number,) = numbers_of(on_sqlite.store, reference)
    parents_of(on_sqlite.store, [number], "not_contacted")
    with on_sqlite.store.writing() as connection:
        connection.execute(insert(barred_cases).values(case_id=number, pupil_id=pip))

    def ask() -> KeptFrom:
        with on_sqlite.store.reading() as connection:
            return kept_from_pupil(connection, definition, pip)

    few = steps(on_sqlite.store, ask)
    a_thousand_pupils_placed_at(on_sqlite.store, site)
    copies = numbers_of(on_sqlite.store, "PL-COPY-%")
    parents_of(on_sqlite.store, copies, "by_email")
    many = steps(on_sqlite.store, ask)

    assert len(copies) == 1000
    assert [one.words for one in ask().names] == [("paula", "sparrow")]
    assert many < few + 200

    stand_otherwise(on_sqlite.store, copies)
    assert [one.words for one in ask().names] == [("paula", "sparrow")]
    assert steps(on_sqlite.store, ask) < few + 200, "however many must not be contacted about other pupils"


def a_thousand_pupils_placed_at(store: Store, site: int) -> None:
    """Each with a name of their own and a case that keeps their placement there, put in past every door."""
    with store.writing() as connection:
        (pupil,) = connection.execute(select(pupils)).all()
        (case,) = connection.execute(select(cases).where(cases.c.workflow == "placement")).all()
        school = connection.execute(select(commissioners.c.id)).scalars().first()
        for number in range(1000):
            forename, surname = _spelt("Fo", number % 70), _spelt("Su", number)
            own = {"id": 1000 + number, "forename": forename, "surname": surname, "upn": None}
            connection.execute(insert(pupils).values({**pupil._mapping, **own}))
            keep_words(connection, 1000 + number, forename, surname)
            copy = {"id": 1000 + number, "reference": f"PL-COPY-{number}", "fields": {"pupil": 1000 + number}}
            connection.execute(insert(cases).values({**case._mapping, **copy}))
            placed = {"pupil_id": 1000 + number, "site_id": site, "commissioner_id": school, "case_id": 1000 + number}
            ran = {"minutes": 900, "starts_on": TODAY, "version": 1, "changed_at": MONDAY}
            connection.execute(insert(placements).values({**placed, **ran}))


def numbers_of(store: Store, references: str) -> Sequence[int]:
    with store.reading() as connection:
        return connection.execute(select(cases.c.id).where(cases.c.reference.like(references))).scalars().all()


def parents_of(store: Store, numbers: Iterable[int], status: str) -> None:
    said = {"parent_name": "Paula Sparrow"}
    row = {"collection": "parents", "key": "1", "status": status, "data": said, "changed_at": MONDAY}
    with store.writing() as connection:
        connection.execute(insert(case_items), [{**row, "case_id": number} for number in numbers])


def stand_otherwise(store: Store, numbers: Sequence[int]) -> None:
    """All of whom these cases speak must not be contacted, each about a pupil of their own."""
    with store.writing() as connection:
        connection.execute(update(case_items).where(case_items.c.case_id.in_(numbers)).values(status="not_contacted"))
        connection.execute(insert(barred_cases), [{"case_id": number, "pupil_id": number} for number in numbers])


def _spelt(begins: str, number: int) -> str:
    """A name that no other number has, in letters alone."""
    return begins + "".join(chr(ord("a") + digit) for digit in (number // 100, number // 10 % 10, number % 10))
