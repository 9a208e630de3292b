"""Calendar invitations: one stable UID a meeting, a rising SEQUENCE, and a CANCEL that really cancels."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from icalendar import Calendar, Event, vCalAddress, vText

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.definition.events import Meeting


def invitation(
    meeting: Meeting,
    fields: Mapping[str, Any],
    *,
    reference: str,
    title: str,
    sequence: int,
    organiser: str,
    attendee: str,
    length: timedelta,
    now: datetime,
) -> str | None:
    """The invitation as iCalendar text with UTC times; None while the day is not known, or too late to cancel."""
    day = fields.get(meeting.on)
    if day is None or (meeting.cancel and day < local_date(now).isoformat()):
        return None
    event = Event()
    event.add("uid", uid_of(reference, meeting))
    event.add("sequence", sequence)
    event.add("dtstamp", now.astimezone(UTC))
    event.add("summary", meeting.title.replace("{case}", title))
    event.add("status", "CANCELLED" if meeting.cancel else "CONFIRMED")
    _add_times(event, date.fromisoformat(day), fields.get(meeting.at) if meeting.at else None, length)
    if meeting.place and fields.get(meeting.place):
        event.add("location", vText(fields[meeting.place]))
    event.add("organizer", vCalAddress(f"mailto:{organiser}"))
    event.add("attendee", vCalAddress(f"mailto:{attendee}"))
    calendar = Calendar()
    calendar.add("prodid", "-//apflow//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "CANCEL" if meeting.cancel else "REQUEST")
    calendar.add_component(event)
    return str(calendar.to_ical(), "utf-8")


def uid_of(reference: str, meeting: Meeting) -> str:
    """What the calendars know the meeting by: one for each date field of a case, whatever day it is moved to."""
    return f"{reference}-{meeting.on}@apflow".lower()


def _add_times(event: Event, day: date, at: str | None, length: timedelta) -> None:
    if at is None:
        event.add("dtstart", day)
        event.add("dtend", day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")  # A day by which to do something keeps nobody from other meetings.
        return
    start = datetime.combine(day, time.fromisoformat(at), LONDON).astimezone(UTC)
    event.add("dtstart", start)
    event.add("dtend", start + length)
