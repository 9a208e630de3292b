"""A pupil who comes into care, or leaves it, while a concern about where they are is looked into, is not missed."""

from dataclasses import dataclass
from typing import Any

import pytest

from apflow.core.errors import Blocked
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.records.door import change
from apflow.records.people.pupils import PUPIL, answers_of
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.records.pupils import pupil
from apflow.testing import MONDAY, a_handler, add_people
from tests.brought import bring_to
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.quality import do, newest
from tests.records.council import a_placement, a_pupil, a_school, a_site, by

TODAY = MONDAY.date().isoformat()
CONCERN: dict[str, Any] = {"what_happened": "No register.", "told_by": "school", "how_told": "By telephone"}
ABOUT: dict[str, Any] = {"category": "attendance", "organisation": "Made Up Farm", "in_care": False}


@dataclass(frozen=True)
class There:
    """A pupil who is placed somewhere, of whom nothing is true, and a concern about where that is."""

    handler: Handler
    pupil: int
    concern: str

    def case(self, reference: str) -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, reference)
        assert found is not None
        return found

    def is_now(self, *true_of: str) -> None:
        """What the pupil's record says from now on, once whoever it reaches has heard of it."""
        with self.handler.store.reading() as connection:
            row = pupil(connection, self.pupil)
        assert row is not None
        said = {**answers_of(row, MONDAY.date()), "true_of": list(true_of)}
        change(self.handler.store, PUPIL, self.pupil, row.version, said, by(self.handler))
        hear_all(self.handler, machine_now=lambda: MONDAY)

    def does(self, event: str, on: str = "", item: str | None = None, **said: Any) -> None:
        do(self.handler, on or self.concern, event, now=MONDAY, item=item, **said)
        hear_all(self.handler, machine_now=lambda: MONDAY)

    def work(self, on: str = "") -> list[str]:
        names = ("care_has_changed", "signal_refused")
        return [task.name for task in self.case(on or self.concern).tasks if task.name in names]


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def there(handler: Handler) -> There:
    provider = bring_to(handler, "approved")
    with handler.store.reading() as connection:
        found = load_case(connection, provider)
    assert found is not None
    a_school(handler)
    a_site(handler, found.id or 0)
    number = a_pupil(handler, forename="Ada")
    a_placement(handler, number)
    do(handler, provider, "log_concern_here", now=MONDAY, **CONCERN)
    hear_all(handler, machine_now=lambda: MONDAY)
    return There(handler, number, newest(handler, provider, "concern"))


def test_a_concern_that_is_looked_into_hears_of_it_and_is_not_closed_as_if_nothing_had_changed(there: There) -> None:
    there.does("triage_other", **ABOUT)
    there.is_now("looked_after")
    assert there.work() == ["care_has_changed"]
    with pytest.raises(Blocked, match="Children in care are on record as placed there"):
        there.does("close_concern", outcome="unfounded", outcome_reasons="Nothing.")
    there.does("correct_in_care", in_care=True)
    assert there.work() == []
    there.is_now()
    assert there.work() == ["care_has_changed"], "nor when nobody is in care there any more"
    there.does("correct_in_care", in_care=False)
    there.does("close_concern", outcome="unfounded", outcome_reasons="Nothing.")


def test_what_else_changes_of_a_pupil_and_what_is_not_looked_into_yet_asks_nothing(there: There) -> None:
    there.is_now("looked_after")
    assert there.work() == [], "the records are read when it is said what it is about"
    there.does("triage_other", **{**ABOUT, "in_care": True})
    there.is_now("looked_after", "ehcp")
    assert there.work() == []


def test_a_spot_check_that_is_begun_asks_about_those_in_care_before_it_is_made(there: There) -> None:
    there.does("triage_other", **ABOUT)
    there.does("begin_spot_check", visit_by=TODAY)
    visit = newest(there.handler, there.concern, "spot_check")
    there.is_now("looked_after")
    assert there.work(visit) == [], "what is known of the pupil is put right on the concern first"
    there.does("correct_in_care", in_care=True)
    assert (there.case(visit).fields["in_care"], there.work(visit)) == (True, ["care_has_changed"])
    with pytest.raises(Blocked, match="Children in care are placed there"):
        there.does("arrange_visit", visit, visit_on=TODAY, visit_time="10:00", visit_place="The farm", visitors="Olive")


def test_a_concern_told_on_the_placement_itself_hears_of_it_too(handler: Handler) -> None:
    _, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    pip = a_pupil_of(handler, "Hill School", "Pip")
    placement = refer(handler, hill, pip, site)
    prepare(handler, placement, hill)
    handler.fire(placement, "start_placement", {}, actor=hill, now=MONDAY)
    do(handler, placement, "log_concern_here", now=MONDAY, **CONCERN)
    hear_all(handler, machine_now=lambda: MONDAY)
    there = There(handler, pip, newest(handler, placement, "concern"))
    there.does("triage_other", **ABOUT)
    there.is_now("looked_after")
    assert there.work() == ["care_has_changed"]
