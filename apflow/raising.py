"""Raising to an officer what has turned red: one case each time that a registration light does."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Row

from apflow.core.actor import Actor
from apflow.core.calendar import local_date
from apflow.core.errors import Refusal
from apflow.handler import Handler
from apflow.keys import Key
from apflow.provision.registration import Light
from apflow.records.lights import Lit, lights
from apflow.store.red_lights import cases_of_red, has_case, note_red, without_case
from apflow.store.sites import providers_named

WORKFLOW = "registration_light"
log = structlog.get_logger()
# The clock begins only what another case asks for, so apflow begins this one for the officers, under its own name.
_FOR_THE_OFFICERS = Actor(None, "apflow", frozenset({"officer"}))


def raise_red(handler: Handler, now: datetime) -> list[str]:
    """Open a case for every light that has turned red; their references. Done any number of times, it opens one."""
    registration, today = handler.library.registration, local_date(now)
    if registration is None or WORKFLOW not in handler.library.sources:
        return []
    with handler.store.reading() as connection:
        red = {lit.id: lit for lit in lights(connection, registration, today) if lit.assessment.light is Light.RED}
        known = cases_of_red(connection)
    if red.keys() == known.keys() and all(row.reference for row in known.values()):
        return []
    with handler.store.writing() as connection:
        note_red(connection, red, today)
        waiting = [row for row in without_case(connection) if row.proprietor_id in red]
        providers = {row.proprietor_id: _provider(connection, red[row.proprietor_id]) for row in waiting}
    raised = (_raised(handler, row, red[row.proprietor_id], providers[row.proprietor_id], now) for row in waiting)
    return [reference for reference in raised if reference]


def _raised(handler: Handler, row: Row[Any], lit: Lit, provider: Row[Any], now: datetime) -> str | None:
    key = Key(f"red-light-{row.proprietor_id}-{row.since.isoformat()}")
    answers = _answers(lit, provider)
    try:
        saved = handler.open_case(WORKFLOW, "turned_red", answers, actor=_FOR_THE_OFFICERS, now=now, key=key)
    except Refusal as refusal:  # Another edition asks for more, perhaps; the next look tries again.
        log.warning("red light could not be raised", case=provider.reference, reason=refusal.code)
        return None
    with handler.store.writing() as connection:
        has_case(connection, row.proprietor_id, saved.reference)
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


def _provider(connection: Any, lit: Lit) -> Row[Any]:
    (case,) = providers_named(connection, next(iter(lit.providers)), limit=1)
    return case
