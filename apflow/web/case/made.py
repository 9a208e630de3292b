"""What a document made of a case says, as far as whoever reads it may read the case; nothing in it is markup."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any

from sqlalchemy import Connection, Row

from apflow.beyond.signing import terms_of
from apflow.core.days.calendar import local_date
from apflow.core.definition import words
from apflow.core.definition.made import MadeDocument, MadeSection
from apflow.core.errors import NotFound
from apflow.core.facts import items_of
from apflow.core.people.permission import acts_as, may_see_collection, readable, reads_pupils
from apflow.provision.attendance import Mark
from apflow.records.attendance.counted_marks import mark_counts
from apflow.records.attendance.school_years import days_by_school
from apflow.store.reading.history import HistoryView, history_of
from apflow.store.records.placements import kept_by
from apflow.store.records.pupils import pupil
from apflow.web.case.by_link import by_post_of
from apflow.web.case.opened import Opened
from apflow.web.case.outsiders import is_told, one_of_several
from apflow.web.case.panel import asked_of_items
from apflow.web.case.pupil import may_look_up, pupil_of
from apflow.web.case.timeline import Line, Told
from apflow.web.case.unseen import seen_by

Said = dict[str, Any]
_MARKS = {Mark.PRESENT: "Present", Mark.LATE: "Late", Mark.ABSENT: "Absent"}


def document_named(opened: Opened, name: str) -> MadeDocument:
    """The document of this name; NotFound when there is none that the reader may open."""
    made = opened.definition.workflow.documents.get(name)
    if made is None or not _can_be_had(opened, made):
        raise NotFound
    return made


def readable_documents(opened: Opened) -> list[tuple[str, str]]:
    """The documents that the reader may open, by name and title."""
    documents = opened.definition.workflow.documents.items()
    return [(name, made.title) for name, made in documents if _can_be_had(opened, made)]


def _can_be_had(opened: Opened, made: MadeDocument) -> bool:
    is_there = not made.while_in or opened.snapshot.state in made.while_in
    return is_there and acts_as(opened.definition, opened.snapshot, made.read_by, opened.actor)


def to_keep(opened: Opened) -> Said:
    """What a page of the case has for its reader: documents to open, and letters to print for those without e-mail."""
    spec = opened.definition.workflow.read_by_link
    posts = spec is not None and may_see_collection(opened.definition, spec.of, opened.actor)
    return {"documents": readable_documents(opened), "to_post": by_post_of(opened) if posts else ()}


def said_in(opened: Opened, made: MadeDocument) -> Said:
    """Everything a layout shows of the document, sections that would be empty left out."""
    council = opened.site.council
    with opened.site.store.reading() as connection:
        entries = history_of(connection, opened.reference)
    there = (section for section in made.sections if _is_there(opened, section))
    sections = [_section(opened, made, section, entries) for section in there]
    return {
        "title": made.title,
        "reference": opened.reference,
        "which": opened.reference,
        "council": f"{council.council}, {council.team}",
        "marking": "In confidence.",
        "made_on": words.day(local_date(opened.now)),
        "sections": [section for section in sections if _says_something(section)],
        "terms": terms_of(opened.site.library, made),
        "signed": [],
    }


def _is_there(opened: Opened, section: MadeSection) -> bool:
    return not section.while_in or opened.snapshot.state in section.while_in


def _section(opened: Opened, made: MadeDocument, section: MadeSection, entries: Sequence[HistoryView]) -> Said:
    lines = list(_lines(opened, made, section, entries))
    lines = lines[-1:] if section.newest else lines
    facts = [*_beside(opened, section), *_facts(opened, made, section.shows)]
    return {
        "heading": section.heading,
        "text": section.text,
        "facts": facts,
        "entries": [*lines, *_items(opened, section)],
    }


def _says_something(section: Said) -> bool:
    return bool(section["text"] or section["facts"] or section["entries"])


def _facts(opened: Opened, made: MadeDocument, names: Iterable[str]) -> Iterator[Said]:
    fields = readable(opened.definition, opened.definition.workflow.fields, opened.actor)
    said = words.all_in_words(fields, opened.snapshot.fields, opened.names)
    called = {name: made.words.get(name, spec.label) for name, spec in fields.items()}
    yield from ({"label": called[name], "words": said[name]} for name in names if said.get(name))


def _lines(opened: Opened, made: MadeDocument, section: MadeSection, entries: Sequence[HistoryView]) -> Iterator[Said]:
    """What was said at these events, or that anything at all was done, oldest first."""
    told = Told(opened.definition, opened.actor, opened.audience, names=opened.names_in(entries))
    among = one_of_several(opened, entries)
    if section.also == "history":
        lines = ((entry, told.brief(entry)) for entry in entries if is_told(opened, entry))
    else:
        done = (entry for entry in entries if entry.kind == "event" and entry.name in section.events)
        lines = ((entry, told.line(entry)) for entry in seen_by(opened, done))
    shown = ((entry, among.line(entry, line) if among else line) for entry, line in lines)
    yield from (_entry(line, made.happened.get(entry.name)) for entry, line in shown if line is not None)


def _entry(line: Line, happened: str | None) -> Said:
    moved = f". It is now: {line.moved_to}" if line.moved_to else ""
    return {
        "title": happened or f"{line.title}{moved}",
        "when": f"{words.moment(line.at)}, {line.who}" if line.who else words.moment(line.at),
        "facts": [{"label": said.label, "words": said.words} for said in line.said if said.words],
    }


def _items(opened: Opened, section: MadeSection) -> Iterator[Said]:
    name = section.items
    if name is None or not may_see_collection(opened.definition, name, opened.actor):
        return
    told, asked = Told(opened.definition, opened.actor, names=opened.names), asked_of_items(opened, name)
    spec = opened.definition.collection(name)
    for key, facts in items_of(opened.definition, opened.snapshot, name).items():
        item = opened.snapshot.item(name, key)
        status = spec.statuses[facts["status"]].label.to(opened.audience)
        label = str(facts["label"]) if spec.called is None or spec.called in asked else spec.label.to(opened.audience)
        said = [told.answer(asked[one], facts[one]) for one in asked if one in facts and one != spec.called]
        yield {
            "is_item": True,
            "title": label,
            "when": f"{status}, {words.moment(item.changed_at)}" if item and item.changed_at else status,
            "facts": [{"label": one.label, "words": one.words} for one in said if one.words],
        }


def _beside(opened: Opened, section: MadeSection) -> Iterator[Said]:
    """What is known beside its fields, to those who may know it."""
    if section.also == "state":
        yield {"label": "State", "words": opened.definition.state(opened.snapshot.state).label.to(opened.audience)}
    if section.also == "pupil":
        yield from _pupil(opened)
    if section.also == "attendance":
        yield from _attendance(opened)


def _pupil(opened: Opened) -> Iterator[Said]:
    number = pupil_of(opened)
    if number is None or not (may_look_up(opened) or reads_pupils(opened.site.council, opened.actor)):
        return
    with opened.site.store.reading() as connection:
        row = pupil(connection, number)
    if row is not None:
        known: Mapping[str, str | None] = {
            "Name": f"{row.forename} {row.surname}",
            "Date of birth": words.short_day(row.born),
            "Unique pupil number": row.upn,
            "Home school": row.school_name,
        }
        yield from ({"label": label, "words": said} for label, said in known.items() if said)


def _attendance(opened: Opened) -> Iterator[Said]:
    """How many sessions were marked as what, from the first day to today."""
    today = local_date(opened.now)
    with opened.site.store.reading() as connection:
        row = kept_by(connection, opened.snapshot.id or 0)
        counts = _counts(connection, opened, row, today) if row else {}
    total = sum(counts.values())
    if total:
        attended = counts.get(Mark.PRESENT, 0) + counts.get(Mark.LATE, 0)
        yield {"label": "Sessions marked", "words": str(total)}
        yield from ({"label": label, "words": str(counts.get(mark, 0))} for mark, label in _MARKS.items())
        yield {"label": "Attendance", "words": f"{100 * attended / total:.0f}%"}


def _counts(connection: Connection, opened: Opened, row: Row[Any], today: date) -> Mapping[str, int]:
    about = pupil(connection, row.pupil_id)
    days = days_by_school(connection, opened.site.library, row.starts_on)
    homes = {row.id: about.home_school_id if about else None}
    attendance = opened.site.library.attendance
    return mark_counts(connection, attendance, days, homes, row.starts_on, today).get(row.id, {})
