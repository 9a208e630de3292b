"""The people who ask in the table of permissions, and what is theirs and what is others' in the demo council."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row, func, select

from apflow.store.people import people
from apflow.store.tables.attendance import attendance_plans
from apflow.store.tables.away import times_away
from apflow.store.tables.cases import case_parties, cases
from apflow.store.tables.lists import saved_lists
from apflow.store.tables.messages import messages
from apflow.store.tables.people import colleagues
from apflow.store.tables.people import people as people_table
from apflow.store.tables.places import commissioners, sites
from apflow.store.tables.pupils import placements, professionals, pupils
from apflow.store.tables.uploads import uploads
from apflow.store.tables.work import tasks

OWN, OTHERS, MISSING = "own", "other’s", "missing"
NOBODY = "signed out"
ROLES = ("provider", "commissioner", "panel_member", "officer", "manager", "data_protection_officer")
MISSING_REFERENCE = "AP-NONE-SUCH"
MISSING_NUMBER = 987_654_321
_AT = {  # The cases looked at: what a role sees, and what is kept from it.
    "provider": ("provider", "gathering_evidence"),
    "commissioner": ("placement_review", "to_decide"),
    "panel_member": ("provider", "panel"),
    "officer": ("provider", "gathering_evidence"),
    "manager": ("provider", "gathering_evidence"),
    "data_protection_officer": ("data_breach", "assessing"),
}
_KEPT_FROM = {
    "panel_member": ("concern", "reported"),
    "officer": ("data_breach", "assessing"),
}
_ONLY_OF = {  # Pages that only some cases have, which nobody outside the council sees.
    "pack": ("panel_meeting", "planned"),
    "take-up": ("panel_meeting", "planned"),
    "told": ("provider", "removed"),
}
_NUMBERED = {
    "pupils": pupils,
    "placements": placements,
    "professionals": professionals,
    "schools": commissioners,
    "sites": sites,
    "attendance": commissioners,
    "attendance-plans": attendance_plans,
    "colleagues": colleagues,
    "emails": messages,
    "lists": saved_lists,
}
STAFF = ("panel_member", "officer", "manager")
SEES_PLACEMENTS = ("officer", "manager")
KEEPS_RECORDS = (*SEES_PLACEMENTS, "data_protection_officer")


@dataclass(frozen=True)
class Person:
    """Somebody of a role, with one case that is theirs to see and one that is not (None where they see all)."""

    role: str
    id: int | None
    own: Row[Any] | None
    others: Row[Any] | None

    def case(self, which: str) -> Row[Any] | None:
        return {OWN: self.own, OTHERS: self.others}.get(which)


def case_for(connection: Connection, person: Person, path: str, which: str) -> Row[Any] | None:
    """The case to ask for at this address: the person's own or another's, or None where they have no such case."""
    if path.endswith("/pupil"):
        return _placement(connection, person, which)
    only = next((at for part, at in _ONLY_OF.items() if part in path.split("/")), None)
    if only is None:
        return person.case(which)
    return cases_at(connection, *only)[0] if (person.role in STAFF) == (which == OWN) else None


def _placement(connection: Connection, person: Person, which: str) -> Row[Any] | None:
    """A pupil's placement that is theirs, or that of another commissioner at another provider."""
    rows = [row for state in ("active", "referred") for row in cases_at(connection, "placement", state)]
    if person.role in SEES_PLACEMENTS:
        return rows[0] if which == OWN else None
    theirs = {row.id for row in rows if row.person_id == person.id}
    return next((row for row in rows if (row.id in theirs) == (which == OWN)), None)


def number_for(connection: Connection, person: Person, path: str, which: str) -> int | None:
    """The number of a record to ask for: staff who keep them work with all, a school with what has its own address."""
    if path.startswith("/away"):
        return _away(connection, person, path, which)
    table = _NUMBERED[path.removeprefix("/api/v1").split("/")[1]]
    if table is saved_lists:
        is_own = saved_lists.c.person_id == person.id
        return connection.execute(select(func.min(table.c.id)).where(is_own if which == OWN else ~is_own)).scalar()
    if person.role in KEEPS_RECORDS:
        return connection.execute(select(func.min(table.c.id))).scalar() if which == OWN else None
    if table is colleagues:
        is_own = colleagues.c.person_id == person.id
        return connection.execute(select(func.min(table.c.id)).where(is_own if which == OWN else ~is_own)).scalar()
    if person.role != "commissioner" or not {"schools", "term-dates", "colleagues"} & set(path.split("/")[2:]):
        return connection.execute(select(func.min(table.c.id))).scalar() if which == OTHERS else None
    email = select(people_table.c.email).where(people_table.c.id == person.id).scalar_subquery()
    is_own = commissioners.c.email == email
    wanted = is_own if which == OWN else (commissioners.c.kind == "school") & ~is_own
    return connection.execute(select(func.min(commissioners.c.id)).where(wanted)).scalar()


def _away(connection: Connection, person: Person, path: str, which: str) -> int | None:
    """Somebody of the staff, or a time of theirs away: a manager works with everybody's."""
    column, table = (people_table.c.id, people_table) if "/new/" in path else (times_away.c.person_id, times_away)
    is_own = column == person.id
    if which == OTHERS and person.role == "manager":
        return None
    return connection.execute(select(func.min(table.c.id)).where(is_own if which == OWN else ~is_own)).scalar()


def everybody(connection: Connection) -> dict[str, Person]:
    """One person for each role, and nobody, for whom every case is another's."""
    found = {role: _of_role(connection, role) for role in ROLES}
    return {NOBODY: Person(NOBODY, None, None, found["provider"].own)} | found


def _of_role(connection: Connection, role: str) -> Person:
    at = cases_at(connection, *_AT[role])
    if role not in ("provider", "commissioner"):
        person = next(row for row in people.with_role(connection, role) if row.roles == [role])
        kept = cases_at(connection, *_KEPT_FROM[role])[0] if role in _KEPT_FROM else None
        return Person(role, person.id, at[0], kept)
    own = at[0]
    others = next(row for row in at if row.person_id != own.person_id)
    return Person(role, own.person_id, own, others)


def cases_at(connection: Connection, workflow: str, state: str) -> list[Row[Any]]:
    """Cases standing there, with somebody whose case each is."""
    query = (
        select(cases, people_table.c.id.label("person_id"))
        .outerjoin(case_parties, (case_parties.c.case_id == cases.c.id) & case_parties.c.colleague_of.is_(None))
        .outerjoin(people_table, people_table.c.id == case_parties.c.person_id)
        .where(cases.c.workflow == workflow, cases.c.state == state)
        .order_by(cases.c.id)
    )
    return list(connection.execute(query))


def of_case(connection: Connection, case_id: int) -> Mapping[str, Any]:
    """What hangs on a case and has an address of its own: a task and a file, where it has any."""
    task = select(tasks.c.id).where(tasks.c.case_id == case_id).order_by(tasks.c.id).limit(1)
    file = select(uploads.c.id).where(uploads.c.case_id == case_id).order_by(uploads.c.id).limit(1)
    return {"task": connection.execute(task).scalar(), "upload": connection.execute(file).scalar()}
