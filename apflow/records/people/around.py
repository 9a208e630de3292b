"""Telling those who work with a pupil what attendance shows, and that they are on record. No letter says who it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.definition.roles import Role
from apflow.core.people.barred import KeptFrom
from apflow.letters.around import working_with
from apflow.letters.barred import kept_from_pupil
from apflow.letters.contexts import Recipient
from apflow.loader import Library
from apflow.provision.drawn import KEPT_PLACEMENTS
from apflow.records.letters import To, Writing, at_provider
from apflow.store.people.sign_in import queue_letter
from apflow.store.records.attendance import Attending, placed

TAKEN_ON = "around_a_child/taken_on"
_AHEAD = timedelta(weeks=52)  # A placement that begins later has an event of its own by then.


@dataclass(frozen=True, slots=True)
class Around:
    """A letter for each who is told, and for the officer in words who is and who is not."""

    letters: Sequence[Mapping[str, Any]] = ()
    words: str = ""


def those_around(
    connection: Connection, library: Library, writing: Writing, roles: Iterable[str], row: Row[Any], notice: str
) -> Around:
    """What those of the roles who work with the pupil of a placement are written, which has a reference they can give.

    An edition that was published without this letter does not send it.
    """
    letters: list[Mapping[str, Any]] = []
    words: list[str] = []
    if notice not in writing.letters.notices.names():
        return Around()
    barred = _kept_from(connection, library, row.pupil_id)
    for role in (library.council.roles[name] for name in roles):
        found = list(working_with(connection, role, row.pupil_id, local_date(writing.now), barred))
        letters += [_letter(writing, one, row, notice) for one in found if one.email]
        if any(one.email for one in found):
            words.append(f"{role.title}: told by email.")
        if missed := [one.unreached for one in found if not one.email]:
            words.append(f"{role.title}: not told. {missed[0]}.")
    return Around(letters, "".join(f" {each}" for each in words))


def tell_who_takes_on(
    connection: Connection, library: Library, writing: Writing, pupil: int, person: Recipient
) -> None:
    """Write to somebody who works with a pupil from now on, once for each placement that runs or is to begin."""
    barred = _kept_from(connection, library, pupil)
    if TAKEN_ON not in writing.letters.notices.names() or barred.has(person.name, person.email):
        return
    today = local_date(writing.now)
    for row in placed(connection, Attending(today, today + _AHEAD, pupil_id=pupil)):
        queue_letter(connection, dict(_letter(writing, person, row, TAKEN_ON)))


def role_of(library: Library, who: str) -> Role | None:
    """The role by which those are written to whom a pupil's record names so."""
    roles = library.council.roles.values()
    return next((role for role in roles if role.works_with is not None and role.works_with.who == who), None)


def _letter(writing: Writing, one: Recipient, row: Row[Any], notice: str) -> Mapping[str, Any]:
    reference = row.kept_by or f"{row.reference}, placement {row.id}"
    school = ", ".join(text for text in (row.school, row.school_phone) if text)
    said = {"case": {"reference": reference}, "fields": {"named_at_school": school}, "provider": row.provider}
    return at_provider(writing.write(notice, To(one.name, one.email), "/", **said), row)


def _kept_from(connection: Connection, library: Library, pupil: int) -> KeptFrom:
    found = KeptFrom()
    for workflow in library.sources:
        definition = library.current(workflow)
        if (keeps := definition.workflow.keeps) is not None and keeps.records == KEPT_PLACEMENTS:
            found = found.with_those(kept_from_pupil(connection, definition, pupil))
    return found
