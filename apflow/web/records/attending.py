"""What the pages of attendance share: who may be here, by what codes follow, and noting every look at a child."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from litestar import Request
from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.errors import NotFound
from apflow.core.people.actor import Actor
from apflow.provision.coding import Attendance, CodeTable
from apflow.records.attendance.coding import Coding
from apflow.records.attendance.marking import Marking, may_mark
from apflow.records.door import By, may_keep
from apflow.records.letters import Writing
from apflow.store.records.attendance import provider_case, schools_of
from apflow.store.records.records import record
from apflow.store.tables.places import commissioners
from apflow.web.identity import require
from apflow.web.looks import note_looks
from apflow.web.site import Site

_NOBODY_BEFORE = date(2000, 1, 1)


@dataclass(frozen=True)
class Attends:
    """Someone who looks at attendance or marks it, on an installation that keeps it."""

    site: Site
    actor: Actor
    attendance: Attendance

    @property
    def today(self) -> date:
        return local_date(self.site.now())

    @property
    def by(self) -> By:
        return By(self.actor, self.site.now(), self.site.library)

    @property
    def coding(self) -> Coding:
        return Coding(self.attendance, self.site.library, self.today)

    @property
    def marking(self) -> Marking:
        writing = Writing(self.site.handler.letters, self.site.council, self.site.now())
        return Marking(self.site.store, self.by, self.attendance, writing)

    @property
    def is_staff(self) -> bool:
        """Whether they are of the council's staff who may read what is about children."""
        return may_keep(self.site.council, self.actor)

    def is_for_the_council(self, day: date) -> bool:
        """Whether a session of the day is too long ago for whoever asks, who is not of the staff."""
        return not self.is_staff and self.marking.is_long_ago(day)

    def kept_from_provider(self, table: CodeTable | None) -> set[str]:
        """The reasons that a provider is told there are, and not what they are; the council's staff read all."""
        names = table.reasons if table and not self.is_staff else ()
        return {name for name in names if table and table.is_kept_from(name, "provider")}

    @property
    def party_role(self) -> str:
        """The role that providers' people hold."""
        return self.site.current().workflow.party_role

    def provider(self, connection: Connection, reference: str) -> Row[Any]:
        """The provider whose case this is; to whoever is not of it there is none."""
        found = provider_case(connection, reference)
        if found is None or not may_mark(connection, self.by, found.id, self.party_role):
            raise NotFound
        return found

    def school(self, connection: Connection, number: int) -> Row[Any]:
        """The school of this number; to whoever does not act for it, and is not of the staff, there is none."""
        found = record(connection, commissioners, number)
        if found is None or found.kind != "school" or not (self.is_staff or self._acts_for(connection, number)):
            raise NotFound
        return found

    def _acts_for(self, connection: Connection, number: int) -> bool:
        return any(row.id == number for row in schools_of(connection, self.actor.id or 0))

    def note(self, where: str, pupils: Iterable[int]) -> None:
        """Write down that a page shows these pupils, before it is sent: if that fails, nothing is shown."""
        note_looks(self.site, self.actor, where, pupils)


def attending(request: Request[Any, Any, Any]) -> Attends:
    """Who asks; where the council's policy says nothing of attendance there are no such pages."""
    site: Site = request.app.state.site
    user = require(request)
    if site.library.attendance is None:
        raise NotFound
    return Attends(site, user.actor, site.library.attendance)


def staff_attending(request: Request[Any, Any, Any]) -> Attends:
    """The same for pages that are the staff's alone; to anyone else they do not exist."""
    who = attending(request)
    if not who.is_staff:
        raise NotFound
    return who


def day_from(text: str, today: date) -> date:
    """The day that was asked for; today when that is none, is still to come or is before anybody's marks."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return today
    return day if _NOBODY_BEFORE <= day <= today else today
