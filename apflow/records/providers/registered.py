"""A provider found by its number in the national register, which need not be on the council's list; or why it is not.

Source: the council's guidance, "B&NES Local Authority Approach to Quality Assurance": commissioners should only use
registered alternative providers or providers on the list of approved providers.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.beyond.taking import PLACEMENTS, is_open_on
from apflow.core.definition.labels import STAFF
from apflow.core.definition.words import short_day
from apflow.loader import Library
from apflow.provision.identifiers import is_urn
from apflow.store.records.establishments import count_establishments, establishment
from apflow.store.records.offered import known_providers
from apflow.store.records.sites import PROVIDERS

Found = dict[int, Mapping[str, Any]]
_NO_REGISTER = "the national register has not been imported here, so nobody can be looked up in it. Ask the council"
_NO_NUMBER = "a URN is a number of 6 digits (a few older ones have 5)"
_UNKNOWN = "the national register, as it was imported last, has no establishment with the number {urn}"
_MAIN_SITE = "Main site"


def look_up(
    connection: Connection, library: Library, typed: Iterable[str], today: date
) -> tuple[Found, Mapping[str, str]]:
    """By its number, what the register says of each that can be chosen; by what was typed, why another cannot."""
    found: Found = {}
    refused: dict[str, str] = {}
    for text in typed:
        row = establishment(connection, text) if is_urn(text) else None
        if why := _why_not(connection, library, text, row, today):
            refused[text] = why
        elif row is not None:
            found[int(row.urn)] = _said(row)
    return found, refused


def _why_not(connection: Connection, library: Library, text: str, row: Row[Any] | None, today: date) -> str:
    if not is_urn(text):
        return _NO_NUMBER
    if row is None:
        return _UNKNOWN.format(urn=text) if count_establishments(connection) else _NO_REGISTER
    if not is_open_on(row, today):
        since = f", closed on {short_day(row.closed_on)}" if row.closed_on else ""
        return f"the national register has {row.name} as “{row.status}”{since}, so nobody can be placed there"
    return _here_already(connection, library, row.urn)


def _here_already(connection: Connection, library: Library, urn: str) -> str:
    """Why it is not taken once more: it is on the list, or was found by its number before."""
    known = known_providers(connection)
    for case in sorted(known, key=lambda case: PROVIDERS.index(case.workflow)):  # What the list says goes before.
        workflow = library.current(case.workflow).workflow
        takes = workflow.takes[PLACEMENTS].while_in
        if case.fields.get("urn") == urn and case.state in (
            workflow.public_list.states if workflow.public_list else takes
        ):
            what = "Choose it where you refer a pupil" if case.state in takes else "It takes no new placements"
            return f"{case.title} is here already ({workflow.states[case.state].label.to(STAFF).lower()}). {what}"
    return ""


def _said(row: Row[Any]) -> Mapping[str, Any]:
    return {
        "label": f"{row.name} (URN {row.urn})",
        "name": row.name,
        "urn": row.urn,
        "kind": row.kind,
        "council": row.council,
        "postcode": row.postcode,
        "registration": "registered",
        "site": _MAIN_SITE,
    }
