"""That cases of a school name whoever its record does from now on, handed over with the change of the record."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Connection, Row

from apflow.beyond.handed_over import of_commissioner
from apflow.clock import machine_now
from apflow.core.commands import HandOver
from apflow.core.people.actor import THE_CLOCK
from apflow.records.door import Handed, Place
from apflow.records.letters import To, Writing
from apflow.store.cases.save_party import person_in_role
from apflow.store.cases.unit import PartyDetails
from apflow.store.people.sign_in import lasting_link, queue_letter
from apflow.store.records.colleagues import SCHOOL_ROLE

NOW_YOURS = "commissioners/now_yours"


def hand_over_cases(
    connection: Connection, place: Place, called: str, was: Row[Any] | None, before: str, comes: PartyDetails | None
) -> Sequence[str]:
    """The references of the cases that name whoever `comes` from now on, or nobody, in place of whoever it `was`.

    Where nobody was written to they are those that name nobody. The record has been written, so that whoever begins a
    case for the school at this moment has either committed it, or looks again who is written to.
    """
    by = place.by
    if place.id is None or (was is None and (before or comes is None)):
        return ()  # Whoever has no account is named on no case.
    references = list(of_commissioner(connection, by.library, place.id, was))
    if not references:
        return ()
    assert by.hand_over is not None, "Cases name whoever this record is written to, and nothing hands them over."
    note = f"Whom we write to at {called} has changed."
    name, email = (comes.name, comes.email) if comes is not None else (None, None)
    handed = by.hand_over(connection, references, HandOver(SCHOOL_ROLE, name, email, note, THE_CLOCK), by.now)
    if handed and comes is not None:
        _tell(connection, place, called, comes, len(handed))
    if handed and by.handed is not None:
        by.handed.append(Handed(called, before, name or "", email or "", tuple(handed)))
    return handed


def _tell(connection: Connection, place: Place, called: str, comes: PartyDetails, how_many: int) -> None:
    """Say to whoever comes how many there are, and lead to them; an edition without this letter does not send it."""
    by = place.by
    if by.letters is None or NOW_YOURS not in by.letters.notices.names():
        return
    person = person_in_role(connection, comes, by.now, by.council)
    token = lasting_link(connection, person, machine_now(), next_path="/home", lasts=by.council.ways_in.link)
    writing = Writing(by.letters, by.council, by.now)
    to = To(comes.name, comes.email, person)
    letter = writing.write(NOW_YOURS, to, f"/continue/{token}", organisation=called, how_many=how_many)
    queue_letter(connection, dict(letter))
