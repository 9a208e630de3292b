"""A provider's removal reaches the cases that keep placements there: each is decided on at once, none ends by it."""

from dataclasses import dataclass
from datetime import timedelta

import pytest
from sqlalchemy import select

from apflow.core.commands import Told
from apflow.core.decide import decide
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.tables.messages import messages
from apflow.store.tables.pupils import placements
from apflow.testing import MONDAY, PAT
from tests.brought import again
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import a_placement, a_pupil, upn_of
from tests.removal import REASONS, remove


@dataclass(frozen=True)
class Placed:
    """A placement that a case keeps, and one at the same provider that only stands among the records."""

    handler: Handler
    school: Actor
    provider: str
    reference: str

    def case(self, reference: str = "") -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, reference or self.reference)
        assert found is not None
        return found

    def sent(self, notice: str) -> int:
        with self.handler.store.reading() as connection:
            return len(connection.execute(select(messages).where(messages.c.notice == notice)).all())

    def heard(self) -> None:
        hear_all(self.handler, machine_now=lambda: MONDAY)


@pytest.fixture
def placed(handler: Handler) -> Placed:
    return Placed(handler, *again(handler, _placed))


def _placed(handler: Handler) -> tuple[Actor, str, str]:
    provider, site = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, school)
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    a_placement(handler, a_pupil(handler, forename="Wren", upn=upn_of(2), home_school="Hill School"))
    return school, provider, reference


def test_each_is_to_be_decided_on_in_one_place_only_and_nothing_ends(placed: Placed) -> None:
    remove(placed.handler, placed.provider)
    placed.heard()

    case = placed.case()
    assert (case.state, case.fields["called_because"]) == ("urgent_review", REASONS)
    assert [task.name for task in case.tasks if task.role == "officer"] == ["see_it_decided"]
    assert case.deadlines["decision_due"].due_at.date() == (MONDAY + timedelta(days=7)).date()
    assert placed.sent("placement/decide_at_once") == 1
    reviews = [child for child in placed.case(placed.provider).children if child.kind == "placement_review"]
    assert len(reviews) == 1, "only the one that no case keeps"
    with placed.handler.store.reading() as connection:
        assert connection.execute(select(placements.c.ends_on)).scalars().all() == [None, None]


def test_one_that_has_ended_meanwhile_only_notes_it(placed: Placed) -> None:
    later = MONDAY + timedelta(days=7)
    over = {"ends_on": later.date().isoformat(), "reflections": "Fine.", "kept_for": "six_years"}
    over |= {"standing_because": "It did not work.", "meanwhile": "The school"}
    remove(placed.handler, placed.provider)
    placed.handler.fire(placed.reference, "break_off", over, actor=placed.school, now=later)
    placed.heard()

    case = placed.case()
    assert case.state == "first_after_breakdown"
    assert "signal_refused" not in {task.name for task in case.tasks}


def test_a_second_word_starts_the_time_anew_and_no_second_task(placed: Placed) -> None:
    remove(placed.handler, placed.provider)
    placed.heard()
    case, later = placed.case(), MONDAY + timedelta(days=2)
    definition = placed.handler.library.current("placement")
    again = Told("called_to_decide", "FE-TEST-CASE", THE_CLOCK, {"called_because": "The meeting says so."})

    outcome = decide(definition, case, again, placed.handler.world(later), later)

    assert len(outcome.opened) == 1
    assert {change.how for change in outcome.tasks} == {"cancelled"}
    assert outcome.fields["called_because"] == "The meeting says so."


def test_whoever_is_taught_there_goes_on_only_once_inducted(placed: Placed) -> None:
    remove(placed.handler, placed.provider)
    placed.heard()
    decided = {"found_at_once": "She is safe.", "in_place": "We visit weekly.", "own_checks": True}

    placed.handler.fire(placed.reference, "it_may_begin", decided, actor=placed.school, now=MONDAY)
    assert placed.case().state == "induction"
    matter = {"in_short": "Left alone", "matter": "She was left alone at the gate."}
    placed.handler.fire(placed.reference, "safeguarding_matter", matter, actor=PAT, now=MONDAY)
    assert placed.case().state == "urgent_review"
    assert {"safeguarding", "see_it_decided"} <= {task.name for task in placed.case().tasks}
