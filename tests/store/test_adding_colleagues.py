"""Who adds a colleague and ends one, whose address is refused, and who is told."""

from functools import partial

import pytest
from sqlalchemy import select

from apflow.core.errors import ApflowError, Invalid, NotFound
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables.messages import messages
from apflow.store.tables.people import colleagues
from apflow.store.tables.people import people as accounts
from apflow.testing import DAN, MONDAY, PAT, PETRA, enquire
from tests.colleagues import CLARA, TOM, end, let_act
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.saying import said_in
from tests.store.witness import at_once, case_of, count

SALLY = "sally@hill-school.example"


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", SALLY)


@pytest.mark.parametrize(
    ("email", "problem"),
    [
        ("Olive@council.example", "This is the address of somebody at the council, who cannot act for you"),
        ("petra@council.example", "This is the address of somebody at the council, who cannot act for you"),
        ("eotas@BathNES.gov.uk", "Several people at the council read this address. Give one that only they read"),
        (
            "data.protection@council.example",
            "Several people at the council read this address. Give one that only they read",
        ),
        ("pat@made-up-farm.example", "This is the address that we write to already"),
        ("tom@made-up-farm.example", "Tom Tutor can act for you already"),
        ("gone@elsewhere.example", "The account with this address has been closed. Email EOTAS@bathnes.gov.uk"),
        ("not an address", "Email address: enter an email address in the right form, like name@example.com"),
        ("", "Enter an answer: email address"),
    ],
)
def test_some_addresses_are_refused_and_leave_nothing(store: Store, handler: Handler, email: str, problem: str) -> None:
    let_act(handler, PAT, TOM, "Tom Tutor")
    with store.writing() as connection:
        gone = {"name": "Gone", "email": "gone@elsewhere.example", "roles": ["provider"], "is_active": False}
        connection.execute(accounts.insert().values(**gone, created_at=MONDAY))
    before = count(store, accounts), count(store, messages)

    with pytest.raises(Invalid) as refusal:
        let_act(handler, PAT, email)

    assert list(refusal.value.errors) == ["email"]
    assert refusal.value.errors["email"] == problem
    assert (count(store, accounts), count(store, messages), count(store, colleagues)) == (*before, 1)


def test_nobody_acts_for_both_sides_of_one_placement(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    _, tom = let_act(handler, PAT, TOM, "Tom Tutor")
    let_act(handler, hill, CLARA, by=hill)
    refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    before = count(store, colleagues)

    for named, address in ((hill, TOM), (hill, "pat@made-up-farm.example"), (PAT, CLARA), (PAT, SALLY)):
        with pytest.raises(Invalid) as refusal:
            let_act(handler, named, address)
        assert "acts for the other side of a case of yours" in refusal.value.errors["email"], address

    assert count(store, colleagues) == before
    with store.reading() as connection:
        assert [row.roles for row in connection.execute(select(accounts).where(accounts.c.id == tom.id))] == [
            ["provider"]
        ]


def test_nobody_else_says_who_can_act_for_somebody(store: Store, handler: Handler) -> None:
    number, tom = let_act(handler, PAT, TOM)
    for other in (DAN, PETRA, tom):
        with pytest.raises(NotFound):
            let_act(handler, PAT, "new@elsewhere.example", by=other)
        with pytest.raises(NotFound):
            end(handler, PAT, number, by=other)
    assert count(store, colleagues) == 1


def test_both_are_told_and_no_email_names_a_pupil(store: Store, handler: Handler, hill: Actor) -> None:
    _, site = a_listed_site(handler)
    refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    number, _ = let_act(handler, hill, CLARA, by=hill)
    end(handler, hill, number)

    with store.reading() as connection:
        sent = connection.execute(select(messages).where(messages.c.notice.like("colleagues/%"))).all()
    told = [(one.notice, one.to_email) for one in sorted(sent, key=lambda one: one.id)]
    sally = "sally@hill-school.example"
    assert told == [
        ("colleagues/added", CLARA),
        ("colleagues/one_more", sally),
        ("colleagues/ended", CLARA),
        ("colleagues/one_less", sally),
    ]
    for one in sent:
        assert "Hill School" in one.subject + one.text
        for word in ("Pip", "Sparrow", "2012", "PL-"):
            assert word not in said_in(one.subject, one.text, one.html), one.notice


def test_of_two_who_add_the_same_at_once_one_is_told(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    results = at_once(*[partial(let_act, handler, PAT, TOM) for _ in range(3)])
    assert count(store, colleagues) == 1
    assert len([one for one in results if isinstance(one, ApflowError)]) == 2
    assert len(case_of(store, reference).parties) == 2


def test_ending_twice_tells_once_and_they_can_be_added_again(store: Store, handler: Handler) -> None:
    reference = enquire(handler)
    number, tom = let_act(handler, PAT, TOM)
    end(handler, PAT, number)
    end(handler, PAT, number)
    assert count(store, messages, messages.c.notice == "colleagues/ended") == 1

    again, _ = let_act(handler, PAT, TOM)
    assert again != number
    assert case_of(store, reference).colleagues == {"provider": {tom.id}}
    assert count(store, colleagues) == 2
