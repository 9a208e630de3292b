"""Whoever must not be contacted about a pupil is written to from no placement of theirs, and by no second entry."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked, Invalid, NotAllowed, NotOpen
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.store.cases.loading import load_case
from apflow.store.tables.cases import barred_cases
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, PAT
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer

CARL: dict[str, Any] = {"parent_name": "Carl Other", "relation": "Father", "responsible": False}
BY_EMAIL: dict[str, Any] = {**CARL, "parent_email": "carl@home.example", "is_safe": True}
ANN: dict[str, Any] = {**BY_EMAIL, "parent_name": "Ann Sparrow", "parent_email": "ann@home.example"}
INDUCTED: dict[str, Any] = {
    **dict.fromkeys(("health_and_safety", "who_to_tell"), True),
    "inducted_on": MONDAY.date().isoformat(),
    "given_by": "Pat",
}
ORDER: dict[str, Any] = {"not_because": "A court order"}


@dataclass(frozen=True)
class Two:
    """Two placements of one pupil."""

    handler: Handler
    school: Actor
    references: tuple[str, str]

    def does(self, which: int, event: str, who: Actor | None = None, item: str | None = None, **said: Any) -> None:
        actor = who or self.school
        self.handler.fire(self.references[which], event, said, actor=actor, now=MONDAY, item=item)

    def case(self, which: int) -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, self.references[which])
        assert found is not None
        return found

    def sent(self, email: str) -> list[str]:
        with self.handler.store.reading() as connection:
            return list(connection.execute(select(messages.c.notice).where(messages.c.to_email == email)).scalars())

    def failed(self, notice: str) -> list[str]:
        """Why messages of the notice did not go."""
        query = select(messages.c.error).where(messages.c.notice == notice, messages.c.status == "failed")
        with self.handler.store.reading() as connection:
            return list(connection.execute(query).scalars())


@pytest.fixture
def two(handler: Handler) -> Two:
    _, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    pupil = a_pupil_of(handler, "Hill School", "Pip")
    first, second = (refer(handler, hill, pupil, site) for _ in range(2))
    for reference in (first, second):
        prepare(handler, reference, hill)
    return Two(handler, hill, (first, second))


def test_nobody_is_written_to_about_a_pupil_until_all_are_named_who_must_not_be(two: Two) -> None:
    two.does(0, "do_not_contact", **CARL, **ORDER)
    for answers in (BY_EMAIL, ANN):
        with pytest.raises(Blocked) as refusal:
            two.does(1, "write_by_email", **answers)
        assert "On another placement of this pupil somebody is named" in refusal.value.reasons[0]
        assert "Carl" not in " ".join(refusal.value.reasons), "another school may have named them"

    two.does(1, "do_not_contact", OLIVE, **{**CARL, "parent_name": "carl  other"}, **ORDER)
    two.does(1, "write_by_email", **ANN)
    assert two.sent("carl@home.example") == []
    assert len(two.sent("ann@home.example")) == 1


def test_an_officer_sees_on_the_day_that_others_of_the_pupil_s_placements_stop_too(two: Two) -> None:
    for which in (0, 1):
        two.does(which, "write_by_email", **BY_EMAIL)
    two.does(0, "stop_contact", item="1", **ORDER)
    (task,) = [task for task in two.case(0).tasks if task.name == "barred_elsewhere"]
    assert task.due_at is not None
    assert task.due_at.date() == MONDAY.date()


def test_nobody_who_was_kept_from_it_is_written_to_by_a_second_entry_or_a_changed_one(two: Two) -> None:
    two.does(0, "do_not_contact", **CARL, **ORDER)
    with pytest.raises(Blocked) as refusal:
        two.does(0, "write_by_email", **BY_EMAIL)
    assert "Somebody of this name must not be contacted" in refusal.value.reasons[0]
    with pytest.raises(NotOpen):
        two.does(0, "now_by_email", item="1", **BY_EMAIL)
    lifted = {**BY_EMAIL, "what_changed_for_them": "The order has ended; seen."}
    with pytest.raises(NotAllowed):
        two.does(0, "may_be_contacted", item="1", **lifted)
    two.does(0, "may_be_contacted", OLIVE, "1", **lifted)
    assert two.sent("carl@home.example") == ["placement/parent_link"]
    assert "placement/may_be_contacted_staff" in two.sent(EMAILS[MAGDA])


@pytest.mark.parametrize("other", [{}, {"parent_name": "C. Other"}, {"parent_email": "carl@work.example"}])
def test_whoever_is_stopped_on_one_placement_hears_no_more_of_another_by_name_or_address(
    two: Two, other: dict[str, Any]
) -> None:
    two.does(0, "write_by_email", **BY_EMAIL)
    two.does(1, "write_by_email", **{**BY_EMAIL, **other})
    two.does(1, "start_placement")
    email = str({**BY_EMAIL, **other}["parent_email"])
    before = two.sent(email)
    assert "placement/parent_starts" in before

    two.does(0, "stop_contact", item="1", **ORDER)
    two.does(1, "record_induction", PAT, **INDUCTED)
    two.does(1, "pause", standing_because="Something.", meanwhile="The school")
    assert two.sent(email) == before
    (not_sent,) = two.failed("placement/parent_paused")
    assert "must not be contacted about this pupil, here or by another placement" in not_sent


def test_who_shares_an_address_with_whoever_must_not_be_contacted_is_not_written_to_there(two: Two) -> None:
    two.does(0, "write_by_email", **BY_EMAIL)
    two.does(0, "write_by_email", **{**ANN, "parent_email": "carl@home.example"})
    two.does(0, "stop_contact", item="1", **ORDER)
    before = two.sent("carl@home.example")
    two.does(0, "start_placement")
    assert two.sent("carl@home.example") == before


def test_whoever_may_be_contacted_again_is_written_to_from_that_very_entry(two: Two) -> None:
    for which in (0, 1):
        two.does(which, "do_not_contact", **CARL, **ORDER)
    lifted = {**BY_EMAIL, "what_changed_for_them": "The order has ended; seen."}
    two.does(0, "may_be_contacted", OLIVE, "1", **lifted)
    assert two.sent("carl@home.example") == [], "another placement says still that they must not be"
    two.does(1, "may_be_contacted", OLIVE, "1", **lifted)
    assert two.sent("carl@home.example") == ["placement/parent_link"]


WAYS = ("Mr Carl Other", "Carl J Other", "Other, Carl", "C. Other", "Cärl Other", "Carl-Other", "Carl Other (father)")


@pytest.mark.parametrize("written", WAYS)
def test_nobody_who_was_kept_from_it_is_written_to_with_their_name_written_otherwise(two: Two, written: str) -> None:
    two.does(0, "do_not_contact", **CARL, **ORDER)
    two.does(0, "write_by_email", **ANN)
    said = {**BY_EMAIL, "parent_name": written, "parent_email": "carl31@home.example"}
    for event, item in (("write_by_email", None), ("now_by_email", "2")):
        with pytest.raises(Blocked, match="Somebody of this name or address must not be contacted"):
            two.does(0, event, item=item, **said)
        with pytest.raises(Blocked, match="Somebody of this name or address must not be contacted"):
            two.does(0, event, OLIVE, item=item, **said, apart_from="Carl Other")
    assert two.sent("carl31@home.example") == []


@pytest.mark.parametrize("written", WAYS)
def test_one_placement_names_whoever_another_does_however_it_is_written(two: Two, written: str) -> None:
    two.does(0, "do_not_contact", **CARL, **ORDER)
    two.does(1, "do_not_contact", OLIVE, **{**CARL, "parent_name": written}, **ORDER)
    two.does(1, "write_by_email", **ANN)
    assert len(two.sent("ann@home.example")) == 1


def test_nobody_is_written_to_at_an_address_that_is_known_of_whoever_must_not_be(two: Two) -> None:
    two.does(0, "do_not_contact", **CARL, **ORDER, known_emails="carl@home.example, carl@work.example")
    for email in ("carl@home.example", "CARL@work.example", "carl+x@work.example"):
        with pytest.raises(Blocked, match="Somebody of this name or address"):
            two.does(0, "write_by_email", **{**ANN, "parent_email": email})
    two.does(0, "write_by_email", **ANN)
    assert len(two.sent("ann@home.example")) == 1


def test_an_address_that_another_placement_knows_of_them_is_not_written_to_either(two: Two) -> None:
    two.does(1, "write_by_email", **{**ANN, "parent_email": "carl@work.example"})
    before = two.sent("carl@work.example")
    two.does(0, "do_not_contact", **CARL, **ORDER, known_emails="carl@work.example")
    two.does(1, "start_placement")
    assert two.sent("carl@work.example") == before
    (not_sent,) = two.failed("placement/parent_starts")
    assert "Somebody of this name or address must not be contacted" in not_sent


def test_whoever_shares_the_surname_is_written_to_once_it_is_said_that_they_are_somebody_else(two: Two) -> None:
    mina = {**ANN, "parent_name": "Mina Other", "parent_email": "mina@home.example"}
    two.does(0, "do_not_contact", **CARL, **ORDER)
    wrong: list[dict[str, Any]] = [{}, {"apart_from": "Mina Other"}, {"apart_from": "Other"}]
    for apart in wrong:
        with pytest.raises(Invalid) as refusal:
            two.does(0, "write_by_email", **mina, **apart)
        assert refusal.value.errors == {
            "apart_from": "Somebody of this surname must not be contacted. If this is somebody else, write here the"
            " full name of whoever must not be"
        }
    assert two.sent("mina@home.example") == []
    two.does(0, "write_by_email", **mina, apart_from="Mr Carl Other")
    two.does(0, "start_placement")
    assert two.sent("mina@home.example") == ["placement/parent_link", "placement/parent_starts"]


def test_whoever_was_written_to_and_shares_the_surname_of_somebody_named_later_waits_until_they_are_told_apart(
    two: Two,
) -> None:
    mina = {**ANN, "parent_name": "Mina Other", "parent_email": "mina@home.example"}
    two.does(0, "write_by_email", **mina)
    two.does(0, "do_not_contact", **CARL, **ORDER)
    two.does(0, "start_placement")
    assert two.sent("mina@home.example") == ["placement/parent_link"]
    (not_sent,) = two.failed("placement/parent_starts")
    assert "nobody has said that this is somebody else" in not_sent
    two.does(0, "now_by_email", item="1", **mina, apart_from="Carl Other")
    assert two.sent("mina@home.example") == ["placement/parent_link"] * 2
    two.does(0, "do_not_contact", **{**CARL, "parent_name": "Ivor Other"}, **ORDER)
    two.does(0, "pause", standing_because="Something.", meanwhile="The school")
    assert len(two.sent("mina@home.example")) == 2, "of another of the surname it has to be said too"


def test_an_officer_corrects_a_name_that_stood_in_the_way_of_somebody_else(two: Two) -> None:
    jane = {**ANN, "parent_name": "Jane Other", "parent_email": "jane@home.example"}
    two.does(0, "do_not_contact", **{**CARL, "parent_name": "J. Other"}, **ORDER)
    with pytest.raises(Blocked, match="Somebody of this name"):
        two.does(0, "write_by_email", **jane, apart_from="J. Other")
    right = {**CARL, "parent_name": "John Other", "known_emails": "john@home.example"}
    with pytest.raises(NotAllowed):
        two.does(0, "correct_barred", item="1", **right, **ORDER)
    two.does(0, "correct_barred", OLIVE, "1", **right, **ORDER)
    two.does(0, "write_by_email", **jane, apart_from="John Other")
    assert two.sent("jane@home.example") == ["placement/parent_link"]
    assert "placement/may_be_contacted_staff" in two.sent(EMAILS[MAGDA])


def test_it_is_found_by_the_pupil_which_placements_name_somebody_so(two: Two) -> None:
    two.does(0, "do_not_contact", **CARL, **ORDER)
    with two.handler.store.reading() as connection:
        rows = connection.execute(select(barred_cases)).all()
    case = two.case(0)
    assert [(row.case_id, row.pupil_id) for row in rows] == [(case.id, case.fields["pupil"])]
    two.does(0, "may_be_contacted", OLIVE, "1", **BY_EMAIL, what_changed_for_them="The order has ended; seen.")
    with two.handler.store.reading() as connection:
        assert connection.execute(select(barred_cases)).all() == []
