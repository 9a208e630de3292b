"""While a placement runs: objectives, changes and matters are each chased; invoices go their own way."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Invalid, NotAllowed, NotOpen
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE, PAT
from tests.brought import again
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

OBJECTIVE = {
    "objective": "To read for an hour a day",
    "by_when": "2027-03-26",
    "baseline": "Ten minutes.",
    "assessed": "A log",
}
REPORT = {"standing": "on_track", "shown_by": "Half an hour now."}
CHANGE = {"what_changed": "Another bus", "says": "It comes at 9:10am."}
MATTER = {"in_short": "A bruise", "matter": "She has a bruise, and says that she fell."}
OVER = {
    "ends_on": MONDAY.date().isoformat(),
    "standing_because": "He would not go back.",
    "reflections": "He is afraid.",
    "kept_for": "six_years",
    "meanwhile": "school",
}
INVOICE = {
    "invoice_number": "1042",
    "period_from": "2026-11-02",
    "period_until": "2026-11-30",
    "amount": "640",
    "pay_by": "2026-12-14",
}


@dataclass(frozen=True)
class Running:
    """A placement that runs, inducted on the Monday of the tests."""

    handler: Handler
    school: Actor
    reference: str

    def does(
        self, who: Actor, event: str, answers: Mapping[str, Any], item: str | None = None, *, now: datetime = MONDAY
    ) -> None:
        self.handler.fire(self.reference, event, answers, actor=who, item=item, now=now)

    def case(self, reference: str = "") -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, reference or self.reference)
        assert found is not None
        return found

    def after(self, **span: float) -> datetime:
        """Let time pass, and every deadline act that is due by then."""
        now = MONDAY + timedelta(**span)
        fire_due(self.handler, now, machine_now=lambda: now)
        return now

    def tasks(self, role: str = "officer") -> set[str]:
        return {task.name for task in self.case().tasks if task.role == role}

    def sent(self, notice: str) -> list[str]:
        with self.handler.store.reading() as connection:
            query = select(messages.c.to_email).where(messages.c.notice == notice).order_by(messages.c.id)
            return list(connection.execute(query).scalars())

    def last_sent(self, notice: str) -> str:
        with self.handler.store.reading() as connection:
            query = select(messages.c.text).where(messages.c.notice == notice).order_by(messages.c.id.desc()).limit(1)
            return str(connection.execute(query).scalar_one())

    def invoice(self) -> str:
        """The reference of the invoice that was sent last."""
        hear_all(self.handler, machine_now=lambda: MONDAY)
        return self.case().children[-1].reference


@pytest.fixture
def running(handler: Handler) -> Running:
    return Running(handler, *again(handler, _running))


def _running(handler: Handler) -> tuple[Actor, str]:
    _, site = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = refer(handler, school, a_pupil_of(handler, "Hill School", "Pip"), site)
    prepare(handler, reference, school, starts_on=MONDAY.date().isoformat(), next_report_on="2027-03-01")
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    inducted: dict[str, Any] = {"inducted_on": MONDAY.date().isoformat(), "given_by": "Pat"}
    inducted |= dict.fromkeys(("health_and_safety", "who_to_tell"), True)
    handler.fire(reference, "record_induction", inducted, actor=PAT, now=MONDAY)
    return school, reference


def test_an_objective_that_is_not_reported_on_is_chased_and_the_other_is_not(running: Running) -> None:
    for _ in range(2):
        running.does(running.school, "add_objective", OBJECTIVE)
    thursday = MONDAY + timedelta(days=3)
    running.does(PAT, "report_on_objective", REPORT, "1", now=thursday)

    running.after(days=7, hours=4)
    assert running.sent("placement/due_soon") == ["pat@made-up-farm.example"], "a day before the second is late"
    running.after(days=9)
    assert "overdue_objective_due_weekly" in running.tasks()
    running.does(PAT, "report_on_objective", REPORT, "2", now=MONDAY + timedelta(days=9))
    assert running.case().deadlines["objective_due_weekly"].due_at.date() == (thursday + timedelta(days=8)).date()


def test_a_reminder_says_what_is_left_and_a_late_one_since_when(running: Running) -> None:
    running.does(running.school, "add_objective", OBJECTIVE)
    running.after(days=7, hours=4)
    assert "That leaves 1 school day." in running.last_sent("placement/due_soon")
    running.after(days=9)
    assert "the weekly report on an objective is due. It was due by" in running.last_sent("placement/work_overdue")


def test_what_is_met_or_dropped_is_chased_no_more(running: Running) -> None:
    for _ in range(2):
        running.does(running.school, "add_objective", OBJECTIVE)
    running.does(PAT, "objective_met", {"shown_by": "She reads."}, "1")
    running.does(running.school, "drop_objective", {"why_dropped": "Another comes first."}, "2")

    running.after(days=30)
    assert "overdue_objective_due_weekly" not in running.tasks()
    with pytest.raises(NotOpen):
        running.does(PAT, "report_on_objective", REPORT, "1")


def test_each_report_stays_with_its_objective(running: Running) -> None:
    for _ in range(2):
        running.does(running.school, "add_objective", OBJECTIVE)
    running.does(PAT, "report_on_objective", {**REPORT, "shown_by": "Of the first."}, "1")
    running.does(PAT, "report_on_objective", {**REPORT, "shown_by": "Of the second."}, "2")

    objectives = running.case().items["objectives"]
    assert [objectives[key].data["shown_by"] for key in ("1", "2")] == ["Of the first.", "Of the second."]


def test_a_change_is_read_by_the_other_side_and_chased_until_it_is(running: Running) -> None:
    running.does(PAT, "tell_of_change", CHANGE)
    with pytest.raises(NotAllowed):
        running.does(PAT, "have_read", {}, "1")
    with pytest.raises(NotOpen):
        running.does(PAT, "provider_has_read", {}, "1")

    running.after(days=1)
    assert running.sent("placement/due_soon") == ["sally@hill-school.example"]
    running.after(days=3)
    assert "overdue_change_unread_by_commissioner" in running.tasks()
    running.does(running.school, "have_read", {}, "1", now=MONDAY + timedelta(days=3))
    assert running.case().items["changes"]["1"].status == "read"
    assert "change_unread_by_commissioner" not in running.case().deadlines
    assert "overdue_change_unread_by_commissioner" not in running.tasks()


def test_a_change_the_other_way_is_the_providers_to_read(running: Running) -> None:
    running.does(running.school, "tell_provider_of_change", CHANGE)

    running.after(days=1)
    assert running.sent("placement/due_soon") == ["pat@made-up-farm.example"]
    running.does(PAT, "provider_has_read", {}, "1", now=MONDAY + timedelta(days=3))
    assert running.case().items["changes"]["1"].status == "read"


def test_a_safeguarding_matter_is_read_the_same_day_by_the_other_side_or_a_manager_hears_of_it(
    running: Running,
) -> None:
    running.does(PAT, "safeguarding_matter", MATTER)
    assert running.case().state == "urgent_review"

    running.after(hours=14)
    assert "overdue_matter_unread" in running.tasks("manager")
    running.does(
        running.school, "have_read_matter", {"done_about_it": "We see her today."}, "1", now=MONDAY + timedelta(days=1)
    )
    assert running.case().items["matters"]["1"].status == "read"


def test_each_matter_is_kept_by_itself_and_read_by_the_side_that_did_not_tell_it(running: Running) -> None:
    running.does(PAT, "safeguarding_matter", MATTER)
    running.does(running.school, "commissioner_tells_matter", {**MATTER, "matter": "Another."})

    matters = running.case().items["matters"]
    assert [matters[key].data["matter"] for key in ("1", "2")] == [MATTER["matter"], "Another."]
    done = {"done_about_it": "We see her today."}
    with pytest.raises(NotAllowed):
        running.does(PAT, "have_read_matter", done, "1")
    with pytest.raises(NotOpen):
        running.does(PAT, "provider_has_read_matter", done, "1")
    running.does(running.school, "have_read_matter", done, "1")
    running.does(PAT, "provider_has_read_matter", done, "2")
    assert {item.status for item in running.case().items["matters"].values()} == {"read"}


def test_a_matter_that_nobody_has_read_is_not_dropped_as_the_placement_breaks_down(running: Running) -> None:
    running.does(running.school, "commissioner_tells_matter", MATTER)
    running.does(OLIVE, "break_off", OVER)
    running.after(hours=14)
    assert "overdue_matter_unread" in running.tasks("manager")
    tuesday = MONDAY + timedelta(days=1)
    running.does(PAT, "provider_has_read_matter", {"done_about_it": "He is off work."}, "1", now=tuesday)
    assert running.case().items["matters"]["1"].status == "read"
    assert "overdue_matter_unread" not in running.tasks("manager")


def test_what_a_pupil_tells_on_leaving_is_told_where_the_placement_was(running: Running) -> None:
    running.does(running.school, "break_off", OVER)
    running.does(PAT, "matter_afterwards", MATTER)
    assert running.case().state == "first_after_breakdown"
    assert "safeguarding" in running.tasks("manager")
    told = {"pat@made-up-farm.example", "sally@hill-school.example"}
    assert set(running.sent("placement/read_today_afterwards")) == told
    running.after(hours=14)
    assert "overdue_matter_unread" in running.tasks("manager")


def test_a_second_matter_gives_no_second_week_to_decide_on_the_first(running: Running) -> None:
    running.does(PAT, "safeguarding_matter", MATTER)
    due = running.case().deadlines["decision_due"].due_at
    running.does(PAT, "safeguarding_matter", MATTER, now=MONDAY + timedelta(days=3))
    assert running.case().deadlines["decision_due"].due_at == due
    assert [task.name for task in running.case().tasks].count("safeguarding") == 2, "a manager reads each"
    running.after(days=8)
    assert "overdue_decision_due" in running.tasks("manager")


def test_an_officer_sees_that_those_who_work_with_the_pupil_hear_of_a_pause_and_a_breakdown(running: Running) -> None:
    running.does(running.school, "pause", {"standing_because": "We look into it.", "meanwhile": "The school."})
    assert "others_are_told" in running.tasks()
    over = {"ends_on": MONDAY.date().isoformat(), "standing_because": "It did not work.", "meanwhile": "The school."}
    running.does(running.school, "break_off", {**over, "reflections": "None.", "kept_for": "six_years"})
    assert "others_are_told" in running.tasks()


def test_an_invoice_is_issued_queried_answered_and_settled(running: Running) -> None:
    running.does(PAT, "send_invoice", INVOICE)
    invoice = running.invoice()
    assert running.sent("invoice/issued") == ["sally@hill-school.example"]

    def does(who: Actor, event: str, **answers: str) -> None:
        running.handler.fire(invoice, event, answers, actor=who, now=MONDAY)

    does(running.school, "query", queried_because="There were three weeks.")
    does(PAT, "answer", answered="You are right.", amount="480", pay_by="2026-12-14")
    does(running.school, "settle", paid_on="2026-11-02", paid="480")
    does(PAT, "has_come")

    case = running.case(invoice)
    assert (case.state, case.fields["amount"], case.fields["paid"]) == ("settled", "480.00", "480.00")
    assert running.sent("invoice/settled") == ["pat@made-up-farm.example"]


def test_one_that_is_late_is_reminded_of_whatever_becomes_of_the_placement(running: Running) -> None:
    running.does(PAT, "send_invoice", INVOICE)
    invoice = running.invoice()
    over = {"ends_on": MONDAY.date().isoformat(), "reflections": "Fine.", "kept_for": "six_years"}
    over |= {"standing_because": "It did not work.", "meanwhile": "The school"}
    running.does(running.school, "break_off", OVER)

    running.after(days=38)
    running.after(days=43)
    assert running.sent("invoice/due_soon") == ["sally@hill-school.example"]
    assert running.sent("invoice/late")[0] == "sally@hill-school.example"
    assert "overdue_settled_by" in {task.name for task in running.case(invoice).tasks}
    running.does(PAT, "send_invoice", {**INVOICE, "invoice_number": "1043"}, now=MONDAY + timedelta(days=43))
    assert running.invoice() != invoice, "one for the last weeks can still be sent"


def test_a_next_invoice_that_does_not_come_is_asked_for(running: Running) -> None:
    running.does(PAT, "send_invoice", {**INVOICE, "next_invoice_on": "2026-11-09"})

    running.after(days=8)
    assert running.sent("placement/invoice_wanted") == ["pat@made-up-farm.example"], "late as it is, once"


def test_no_invoice_names_a_pupil(running: Running) -> None:
    with pytest.raises(Invalid, match="name"):
        running.does(PAT, "send_invoice", {**INVOICE, "invoice_number": "Pip Sparrow 1"})


def test_the_council_sees_an_invoice_and_settles_none(running: Running) -> None:
    running.does(PAT, "send_invoice", INVOICE)
    invoice = running.invoice()

    with pytest.raises(NotAllowed):
        running.handler.fire(invoice, "settle", {"paid_on": "2026-11-02", "paid": "640"}, actor=OLIVE, now=MONDAY)


def test_a_manager_has_one_task_to_see_a_placement_decided_on_however_often_it_comes_up(running: Running) -> None:
    running.does(PAT, "safeguarding_matter", MATTER)
    running.after(days=40)
    about_the_decision = {"overdue_decision_due", "overdue_decision_chased_by_manager", "overdue_look_again"}
    assert [name for name in running.tasks("manager") if name in about_the_decision] == ["overdue_decision_due"]
    assert running.sent("placement/work_overdue").count("magda@council.example") > 1, "and is still reminded of it"
