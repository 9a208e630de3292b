"""What a week of a placement comes to, since when: as its record is told of it, and as people read it."""

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Connection

from apflow.core.definition import words
from apflow.provision.registration import in_hours
from apflow.provision.weekly import Agreed, Weekly
from apflow.records.asking import day
from apflow.records.door import Differing
from apflow.records.placements.stays import SINCE
from apflow.store.records.records import record
from apflow.store.records.weekly import agreed_of, set_earlier
from apflow.store.tables.pupils import placements


def keep_weeks(connection: Connection, number: int, said: Mapping[str, Any], values: Mapping[str, Any]) -> Differing:
    """Keep what weeks came to before the day that an event says; since when the latest held, and holds now.

    Called, like the next, while the record still has what held until now.
    """
    return _kept(connection, number, values, lambda was, now: was.changed(now, day(said, SINCE), values["starts_on"]))


def put_weeks_right(
    connection: Connection, number: int, said: Mapping[str, Any], values: Mapping[str, Any]
) -> Differing:
    """The same for somebody who was shown the latest with its day."""
    return _kept(connection, number, values, lambda was, now: was.put_right(now, day(said, SINCE), values["starts_on"]))


def _kept(
    connection: Connection, number: int, values: Mapping[str, Any], changed: Callable[[Agreed, Weekly], Agreed]
) -> Differing:
    there = record(connection, placements, number)
    assert there is not None
    was = agreed_of(connection, [there])[number]
    after = changed(was, Weekly(values["minutes"], values["sessions"], values["has_breaks"], values["cost"]))
    if after.earlier == was.earlier:
        return {}
    set_earlier(connection, number, after.earlier)
    return {SINCE: (was.since, after.since)}


def in_words(agreed: Agreed, on: date) -> str:
    """The hours of a week on the day, and those agreed for later: "15 hours (from 7 Dec 2026: 18 hours)"."""
    minutes = agreed.on(on).minutes
    told = in_hours(minutes)
    for since, weekly in agreed.coming(on):
        if weekly.minutes != minutes:
            minutes = weekly.minutes
            told += f" (from {words.short_day(since)}: {in_hours(minutes)})"
    return told
