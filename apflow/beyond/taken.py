"""That whom a case takes from a record is still whoever that is written to, at the moment the case is saved."""

from collections.abc import Iterator

from sqlalchemy import Connection

from apflow.core.definition.compiled import Definition
from apflow.loader import Library
from apflow.provision.drawn import KNOWN_PROVIDERS, LISTED_SITES, OWN_PUPILS
from apflow.store.cases.unit import Unit
from apflow.store.records.addresses import address_of_commissioner, provider_at, provider_of_number

_ADDRESSES = {OWN_PUPILS: "asked_by_email", LISTED_SITES: "contact_email", KNOWN_PROVIDERS: "contact_email"}
_COMMISSIONER = "commissioner_number"


def names_who_has_gone(connection: Connection, library: Library, unit: Unit) -> bool:
    """Whether somebody else is written to there by now; the record stays as it is until this commits.

    Else whoever changes the record at this moment would find no case to hand over, and this one would name whoever was
    written to before.
    """
    definition, fields = unit.definition, unit.outcome.fields
    for name, question, source in _addresses_taken(definition, unit):
        if source == OWN_PUPILS:
            of = next((one for one, taken in definition.taken.items() if taken == (question, _COMMISSIONER)), "")
            is_now = address_of_commissioner(connection, fields.get(of))
        else:
            find = provider_at if source == LISTED_SITES else provider_of_number
            row = find(connection, fields[question])
            party = library.current(row.workflow).workflow.party_email if row is not None else None
            is_now = str(row.fields.get(party) or "") if row is not None and party else None
        if is_now is not None and is_now.lower() != str(fields.get(name) or "").lower():
            return True
    return False


def _addresses_taken(definition: Definition, unit: Unit) -> Iterator[tuple[str, str, str]]:
    """The fields that this command took an address for, each with the question and the source it was taken from."""
    for name, (question, fact) in definition.taken.items():
        source = definition.workflow.fields[question].records or ""
        if question in unit.outcome.entry.answers and fact == _ADDRESSES.get(source):
            yield name, question, source
