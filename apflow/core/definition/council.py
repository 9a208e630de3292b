"""The council's own file: who it is, its roles, its calendar and the limits in force from a date."""

from collections.abc import Mapping
from datetime import date, time, timedelta
from typing import Literal

from pydantic import Field

from apflow.core.definition.base import Claim, Name, Part
from apflow.core.definition.labels import STAFF

Day = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
DAYS: tuple[Day, ...] = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class Role(Claim):
    """A role: which audience it belongs to, and who gets its mail.

    `mail` is `assigned` (whoever has the case, else the mailbox), `everyone`, `mailbox`, or `party` (the outsider).
    """

    title: str
    audience: str = STAFF
    mail: Literal["assigned", "everyone", "mailbox", "party", "nobody"] = "nobody"
    mailbox: str | None = None


class Closure(Part):
    """A day the council does not count as a working day."""

    on: date
    because: str


class CalendarSpec(Claim):
    """The working-day calendar; bank holidays come from the national list for the division."""

    working_days: tuple[Day, ...] = Field(min_length=1)
    bank_holidays: Literal["england-and-wales", "scotland", "northern-ireland"]
    closed: tuple[Closure, ...] = ()
    cut_off: time = time(17, 0)
    day_starts: time = time(9, 0)
    day_ends: time = time(23, 59)


class ClosedPeriod(Part):
    """From the start of `start` to the end of `until` no new application is taken."""

    start: date
    until: date
    because: str


class Applications(Part):
    """Whether new applications are taken: a switch, and closures planned ahead."""

    open: bool = True
    because: str | None = None
    closed_periods: tuple[ClosedPeriod, ...] = ()

    def closed_because(self, today: date) -> str | None:
        """Why applications are closed `today`, or None while they are open."""
        if not self.open:
            return self.because or "Applications are closed at present."
        return next((p.because for p in self.closed_periods if p.start <= today <= p.until), None)

    def open_again_on(self, today: date) -> date | None:
        """The first day from `today` on which applications are taken; None while the switch is off, as nobody knows."""
        if not self.open:
            return None
        day = today
        for period in sorted(self.closed_periods, key=lambda period: period.start):
            if period.start <= day <= period.until:
                day = period.until + timedelta(days=1)
        return day


class Council(Part):
    """A whole council file."""

    council: str
    short_name: str
    team: str
    mailbox: str
    telephone: str | None = None
    roles: Mapping[Name, Role]
    calendar: CalendarSpec
    applications: Applications = Field(default_factory=Applications)
    agencies: Mapping[Name, str] = Field(default_factory=dict)
