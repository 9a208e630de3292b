"""Whoever must not be contacted about one pupil is looked at by an officer before they are written to of another."""

from dataclasses import dataclass
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.commands import MoveVersion
from apflow.core.errors import NotAllowed
from apflow.core.people.actor import Actor
from apflow.core.snapshot import OpenTask, Snapshot
from apflow.handler import Handler
from apflow.letters.recipients import ASKED_FIRST
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.testing import EMAILS, MAGDA, MONDAY, OLIVE, a_handler
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, prepare, refer
from tests.store.witness import after_the_same_look
from tests.versions import changed

FRED: dict[str, Any] = {"parent_name": "Fred Sparrow", "relation": "Father", "responsible": True}
BY_EMAIL: dict[str, Any] = {**FRED, "parent_email": "fred@home.example", "is_safe": True}
KNOWN: dict[str, Any] = {"known_emails": "fred@home.example"}
ORDER: dict[str, Any] = {"not_because": "A court order"}
ALLOWED: dict[str, Any] = {"allowed_because": "The order is about the other child alone, says Saffron Worker."}
ANN: dict[str, Any] = {"parent_name": "Ann Thistle", "relation": "Mother", "responsible": True}
ANN_BY_EMAIL: dict[str, Any] = {**ANN, "parent_email": "ann@home.example", "is_safe": True}
TASK = "barred_of_another"


@dataclass(frozen=True)
class Siblings:
    """Two pupils of two schools, placed at one site."""

    handler: Handler
    schools: tuple[Actor, Actor]
    references: tuple[str, str]

    def does(self, which: int, event: str, who: Actor | None = None, item: str | None = None, **said: Any) -> None:
        actor = who or self.schools[which]
        self.handler.fire(self.references[which], event, said, actor=actor, now=MONDAY, item=item)

    def case(self, which: int) -> Snapshot:
        with self.handler.store.reading() as connection:
            found = load_case(connection, self.references[which])
        assert found is not None
        return found

    def tasks(self, which: int) -> list[OpenTask]:
        return [task for task in self.case(which).tasks if task.name == TASK]

    def to_decide(self, which: int) -> list[str]:
        """Of which readers somebody has it to do."""
        return sorted(str(task.item) for task in self.tasks(which))

    def sent(self, email: str) -> list[str]:
        query = select(messages.c.notice).where(messages.c.to_email == email, messages.c.status != "failed")
        with self.handler.store.reading() as connection:
            return list(connection.execute(query).scalars())


@pytest.fixture
def siblings(handler: Handler) -> Siblings:
    return placed(handler)


def placed(handler: Handler) -> Siblings:
    _, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    vale = a_school_with_an_account(handler, "Vale School", "999902", "val@vale-school.example")
    pip, bea = a_pupil_of(handler, "Hill School", "Pip"), a_pupil_of(handler, "Vale School", "Bea")
    references = refer(handler, hill, pip, site), refer(handler, vale, bea, site)
    for reference, school in zip(references, (hill, vale), strict=True):
        prepare(handler, reference, school)
    return Siblings(handler, (hill, vale), references)


def test_nothing_goes_to_them_about_the_other_pupil_and_an_officer_has_it_that_day(siblings: Siblings) -> None:
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(1, "write_by_email", **BY_EMAIL)

    assert siblings.sent("fred@home.example") == []
    (task,) = siblings.tasks(1)
    assert (task.role, task.item) == ("officer", "1")
    assert task.due_at is not None
    assert task.due_at.date() == MONDAY.date()
    siblings.does(1, "start_placement")
    assert siblings.sent("fred@home.example") == []


@pytest.mark.parametrize(
    "other",
    [
        {"parent_email": "fred@work.example"},
        {"parent_name": "Sparrow, F.", "parent_email": "fred@work.example"},
        {"parent_name": "Frederick Thistle"},
    ],
    ids=["by name", "by an initial", "by address"],
)
def test_they_are_known_by_name_or_by_address(siblings: Siblings, other: dict[str, Any]) -> None:
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(1, "write_by_email", **{**BY_EMAIL, **other})

    assert len(siblings.tasks(1)) == 1
    assert siblings.sent({**BY_EMAIL, **other}["parent_email"]) == []


def test_whoever_shares_no_more_than_the_surname_is_written_to(siblings: Siblings) -> None:
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(1, "write_by_email", **{**BY_EMAIL, "parent_name": "Ann Sparrow", "parent_email": "ann@home.example"})

    assert siblings.tasks(1) == []
    assert siblings.sent("ann@home.example") == ["placement/parent_link"]


def test_an_officer_says_that_they_may_and_no_school_does(siblings: Siblings) -> None:
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(1, "write_by_email", **BY_EMAIL)
    with pytest.raises(NotAllowed):
        siblings.does(1, "allowed_by_email", item="1", **ALLOWED)
    siblings.does(1, "allowed_by_email", OLIVE, "1", **ALLOWED)

    assert siblings.sent("fred@home.example") == ["placement/parent_link"]
    assert siblings.tasks(1) == []
    assert "placement/may_be_contacted_staff" in siblings.sent(EMAILS[MAGDA])


def test_or_that_they_must_not_be_either(siblings: Siblings) -> None:
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(1, "write_by_email", **BY_EMAIL)
    siblings.does(1, "stop_contact", OLIVE, "1", **ORDER)

    assert siblings.tasks(1) == []
    assert siblings.sent("fred@home.example") == []


def test_another_address_of_theirs_is_looked_at_anew(siblings: Siblings) -> None:
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(1, "write_by_email", **BY_EMAIL)
    siblings.does(1, "allowed_by_email", OLIVE, "1", **ALLOWED)
    siblings.does(1, "now_by_email", item="1", **{**BY_EMAIL, "parent_email": "fred@work.example"})

    assert len(siblings.tasks(1)) == 1
    assert siblings.sent("fred@work.example") == []


@pytest.mark.parametrize("event", ["do_not_contact", "stop_contact"])
def test_whoever_is_written_to_already_is_looked_at_once_they_must_not_be_about_the_other(
    siblings: Siblings, event: str
) -> None:
    siblings.does(1, "write_by_email", **BY_EMAIL)
    if event == "stop_contact":
        siblings.does(0, "write_by_email", **BY_EMAIL)
        siblings.does(0, event, item="1", **ORDER)
    else:
        siblings.does(0, event, **FRED, **KNOWN, **ORDER)

    (task,) = siblings.tasks(1)
    assert siblings.references[0] in task.note
    before = siblings.sent("fred@home.example")
    siblings.does(1, "start_placement")
    assert siblings.sent("fred@home.example") == before
    assert siblings.tasks(0) == []


def test_once_they_may_be_contacted_about_the_other_nothing_is_asked(siblings: Siblings) -> None:
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    lifted = {**BY_EMAIL, "what_changed_for_them": "The order has ended; seen."}
    siblings.does(0, "may_be_contacted", OLIVE, "1", **lifted)
    siblings.does(1, "write_by_email", **BY_EMAIL)

    assert siblings.tasks(1) == []
    assert siblings.sent("fred@home.example") == ["placement/parent_link"] * 2


def test_why_nothing_went_names_neither_the_other_pupil_nor_their_school(siblings: Siblings) -> None:
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(1, "write_by_email", **BY_EMAIL)
    query = select(messages).where(messages.c.notice == "placement/parent_link")
    with siblings.handler.store.reading() as connection:
        (waits,) = connection.execute(query).all()

    assert (waits.status, waits.error) == ("failed", ASKED_FIRST)
    assert "Hill" not in ASKED_FIRST + waits.text
    assert "another" not in ASKED_FIRST


def test_each_reader_of_a_placement_is_decided_on_whenever_it_is_said_of_them(siblings: Siblings) -> None:
    siblings.does(1, "write_by_email", **BY_EMAIL)
    siblings.does(1, "write_by_email", **ANN_BY_EMAIL)
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(0, "do_not_contact", **ANN, known_emails="ann@home.example", **ORDER)

    assert siblings.to_decide(1) == ["1", "2"]
    siblings.does(1, "allowed_by_email", OLIVE, "1", **ALLOWED)
    assert siblings.to_decide(1) == ["2"]


def test_readers_who_share_an_address_are_decided_on_one_by_one(siblings: Siblings) -> None:
    siblings.does(1, "write_by_email", **BY_EMAIL)
    siblings.does(1, "write_by_email", **{**ANN_BY_EMAIL, "parent_email": "fred@home.example"})
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)

    assert siblings.to_decide(1) == ["1", "2"]
    siblings.does(1, "stop_contact", OLIVE, "2", **ORDER)
    assert siblings.to_decide(1) == ["1"]


def test_what_is_said_again_of_a_reader_who_is_to_be_decided_on_asks_no_second_time(siblings: Siblings) -> None:
    siblings.does(1, "write_by_email", **BY_EMAIL)
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(0, "do_not_contact", **ANN, known_emails="fred@home.example", **ORDER)

    assert siblings.to_decide(1) == ["1"]


def test_two_readers_of_whom_two_placements_say_it_in_one_moment_are_both_decided_on(
    store: Store, siblings: Siblings
) -> None:
    third = another(siblings)
    siblings.does(1, "write_by_email", **BY_EMAIL)
    siblings.does(1, "write_by_email", **ANN_BY_EMAIL)
    results = after_the_same_look(
        store,
        lambda: siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER),
        lambda: third.does(0, "do_not_contact", **ANN, known_emails="ann@home.example", **ORDER),
    )

    assert results == [None, None]
    assert siblings.to_decide(1) == ["1", "2"]


def test_a_reader_who_is_named_in_the_moment_in_which_another_placement_says_it_is_decided_on(
    store: Store, siblings: Siblings
) -> None:
    results = after_the_same_look(
        store,
        lambda: siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER),
        lambda: siblings.does(1, "write_by_email", **BY_EMAIL),
    )

    assert results == [None, None]
    assert siblings.to_decide(1) == ["1"]


def another(siblings: Siblings) -> Siblings:
    """A third pupil of the first school, placed at the same site."""
    hill, handler = siblings.schools[0], siblings.handler
    site = siblings.case(0).fields["site"]
    reference = refer(handler, hill, a_pupil_of(handler, "Hill School", "Wren"), site)
    prepare(handler, reference, hill)
    return Siblings(handler, (hill, hill), (reference, reference))


def test_a_placement_that_is_moved_to_the_text_that_asks_it_has_the_task_at_once(handler: Handler) -> None:
    text = handler.library.sources["placement"].text
    line = next(line for line in text.split("\n") if line.startswith("  elsewhere: {says: allowed_because"))
    older = a_handler(handler.store, changed(handler.library, (f"{line}\n", ""), workflow="placement"))
    siblings = placed(older)
    siblings.does(0, "do_not_contact", **FRED, **KNOWN, **ORDER)
    siblings.does(1, "write_by_email", **BY_EMAIL)
    assert siblings.tasks(1) == []
    move = MoveVersion(handler.library.current("placement"), OLIVE)
    handler.move_version(siblings.references[1], move, now=MONDAY)

    assert len(siblings.tasks(1)) == 1
