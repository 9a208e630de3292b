"""What a placed pupil's record says from now on reaches each of their placements, and those who work with them."""

from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from apflow.core.errors import Blocked
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.records.door import By, add, change
from apflow.records.people.pupils import PROFESSIONAL, PUPIL, answers_of
from apflow.rounds.signals import hear_all
from apflow.sending.mailer import sending
from apflow.sending.transports import MailboxTransport
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.outbox import messages_of
from apflow.store.records.pupils import pupil
from apflow.testing import MONDAY, OLIVE, PAT, a_handler, add_people
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.records.council import by

CHECKED: dict[str, Any] = {"email_checked_on": MONDAY.date().isoformat()}
SAFFRON = "saffron@council.example"
CASEY = "casey@council.example"
VIRTUAL_SCHOOL = "virtual_school@council.example"
HELD: dict[str, Any] = {
    "reviewed_on": MONDAY.date().isoformat(),
    "found": "It went well.",
    "pupil_says": "Yes.",
    "parents_say": "Yes.",
    "next_report_on": "2026-11-20",
    "until": "2026-12-04",
}
BREAKS_OFF: dict[str, Any] = {
    "ends_on": "2026-11-09",
    "standing_because": "It did not work.",
    "reflections": "No.",
    "kept_for": "six_years",
    "meanwhile": "The school",
}

FRED: dict[str, Any] = {
    "parent_name": "Fred Away",
    "relation": "Father",
    "responsible": True,
    "parent_email": "fred@home.example",
    "is_safe": True,
}


@dataclass(frozen=True)
class There:
    """Pip of Hill School, of whom nothing is true yet, and whoever works with Pip."""

    handler: Handler
    school: Actor
    pupil: int
    site: int

    def works_with(self, role: str, name: str, email: str) -> None:
        said: dict[str, Any] = {"role": role, "name": name, "email": email, **CHECKED}
        add(self.handler.store, PROFESSIONAL, said, By(OLIVE, MONDAY, self.handler.library), {"pupil_id": self.pupil})

    def referred(self) -> str:
        return refer(self.handler, self.school, self.pupil, self.site)

    def begun(self) -> str:
        reference = self.referred()
        prepare(self.handler, reference, self.school)
        self.does(reference, "start_placement")
        return reference

    def does(self, reference: str, event: str, who: Actor | None = None, item: str | None = None, **said: Any) -> None:
        now = MONDAY + timedelta(weeks=1)
        self.handler.fire(reference, event, said, actor=who or self.school, now=now, item=item)

    def is_now(self, *true_of: str) -> None:
        """What the pupil's record says from now on, once whoever it reaches has heard of it."""
        with self.handler.store.reading() as connection:
            row = pupil(connection, self.pupil)
        assert row is not None
        said = {**answers_of(row, MONDAY.date()), "true_of": list(true_of)}
        change(self.handler.store, PUPIL, self.pupil, row.version, said, by(self.handler))
        hear_all(self.handler, machine_now=lambda: MONDAY)

    def case(self, reference: str) -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, reference)
        assert found is not None
        return found

    def work(self, reference: str) -> list[str]:
        names = ("looked_after", "in_care", "signal_refused", "mail_failed")
        return [task.name for task in self.case(reference).tasks if task.name in names]

    def told(self, reference: str) -> list[str]:
        with self.handler.store.reading() as connection:
            rows = messages_of(connection, reference)
        return sorted(row.to_email for row in rows if row.to_email and row.notice == "placement/others_now_hear")

    def sent(self, reference: str, email: str) -> list[str]:
        with self.handler.store.reading() as connection:
            return [row.notice for row in messages_of(connection, reference) if row.to_email == email]


@pytest.fixture
def there(store: Store) -> There:
    add_people(store)
    handler = a_handler(store)
    _, site = a_listed_site(handler)
    school = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    return There(handler, school, a_pupil_of(handler, "Hill School", "Pip"), site)


def test_the_virtual_school_and_the_social_worker_hear_of_each_placement_and_an_officer_looks_at_each(
    there: There,
) -> None:
    there.works_with("social_worker", "Saffron Worker", SAFFRON)
    both = (there.begun(), there.referred())

    there.is_now("looked_after")

    for reference in both:
        assert there.told(reference) == [SAFFRON, VIRTUAL_SCHOOL]
        assert there.work(reference) == ["in_care"]


def test_their_email_says_neither_which_child_it_is_nor_what_is_on_the_record(there: There) -> None:
    reference = there.begun()
    there.is_now("looked_after")
    with there.handler.store.reading() as connection:
        said = next(
            f"{row.subject} {row.text} {row.html}"
            for row in messages_of(connection, reference)
            if row.notice == "placement/others_now_hear"
        )
    assert reference in said
    assert not [word for word in ("Pip", "Sparrow", "looked after", "in care", "/cases/") if word in said]


def test_what_was_recorded_on_one_placement_is_done_once_it_is_on_the_pupils_record_and_reaches_the_other(
    there: There,
) -> None:
    one, other = there.begun(), there.referred()
    there.does(one, "becomes_looked_after", looked_after_since="2026-11-02")
    assert (there.work(one), there.work(other)) == (["looked_after"], [])

    there.is_now("looked_after")

    assert (there.work(one), there.work(other)) == (["in_care"], ["in_care"])
    assert there.case(one).fields["looked_after_since"] == "2026-11-02"
    there.does(other, "say_since_when", OLIVE, looked_after_since="2026-11-02")
    assert there.work(other) == []


def test_it_can_be_recorded_while_the_placement_comes_to_its_end_and_after_it_has_broken_down(there: There) -> None:
    ending, broken = there.begun(), there.referred()
    there.does(ending, "call_review_now")
    there.does(ending, "decide_to_end", **HELD)
    there.does(ending, "becomes_looked_after", looked_after_since="2026-11-02")
    there.is_now("looked_after")
    assert there.work(ending) == ["in_care"]

    there.does(ending, "break_off", **BREAKS_OFF)
    there.is_now()
    there.does(ending, "not_looked_after", OLIVE, taken_back_because="It has ended, says Saffron Worker")
    there.does(ending, "becomes_looked_after", OLIVE, looked_after_since="2026-11-02")
    there.is_now("looked_after")
    assert there.told(ending) == [VIRTUAL_SCHOOL, VIRTUAL_SCHOOL]
    assert there.told(broken) == [VIRTUAL_SCHOOL, VIRTUAL_SCHOOL]


def test_a_plan_is_told_to_whoever_it_has_hear_of_the_placement_and_not_twice(there: There) -> None:
    there.works_with("social_worker", "Saffron Worker", SAFFRON)
    there.works_with("sen_caseworker", "Casey Worker", CASEY)
    reference = there.begun()
    there.is_now("sen_support")
    assert there.told(reference) == []
    there.is_now("cin")
    assert there.told(reference) == [SAFFRON]
    there.is_now("cp", "ehcp")
    assert there.told(reference) == [CASEY, SAFFRON], "whoever has heard of it as the social worker has"
    there.is_now("ehcp")
    assert there.told(reference) == [CASEY, SAFFRON]


def test_where_nobody_is_on_record_whom_it_should_be_told_an_officer_finds_out_who_it_is(there: There) -> None:
    reference = there.begun()
    there.is_now("cp")
    list(sending(there.handler.store, MailboxTransport(), there.handler, lambda: MONDAY, lambda: MONDAY))
    assert there.work(reference) == ["mail_failed"]


def test_of_a_referral_that_is_still_written_nobody_outside_hears_and_an_officer_does(there: There) -> None:
    said: dict[str, Any] = {"pupil": there.pupil, "site": there.site, "kind": "alongside"}
    draft = there.handler.open_case("placement", "refer_a_pupil", said, actor=there.school, now=MONDAY)
    there.is_now("looked_after", "ehcp")
    assert (there.told(draft.reference), there.work(draft.reference)) == ([], ["in_care"])


def test_nothing_goes_to_anybody_at_home_until_it_is_settled_of_them(there: There) -> None:
    reference = there.begun()
    there.does(reference, "write_by_email", **FRED)
    there.does(reference, "write_by_email", **{**FRED, "parent_name": "Gil Home", "parent_email": "gil@home.example"})
    assert there.sent(reference, "fred@home.example") == ["placement/parent_link"]

    there.is_now("looked_after")
    there.does(reference, "change_length", until="2026-12-11", why_this_long="As agreed.")

    assert there.sent(reference, "fred@home.example") == ["placement/parent_link"]
    assert "placement/home_to_settle" in there.sent(reference, "sally@hill-school.example")
    assert "home_to_settle" in [task.name for task in there.case(reference).tasks]
    list(sending(there.handler.store, MailboxTransport(), there.handler, lambda: MONDAY, lambda: MONDAY))
    notes = {task.note for task in there.case(reference).tasks if task.name == "mail_failed"}
    assert not any("still written to" in note for note in notes), (
        "it waits for the task to settle it, and opens no other"
    )

    there.does(reference, "settled_by_email", OLIVE, "1", settled_with="Saffron Worker, today")
    there.does(reference, "change_length", until="2026-12-18", why_this_long="As agreed.")
    fred = there.sent(reference, "fred@home.example")
    assert fred == ["placement/parent_link", "placement/parent_link", "placement/parent_news"]
    assert there.sent(reference, "gil@home.example") == ["placement/parent_link"]


def test_what_is_recorded_on_the_placement_alone_is_enough_and_what_ends_on_the_record_lets_letters_go(
    there: There,
) -> None:
    one, other = there.begun(), there.referred()
    there.does(other, "offer", PAT, can_meet=True, offered_from="2026-11-16")
    for reference in (one, other):
        there.does(reference, "write_by_email", **FRED)
    there.does(one, "becomes_looked_after", looked_after_since="2026-11-02")
    there.does(one, "change_length", until="2026-12-11", why_this_long="As agreed.")
    assert there.sent(one, "fred@home.example") == ["placement/parent_link"]

    there.is_now("looked_after")
    with pytest.raises(Blocked, match="nobody has said yet that this person is still written to"):
        there.does(other, "send_link_again", item="1")
    assert there.sent(other, "fred@home.example") == ["placement/parent_link"]
    there.is_now()
    there.does(other, "send_link_again", item="1")
    assert len(there.sent(other, "fred@home.example")) == 2


def opened_for_fred(there: There, reference: str) -> bool:
    """Whether a new link can be sent to whoever is at home."""
    try:
        there.does(reference, "send_link_again", item="1")
    except Blocked:
        return False
    return True


def test_who_was_settled_the_first_time_is_settled_anew_each_time_the_pupil_comes_into_care(there: There) -> None:
    reference = there.begun()
    there.does(reference, "write_by_email", **FRED)
    there.does(reference, "becomes_looked_after", looked_after_since="2026-11-02")
    there.does(reference, "settled_by_email", OLIVE, "1", settled_with="Saffron Worker, today")
    there.is_now("looked_after")
    assert opened_for_fred(there, reference), "it was settled for this time before the record said so"

    there.is_now()
    assert not opened_for_fred(there, reference), "the placement says still that they are"
    assert "care_has_ended" in [task.name for task in there.case(reference).tasks]
    there.does(reference, "not_looked_after", OLIVE, taken_back_because="It has ended, says Saffron Worker")
    assert opened_for_fred(there, reference)
    assert "care_has_ended" not in [task.name for task in there.case(reference).tasks]

    there.does(reference, "becomes_looked_after", OLIVE, looked_after_since="2026-11-09")
    assert not opened_for_fred(there, reference)
    assert "home_to_settle" in [task.name for task in there.case(reference).tasks]


def test_by_the_record_alone_it_is_settled_anew_too_and_a_record_put_right_leaves_no_task(there: There) -> None:
    reference = there.begun()
    there.does(reference, "write_by_email", **FRED)
    there.is_now("looked_after")
    there.does(reference, "settled_by_email", OLIVE, "1", settled_with="Saffron Worker, today")
    there.is_now()
    assert opened_for_fred(there, reference)
    there.is_now("looked_after")
    assert not opened_for_fred(there, reference)
    assert {"in_care", "home_to_settle"} <= {task.name for task in there.case(reference).tasks}

    there.is_now()

    left = {task.name for task in there.case(reference).tasks}
    assert not left & {"in_care", "home_to_settle", "care_has_ended"}
    assert opened_for_fred(there, reference)


def test_who_is_written_to_at_home_is_settled_anew_when_a_pupil_comes_into_care_once_more(there: There) -> None:
    reference = there.begun()
    there.does(reference, "write_by_email", **FRED)
    there.does(reference, "becomes_looked_after", looked_after_since="2026-11-02")
    there.does(reference, "settled_by_email", OLIVE, "1", settled_with="Saffron Worker, today")
    there.does(reference, "not_looked_after", OLIVE, taken_back_because="It has ended, says Saffron Worker")
    before = there.sent(reference, "fred@home.example")

    there.does(reference, "becomes_looked_after", looked_after_since="2026-11-02")
    there.does(reference, "change_length", until="2026-12-11", why_this_long="As agreed.")

    assert there.sent(reference, "fred@home.example") == before
    assert [task.name for task in there.case(reference).tasks].count("home_to_settle") == 1
    there.does(reference, "settled_by_email", OLIVE, "1", settled_with="Saffron Worker, once more")
    assert len(there.sent(reference, "fred@home.example")) == len(before) + 1


def test_it_is_settled_anew_where_the_record_alone_says_so_once_more(there: There) -> None:
    reference = there.begun()
    there.does(reference, "write_by_email", **FRED)
    there.is_now("looked_after")
    there.does(reference, "settled_by_email", OLIVE, "1", settled_with="Saffron Worker, today")
    there.is_now()
    before = there.sent(reference, "fred@home.example")

    there.is_now("looked_after")
    there.does(reference, "change_length", until="2026-12-11", why_this_long="As agreed.")

    assert there.sent(reference, "fred@home.example") == before


def test_what_was_settled_since_the_placement_said_so_stands_once_the_record_says_so_too(there: There) -> None:
    reference = there.begun()
    there.does(reference, "write_by_email", **FRED)
    there.does(reference, "becomes_looked_after", looked_after_since="2026-11-02")
    there.does(reference, "settled_by_email", OLIVE, "1", settled_with="Saffron Worker, today")
    before = there.sent(reference, "fred@home.example")

    there.is_now("looked_after")
    there.does(reference, "change_length", until="2026-12-11", why_this_long="As agreed.")

    assert len(there.sent(reference, "fred@home.example")) == len(before) + 1
