"""All that is held about one pupil: for staff in full, and as a copy to hand over, without what is somebody else's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition import words
from apflow.core.definition.keeping import CopyOfRecord
from apflow.records.door import in_words, told
from apflow.records.people.pupils import PROFESSIONAL, PUPIL, ROLES, SEXES, year_in_words
from apflow.records.placements.places import PLACEMENT
from apflow.store.records import attendance
from apflow.store.records.placements import placements_of
from apflow.store.records.pupils import professionals_of
from apflow.store.records.reads import count_reads, reads_of
from apflow.store.records.records import changes_of
from apflow.web.records.held_cases import elsewhere, opened_by_reader, parts_of, read_by, references_about
from apflow.web.records.held_parts import Gathering, Part, Said
from apflow.web.records.recording import Keeping, when_placed

_EVERYTHING = 1_000_000


@dataclass(frozen=True)
class Held:
    """Everything about one pupil; `elsewhere` are cases that speak of the name, or of one of theirs, to be read.

    `unread` are about the pupil too, and not for whoever reads this: each with whom it is for. `inward` are those of
    the parts' cases that nobody outside the council knows of, such as a concern.
    """

    parts: tuple[Part, ...]
    elsewhere: tuple[tuple[str, str], ...]
    unread: tuple[tuple[str, str, str], ...] = ()
    inward: tuple[str, ...] = ()


def held_about(keeper: Keeping, connection: Connection, row: Row[Any], rule: CopyOfRecord | None) -> Held:
    """All of it, the record first; with a rule as a copy to hand over."""
    of = Gathering(keeper, connection, row, rule)
    placed = placements_of(connection, of.number)
    about = references_about(of, [one.id for one in placed])
    theirs, unread = opened_by_reader(of, about)
    parts = [_record(of), _professionals(of), _placements(placed), *_attendance(of, placed)]
    parts += [part for case in theirs for part in parts_of(of, case)]
    parts += [_changes(of, placed), _looks(of)]
    return Held(
        tuple(part for part in parts if part.said),
        () if rule else elsewhere(of, about),
        tuple((case.reference, case.title, read_by(of, case)) for case in unread),
        tuple(case.reference for case in theirs if case.is_inward),
    )


def _record(of: Gathering) -> Part:
    row, shown = of.row, {**PUPIL.labels, "years_out": "School year"}
    values = {name: getattr(row, name) for name in shown if name != "home_school_id"}
    values |= {"born": words.short_day(row.born), "sex": SEXES.get(row.sex or "")}
    values["years_out"] = year_in_words(row, of.keeper.by.today) if row.erased_at is None else None
    said = [Said(shown[name], in_words(value)) for name, value in values.items()]
    return Part("The record", (*said, Said(shown["home_school_id"], in_words(row.school_name))))


def _professionals(of: Gathering) -> Part:
    """Those who work with the child: named in the copy too, as it is their work, without how to reach them."""
    rows = professionals_of(of.connection, of.number)
    reach = ("email", "phone") if of.rule is None else ()
    return Part(
        "Who works with the child",
        tuple(
            Said(ROLES[one.role], ", ".join([one.name, *(text for name in reach if (text := getattr(one, name)))]))
            for one in rows
        ),
    )


def _placements(placed: Sequence[Row[Any]]) -> Part:
    return Part(
        "Placements",
        tuple(Said(f"{one.provider}, {one.site}", f"For {one.commissioner}, {when_placed(one)}") for one in placed),
    )


def _attendance(of: Gathering, placed: Sequence[Row[Any]]) -> Iterator[Part]:
    """Every mark there was, also those that another took the place of."""
    for one in placed:
        marks = attendance.history_of(of.connection, one.id, limit=_EVERYTHING)
        yield Part(
            f"Attendance at {one.provider}, {when_placed(one)}",
            tuple(_mark(of, mark) for mark in sorted(marks, key=lambda mark: (mark.day, mark.half, mark.number))),
        )


def _mark(of: Gathering, mark: Row[Any]) -> Said:
    said = mark.mark + (f" ({mark.reason.replace('_', ' ')})" if mark.reason else "")
    by = "" if of.rule else f", by {mark.person_name}"
    half = {"am": "morning", "pm": "afternoon"}[mark.half]
    return Said(f"{words.short_day(mark.day)}, {half}", f"{said}{by}, {words.moment(mark.marked_at)}")


def _changes(of: Gathering, placed: Sequence[Row[Any]]) -> Part:
    kinds = [(PUPIL, of.number), *((PLACEMENT, one.id) for one in placed)]
    kinds += [(PROFESSIONAL, one.id) for one in professionals_of(of.connection, of.number)]
    said = []
    for kind, number in kinds:
        for row in changes_of(of.connection, kind.name, number, limit=_EVERYTHING):
            if of.rule is not None and kind is PROFESSIONAL:
                continue
            what = "; ".join(f"{label}: {before} → {after}" for label, before, after in told(kind, row.fields))
            by = "" if of.rule else f" by {row.actor_name}"
            said.append((row.at, Said(words.moment(row.at), f"{kind.title} {row.action}{by}. {what}".strip())))
    return Part("What has changed in the record", tuple(one for _, one in sorted(said, key=lambda one: one[0])))


def _looks(of: Gathering) -> Part:
    """Who looked, and when; the copy says it of the council and of others, and names nobody."""
    if of.rule is not None:
        count = count_reads(of.connection, of.number)
        return Part("Looks at the record", (Said("How often somebody looked", f"{count:,} times, each written down"),))
    rows = reads_of(of.connection, of.number, limit=_EVERYTHING)
    return Part(
        "Who has looked at the record",
        tuple(Said(words.moment(one.at), f"{one.name}, {one.page}") for one in rows),
    )
