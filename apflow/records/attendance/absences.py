"""Telling a home school, in the same session, of an absence that nobody has explained."""

from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from typing import Any

from sqlalchemy import Row

from apflow.provision.sessions import session_words
from apflow.records.letters import To, Writing, at_provider


def unexplained(writing: Writing, absent: Iterable[tuple[Row[Any], date, str]]) -> Iterator[Mapping[str, Any]]:
    """A letter to each home school for each session; to the team where we have no address of the school."""
    told: dict[tuple[Any, date, str], list[Row[Any]]] = {}
    for placement, day, half in absent:
        school = placement.home_school_id if placement.school_email else None
        told.setdefault((school, day, half), []).append(placement)
    for (school, day, half), placements in told.items():
        to = To(placements[0].school, placements[0].school_email) if school else writing.team
        path = f"/attendance/schools/{school}?day={day.isoformat()}" if school else "/attendance"
        session = session_words(day, half)
        letter = writing.letter("unexplained_absence", to, path, session=session, count=len(placements))
        yield at_provider(letter, placements[0])
