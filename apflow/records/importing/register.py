"""The national register of establishments: its extract by column name, and the register made what the extract says."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection

from apflow.provision.identifiers import is_ukprn, is_urn
from apflow.records.files.columns import Column, Matched
from apflow.records.files.sheets import Line, Sheet
from apflow.store.records.establishments import all_establishments, save_establishments

# 1 is open, 3 open but proposed to close; 2 is closed, 4 proposed to open.
_OPEN = ("1", "3")
REGISTER_COLUMNS = (
    Column("urn", "URN", is_needed=True),
    Column("name", "EstablishmentName", is_needed=True),
    Column("kind", "TypeOfEstablishment (name)", is_needed=True),
    Column("status_code", "EstablishmentStatus (code)", is_needed=True),
    Column("status", "EstablishmentStatus (name)", is_needed=True),
    Column("council", "LA (name)", is_needed=True),
    Column("postcode", "Postcode", is_needed=True),
    Column("opened_on", "OpenDate", is_needed=True),
    Column("closed_on", "CloseDate", is_needed=True),
    Column("ukprn", "UKPRN"),
)
_NAMES = tuple(column.question for column in REGISTER_COLUMNS)
_LIMITS = {"name": 200, "kind": 120, "status": 60, "council": 120, "postcode": 10}
Wrong = tuple[int, str, str]


def take_register(connection: Connection, sheet: Sheet, matched: Matched, done: dict[str, int]) -> list[Wrong]:
    """Make the register what the extract says, counting in `done`; every row that cannot be read is told."""
    wrong: list[Wrong] = []
    new: dict[str, dict[str, Any]] = {}
    for line in sheet.lines:
        row = _row(line, matched, wrong)
        if row["urn"] in new:
            wrong.append((line.number, matched.headings["urn"], f"URN {row['urn']} is in the file twice"))
        new[row["urn"]] = row
    before = all_establishments(connection)
    added = [row for urn, row in new.items() if urn not in before]
    changed = [row for urn, row in new.items() if urn in before and dict(before[urn]._mapping) != row]
    gone = [urn for urn in before if urn not in new]
    done |= {
        "added": len(added),
        "changed": len(changed),
        "same": len(new) - len(added) - len(changed),
        "gone": len(gone),
    }
    if not wrong:
        save_establishments(connection, added, changed, gone)
    return wrong


def _row(line: Line, matched: Matched, wrong: list[Wrong]) -> dict[str, Any]:
    said = {name: line.cells.get(matched.headings.get(name, ""), "") for name in _NAMES}
    row: dict[str, Any] = {name: said[name][:limit] for name, limit in _LIMITS.items()}
    row |= {"urn": said["urn"], "is_open": said["status_code"] in _OPEN, "postcode": row["postcode"] or None}
    row["ukprn"] = said["ukprn"] if is_ukprn(said["ukprn"]) else None
    for name in ("opened_on", "closed_on"):
        row[name] = _day(line, name, said[name], matched.headings, wrong)
    if not is_urn(said["urn"]):
        message = f"“{said['urn']}” is not a URN, which has 6 digits (a few older ones 5)"
        wrong.append((line.number, matched.headings["urn"], message))
    if not said["name"]:
        wrong.append((line.number, matched.headings["name"], "this cell is empty, and is needed"))
    return row


def _day(line: Line, name: str, text: str, headings: Mapping[str, str], wrong: list[Wrong]) -> date | None:
    """A date as the extract writes it, DD-MM-YYYY."""
    if not text:
        return None
    try:
        return datetime.strptime(text, "%d-%m-%Y").date()
    except ValueError:
        message = f"“{text}” is not a date like 31-08-2026; import the file as it was downloaded"
        wrong.append((line.number, headings[name], message))
        return None
