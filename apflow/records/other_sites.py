"""The sites at which a placement is beside its first: of the same provider, and run by the same people."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.errors import Invalid
from apflow.store.sites import sites_beside, sites_of

BETWEEN = ";"
QUESTION = "other_sites"


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


def others_said(
    connection: Connection, at: Row[Any], wanted: Sequence[str | int], before: Mapping[str, Any], today: date
) -> dict[str, Any]:
    """The columns for the sites wanted, by name or number; Invalid says why one cannot be.

    What the record said `before` is not asked again: a site that was given up since keeps nobody from ending it.
    """
    if wanted and list(wanted) in (before.get("also_at"), names_in(before.get("also_called"))):
        return {name: before[name] for name in ("also_at", "also_called")}
    open_to = sites_beside(connection, at, today)
    found = {one: _meant(open_to, one) for one in wanted}
    for one, row in found.items():
        if row is None:
            raise Invalid({QUESTION: f"Other sites: {_why_not(connection, at, one, open_to)}"})
    rows = [row for row in found.values() if row is not None]
    called = f"{BETWEEN} ".join(row.name for row in rows)
    return {"also_at": [row.id for row in rows] or None, "also_called": called or None}


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
