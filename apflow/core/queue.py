"""Sorting a person's work by what needs doing."""

from collections.abc import Iterable
from datetime import UTC, datetime, time, timedelta
from enum import StrEnum
from typing import Protocol, TypeVar

from apflow.core.days.calendar import LONDON, local_date


class Group(StrEnum):
    """Why a task is on the page, most pressing first; the value is the heading."""

    OVERDUE = "Overdue"
    TODAY = "Due today"
    NEWS = "New information"
    TO_CLAIM = "To claim"
    LATER = "Yours, due later"
    PUT_OFF = "Put off"


class Part(StrEnum):
    """What a long queue is paged by: every task is in exactly one, and the value is its heading."""

    OVERDUE = "Overdue"
    TODAY = "Due today"
    TO_CLAIM = "To claim"
    YOURS = "Yours, due later"
    PUT_OFF = "Put off"


class Workable(Protocol):
    """What sorting looks at."""

    @property
    def due_at(self) -> datetime | None: ...
    @property
    def claimed_by(self) -> int | None: ...
    @property
    def each(self) -> str | None: ...
    @property
    def put_off_until(self) -> datetime | None: ...
    @property
    def news(self) -> bool: ...


T = TypeVar("T", bound=Workable)


def grouped(rows: Iterable[T], now: datetime) -> dict[Group, list[T]]:
    """The rows by group, every group present, each in the order the rows came."""
    groups: dict[Group, list[T]] = {group: [] for group in Group}
    for row in rows:
        groups[group_of(row, now)].append(row)
    return groups


def group_of(row: Workable, now: datetime) -> Group:
    """The one group a task belongs to at `now`."""
    if row.due_at is not None and row.due_at < now:
        return Group.OVERDUE
    if row.due_at is not None and local_date(row.due_at) == local_date(now):
        return Group.TODAY
    if row.claimed_by is None and row.each is None:
        return Group.TO_CLAIM  # A new enquiry is news to everyone, but first somebody has to take it.
    if is_put_off(row.put_off_until, now):
        return Group.PUT_OFF
    return Group.NEWS if row.news else Group.LATER


def is_put_off(until: datetime | None, now: datetime) -> bool:
    """Whether a task that was put off so far is so still."""
    return until is not None and until > now


def tomorrow(now: datetime) -> datetime:
    """When the day of `now` ends here."""
    return datetime.combine(local_date(now) + timedelta(days=1), time(), LONDON).astimezone(UTC)
