"""Raising to an officer what has turned red: one case each time that a registration light does."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Row

from apflow.beyond.keys import Key
from apflow.core.days.calendar import local_date
from apflow.core.errors import Refusal
from apflow.handler import Handler
from apflow.provision.registration import Light
from apflow.records.providers.lights import Lit, lights
from apflow.rounds.acting import for_the_staff
from apflow.store.records.red_lights import cases_of_red, forget_red, has_case, note_red, without_case
from apflow.store.records.sites import providers_named

WORKFLOW = "registration_light"
log = structlog.get_logger()


def raise_red(handler: Handler, now: datetime) -> list[str]:
    """Open a case for every light that has turned red; their references. Done any number of times, it opens one.

    A light that is red still, the day after its case ended well, has turned red anew: what was reduced was not enough.
    """
    registration, today = handler.library.registration, local_date(now)
    if registration is None or WORKFLOW not in handler.library.sources:
        return []
    with handler.store.reading() as connection:
        red = {lit.id: lit for lit in lights(connection, registration, today) if lit.assessment.light is Light.RED}
        known = cases_of_red(connection)
    again = [number for number in red.keys() & known.keys() if _ended_well(handler, known[number], today)]
    if not again and red.keys() == known.keys() and all(row.reference for row in known.values()):
        return []
    with handler.store.writing() as connection:
        forget_red(connection, again)
        begun = {number: _answers(lit, _provider(connection, lit)) for number, lit in red.items()}
        note_red(connection, begun, today)
        waiting = without_case(connection)
    raised = (_raised(handler, row, now) for row in waiting)
    return [reference for reference in raised if reference]


def _ended_well(handler: Handler, row: Row[Any], today: date) -> bool:
    """Whether the case that follows the light has ended, before today, as if the light were out."""
    if row.is_open is not False or local_date(row.entered_at) >= today:
        return False
    states = handler.library.current(WORKFLOW).workflow.states
    return row.state in states and states[row.state].outcome == "good"


def _raised(handler: Handler, row: Row[Any], now: datetime) -> str | None:
    key, apflow = Key(row.key), for_the_staff(handler.library.council)
    try:
        saved = handler.open_case(WORKFLOW, "turned_red", row.answers, actor=apflow, now=now, key=key)
    except Refusal as refusal:  # Another edition asks for more, perhaps; the next look tries again.
        log.warning("red light could not be raised", case=row.answers["provider_case"], reason=refusal.code)
        return None
    with handler.store.writing() as connection:
        has_case(connection, row.key, saved.reference)
    return saved.reference


def _answers(lit: Lit, provider: Row[Any]) -> Mapping[str, Any]:
    reasons = [reason.text for reason in lit.assessment.reasons if reason.light is Light.RED]
    return {
        "organisation": provider.title,
        "contact_name": provider.fields["contact_name"],
        "contact_email": provider.fields["contact_email"],
        "proprietor": lit.proprietor,
        "provider_case": provider.reference,
        "why": " ".join(reasons),
    }


def _provider(connection: Connection, lit: Lit) -> Row[Any]:
    (case,) = providers_named(connection, next(iter(lit.providers)), limit=1)
    return case
