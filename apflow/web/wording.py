"""Small turns of phrase that several pages share."""

import re
from dataclasses import dataclass
from datetime import datetime

from markupsafe import Markup, escape

from apflow.core.days.calendar import local_date

_FEW = 2
# As the rounds that chase attendance write it at the end of the note of a task.
_PAGE_NAMED = re.compile(
    r" See (?P<page>/attendance/providers/[A-Z0-9-]+\?day=(?P<day>\d{4}-\d\d-\d\d)|/placements/\d+/attendance)\Z"
)


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason against doing something. `lead` is all of it, unless it ends in a list too long to read in a line."""

    lead: str
    items: tuple[str, ...] = ()


def noted(note: str, leads_there: bool) -> Markup:
    """What a task says beside its title; the page of ours that it ends by naming is a link for whoever may open it."""
    named = _PAGE_NAMED.search(note)
    if named is None or not leads_there:
        return escape(note)
    words = "Attendance that day" if named["day"] else "Attendance of the placement"
    link = Markup('<a class="govuk-link" href="{}">{}</a>').format(named["page"], words)
    return Markup("{} {}").format(note[: named.start()], link)


def reason_parts(reason: str) -> Reason:
    """The reason with a long list at its end as items of their own."""
    lead, colon, listed = reason.rstrip(".").partition(": ")
    items = tuple(listed.split("; ")) if colon else ()
    return Reason(f"{lead}:", items) if len(items) > _FEW else Reason(reason)


def role_words(title: str) -> str:
    """A role inside a sentence: "the provider", "the Alternative Learning Team officer"."""
    is_a_name = title[1:2].isupper() or any(word[:1].isupper() for word in title.split()[1:])
    said = title if is_a_name else lower_first(title)
    return said if said.startswith("the ") else f"the {said}"


def due_words(due_at: datetime, now: datetime, left: str) -> str:
    """When something is due, as a list says it: "overdue by 2 working days", "due Friday 13 November, 3 days"."""
    if due_at < now:
        return left
    if left == "today":
        return "due today"
    day = local_date(due_at)
    year = f" {day.year}" if day.year != local_date(now).year else ""
    return f"due {day:%A} {day.day} {day:%B}{year}, {left}"


def put_off_words(until: datetime | None, now: datetime) -> str:
    """To when a task is put off, or was; nothing of one that is not."""
    if until is None:
        return ""
    day = local_date(until)
    if day == local_date(now):
        return "Put off until today"
    year = f" {day.year}" if day.year != local_date(now).year else ""
    return f"{'Put off' if until > now else 'Was put off'} until {day:%A} {day.day} {day:%B}{year}"


def lower_first(text: str) -> str:
    """The first letter small, unless the word is an abbreviation."""
    return text if len(text) > 1 and text[1].isupper() else text[:1].lower() + text[1:]
