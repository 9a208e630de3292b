"""All that is held about one pupil: for staff in full, and as a copy to hand over, without what is somebody else's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import CopyOfRecord
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.labels import STAFF
from apflow.core.definition.linked import THIS_CASE
from apflow.core.people.actor import THE_CLOCK
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.records.door import in_words, told
from apflow.records.places import PLACEMENT
from apflow.records.pupils import PROFESSIONAL, PUPIL, ROLES, SEXES
from apflow.store.cases.loading import load_case
from apflow.store.outbox import messages_of
from apflow.store.reading.files import files_of
from apflow.store.reading.hidden import hidden_of
from apflow.store.reading.history import HistoryView, history_of
from apflow.store.records import attendance
from apflow.store.records.held import cases_about, cases_in_whose_words
from apflow.store.records.placements import placements_of
from apflow.store.records.pupils import professionals_of
from apflow.store.records.reads import count_reads, reads_of
from apflow.store.records.records import changes_of
from apflow.web.case.timeline import Told
from apflow.web.records.recording import Keeping, when_placed

_EVERYTHING = 1_000_000
_OUTSIDE = "the school, the provider or the family"  # How the copy calls whoever is not of the council.


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that is held: what it is, and its words."""

    label: str
    words: str


@dataclass(frozen=True, slots=True)
class Part:
    """What is held in one place: the record, a case, what was marked."""

    heading: str
    said: tuple[Said, ...]
    reference: str | None = None


@dataclass(frozen=True)
class Held:
    """Everything about one pupil; `elsewhere` are cases that speak of the name, or of one of theirs, to be read.

    `inward` are those of the parts' cases that nobody outside the council knows of, such as a concern.
    """

    parts: tuple[Part, ...]
    elsewhere: tuple[tuple[str, str], ...]
    inward: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Gathering:
    """Whose it is, read by whom; with `rule` it is the copy to hand over."""

    keeper: Keeping
    connection: Connection
    row: Row[Any]
    rule: CopyOfRecord | None

    @property
    def number(self) -> int:
        return int(self.row.id)


def held_about(keeper: Keeping, connection: Connection, row: Row[Any], rule: CopyOfRecord | None) -> Held:
    """All of it, the record first; with a rule as a copy to hand over."""
    of = _Gathering(keeper, connection, row, rule)
    placed = placements_of(connection, of.number)
    about = _about(of, [one.id for one in placed])
    parts = [_record(of), _professionals(of), _placements(placed), *_attendance(of, placed)]
    parts += [part for reference in about for part in _case(of, reference)]
    parts += [_changes(of, placed), _looks(of)]
    elsewhere = () if rule else _elsewhere(of, about)
    return Held(tuple(part for part in parts if part.said), elsewhere, tuple(_inward(of, about)))


def _inward(of: _Gathering, about: Sequence[str]) -> Iterator[str]:
    for reference in about:
        if (snapshot := load_case(of.connection, reference)) is not None:
            definition = of.keeper.site.handler.definition_of(of.connection, snapshot)
            if all(definition.audience(role) == STAFF for role in definition.workflow.seen_by):
                yield reference


def _about(of: _Gathering, placed: Sequence[int]) -> list[str]:
    library = of.keeper.site.library
    naming: list[tuple[str, str, Sequence[int]]] = []
    for name in sorted(library.sources):
        workflow = library.current(name).workflow
        if workflow.keeps is not None and "pupil" in workflow.keeps.as_:
            naming.append((name, workflow.keeps.as_["pupil"], [of.number]))
        if placed and "placement_number" in workflow.fields:
            naming.append((name, "placement_number", placed))
    return cases_about(of.connection, naming, _begun_by(library))


def _begun_by(library: Library) -> set[tuple[str, str]]:
    """The workflows whose cases keep by which case they were begun, each with the field that says so."""
    found: set[tuple[str, str]] = set()
    for name in library.sources:
        definition = library.current(name)
        events = (spec for offered in definition.events.values() for spec in offered.values())
        for kind, copied in ((kind, copied) for spec in events for kind, copied in spec.begins.items()):
            workflow = definition.workflow.children[kind].workflow
            found |= {(workflow, theirs) for theirs, ours in copied.items() if ours == THIS_CASE}
    return found


def _elsewhere(of: _Gathering, about: Sequence[str]) -> tuple[tuple[str, str], ...]:
    library = of.keeper.site.library
    sought = [(of.row.forename, of.row.surname), *((reference,) for reference in about)]
    found = {one: name for words in sought for one, name in cases_in_whose_words(of.connection, words)}
    hidden = hidden_of(of.connection, of.keeper.actor.id)
    found = {one: name for one, name in found.items() if one not in hidden}
    titles = {name: library.current(name).workflow.title for name in library.sources}
    return tuple((reference, titles.get(name, name)) for reference, name in found.items() if reference not in about)


def _record(of: _Gathering) -> Part:
    row, shown = of.row, dict(PUPIL.labels)
    values = {name: getattr(row, name) for name in shown if name != "home_school_id"}
    values |= {"born": words.short_day(row.born), "sex": SEXES.get(row.sex or "")}
    said = [Said(shown[name], in_words(value)) for name, value in values.items()]
    return Part("The record", (*said, Said(shown["home_school_id"], in_words(row.school_name))))


def _professionals(of: _Gathering) -> Part:
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


def _attendance(of: _Gathering, placed: Sequence[Row[Any]]) -> Iterator[Part]:
    """Every mark there was, also those that another took the place of."""
    for one in placed:
        marks = attendance.history_of(of.connection, one.id, limit=_EVERYTHING)
        yield Part(
            f"Attendance at {one.provider}, {when_placed(one)}",
            tuple(_mark(of, mark) for mark in sorted(marks, key=lambda mark: (mark.day, mark.half, mark.number))),
        )


def _mark(of: _Gathering, mark: Row[Any]) -> Said:
    said = mark.mark + (f" ({mark.reason.replace('_', ' ')})" if mark.reason else "")
    by = "" if of.rule else f", by {mark.person_name}"
    half = {"am": "morning", "pm": "afternoon"}[mark.half]
    return Said(f"{words.short_day(mark.day)}, {half}", f"{said}{by}, {words.moment(mark.marked_at)}")


def _case(of: _Gathering, reference: str) -> Iterator[Part]:
    snapshot = load_case(of.connection, reference)
    if snapshot is None:
        return
    definition = of.keeper.site.handler.definition_of(of.connection, snapshot)
    title = f"{definition.workflow.title}: case {reference}"
    yield Part(title, tuple(_fields(of, definition, snapshot)), reference)
    entries = history_of(of.connection, reference)
    yield Part(f"What happened in {reference}", tuple(_happened(of, definition, entries)), reference)
    files = files_of(of.connection, snapshot.id or 0)
    yield Part(
        f"Files of {reference}",
        tuple(Said(one.media_type, of.rule.instead if of.rule else one.name) for one in files.values()),
        reference,
    )
    sent = messages_of(of.connection, reference)
    yield Part(f"Emails of {reference}", tuple(_email(of, one) for one in sent), reference)


def _fields(of: _Gathering, definition: Definition, snapshot: Snapshot) -> Iterator[Said]:
    state = definition.state(snapshot.state).label.to(STAFF)
    yield Said("How it stands", state)
    for name, value in snapshot.fields.items():
        spec = definition.workflow.fields.get(name)
        if spec is not None and not spec.records and value is not None:
            yield _answer(of, spec, value)


def _happened(of: _Gathering, definition: Definition, entries: Sequence[HistoryView]) -> Iterator[Said]:
    told_by = Told(definition, THE_CLOCK)
    for entry in entries:
        line = told_by.brief(entry)
        yield Said(words.moment(entry.at), f"{line.title}, by {_who(of, entry, line.who)}")
        form = definition.forms.get((entry.from_state, entry.name), {})
        for name, value in (entry.payload.get("answers") or {}).items():
            spec = form.get(name)
            if spec is not None and not spec.records and spec.type is not FieldType.CONFIRM and value is not None:
                yield _answer(of, spec, value)


def _who(of: _Gathering, entry: HistoryView, name: str) -> str:
    if of.rule is None or entry.actor_audience == "clock":
        return name
    return of.keeper.site.council.team if entry.actor_audience == STAFF else _OUTSIDE


def _answer(of: _Gathering, spec: FieldSpec, value: Any) -> Said:
    if of.rule is not None and spec.privacy not in of.rule.gives:
        return Said(spec.label, of.rule.instead)
    if of.rule is not None and spec.type in (FieldType.PERSON, FieldType.PEOPLE):
        return Said(spec.label, of.rule.instead)
    return Said(spec.label, "A file" if spec.type is FieldType.FILE else words.in_words(spec, value) or "")


def _email(of: _Gathering, row: Row[Any]) -> Said:
    whom = "" if of.rule else f" to {row.to_name}, {row.to_email}"
    return Said(words.moment(row.sent_at or row.queued_at), f"“{row.subject}”{whom}")


def _changes(of: _Gathering, placed: Sequence[Row[Any]]) -> Part:
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


def _looks(of: _Gathering) -> Part:
    """Who looked, and when; the copy says it of the council and of others, and names nobody."""
    if of.rule is not None:
        count = count_reads(of.connection, of.number)
        return Part("Looks at the record", (Said("How often somebody looked", f"{count:,} times, each written down"),))
    rows = reads_of(of.connection, of.number, limit=_EVERYTHING)
    return Part(
        "Who has looked at the record",
        tuple(Said(words.moment(one.at), f"{one.name}, {one.page}") for one in rows),
    )
