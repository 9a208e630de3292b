"""A school that is written to at another address, for tests of what goes with that."""

from typing import Any

from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.records.door import By, change
from apflow.records.people.commissioners import COMMISSIONER
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.people.people import actor_of, person_by_email
from apflow.store.reading.queues import CaseFilter, list_cases
from apflow.store.tables.messages import messages
from apflow.store.tables.places import commissioners
from apflow.testing import MONDAY, OLIVE
from tests.placing import a_pupil_of, prepare, refer

NORA = "nora@hill-school.example"
SALLY = "sally@hill-school.example"
HILL = {"kind": "school", "name": "Hill School", "urn": "999901", "contact_name": "Nora New"}
TELLS = {"matter": "He said that he was hit at home.", "in_short": "A bruise"}


def by(handler: Handler) -> By:
    return By(OLIVE, MONDAY, handler.library, letters=handler.letters, hand_over=handler.hand_over_within)


def change_school(handler: Handler, email: str | None = NORA, *, name: str = "Hill School", **said: Any) -> None:
    with handler.store.reading() as connection:
        row = connection.execute(select(commissioners).where(commissioners.c.name == name)).one()
    answers = {**HILL, "name": name, "urn": row.urn, **({"email": email} if email else {}), **said}
    change(handler.store, COMMISSIONER, row.id, row.version, answers, by(handler))


def who_is_at(handler: Handler, email: str) -> Actor:
    with handler.store.reading() as connection:
        row = person_by_email(connection, email)
    assert row is not None
    return actor_of(row)


def running(handler: Handler, school: Actor, site: int, forename: str = "Pip", at: str = "Hill School") -> str:
    reference = refer(handler, school, a_pupil_of(handler, at, forename), site)
    prepare(handler, reference, school)
    handler.fire(reference, "start_placement", {}, actor=school, now=MONDAY)
    return reference


def case(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        found = load_case(connection, reference)
    assert found is not None
    return found


def theirs(handler: Handler, actor: Actor) -> list[str]:
    with handler.store.reading() as connection:
        return sorted(row.reference for row in list_cases(connection, CaseFilter(party=actor.id), limit=50))


def written(store: Store, notice: str) -> list[str]:
    query = select(messages.c.to_email).where(messages.c.notice == notice).order_by(messages.c.id)
    with store.reading() as connection:
        return list(connection.scalars(query))


def sent(store: Store, notice: str) -> list[Any]:
    query = select(messages).where(messages.c.notice.like(notice)).order_by(messages.c.id)
    with store.reading() as connection:
        return list(connection.execute(query))
