"""Whoever a school or a provider is written to from now on is told who acts for it beside them, and nobody else is."""

import re
from dataclasses import replace
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from sqlalchemy import select

from apflow.clock import machine_now
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.letters.notices import Notices
from apflow.records.door import By, change
from apflow.records.importing.file import FILES, bring_in, look
from apflow.records.people.commissioners import COMMISSIONER
from apflow.settings import shipped
from apflow.store.driver.engine import Store
from apflow.store.people import sign_in
from apflow.store.people.people import person_by_email
from apflow.store.tables.messages import messages
from apflow.store.tables.places import commissioners
from apflow.testing import MONDAY, OLIVE, PAT, enquire
from tests.colleagues import CLARA, TOM, end, let_act
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer

NORA = "nora@elsewhere.example"
HILL = {"kind": "school", "name": "Hill School", "urn": "999901", "contact_name": "Nora New", "email": NORA}


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")


def told(store: Store) -> list[Any]:
    """The letters of this kind, in the order in which they were written."""
    query = select(messages).where(messages.c.notice == "colleagues/inherited").order_by(messages.c.id)
    with store.reading() as connection:
        return list(connection.execute(query))


def by(handler: Handler) -> By:
    return By(OLIVE, MONDAY, handler.library, letters=handler.letters, hand_over=handler.hand_over_within)


def change_contact(handler: Handler, reference: str, email: str = NORA) -> None:
    answers = {"contact_name": "Nora New", "contact_email": email, "how_known": "They rang."}
    handler.fire(reference, "change_contact", answers, actor=OLIVE, now=MONDAY)


def change_school(handler: Handler, **said: str) -> None:
    with handler.store.reading() as connection:
        row = connection.execute(select(commissioners).where(commissioners.c.name == "Hill School")).one()
    change(handler.store, COMMISSIONER, row.id, row.version, HILL | said, by(handler))


def test_the_new_contact_of_a_provider_is_told_whom_they_inherit_and_led_to_where_it_ends(
    store: Store, handler: Handler
) -> None:
    reference = enquire(handler)
    let_act(handler, PAT, TOM, "Tom Tutor")
    let_act(handler, PAT, "ada@made-up-farm.example", "Ada Aide")
    change_contact(handler, reference)

    (letter,) = told(store)
    assert (letter.to_email, letter.to_name, letter.case_id) == (NORA, "Nora New", None)
    assert letter.subject.startswith("Who can act for Made Up Farm with ")
    for body in (letter.text, letter.html):
        assert "2 people could act for it beside whoever we wrote to before" in body
        assert "Tom Tutor" in body
        assert "Ada Aide" in body
    token = re.findall(r"/continue/([\w-]+)", letter.text)
    with store.reading() as connection:
        link = sign_in.link(connection, token[0], machine_now())
    assert link is not None
    assert (link.email, link.next_path) == (NORA, "/colleagues")


def test_so_is_whoever_a_school_is_written_to_at_another_address(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    let_act(handler, hill, CLARA)
    change_school(handler)
    change_school(handler, phone="01225 000000")

    (letter,) = told(store)
    assert (letter.to_email, letter.to_name) == (NORA, "Nora New")
    assert "One person could act for it beside whoever we wrote to before" in letter.text
    assert "- Clara Colleague" in letter.text
    for word in ("Pip", "Sparrow", "2012", "PL-"):
        assert word not in letter.subject + letter.text, "nothing of a pupil"


def test_so_it_is_when_the_address_comes_by_a_file_and_a_look_at_that_tells_nobody(
    store: Store, handler: Handler, hill: Actor
) -> None:
    let_act(handler, hill, CLARA)
    file = f"School,URN,Contact,Email\nHill School,999901,Nora New,{NORA}\n".encode()

    assert not look(store, FILES["schools"], file, by(handler)).bad
    assert told(store) == []
    assert not bring_in(store, FILES["schools"], file, by(handler)).bad
    assert [letter.to_email for letter in told(store)] == [NORA]


def test_nobody_is_told_where_there_is_nobody_to_inherit(store: Store, handler: Handler, hill: Actor) -> None:
    reference = enquire(handler)
    number, _ = let_act(handler, PAT, TOM)
    end(handler, PAT, number)
    number, _ = let_act(handler, hill, CLARA)
    end(handler, hill, number)
    change_contact(handler, reference)
    change_school(handler)

    assert told(store) == []


def test_whoever_was_the_only_colleague_is_not_told_of_themselves(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    let_act(handler, PAT, TOM)
    change_contact(handler, reference, TOM)

    assert told(store) == []


def test_whoever_stands_for_another_provider_already_inherits_nobody_and_is_told_of_none(
    store: Store, handler: Handler
) -> None:
    moved = enquire(handler)
    enquire(handler, organisation="Far Farm", contact_email="dan@elsewhere.example")
    let_act(handler, PAT, TOM)
    change_contact(handler, moved, "dan@elsewhere.example")

    assert told(store) == []


def test_what_a_contact_does_to_their_own_name_tells_them_nothing_again(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    let_act(handler, PAT, TOM)
    change_contact(handler, reference)
    change_contact(handler, reference)

    assert len(told(store)) == 1


def test_who_comes_is_told_of_those_who_came_along_and_not_of_their_own(store: Store, handler: Handler) -> None:
    moved, _ = enquire(handler), enquire(handler, organisation="Second Farm")
    let_act(handler, PAT, TOM, "Tom Tutor")
    change_contact(handler, moved)
    nora = Actor(_person(store, NORA), "Nora New", frozenset({"provider"}))
    let_act(handler, nora, "dora@elsewhere.example", "Dora Own")
    change_contact(handler, moved, "peter@elsewhere.example")

    first, second = told(store)
    assert "Dora Own" not in first.text
    assert "- Tom Tutor\n- Dora Own" in second.text


def test_a_policy_that_was_published_without_the_letter_sends_none(
    store: Store, handler: Handler, tmp_path: Path
) -> None:
    reference = enquire(handler)
    let_act(handler, PAT, TOM)
    copytree(shipped("notifications"), tmp_path / "notifications")
    for file in (tmp_path / "notifications" / "colleagues").glob("inherited.*"):
        file.unlink()
    older = replace(handler.letters, notices=Notices(tmp_path / "notifications"))
    change_contact(Handler(store, handler.library, older), reference)

    assert told(store) == []


def test_a_slip_in_what_they_are_told_keeps_no_contact_from_being_changed(
    store: Store, handler: Handler, tmp_path: Path
) -> None:
    reference = enquire(handler)
    let_act(handler, PAT, TOM)
    copied = copytree(shipped("notifications"), tmp_path / "notifications")
    (copied / "colleagues" / "inherited.txt").write_text("{{ nobody.knows.this }}", encoding="utf-8")
    mistaken = replace(handler.letters, notices=Notices(copied))

    change_contact(Handler(store, handler.library, mistaken), reference)

    (letter,) = told(store)
    assert (letter.status, letter.to_email) == ("failed", NORA)
    assert "notifications/colleagues/inherited.txt, line 1" in letter.error


def _person(store: Store, email: str) -> int:
    with store.reading() as connection:
        row = person_by_email(connection, email)
    assert row is not None
    return int(row.id)
