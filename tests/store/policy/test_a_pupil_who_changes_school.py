"""A pupil who changes school while placed: those who commission the placement, and the council, hear of it."""

from dataclasses import dataclass
from typing import Any

import pytest

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import change
from apflow.records.people.pupils import PUPIL, answers_of
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.outbox import messages_of
from apflow.store.records.pupils import pupil
from apflow.testing import MONDAY, PAT, a_handler, add_people
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import by

TOLD = ("school_changed", "school_changed_staff")


@dataclass(frozen=True)
class There:
    """Pip of Hill School, whom it has referred to PAT's farm."""

    handler: Handler
    school: Actor
    pupil: int
    reference: str

    def record_says(self, **said: Any) -> None:
        """What the pupil's record says from now on, once whoever it reaches has heard of it."""
        with self.handler.store.reading() as connection:
            row = pupil(connection, self.pupil)
        assert row is not None
        change(
            self.handler.store,
            PUPIL,
            self.pupil,
            row.version,
            {**answers_of(row, MONDAY.date()), **said},
            by(self.handler),
        )
        hear_all(self.handler, machine_now=lambda: MONDAY)

    def work(self) -> list[str]:
        with self.handler.store.reading() as connection:
            case = load_case(connection, self.reference)
        assert case is not None
        return [task.name for task in case.tasks if task.name in ("school_changed", "signal_refused")]

    def letters(self) -> dict[str, Any]:
        with self.handler.store.reading() as connection:
            rows = messages_of(connection, self.reference)
        sent = {row.notice.removeprefix("placement/"): row for row in rows}
        return {notice: row for notice, row in sent.items() if notice in TOLD}


@pytest.fixture
def there(store: Store) -> There:
    add_people(store)
    handler = a_handler(store)
    _, site = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    a_school_with_an_account(handler, "Vale School", "999902", "val@vale-school.example")
    number = a_pupil_of(handler, "Hill School", "Pip")
    return There(handler, school, number, refer(handler, school, number, site))


def test_the_commissioner_and_the_council_hear_of_it_and_an_officer_settles_whose_the_placement_is(
    there: There,
) -> None:
    there.record_says(home_school="Vale School")

    assert there.work() == ["school_changed"]
    letters = there.letters()
    assert letters["school_changed"].to_email == "sally@hill-school.example"
    assert "school_changed_staff" in letters
    for letter in letters.values():
        assert "Vale" not in letter.text, "where the pupil went is not for an e-mail"
        assert "Pip" not in letter.text


def test_a_placement_that_runs_hears_of_it_too(there: There) -> None:
    prepare(there.handler, there.reference, there.school)
    there.handler.fire(there.reference, "start_placement", {}, actor=there.school, now=MONDAY)
    inducted = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat", "health_and_safety": True}
    there.handler.fire(there.reference, "record_induction", {**inducted, "who_to_tell": True}, actor=PAT, now=MONDAY)

    there.record_says(home_school=None)

    assert there.work() == ["school_changed"]


def test_nobody_is_told_where_the_record_names_whoever_commissions_it_or_says_something_else(there: There) -> None:
    there.record_says(middle_names="Robin")
    assert there.work() == []

    there.record_says(home_school="Vale School")
    there.record_says(home_school="Hill School")

    assert there.work() == ["school_changed"], "not once more as it is put back"


def test_a_referral_that_was_withdrawn_hears_of_nothing(there: There) -> None:
    withdrawn = {"standing_because": "It was not needed.", "meanwhile": "At school."}
    there.handler.fire(there.reference, "withdraw", withdrawn, actor=there.school, now=MONDAY)

    there.record_says(home_school="Vale School")

    assert (there.work(), there.letters()) == ([], {})
