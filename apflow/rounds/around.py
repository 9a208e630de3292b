"""Telling those who work with a pupil what attendance shows. No letter says who it is."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.handler import Handler
from apflow.letters.around import working_with
from apflow.letters.barred import kept_from_pupil
from apflow.letters.contexts import Recipient
from apflow.loader import Library
from apflow.provision.drawn import KEPT_PLACEMENTS
from apflow.records.absences import To, Writing
from apflow.store.records.kept_from import KeptFrom


@dataclass(frozen=True, slots=True)
class Around:
    """A letter for each who is told, and for the officer in words who is and who is not."""

    letters: Sequence[Mapping[str, Any]] = ()
    words: str = ""


def those_around(
    connection: Connection, handler: Handler, writing: Writing, roles: Iterable[str], row: Row[Any], notice: str
) -> Around:
    """What those of the roles who work with the pupil of a placement are written, which has a reference they can give.

    An edition that was published without this letter does not send it.
    """
    council, letters, words = handler.library.council, [], []
    if f"attendance/{notice}" not in writing.letters.notices.names():
        return Around()
    barred = _kept_from(connection, handler.library, row.pupil_id)
    for name in roles:
        role = council.roles[name]
        found = list(working_with(connection, role, row.pupil_id, local_date(writing.now), barred))
        letters += [_letter(writing, one, row, notice) for one in found if one.email]
        if any(one.email for one in found):
            words.append(f"{role.title}: told by email.")
        if missed := [one.unreached for one in found if not one.email]:
            words.append(f"{role.title}: not told. {missed[0]}.")
    return Around(letters, "".join(f" {each}" for each in words))


def _letter(writing: Writing, one: Recipient, row: Row[Any], notice: str) -> Mapping[str, Any]:
    reference = row.kept_by or f"{row.reference}, placement {row.id}"
    school = ", ".join(text for text in (row.school, row.school_phone) if text)
    said = {"case": {"reference": reference}, "fields": {"named_at_school": school}, "provider": row.provider}
    return dict(writing.letter(notice, To(one.name, one.email), "/", **said)) | {"case_id": row.case_id}


def _kept_from(connection: Connection, library: Library, pupil: int) -> KeptFrom:
    names, emails = frozenset[str](), frozenset[str]()
    for workflow in library.sources:
        definition = library.current(workflow)
        if (keeps := definition.workflow.keeps) is not None and keeps.records == KEPT_PLACEMENTS:
            found = kept_from_pupil(connection, definition, pupil)
            names, emails = names | found.names, emails | found.emails
    return KeptFrom(names, emails)
