"""A suspension reaches the placements that have not begun there, and has a day of its own on which it is reviewed."""

from collections import Counter
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from apflow.core.days.calendar import local_date
from apflow.core.errors import Blocked, Invalid
from apflow.core.outcome import Signal
from apflow.core.people.actor import THE_CLOCK, Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.signals import write_signals
from apflow.store.tables.messages import messages
from apflow.testing import MAGDA, MONDAY, OLIVE, PAT
from tests.brought import again
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.removal import CONFIRMED, SUSPENDED, a_second_manager

LIFTED: dict[str, Any] = {"what_has_changed": "The new insurance has come."}
STOPPED = ("none_begins_there", "none_begins_there_staff")
AGAIN = ("begins_there_again", "begins_there_again_staff")
WHY = SUSPENDED["reasons"]


@dataclass(frozen=True)
class Preparing:
    """Two placements that a school prepares at a provider: a draft, and one that is agreed; a third one has begun."""

    handler: Handler
    school: Actor
    provider: str
    draft: str
    agreed: str
    begun: str

    def case(self, reference: str) -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, reference)
        assert found is not None
        return found

    def does(self, event: str, who: Actor = MAGDA, **said: Any) -> None:
        self.handler.fire(self.provider, event, said, actor=who, now=MONDAY)
        hear_all(self.handler, machine_now=lambda: MONDAY)

    def work(self, reference: str) -> list[str]:
        return [
            task.name for task in self.case(reference).tasks if task.name in ("none_begins_there", "signal_refused")
        ]

    def told(self, reference: str) -> list[Row[Any]]:
        """What was written about a placement since the provider was suspended."""
        query = select(messages).where(messages.c.case_id == self.case(reference).id)
        names = ("none_begins", "begins_there_again", "off_the_list")
        with self.handler.store.reading() as connection:
            rows = connection.execute(query.order_by(messages.c.id)).all()
        return [row for row in rows if row.notice.removeprefix("placement/").startswith(names)]

    def all_told(self, *references: str) -> list[Row[Any]]:
        query = select(messages).where(messages.c.case_id.in_([self.case(one).id for one in references]))
        with self.handler.store.reading() as connection:
            return list(connection.execute(query))

    def referred(self) -> str:
        """A fourth, which the provider has to consider."""
        pupil = a_pupil_of(self.handler, "Hill School", "Teal")
        return refer(self.handler, self.school, pupil, self.case(self.agreed).fields["site"])

    def notices(self, reference: str) -> dict[str, int]:
        return Counter(row.notice.removeprefix("placement/") for row in self.told(reference))


@pytest.fixture
def there(handler: Handler) -> Preparing:
    return Preparing(handler, *again(handler, _prepared))


def _prepared(handler: Handler) -> tuple[Actor, str, str, str, str]:
    provider, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    pupils = [a_pupil_of(handler, "Hill School", name) for name in ("Pip", "Ros", "Wren")]
    said = {"pupil": pupils[0], "site": site, "kind": "alongside"}
    draft = handler.open_case("placement", "refer_a_pupil", said, actor=hill, now=MONDAY).reference
    agreed, begun = refer(handler, hill, pupils[1], site), refer(handler, hill, pupils[2], site)
    for reference in (agreed, begun):
        prepare(handler, reference, hill)
    handler.fire(begun, "start_placement", {}, actor=hill, now=MONDAY)
    return hill, provider, draft, agreed, begun


def test_those_who_prepare_a_placement_are_told_at_once_without_a_reason_and_an_officer_settles_it(
    there: Preparing,
) -> None:
    there.does("suspend", **SUSPENDED)

    assert there.notices(there.draft) == {"none_begins_there": 1}
    assert there.notices(there.agreed) == dict.fromkeys(STOPPED, 1)
    assert there.notices(there.begun) == {}, "whoever has a pupil there is told by the provider's own case"
    assert [there.work(one) for one in (there.draft, there.agreed, there.begun)] == [[], ["none_begins_there"], []]
    for said in (f"{row.subject} {row.text} {row.html}" for row in there.told(there.agreed)):
        assert WHY not in said
        assert "Ros" not in said
    assert there.case(there.agreed).state == "agreed", "nothing of the placement itself changes"


def test_they_are_told_again_when_it_is_lifted_and_the_task_goes(there: Preparing) -> None:
    there.does("suspend", **SUSPENDED)
    there.handler.fire(there.draft, "throw_away", {"sure": True}, actor=there.school, now=MONDAY)
    there.does("lift_suspension", **LIFTED)

    assert there.notices(there.draft) == {"none_begins_there": 1}
    assert there.notices(there.agreed) == dict.fromkeys((*STOPPED, *AGAIN), 1)
    assert there.work(there.agreed) == []
    there.handler.fire(there.agreed, "start_placement", {}, actor=there.school, now=MONDAY)


def test_a_second_suspension_is_told_to_those_who_prepare_one_then_and_to_nobody_else(there: Preparing) -> None:
    there.does("suspend", **SUSPENDED)
    there.does("lift_suspension", **LIFTED)
    there.handler.fire(there.agreed, "start_placement", {}, actor=there.school, now=MONDAY)
    there.does("suspend", **SUSPENDED)

    assert there.notices(there.draft) == {"none_begins_there": 2, **dict.fromkeys(AGAIN, 1)}
    assert there.notices(there.agreed) == dict.fromkeys((*STOPPED, *AGAIN), 1)
    assert there.work(there.provider) == [], "nothing was asked of a placement that has begun"


def test_whoever_prepares_one_hears_of_a_removal_that_is_proposed_refused_and_confirmed(there: Preparing) -> None:
    removal: dict[str, Any] = {"removal_reasons": "Two tutors taught alone."}
    there.does("propose_removal", **removal)
    assert there.notices(there.agreed) == dict.fromkeys(STOPPED, 1)
    there.does("keep_on_list", a_second_manager(there.handler), reasons="It was looked into.")
    assert there.notices(there.agreed) == dict.fromkeys((*STOPPED, *AGAIN), 1)
    there.does("propose_removal", **removal)
    there.does("confirm_removal", a_second_manager(there.handler, "Mina Manager"), **CONFIRMED)
    told = {"none_begins_there": 2, "none_begins_there_staff": 2, "off_the_list": 1, "off_the_list_staff": 1}
    assert there.notices(there.agreed) == {**told, **dict.fromkeys(AGAIN, 1)}
    assert there.work(there.agreed) == ["none_begins_there"]


def test_whoever_has_pupils_there_hears_that_placements_can_be_made_again_also_when_a_removal_is_refused(
    there: Preparing,
) -> None:
    """As the e-mail of the suspension says: “We tell you when it can take placements again”."""
    there.does("suspend", **SUSPENDED)
    there.does("propose_removal", removal_reasons="Two tutors taught alone.")
    there.does("keep_on_list", a_second_manager(there.handler), reasons="It was looked into.")
    with there.handler.store.reading() as connection:
        query = select(messages).where(messages.c.notice == "provider/suspension_lifted_to_commissioners")
        rows = connection.execute(query).all()
    assert [row.to_email for row in rows] == ["sally@hill-school.example"]
    assert all("placements can be made at" in body for row in rows for body in (row.text, row.html))


def test_a_provider_is_told_of_no_second_manager_where_the_first_takes_the_proposal_back(there: Preparing) -> None:
    there.does("propose_removal", removal_reasons="Two tutors taught alone.")
    there.does("take_back_proposal", **SUSPENDED)
    with there.handler.store.reading() as connection:
        row = connection.execute(select(messages).where(messages.c.notice == "provider/removal_refused")).one()
    for body in (row.text, row.html):
        assert "is not followed: you stay on it" in body
        assert "second manager" not in body.lower()


def test_a_suspension_names_the_day_of_its_review_which_is_reminded_of_and_escalated(there: Preparing) -> None:
    for day in (None, (MONDAY + timedelta(weeks=6)).date().isoformat()):
        with pytest.raises(Invalid):
            there.does("suspend", **{**SUSPENDED, "suspension_review_on": day})
    there.does("suspend", **SUSPENDED)
    due = there.case(there.provider).deadlines["suspension_review_due"].due_at
    assert local_date(due).isoformat() == SUSPENDED["suspension_review_on"]
    fire_due(there.handler, due + timedelta(days=1), machine_now=lambda: due + timedelta(days=1))
    assert "overdue_suspension_review_due" in [task.name for task in there.case(there.provider).tasks]

    said = {"why_it_stays": "The insurer has not answered.", "suspension_review_on": "2026-12-18"}
    there.handler.fire(there.provider, "leave_suspended", said, actor=MAGDA, now=due + timedelta(days=1))
    case = there.case(there.provider)
    assert local_date(case.deadlines["suspension_review_due"].due_at).isoformat() == "2026-12-18"
    assert "overdue_suspension_review_due" not in [task.name for task in case.tasks]
    there.handler.fire(there.provider, "lift_suspension", LIFTED, actor=MAGDA, now=due + timedelta(days=2))
    assert "suspension_review_due" not in there.case(there.provider).deadlines


def test_once_it_is_lifted_its_day_and_what_the_provider_asked_are_no_longer_of_any_suspension(
    there: Preparing,
) -> None:
    there.does("suspend", **SUSPENDED)
    there.does("record_review", OLIVE, review_asked_on="2026-11-02", grounds="It was there.")
    there.does("lift_suspension", **LIFTED)
    assert {"suspension_review_on", "review_asked_on"}.isdisjoint(there.case(there.provider).fields)

    there.does("stop_new_placements", THE_CLOCK)
    case = there.case(there.provider)
    assert case.state == "suspended"
    assert "suspension_review_due" not in case.deadlines, "a day of the suspension before would be late already"
    assert "suspension_to_review" in [task.name for task in case.tasks]
    looked: dict[str, Any] = {"reasons": "The insurance was there.", "decided_by": "The Director"}
    with pytest.raises(Blocked, match="Record first that the provider asked"):
        there.does("uphold_suspension", a_second_manager(there.handler), **looked)


def test_the_reasons_of_a_removal_that_was_refused_are_not_those_of_the_next(there: Preparing) -> None:
    there.does("propose_removal", removal_reasons="Two tutors taught alone.")
    there.does("keep_on_list", a_second_manager(there.handler), reasons="It was looked into.")
    assert "removal_reasons" not in there.case(there.provider).fields


def test_a_suspension_that_the_provider_challenges_is_looked_at_by_somebody_else(there: Preparing) -> None:
    there.does("suspend", **SUSPENDED)
    morgan = a_second_manager(there.handler)
    looked: dict[str, Any] = {"reasons": "The insurance was there.", "decided_by": "The Director"}
    with pytest.raises(Blocked, match="Record first that the provider asked"):
        there.does("overturn_suspension", morgan, **looked)
    there.does("record_review", OLIVE, review_asked_on="2026-11-02", grounds="It was there.")
    assert "look_at_decision_again" in [task.name for task in there.case(there.provider).tasks]
    with pytest.raises(Blocked):
        there.does("overturn_suspension", MAGDA, **looked)
    there.does("overturn_suspension", morgan, **looked)
    names = [task.name for task in there.case(there.provider).tasks]
    assert ("look_at_decision_again" in names, "suspension_was_wrong" in names) == (False, True)
    there.does("lift_suspension", **LIFTED)
    assert "suspension_was_wrong" not in [task.name for task in there.case(there.provider).tasks]


def test_meanwhile_nobody_is_pressed_to_prepare_it_and_the_provider_offers_no_place(there: Preparing) -> None:
    referred = there.referred()
    there.does("suspend", **SUSPENDED)
    assert "prepared" not in there.case(there.agreed).deadlines
    assert {"considered", "still_unanswered"}.isdisjoint(there.case(referred).deadlines)
    assert "still_with_the_provider" in there.case(referred).deadlines, "it is not forgotten either"
    offer: dict[str, Any] = {"can_meet": True, "offered_from": "2026-11-09"}
    with pytest.raises(Blocked, match="No placement begins at this provider at present"):
        there.handler.fire(referred, "offer", offer, actor=PAT, now=MONDAY)
    three_weeks = MONDAY + timedelta(weeks=3)
    fire_due(there.handler, three_weeks, machine_now=lambda: three_weeks)
    pressed = {"placement/due_soon", "placement/overdue"}
    assert not [row for row in there.all_told(there.agreed, referred) if row.notice in pressed]

    there.does("lift_suspension", **LIFTED)
    assert "prepared" in there.case(there.agreed).deadlines
    assert "none_begins_at" not in there.case(referred).fields
    there.handler.fire(referred, "offer", offer, actor=PAT, now=MONDAY)


def test_after_a_removal_nothing_is_offered_there_any_more_and_the_council_reads_that_it_cannot_begin(
    there: Preparing,
) -> None:
    referred = there.referred()
    there.does("propose_removal", removal_reasons="Two tutors taught alone.")
    there.does("confirm_removal", a_second_manager(there.handler), **CONFIRMED)
    said: dict[str, Any] = {"can_meet": True, "offered_from": "2026-11-09"}
    with pytest.raises(Blocked, match="No placement begins at this provider at present"):
        there.handler.fire(referred, "offer", said, actor=PAT, now=MONDAY)
    (row,) = [row for row in there.told(referred) if row.notice == "placement/off_the_list_staff"]
    assert "for now" not in f"{row.subject} {row.text}"


def test_a_draft_that_goes_to_another_provider_is_stopped_there_no_longer(there: Preparing) -> None:
    there.does("suspend", **SUSPENDED)
    assert there.case(there.draft).fields["none_begins_at"] == "Made Up Farm"
    case = there.case(there.draft)
    said = {name: case.fields[name] for name in ("pupil", "site", "kind")}
    _, elsewhere = a_listed_site(there.handler)
    there.handler.fire(there.draft, "change_who", {**said, "site": elsewhere}, actor=there.school, now=MONDAY)
    assert "none_begins_at" not in there.case(there.draft).fields


def test_what_a_case_does_not_ask_does_not_keep_it_from_hearing_of_what_happens(there: Preparing) -> None:
    """As one that goes by an earlier text of its workflow, from when less was asked."""
    case = there.case(there.agreed)
    said = Signal("tell", "", "placements_begin_there_again", answers={"not_asked_yet": "X"}, to=case.reference)
    with there.handler.store.writing() as connection:
        write_signals(connection, (said,), case_id=case.id or 0, parent_id=None, at=MONDAY)
    hear_all(there.handler, machine_now=lambda: MONDAY)
    assert there.notices(there.agreed) == dict.fromkeys(AGAIN, 1)
    assert there.work(there.agreed) == []
