"""A person's work as pages show it: in groups, the first of each, with the way to the others."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from sqlalchemy import Connection

from apflow.core.people.actor import Actor
from apflow.core.queue import Group, Part, grouped
from apflow.store.reading.work import COUNTED, places_of, wanted_of, work_of
from apflow.store.reading.work_rows import Place, WorkRow, rows_at
from apflow.web.lists.places import from_text, to_text

A_PAGE = 50
CAME_FROM = ("from", "only", "after")
_PARTS = {
    Group.OVERDUE: Part.OVERDUE,
    Group.TODAY: Part.TODAY,
    Group.TO_CLAIM: Part.TO_CLAIM,
    Group.PUT_OFF: Part.PUT_OFF,
}


@dataclass(frozen=True, slots=True)
class Count:
    """How many there are, as far as they were counted: an officer does the same about 501 as about 100,000."""

    number: int
    is_cut: bool = False

    def __str__(self) -> str:
        return f"{self.number}+" if self.is_cut else str(self.number)

    def __bool__(self) -> bool:
        return self.number > 0

    @classmethod
    def sum(cls, counts: Sequence["Count"]) -> "Count":
        return cls(sum(count.number for count in counts), any(count.is_cut for count in counts))


@dataclass(frozen=True, slots=True)
class Listed:
    """One group of the page: its heading, an anchor, its first rows, how many it has, and where the others are."""

    title: str
    anchor: str
    rows: Sequence[WorkRow]
    count: Count
    more: str | None


def part_named(name: str) -> Part | None:
    """The part of the queue that an address asks for."""
    return next((part for part in Part if part.name.lower() == name), None)


def address_of(part: Part, after: Place | None = None) -> str:
    """Where a part of the queue is listed by itself, from a place on."""
    pairs = {"only": part.name.lower()} | ({"after": to_text(after)} if after else {})
    return f"/work?{urlencode(pairs)}"


def place_in_work(came_from: Mapping[str, str]) -> str:
    """The page of work that a button was on, for more to be said in the address; the first when it does not say."""
    part = part_named(came_from.get("only", ""))
    return f"{address_of(part, from_text(came_from.get('after', '')))}&" if part else "/work?"


def overview(connection: Connection, actor: Actor, now: datetime) -> list[Listed]:
    """Every group, most pressing first. What a person has themselves is all looked at, for news."""
    yours = _yours(connection, actor, now)
    found = {group: _listed(connection, actor, group, part, now) for group, part in _PARTS.items()} | yours
    return [found[group] for group in Group]


def whole_part(connection: Connection, actor: Actor, part: Part, after: Place | None, now: datetime) -> Listed:
    """One page of one part of the queue, from a place on."""
    wanted = wanted_of(part, now)
    rows = work_of(connection, actor, wanted, after=after, limit=A_PAGE + 1)
    places = places_of(connection, actor, wanted, limit=COUNTED + 1)
    more = address_of(part, rows[A_PAGE - 1].place) if len(rows) > A_PAGE else None
    return Listed(str(part), part.name.lower(), rows[:A_PAGE], _count(places), more)


def next_task(connection: Connection, actor: Actor, now: datetime, *, but: str, there: int) -> WorkRow | None:
    """The most pressing work on another case than `but`, which has so many tasks itself."""
    for group, part in ((None, Part.OVERDUE), (None, Part.TODAY), (Group.NEWS, Part.YOURS), (None, Part.TO_CLAIM)):
        rows = _elsewhere(connection, actor, part, now, but, there)
        if group is not None:
            rows = grouped(rows, now)[group]
        if rows:
            return rows[0]
    return next(iter(_elsewhere(connection, actor, Part.YOURS, now, but, there)), None)


def _elsewhere(connection: Connection, actor: Actor, part: Part, now: datetime, but: str, there: int) -> list[WorkRow]:
    limit = there + (A_PAGE if part is Part.YOURS else 1)
    return [row for row in work_of(connection, actor, wanted_of(part, now), limit=limit) if row.reference != but]


def _listed(connection: Connection, actor: Actor, group: Group, part: Part, now: datetime) -> Listed:
    places = places_of(connection, actor, wanted_of(part, now), limit=COUNTED + 1)
    more = address_of(part, places[A_PAGE - 1]) if len(places) > A_PAGE else None
    rows = rows_at(connection, actor, places[:A_PAGE])
    return Listed(str(group), group.name.lower(), rows, _count(places), more)


def _yours(connection: Connection, actor: Actor, now: datetime) -> dict[Group, Listed]:
    """What is new among a person's own, and the rest: two groups of one part."""
    rows = work_of(connection, actor, wanted_of(Part.YOURS, now), limit=COUNTED + 1)
    groups, is_cut = grouped(rows[:COUNTED], now), len(rows) > COUNTED
    return {
        group: Listed(
            str(group),
            group.name.lower(),
            groups[group][:A_PAGE],
            Count(len(groups[group]), is_cut),
            address_of(Part.YOURS) if is_cut or len(groups[group]) > A_PAGE else None,
        )
        for group in (Group.NEWS, Group.LATER)
    }


def _count(places: Sequence[Place]) -> Count:
    return Count(min(len(places), COUNTED), len(places) > COUNTED)
