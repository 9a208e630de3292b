"""Whom we write to changes in the moment in which a case begins that names them: it is handed over, or never did."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Connection, select

from apflow.beyond.units import unborn
from apflow.core.commands import Open
from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.records.door import By, change
from apflow.records.people.commissioners import COMMISSIONER
from apflow.store.cases.unit import Unit
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import cases
from apflow.testing import MONDAY, OLIVE, a_handler
from tests.placing import a_listed_site, a_pupil_of, a_school_with_an_account, refer
from tests.store.witness import after_the_same_look, case_of

NIA, NORA, SALLY = (
    "nia@made-up-farm.example",
    "nora@hill-school.example",
    "sally@hill-school.example",
)


@pytest.fixture
def hill(handler: Handler) -> Actor:
    return a_school_with_an_account(handler, "Hill School", "999901", SALLY)


def begin(handler: Handler, hill: Actor, pupil: int, site: int) -> Callable[[], Any]:
    answers = {"kind": "alongside", "pupil": pupil, "site": site}
    return lambda: handler.open_case("placement", "refer_a_pupil", answers, actor=hill, now=MONDAY)


def change_school(handler: Handler) -> Callable[[], Any]:
    said = {"kind": "school", "name": "Hill School", "urn": "999901", "contact_name": "Nora New", "email": NORA}
    by = By(OLIVE, MONDAY, handler.library, letters=handler.letters, hand_over=handler.hand_over_within)
    return lambda: change(handler.store, COMMISSIONER, 1, 1, said, by)


def change_provider(handler: Handler, provider: str) -> Callable[[], Any]:
    said = {"contact_name": "Nia New", "contact_email": NIA, "how_known": "They rang."}
    return lambda: handler.fire(provider, "change_contact", said, actor=OLIVE, now=MONDAY)


def named(store: Store, field: str) -> set[str]:
    with store.reading() as connection:
        rows = connection.execute(select(cases.c.fields).where(cases.c.workflow == "placement")).scalars()
        return {row[field] for row in rows}


def begin_as_it_changes(handler: Handler, hill: Actor, pupil: int, site: int, what: Callable[[], Any]) -> None:
    """A referral that is decided, and saved only once something else has been done whole."""
    definition, answers = handler.library.current("placement"), {"kind": "alongside", "pupil": pupil, "site": site}
    looked = list[bool]()

    def prepare(connection: Connection) -> Unit:
        command = Open("refer_a_pupil", hill, answers)
        unit = handler.decided(connection, definition, unborn(definition, MONDAY), command, MONDAY)
        if not looked:
            looked.append(True)
            what()
        return unit

    handler.commit(None, prepare)


def test_a_referral_and_another_address_of_its_school_at_once_leave_nothing_with_the_one_before(
    store: Store, handler: Handler, hill: Actor
) -> None:
    _, site = a_listed_site(handler)
    pupils = [a_pupil_of(handler, "Hill School", name) for name in ("Pip", "Bea", "Wren")]
    results = after_the_same_look(
        store, *[begin(handler, hill, pupil, site) for pupil in pupils], change_school(handler)
    )

    assert results[-1] is True
    assert named(store, "your_email") <= {NORA}


def test_a_referral_and_another_contact_of_its_provider_at_once_leave_nothing_with_the_one_before(
    store: Store, handler: Handler, hill: Actor
) -> None:
    provider, site = a_listed_site(handler)
    pupils = [a_pupil_of(handler, "Hill School", name) for name in ("Pip", "Bea", "Wren")]
    results = after_the_same_look(
        store, *[begin(handler, hill, pupil, site) for pupil in pupils], change_provider(handler, provider)
    )

    assert not [result for result in results if isinstance(result, Exception)]
    assert named(store, "provider_email") == {NIA}
    assert case_of(store, provider).fields["contact_email"] == NIA


@pytest.mark.postgres
@pytest.mark.parametrize("has_a_case", [True, False], ids=["who is named already", "who is named nowhere yet"])
def test_a_referral_that_was_decided_before_somebody_else_was_written_to_is_decided_again(
    on_postgresql: Store, has_a_case: bool
) -> None:
    handler = a_handler(on_postgresql)
    provider, site = a_listed_site(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", SALLY)
    if has_a_case:
        refer(handler, hill, a_pupil_of(handler, "Hill School", "Pip"), site)
    bea = a_pupil_of(handler, "Hill School", "Bea")
    begin_as_it_changes(handler, hill, bea, site, change_provider(handler, provider))
    assert named(on_postgresql, "provider_email") == {NIA}

    with pytest.raises(Invalid):  # Whoever was written to has no pupils to refer any more.
        begin_as_it_changes(handler, hill, bea, site, change_school(handler))
    assert named(on_postgresql, "your_email") == {NORA}
