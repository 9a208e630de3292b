"""Those who work with a pupil hear what becomes of a placement: at an address that was checked, and without a name."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Row, select

from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import By, add, change
from apflow.records.people.pupils import PROFESSIONAL, PUPIL
from apflow.sending.mailer import sending
from apflow.sending.transports import MailboxTransport
from apflow.store.tables.messages import messages
from apflow.store.tables.work import tasks
from apflow.testing import MONDAY, OLIVE, PAT
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

SAFFRON = "saffron@council.example"
VIRTUAL_SCHOOL = "virtual_school@council.example"
CASEY = "casey@council.example"
CHECKED: dict[str, Any] = {"email_checked_on": MONDAY.date().isoformat()}
WORKER: dict[str, Any] = {"role": "social_worker", "name": "Saffron Worker", "email": SAFFRON, "phone": "01632 960100"}
CASEWORKER: dict[str, Any] = {"role": "sen_caseworker", "name": "Casey Worker", "email": CASEY, **CHECKED}
PAUSED: dict[str, Any] = {"standing_because": "Something has happened.", "meanwhile": "The school"}
DAYS = ("11 December 2026", "27 November 2026", "4 December 2026")
INDUCTED: dict[str, Any] = {
    "inducted_on": "2026-11-02",
    "given_by": "Pat Provider",
    "health_and_safety": True,
    "who_to_tell": True,
}
ENDED: dict[str, Any] = {
    "ends_on": "2026-12-04",
    "destination": "school",
    "destination_detail": "Hill School",
    "outcome_progress": "All of it.",
    "reflections": "Good.",
    "kept_for": "six_years",
}
MATTER: dict[str, Any] = {"in_short": "A bruise", "matter": "A bruise was seen."}


@dataclass(frozen=True)
class Placed:
    """A pupil of a school, and what is done about the placement."""

    handler: Handler
    school: Actor
    pupil: int
    site: int

    def begun(self) -> str:
        reference = refer(self.handler, self.school, self.pupil, self.site)
        prepare(self.handler, reference, self.school)
        self.does(reference, "start_placement")
        return reference

    def does(
        self,
        reference: str,
        event: str,
        who: Actor | None = None,
        item: str | None = None,
        now: datetime = MONDAY,
        **said: Any,
    ) -> None:
        self.handler.fire(reference, event, said, actor=who or self.school, now=now, item=item)

    def works_with(self, **said: Any) -> int:
        by = By(OLIVE, MONDAY, self.handler.library)
        return add(self.handler.store, PROFESSIONAL, said, by, {"pupil_id": self.pupil})

    def now_is(self, kind: Any, number: int, **said: Any) -> None:
        change(self.handler.store, kind, number, 1, said, By(OLIVE, MONDAY, self.handler.library))

    def written(self, *roles_of: str) -> list[Row[Any]]:
        """The messages of the placement's notices to those around the pupil, to these addresses or to anybody."""
        query = select(messages).where(messages.c.notice.startswith("placement/others_"))
        with self.handler.store.reading() as connection:
            rows = list(connection.execute(query.order_by(messages.c.id)))
        return [row for row in rows if not roles_of or row.to_email in roles_of]

    def told(self, email: str) -> list[str]:
        return [row.notice.removeprefix("placement/others_") for row in self.written(email)]


def placed(handler: Handler, *true_of: str) -> Placed:
    _, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    return Placed(handler, hill, a_pupil_of(handler, "Hill School", "Pip", true_of=list(true_of)), site)


def test_a_social_worker_hears_of_a_referral_a_start_a_pause_and_a_breakdown(handler: Handler) -> None:
    pip = placed(handler, "cin")
    pip.works_with(**WORKER, **CHECKED)
    reference = pip.begun()
    pip.does(reference, "pause", **PAUSED)
    ended: dict[str, Any] = {"ends_on": "2026-11-09", "reflections": "No.", "kept_for": "six_years"}
    pip.does(reference, "break_off", now=MONDAY + timedelta(weeks=1), **PAUSED, **ended)
    assert pip.told(SAFFRON) == ["referred", "start", "stopped", "stopped"]


def test_no_email_to_those_around_a_pupil_says_which_pupil_it_is(handler: Handler) -> None:
    pip = placed(handler, "looked_after", "ehcp")
    pip.works_with(**WORKER, **CHECKED)
    reference = pip.begun()
    pip.does(reference, "safeguarding_matter", PAT, **MATTER)
    pip.does(reference, "pause", **PAUSED)
    rows = pip.written()
    assert rows
    for said in (f"{row.subject} {row.text} {row.html}" for row in rows):
        assert reference in said
        assert not [word for word in ("Pip", "Sparrow", "bruise", "Something has happened.") if word in said]
        assert "/cases/" not in said  # They have no account: a link would lead nowhere.


def test_an_email_says_how_to_learn_which_child_it_is_where_the_council_gives_no_number(handler: Handler) -> None:
    pip = placed(handler, "cin")
    pip.works_with(**WORKER, **CHECKED)
    reference = pip.begun()
    pip.does(reference, "pause", **PAUSED)
    text = pip.written(SAFFRON)[-1].text
    assert "ask the school (Sally School)" in text
    assert "write to EOTAS@bathnes.gov.uk with your telephone number, and we ring you" in text


def test_a_social_worker_is_told_the_last_day_and_another_one_and_that_the_child_is_no_longer_where_it_led(
    handler: Handler,
) -> None:
    pip = placed(handler, "cin")
    pip.works_with(**WORKER, **CHECKED)
    reference = pip.begun()
    held: dict[str, Any] = {
        "found": "Pip is ready.",
        "pupil_says": "Yes.",
        "parents_say": "Yes.",
        "reviewed_on": "2026-11-02",
    }
    pip.does(reference, "change_length", until="2026-12-11", why_this_long="As agreed.")
    pip.does(reference, "record_induction", PAT, **INDUCTED)
    pip.does(reference, "call_review_now")
    pip.does(reference, "decide_to_end", until="2026-11-27", next_report_on="2026-11-20", **held)
    pip.does(reference, "change_last_day", until="2026-12-04", why_this_long="Hill School is ready later.")
    after = MONDAY + timedelta(weeks=5)
    pip.does(reference, "finish", now=after, **ENDED)
    pip.does(reference, "is_not_there", now=after, none_because="Pip has not come.")
    assert pip.told(SAFFRON) == [
        *("referred", "start", "length", "review", "ending", "length", "ended", "without_education")
    ]
    said = [row.text for row in pip.written(SAFFRON)]
    days = [next((day for day in DAYS if day in text), "") for text in said[2:]]
    assert days == ["11 December 2026", "", "27 November 2026", "4 December 2026", "4 December 2026", "4 December 2026"]
    assert not [text for text in said if "Pip" in text or "Hill School is ready" in text or "/cases/" in text]


def test_the_virtual_school_hears_at_its_mailbox_of_a_pupil_in_care_and_of_no_other(handler: Handler) -> None:
    in_care, other = placed(handler, "looked_after"), None
    in_care.begun()
    assert in_care.told(VIRTUAL_SCHOOL) == ["referred", "start"]
    other = Placed(handler, in_care.school, a_pupil_of(handler, "Hill School", "Ros"), in_care.site)
    other.begun()
    assert in_care.told(VIRTUAL_SCHOOL) == ["referred", "start"]


def test_whoever_of_the_virtual_school_is_on_record_hears_in_place_of_its_mailbox(handler: Handler) -> None:
    pip = placed(handler, "looked_after")
    pip.works_with(role="virtual_school", name="Vera Venn", email="vera@council.example", **CHECKED)
    pip.begun()
    assert pip.told("vera@council.example") == ["referred", "start"]
    assert pip.told(VIRTUAL_SCHOOL) == []


def test_a_sen_caseworker_hears_while_there_is_an_ehc_plan_and_of_no_safeguarding_matter(handler: Handler) -> None:
    pip = placed(handler, "ehcp")
    pip.works_with(**CASEWORKER)
    reference = pip.begun()
    pip.does(reference, "safeguarding_matter", PAT, **MATTER)
    assert pip.told(CASEY) == ["referred", "start"]
    pip.now_is(PUPIL, pip.pupil, surname="Sparrow", forename="Pip", born="2012-05-04", home_school="Hill School")
    pip.does(reference, "pause", **PAUSED)
    assert pip.told(CASEY) == ["referred", "start"]


def test_a_social_worker_is_asked_to_ring_on_a_safeguarding_matter(handler: Handler) -> None:
    pip = placed(handler, "cp")
    pip.works_with(**WORKER, **CHECKED)
    reference = pip.begun()
    pip.does(reference, "safeguarding_matter", PAT, **MATTER)
    assert pip.told(SAFFRON)[-1] == "ring_today"


def test_nobody_is_written_to_at_an_address_that_nobody_has_checked_and_an_officer_is_told(handler: Handler) -> None:
    pip = placed(handler, "cin")
    pip.works_with(**WORKER)
    pip.begun()
    assert pip.told(SAFFRON) == []
    assert {row.status for row in pip.written()} == {"failed"}
    said = officers_are_told(handler)
    assert any("Ring them on 01632 960100, and check it with them" in note for note in said)


def test_an_officer_is_told_where_nobody_is_on_record_who_should_be(handler: Handler) -> None:
    pip = placed(handler, "cp")
    pip.begun()
    assert any(
        "to Social worker of the pupil could not be delivered: Nobody is on" in one
        for one in officers_are_told(handler)
    )


def test_of_a_pupil_without_a_plan_nobody_is_missed(handler: Handler) -> None:
    pip = placed(handler)
    pip.begun()
    assert pip.written() == []


def test_a_social_worker_who_has_ended_hears_no_more_and_the_next_one_does(handler: Handler) -> None:
    pip = placed(handler, "cin")
    number = pip.works_with(**WORKER, **CHECKED)
    reference = pip.begun()
    pip.now_is(PROFESSIONAL, number, **WORKER, **CHECKED, ended_on=MONDAY.date().isoformat())
    pip.works_with(role="social_worker", name="Newton Worker", email="newton@council.example", **CHECKED)
    pip.does(reference, "pause", **PAUSED)
    assert pip.told(SAFFRON) == ["referred", "start"]
    assert pip.told("newton@council.example") == ["stopped"]


@pytest.mark.parametrize("barred", [{"parent_name": "saffron  WORKER"}, {"parent_name": "S. W."}])
def test_whoever_must_not_be_contacted_about_a_pupil_is_not_written_to_as_one_who_works_with_them(
    handler: Handler, barred: dict[str, Any]
) -> None:
    pip = placed(handler, "cin")
    pip.works_with(**WORKER, **CHECKED)
    other = refer(handler, pip.school, pip.pupil, pip.site)
    who = {**barred, "relation": "Social worker", "responsible": False}
    if barred["parent_name"] == "S. W.":  # Known by the address alone.
        prepare(handler, other, pip.school)
        pip.does(other, "write_by_email", **who, parent_email=SAFFRON, is_safe=True)
        pip.does(other, "stop_contact", item="1", not_because="A court order")
    else:
        pip.does(other, "do_not_contact", **who, not_because="A court order")
    told = len(pip.told(SAFFRON))
    refer(handler, pip.school, pip.pupil, pip.site)
    assert len(pip.told(SAFFRON)) == told
    assert any("must not be contacted about this pupil" in note for note in officers_are_told(handler))


def test_a_new_address_needs_a_check_of_its_own(handler: Handler) -> None:
    pip = placed(handler, "cin")
    earlier = {"email_checked_on": (MONDAY.date() - timedelta(days=30)).isoformat()}
    number = pip.works_with(**WORKER, **earlier)
    with pytest.raises(Invalid) as refused:
        pip.now_is(PROFESSIONAL, number, **{**WORKER, "email": "other@council.example"}, **earlier)
    assert "the earlier name and address were checked" in refused.value.errors["email_checked_on"]
    pip.now_is(PROFESSIONAL, number, **{**WORKER, "email": "other@council.example"})
    pip.begun()
    assert pip.told("other@council.example") == []


def test_no_check_is_on_record_of_no_address(handler: Handler) -> None:
    pip = placed(handler, "cin")
    with pytest.raises(Invalid, match="email"):
        pip.works_with(role="social_worker", name="Saffron Worker", email_checked_on=date(2026, 11, 2).isoformat())


def officers_are_told(handler: Handler) -> list[str]:
    """What the tasks say that come of messages which could not be sent."""
    list(sending(handler.store, MailboxTransport(), handler, lambda: MONDAY, lambda: MONDAY))
    with handler.store.reading() as connection:
        return list(connection.execute(select(tasks.c.note).where(tasks.c.name == "mail_failed")).scalars())


def taken_on(handler: Handler) -> list[Row[Any]]:
    with handler.store.reading() as connection:
        query = select(messages).where(messages.c.notice == "around_a_child/taken_on").order_by(messages.c.id)
        return list(connection.execute(query))


def test_whoever_comes_to_work_with_a_placed_pupil_is_told_of_the_placement_once_their_address_is_checked(
    handler: Handler,
) -> None:
    pip = placed(handler, "cin")
    reference = pip.begun()
    by = By(OLIVE, MONDAY, handler.library, letters=handler.letters)
    within = {"pupil_id": pip.pupil}
    number = add(handler.store, PROFESSIONAL, WORKER, by, within)
    assert taken_on(handler) == []
    change(handler.store, PROFESSIONAL, number, 1, {**WORKER, **CHECKED}, by)
    (letter,) = taken_on(handler)
    assert letter.to_email == SAFFRON
    said = f"{letter.subject} {letter.text} {letter.html}"
    assert reference in said
    assert not [word for word in ("Pip", "Sparrow") if word in said]
    change(handler.store, PROFESSIONAL, number, 2, {**WORKER, **CHECKED, "phone": "01632 960199"}, by)
    assert len(taken_on(handler)) == 1


def test_whoever_comes_to_work_with_a_pupil_hears_of_no_other_pupil_s_placement(handler: Handler) -> None:
    pip = placed(handler, "cin")
    pip.begun()
    other = a_pupil_of(handler, "Hill School", "Ros", true_of=["cin"])
    by = By(OLIVE, MONDAY, handler.library, letters=handler.letters)
    add(handler.store, PROFESSIONAL, {**WORKER, **CHECKED}, by, {"pupil_id": other})
    assert taken_on(handler) == []


def test_nobody_is_taken_on_who_has_ended_or_whose_pupil_has_no_plan_of_theirs(handler: Handler) -> None:
    pip = placed(handler, "cin")
    pip.begun()
    by = By(OLIVE, MONDAY, handler.library, letters=handler.letters)
    within = {"pupil_id": pip.pupil}
    for said in (CASEWORKER, {**WORKER, **CHECKED, "ended_on": MONDAY.date().isoformat()}):
        add(handler.store, PROFESSIONAL, said, by, within)
    assert taken_on(handler) == []
