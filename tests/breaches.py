"""A breach of personal data and who takes it on: what several tests begin from."""

from datetime import datetime
from typing import Any

from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.people import people
from apflow.testing import EMAILS, MONDAY, OLIVE

DORA_S_EMAIL = "dora@council.example"
HAPPENED = "The report on Wren Hollis went to the wrong farm."
REPORT: dict[str, Any] = {
    "kind": "wrong_person",
    "what_happened": HAPPENED,
    "aware_on": MONDAY.date().isoformat(),
    "aware_at": "08:00",
    "what_data": ["names", "needs"],
    "whose": ["pupils"],
    "how_many": 1,
    "contained": "not_yet",
    "reporter_name": OLIVE.name,
    "reporter_email": EMAILS[OLIVE],
}
DECIDED = {"risk": "high", "risk_reasons": "It is a child's.", "ico": "told", "ico_reasons": "There is a risk."}
TOLD_ICO = {"ico_sent_on": MONDAY.date().isoformat(), "ico_sent_at": "09:00", "ico_reference": "IC-1"}
CRITERIA = ("what_kind", "what_data", "who_can_be_told", "how_bad", "whose", "our_part", "how_many")


def a_data_protection_officer(store: Store) -> Actor:
    """Dora, with an account."""
    roles = ("data_protection_officer",)
    with store.writing() as connection:
        number = people.add_person(
            connection, name="Dora Data", email=DORA_S_EMAIL, roles=roles, agency=None, now=MONDAY
        )
    return Actor(number, "Dora Data", frozenset(roles))


def report(handler: Handler, actor: Actor = OLIVE, *, now: datetime = MONDAY, **answers: Any) -> str:
    """The reference of a breach that somebody of the staff reports."""
    told = {**REPORT, **answers}
    return handler.open_case("data_breach", "report_breach", told, actor=actor, now=now).reference


def weigh(handler: Handler, reference: str, actor: Actor, *, now: datetime = MONDAY) -> None:
    """All that the risk is weighed by, as much."""
    for criterion in CRITERIA:
        handler.fire(reference, "weighs_much", {"why": "It is a child's."}, actor=actor, now=now, item=criterion)
