"""The sites at which a placement is beside its first: of the same provider, and run by the same people."""

from collections.abc import Iterable
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.store.sites import sites_beside, sites_of

BETWEEN = ";"


def called_with_address(row: Row[Any]) -> str:
    """The site as it is chosen, and as the agreement says it."""
    return ", ".join(part for part in (row.name, address_of(row)) if part)


def address_of(row: Row[Any]) -> str:
    """Its address with its postcode, as far as they are known."""
    return ", ".join(part for part in (row.address, row.postcode) if part)


def others_said(connection: Connection, at: Row[Any] | None, text: str | None, today: date) -> dict[str, Any]:
    """The columns for the sites named in the text, by name or number; a plain text says why one cannot be."""
    wanted = [part.strip() for part in (text or "").split(BETWEEN) if part.strip()]
    if at is None or not wanted:
        return {"also_at": None, "also_called": None}
    open_to = sites_beside(connection, at, today)
    found = [(one, _meant(open_to, one)) for one in dict.fromkeys(wanted)]
    if wrong := [one for one, row in found if row is None]:
        raise NoSuchSite(_why_not(connection, at, wrong[0], open_to))
    rows = [row for _, row in found if row is not None]
    return {"also_at": [row.id for row in rows], "also_called": ", ".join(row.name for row in rows)}


class NoSuchSite(ValueError):
    """A pupil cannot be there within this placement; the message says why."""


def _meant(rows: Iterable[Row[Any]], text: str) -> Row[Any] | None:
    return next((row for row in rows if str(row.id) == text or row.name.casefold() == text.casefold()), None)


def _why_not(connection: Connection, at: Row[Any], text: str, open_to: Iterable[Row[Any]]) -> str:
    there = _meant(sites_of(connection, at.case_id), text)
    if there is None:
        known = ", ".join(row.name for row in open_to) or "no other site"
        return f"{at.provider} has no other site called “{text}”. It has: {known}"
    if there.id == at.id:
        return f"{there.name} is the site that it is at first: name only the others"
    if there.proprietor_id != at.proprietor_id:
        return f"{there.name} is run by {there.proprietor_name}: record a placement of its own there"
    return f"{there.name} is no longer in use"
