"""The sites at which a placement is beside its first: of the same provider, and run by the same people."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Row

from apflow.records.door import Place
from apflow.store.records.sites import sites_beside, sites_of

BETWEEN = ";"
QUESTION = "other_sites"
LABELS = {"also_called": "Other sites", "site_days": "On which days at which site"}


def called_with_address(row: Row[Any]) -> str:
    """The site as it is chosen, and as the agreement says it."""
    return ", ".join(part for part in (row.name, address_of(row)) if part)


def address_of(row: Row[Any]) -> str:
    """Its address with its postcode, as far as they are known."""
    return ", ".join(part for part in (row.address, row.postcode) if part)


def names_in(text: str | None) -> list[str]:
    """The sites that a text names."""
    return [part.strip() for part in (text or "").split(BETWEEN) if part.strip()]


def numbers_in(text: str | None) -> list[int]:
    """The sites that a case names, by their numbers."""
    return [int(part) for part in names_in(text)]


def answers_of_others(row: Row[Any]) -> dict[str, Any]:
    """What a form shows of them, as the record has it."""
    return {QUESTION: row.also_called, "site_days": row.site_days}


def others_said(
    connection: Connection,
    at: Row[Any] | None,
    wanted: Sequence[str | int],
    said: Mapping[str, Any],
    place: Place,
    errors: dict[str, str],
) -> dict[str, Any]:
    """The columns for the sites wanted, by name or number, and the days there; why one cannot be is put to the errors.

    What the record said before is not asked again: a site that was given up since keeps nobody from ending it.
    """
    days, before = said.get("site_days"), place.within
    if at is None or not wanted:
        return {"also_at": None, "also_called": None, "site_days": None}
    if list(wanted) in (before.get("also_at"), names_in(before.get("also_called"))):
        return {"also_at": before["also_at"], "also_called": before["also_called"], "site_days": days}
    open_to = sites_beside(connection, at, place.today)
    found = {one: _meant(open_to, one) for one in wanted}
    for one in (one for one, row in found.items() if row is None):
        errors.setdefault(QUESTION, f"Other sites: {_why_not(connection, at, one, open_to)}")
    rows = [row for row in found.values() if row is not None]
    called = f"{BETWEEN} ".join(row.name for row in rows)
    return {"also_at": [row.id for row in rows], "also_called": called, "site_days": days}


def _meant(rows: Iterable[Row[Any]], one: str | int) -> Row[Any] | None:
    """The one of this number, or of this name."""
    wanted = one.casefold() if isinstance(one, str) else one
    return next((row for row in rows if wanted in (row.id, row.name.casefold())), None)


def _why_not(connection: Connection, at: Row[Any], one: str | int, open_to: Iterable[Row[Any]]) -> str:
    there = _meant(sites_of(connection, at.case_id), one)
    if there is None:
        known = ", ".join(row.name for row in open_to) or "no other site"
        return f"{at.provider} has no other site called “{one}”. It has: {known}"
    if there.id == at.id:
        return f"{there.name} is the site that it is at first: name only the others"
    if there.proprietor_id != at.proprietor_id:
        return f"{there.name} is run by {there.proprietor_name}: record a placement of its own there"
    return f"{there.name} is no longer in use"
