"""What else is wrong with a row that is wrong already, so that it is all put right at once. Nothing is written."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.errors import Invalid
from apflow.records import asking
from apflow.records.door import By, Place, mistakes
from apflow.records.importing.rows import OF_PLACEMENT, OF_PUPIL, Rows, known_pupil
from apflow.records.people.commissioners import COMMISSIONER
from apflow.records.people.pupils import PUPIL, wrong_uln
from apflow.records.placements.places import PLACEMENT, against_new, wrong_hours
from apflow.records.providers.sites import SITE, wrong_opening
from apflow.store.records.placements import same_placement

Errors = dict[str, str]


def wrong_with_school(_: Connection, said: Mapping[str, str], rows: Rows) -> Errors:
    """What its own questions refuse."""
    return mistakes(COMMISSIONER, said, rows.by)


def wrong_with_site(connection: Connection, said: Mapping[str, str], rows: Rows) -> Errors:
    """A provider that is not known, and what its own questions refuse."""
    own = {name: value for name, value in said.items() if name != "provider"}
    errors = {**mistakes(SITE, own, rows.by), **wrong_opening(own)}
    with _noting(errors):
        if "provider" in said:
            asking.provider(connection, said["provider"])
    return errors


def wrong_with_placement(connection: Connection, said: Mapping[str, str], rows: Rows) -> Errors:
    """Whoever and whatever it names that is not known, what the questions refuse, and why nobody can begin there."""
    by = rows.by
    errors = {
        **mistakes(PUPIL, {name: said[name] for name in OF_PUPIL if name in said}, by),
        **mistakes(PLACEMENT, {name: said[name] for name in OF_PLACEMENT if name in said}, by),
    }
    for question, wrong in (("hours", wrong_hours), ("uln", wrong_uln)):
        if question in said and (why := wrong(said[question])):
            errors[question] = why
    for question, kind in (("home_school", "school"), ("commissioner", "")):
        with _noting(errors):
            if question in said:
                asking.commissioner(connection, question, said[question], kind, named=by.named)
    with _noting(errors):
        if "provider" in said:
            site = asking.site(connection, said["provider"], said.get("site", ""), by.named)
            errors |= _against(connection, said, site, by)
    return errors


def _against(connection: Connection, said: Mapping[str, str], site: Row[Any], by: By) -> Errors:
    """Why none can begin there on that day, unless it is on record already; nothing while that cannot be known."""
    if not {"surname", "forename", "born", "starts_on"} <= said.keys():
        return {}
    starts, pupil = date.fromisoformat(said["starts_on"]), known_pupil(connection, said)
    if pupil is not None and _is_there(connection, said, pupil.id, site, by, starts):
        return {}
    return against_new(connection, Place(None, {}, by), site.reference, said, starts)


def _is_there(
    connection: Connection, said: Mapping[str, str], pupil: int, site: Row[Any], by: By, starts: date
) -> bool:
    who = said.get("commissioner") or said.get("home_school")
    if who is None:
        return False
    payer = asking.commissioner(connection, "commissioner", who, named=by.named)
    return same_placement(connection, pupil, site.id, payer.id, starts) is not None


@contextmanager
def _noting(errors: Errors) -> Iterator[None]:
    try:
        yield
    except Invalid as refusal:
        errors.update(refusal.errors)
