"""Reading attendance: whose registers a person has, and which sessions are marked as what.

A pupil is a number here. That somebody looked at these pupils is noted, as it is when they open the page.
"""

from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta
from typing import Annotated, Any

from litestar import Request, get
from litestar.params import PathParameter, QueryParameter
from pydantic import BaseModel, Field
from sqlalchemy import Row

from apflow.records.attendance.coding import CodedSession
from apflow.store.records.attendance import Attending, placed, providers_of, schools_of
from apflow.web.api.asking import BY_A_PROGRAM, Reference
from apflow.web.api.problems import Malformed, documented
from apflow.web.records.attending import Attends, attending

_MOST_DAYS = 31
BASE = "/api/v1/attendance"

Day = Annotated[date | None, QueryParameter(name="day", description="Which day; today, where none is given.")]
Until = Annotated[
    date | None,
    QueryParameter(name="until", description=f"The last day, for more than one; at most {_MOST_DAYS} at once."),
]
Waiting = Annotated[bool, QueryParameter(name="waiting", description="Only the sessions that wait for a mark.")]
SchoolNumber = Annotated[int, PathParameter(ge=1, le=2**31 - 1, description="The school's number.")]


class ProviderLine(BaseModel):
    """A provider whose register you may read and mark."""

    reference: str
    name: str
    href: str


class SchoolLine(BaseModel):
    """A school whose pupils' attendance you may read."""

    number: int
    name: str
    href: str


class Registers(BaseModel):
    """What there is for you to read."""

    providers: list[ProviderLine]
    schools: list[SchoolLine]


class MarkOut(BaseModel):
    """The mark of a session that counts."""

    mark: str
    reason: str | None
    number: int = Field(description="Send it as `seen` with what is to stand instead.")
    by: str | None = Field(description="Who marked it; null on a school's register.")
    marked_at: datetime


class SessionOut(BaseModel):
    """One session of one placement."""

    placement: int
    pupil: int = Field(description="The number of the pupil's record.")
    day: date
    half: str = Field(description="am or pm.")
    waits: bool = Field(description="It is asked for, and nobody has marked it.")
    not_asked_for: str | None = Field(
        description="Why nobody waits for a mark: the pupil's school is closed, the placement is paused. Whoever came "
        "all the same can be marked."
    )
    mark: MarkOut | None


class CodedOut(SessionOut):
    """One session as the home school sees it."""

    provider: str | None = Field(description="Where the pupil was due; null where no session was planned.")
    code: str | None = Field(description="Null while the provider has not marked it, or where `because` says why not.")
    because: str
    is_unexplained: bool = Field(description="It is an absence whose reason nobody has given.")


class ClosedDay(BaseModel):
    """A day on which the council's schools are closed."""

    day: date
    because: str


class ProviderRegister(BaseModel):
    """The sessions of some days at one provider."""

    reference: str
    name: str
    day: date
    until: date
    closed: list[ClosedDay] = Field(
        description="The days on which no session is planned by the council's calendar. A school's own days are with "
        "its pupils' sessions."
    )
    sessions: list[SessionOut]


class SchoolRegister(BaseModel):
    """The sessions of some days of one school's pupils, with their codes."""

    number: int
    name: str
    day: date
    until: date
    sessions: list[CodedOut]


@get("/attendance", sync_to_thread=True, responses=documented(400, 401, 404, 503))
def list_registers(request: Request[Any, Any, Any]) -> Registers:
    """The providers and schools whose registers are yours to read; for staff those with a placement that runs today."""
    who = attending(request)
    with who.site.store.reading() as connection:
        if who.is_staff:
            rows = placed(connection, Attending(who.today, who.today))
            providers = {row.reference: row.provider for row in rows}
            schools = {row.home_school_id: row.school for row in rows if row.home_school_id}
        else:
            person = who.actor.id or 0
            providers = {row.reference: row.title for row in providers_of(connection, person, who.party_role)}
            schools = {row.id: row.name for row in schools_of(connection, person)}
    return Registers(
        providers=[
            ProviderLine(reference=reference, name=name, href=f"{BASE}/providers/{reference}")
            for reference, name in _by_name(providers)
        ],
        schools=[
            SchoolLine(number=number, name=name, href=f"{BASE}/schools/{number}") for number, name in _by_name(schools)
        ],
    )


@get("/attendance/providers/{reference:str}", sync_to_thread=True, responses=documented(400, 401, 404, 503))
def provider_register(
    request: Request[Any, Any, Any],
    reference: Reference,
    day: Day = None,
    until: Until = None,
    waiting: Waiting = False,
) -> ProviderRegister:
    """The sessions of a day, or of several, at one provider: which wait for a mark, and what is marked."""
    who = attending(request)
    first, last = _days(who, day, until)
    with who.site.store.reading() as connection:
        row = who.provider(connection, reference)
        found = who.coding.sessions(connection, Attending(first, last, case_id=row.id))
    named = _in_order(one for one in found if one.is_planned or one.closed)
    told = [one for one in named if _waits(one)] if waiting else named
    _note(who, row.title, told)
    return ProviderRegister(
        reference=row.reference,
        name=row.title,
        day=first,
        until=last,
        closed=list(_closed(who, first, last)),
        sessions=[_at_provider(who, one) for one in told],
    )


@get("/attendance/schools/{number:int}", sync_to_thread=True, responses=documented(400, 401, 404, 503))
def school_register(
    request: Request[Any, Any, Any], number: SchoolNumber, day: Day = None, until: Until = None
) -> SchoolRegister:
    """The sessions of a day, or of several, of a school's pupils in alternative provision, with the code of each."""
    who = attending(request)
    first, last = _days(who, day, until)
    with who.site.store.reading() as connection:
        row = who.school(connection, number)
        found = _in_order(who.coding.sessions(connection, Attending(first, last, school_id=number)))
    _note(who, row.name, found)
    return SchoolRegister(number=number, name=row.name, day=first, until=last, sessions=[_coded(one) for one in found])


def _by_name(found: dict[Any, str]) -> list[tuple[Any, str]]:
    return sorted(found.items(), key=lambda each: (each[1].casefold(), each[0]))


def day_asked(who: Attends, day: date | None) -> date:
    """The day, or today; refused where it is still to come."""
    if day is not None and day > who.today:
        raise Malformed(
            {"day": f"{day.isoformat()} is still to come: ask for today, {who.today.isoformat()}, at most."}
        )
    return day or who.today


def _days(who: Attends, day: date | None, until: date | None) -> tuple[date, date]:
    """The days asked for as far as they have come; refused where that would be none, or too many."""
    first = day_asked(who, day)
    last = until or first
    if last < first:
        raise Malformed({"until": f"The last day, {last.isoformat()}, is before the first, {first.isoformat()}."})
    if last - first >= timedelta(days=_MOST_DAYS):
        raise Malformed({"until": f"Ask for at most {_MOST_DAYS} days at once."})
    return first, min(last, who.today)


def _closed(who: Attends, first: date, last: date) -> Iterator[ClosedDay]:
    for number in range((last - first).days + 1):
        day = first + timedelta(days=number)
        if because := who.site.library.calendar.school.why_closed(day):
            yield ClosedDay(day=day, because=because)


def _in_order(sessions: Iterable[CodedSession]) -> list[CodedSession]:
    return sorted(sessions, key=lambda one: (one.day, one.half, one.placement.pupil_id, one.placement.id))


def _note(who: Attends, of: str, sessions: Sequence[CodedSession]) -> None:
    who.note(f"Attendance at {of}, {BY_A_PROGRAM}", [one.placement.pupil_id for one in sessions])


def _waits(one: CodedSession) -> bool:
    return one.is_planned and one.closed is None and one.mark is None


def _session(one: CodedSession, by: str | None) -> dict[str, Any]:
    return {
        "placement": one.placement.id,
        "pupil": one.placement.pupil_id,
        "day": one.day,
        "half": one.half,
        "waits": _waits(one),
        "not_asked_for": one.closed,
        "mark": _mark(one.mark, by) if one.mark else None,
    }


def _mark(row: Row[Any], by: str | None) -> MarkOut:
    return MarkOut(mark=row.mark, reason=row.reason, number=row.number, by=by, marked_at=row.marked_at)


def _at_provider(who: Attends, one: CodedSession) -> SessionOut:
    out = SessionOut(**_session(one, by=one.mark.person_name if one.mark else None))
    if out.mark and out.mark.reason in who.kept_from_provider(who.attendance.in_force(one.day)):
        out.mark.reason = None
    return out


def _coded(one: CodedSession) -> CodedOut:
    coded = one.coded
    return CodedOut(
        **_session(one, by=None),
        provider=one.placement.provider if one.is_planned else None,
        code=coded.code if coded else None,
        because=coded.because if coded else "No codes are in force on this day.",
        is_unexplained=coded is not None and coded.is_unexplained,
    )


ROUTES = [list_registers, provider_register, school_register]
