"""What waits of attendance for whoever asks: sessions to mark where they teach, absences to explain at their school."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from sqlalchemy import Connection

from apflow.core.days.calendar import LONDON
from apflow.core.days.duration import Unit
from apflow.core.definition.words import short_day
from apflow.core.people.actor import Actor
from apflow.provision.sessions import HALVES, IN_WORDS
from apflow.records.attendance.coding import CodedSession, Unexplained
from apflow.store.records.attendance import Attending, providers_of, schools_of
from apflow.web.records.attending import Attends
from apflow.web.site import Site

_DAY_ENDS = time(23, 59)


@dataclass(frozen=True, slots=True)
class ToAttend:
    """One line: what is to be done, at which provider or school, by when, and the page on which it is done."""

    title: str
    whose: str
    href: str
    due_at: datetime
    unit: Unit = Unit.SCHOOL_DAY


def to_attend(site: Site, connection: Connection, actor: Actor) -> list[ToAttend]:
    """What is to be marked, the day's own first, and what is to be explained; nobody is named in it."""
    if site.library.attendance is None:
        return []
    who = Attends(site, actor, site.library.attendance)
    return [*_to_mark(who, connection), *_to_explain(who, connection)]


def still_open(who: Attends, **of: Any) -> Attending:
    """The days on which those who mark sessions and explain absences can still do so."""
    return Attending(who.attendance.open_since(who.today), who.today, **of)


def explain_by(one: Unexplained) -> datetime:
    """The moment until which an absence has the code of a reason not yet known."""
    return datetime.combine(one.by, _DAY_ENDS, LONDON)


def _to_mark(who: Attends, connection: Connection) -> Iterable[ToAttend]:
    if who.party_role not in who.actor.roles:
        return
    providers = providers_of(connection, who.actor.id or 0, who.party_role)
    if not providers:
        return
    of = still_open(who, cases=tuple(row.id for row in providers))
    unmarked = [one for one in who.coding.unmarked(connection, of) if has_begun(who, one)]
    for row in providers:
        theirs = [one for one in unmarked if one.placement.case_id == row.id]
        base, today = f"/attendance/providers/{row.reference}", [one for one in theirs if one.day == who.today]
        if today:
            counts = [(half, sum(one.half == half for one in today)) for half in HALVES]
            said = " and ".join(f"{count} this {IN_WORDS[half].lower()}" for half, count in counts if count)
            yield ToAttend(f"Mark attendance: {said}", row.title, base, _mark_by(who, today[0]))
        if earlier := [one for one in theirs if one.day < who.today]:
            oldest, count = earlier[0], len(earlier)
            title = f"Mark attendance of earlier days: {_many(count, 'session')}{_oldest(count, oldest.day)}"
            yield ToAttend(title, row.title, f"{base}?day={oldest.day.isoformat()}", _mark_by(who, oldest))


def has_begun(who: Attends, one: CodedSession) -> bool:
    """Whether it is of this half of the day, or is over."""
    return one.day < who.today or one.half == HALVES[0] or who.site.now().astimezone(LONDON).hour >= time(12).hour


def _mark_by(who: Attends, one: CodedSession) -> datetime:
    """When the council is told that it is not marked."""
    return datetime.combine(one.day, who.attendance.chasing.of(one.half).flag_at, LONDON)


def _to_explain(who: Attends, connection: Connection) -> Iterable[ToAttend]:
    schools = schools_of(connection, who.actor.id or 0)
    if not schools:
        return
    found = who.coding.unexplained(connection, still_open(who, schools=tuple(row.id for row in schools)))
    for row in schools:
        if theirs := [one for one in found if one.session.placement.home_school_id == row.id]:
            count, day = len(theirs), theirs[0].session.day
            title = f"Say why: {_many(count, 'absence')} without a reason{_oldest(count, day)}"
            yield ToAttend(title, row.name, f"/attendance/schools/{row.id}#unexplained", min(map(explain_by, theirs)))


def _many(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _oldest(count: int, day: date) -> str:
    return f" of {short_day(day)}" if count == 1 else f", the oldest of {short_day(day)}"
