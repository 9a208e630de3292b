"""A small council for tests of records: two schools, a provider with a site, and pupils whose names are invented."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from apflow.core.people.actor import Actor
from apflow.core.screening.upn import check_letter
from apflow.handler import Handler
from apflow.records.door import By, add
from apflow.records.people.commissioners import COMMISSIONER
from apflow.records.people.pupils import PUPIL
from apflow.records.placements.places import PLACEMENT
from apflow.records.providers.sites import SITE
from apflow.store.cases.loading import load_case
from apflow.testing import MONDAY, OLIVE, enquire
from tests.brought import bring_to

HILL = {"kind": "school", "name": "Hill School", "urn": "999901"}
VALE = {"kind": "school", "name": "Vale Academy", "urn": "999902", "email": "office@vale.example"}
PIP = {"surname": "Sparrow", "forename": "Pip", "born": "2012-05-04", "home_school": "Hill School"}
WREN = {"surname": "Thistle", "forename": "Wren", "born": "2011-11-30", "true_of": ["ehcp", "cin"]}
MAIN_SITE = {"name": "Main site", "proprietor": "Made Up Farm Ltd", "monday": "9:30am to 2:30pm"}


def upn_of(number: int) -> str:
    """A right UPN of an invented pupil."""
    rest = f"99912345{number:04}"
    return check_letter(rest) + rest


def by(handler: Handler, actor: Actor = OLIVE, *, days_on: int = 0) -> By:
    return By(actor, MONDAY + timedelta(days=days_on), handler.library)


def a_school(handler: Handler, **more: Any) -> int:
    return add(handler.store, COMMISSIONER, {**HILL, **more}, by(handler))


def a_pupil(handler: Handler, **more: Any) -> int:
    return add(handler.store, PUPIL, {**PIP, **more}, by(handler))


def a_provider(handler: Handler, **answers: Any) -> int:
    """The number of a provider's case."""
    reference = enquire(handler, **answers)
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case
    assert case.id
    return case.id


def an_approved_provider(handler: Handler) -> int:
    """The number of the case of one on the list, where new placements can be made."""
    reference = bring_to(handler, "approved")
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case
    assert case.id
    return case.id


def a_site(handler: Handler, case: int, **more: Any) -> int:
    return add(handler.store, SITE, {**MAIN_SITE, **more}, by(handler), {"case_id": case})


def a_placement(handler: Handler, pupil: int, hours: str = "15", **more: Any) -> int:
    answers: Mapping[str, Any] = {
        "provider": "Made Up Farm",
        "commissioner": "Hill School",
        "hours": hours,
        "has_breaks": True,
        "starts_on": "2026-09-07",
        **more,
    }
    return add(handler.store, PLACEMENT, answers, by(handler), {"pupil_id": pupil})
