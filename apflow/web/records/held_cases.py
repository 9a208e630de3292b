"""The cases that are about one pupil: those that are for whoever reads what is held, in words, and the others."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row

from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldType, PrivacyClass
from apflow.core.definition.labels import STAFF
from apflow.core.definition.linked import THIS_CASE
from apflow.core.people.actor import Actor
from apflow.core.people.permission import acting_on, may_read, may_see
from apflow.core.snapshot import Snapshot
from apflow.loader import Library
from apflow.store.cases.loading import load_case
from apflow.store.outbox import messages_of
from apflow.store.reading.files import files_of
from apflow.store.reading.hidden import hidden_of
from apflow.store.reading.history import HistoryView, history_of
from apflow.store.records.held import cases_about, cases_in_whose_words, open_cases_about
from apflow.web.case.timeline import Told
from apflow.web.records.held_parts import Gathering, Part, Said
from apflow.web.wording import role_words

_FOR_OTHERS = "For others to read"
_OUTSIDE = "the school, the provider or the family"  # How the copy calls whoever is not of the council.


@dataclass(frozen=True, slots=True)
class Case:
    """One case about the pupil, under the text that it pins, and whoever reads it as they are on it."""

    reference: str
    definition: Definition
    snapshot: Snapshot
    reader: Actor

    @property
    def title(self) -> str:
        return self.definition.workflow.title

    @property
    def called(self) -> str:
        return self.definition.title_of(self.snapshot.fields)

    @property
    def stands(self) -> str:
        return self.definition.state(self.snapshot.state).label.to(STAFF)

    @property
    def is_inward(self) -> bool:
        return is_inward(self.definition)


def opened_by_reader(of: Gathering, about: Sequence[str]) -> tuple[list[Case], list[Case]]:
    """The cases that are for the reader, and those that are not; of one that is hidden from them nothing is said."""
    actor, hidden = of.keeper.actor, hidden_of(of.connection, of.keeper.actor.id)
    theirs: list[Case] = []
    unread: list[Case] = []
    for reference in about:
        if reference not in hidden and (snapshot := load_case(of.connection, reference)) is not None:
            definition = of.keeper.site.handler.definition_of(of.connection, snapshot)
            case = Case(reference, definition, snapshot, acting_on(definition, snapshot, actor))
            (theirs if may_see(definition, snapshot, actor) else unread).append(case)
    return theirs, unread


def read_by(of: Gathering, case: Case) -> str:
    """Who of the staff reads such cases, in words."""
    seen_by, roles = case.definition.workflow.seen_by, of.keeper.site.council.roles
    whole = [name for name, rule in seen_by.items() if not rule.own and not rule.states]
    staff = [roles[name].title for name in whole if name in roles and roles[name].audience == STAFF]
    return " or ".join(map(role_words, staff))


def is_inward(definition: Definition) -> bool:
    return all(definition.audience(role) == STAFF for role in definition.workflow.seen_by)


def references_about(of: Gathering, placed: Sequence[int]) -> list[str]:
    library = of.keeper.site.library
    return cases_about(of.connection, _naming(library, of.number, placed), _begun_by(library))


def open_about(of: Gathering, placements: Sequence[Row[Any]]) -> list[Case]:
    """The open cases about the pupil that are for the reader, but for those that keep these placements themselves."""
    library = of.keeper.site.library
    naming = _naming(library, of.number, [one.id for one in placements])
    kept = [one.case_id for one in placements if one.case_id is not None]
    found = open_cases_about(of.connection, naming, _begun_by(library), kept)
    theirs, _ = opened_by_reader(of, found)
    return [case for case in theirs if case.snapshot.id not in kept]


def _naming(library: Library, pupil: int, placed: Sequence[int]) -> list[tuple[str, str, Sequence[int]]]:
    """The fields of cases that can have the number of the pupil, or of one of their placements, with those numbers."""
    naming: list[tuple[str, str, Sequence[int]]] = []
    for name in sorted(library.sources):
        workflow = library.current(name).workflow
        if workflow.keeps is not None and "pupil" in workflow.keeps.as_:
            naming.append((name, workflow.keeps.as_["pupil"], [pupil]))
        if placed and "placement_number" in workflow.fields:
            naming.append((name, "placement_number", placed))
    return naming


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


def elsewhere(of: Gathering, about: Sequence[str]) -> tuple[tuple[str, str], ...]:
    library = of.keeper.site.library
    sought = [(of.row.forename, of.row.surname), *((reference,) for reference in about)]
    found = {one: name for words in sought for one, name in cases_in_whose_words(of.connection, words)}
    hidden = hidden_of(of.connection, of.keeper.actor.id)
    found = {one: name for one, name in found.items() if one not in hidden}
    titles = {name: library.current(name).workflow.title for name in library.sources}
    return tuple((reference, titles.get(name, name)) for reference, name in found.items() if reference not in about)


def parts_of(of: Gathering, case: Case) -> Iterator[Part]:
    reference = case.reference
    yield Part(f"{case.title}: case {reference}", tuple(_fields(of, case)), reference)
    entries = history_of(of.connection, reference)
    yield Part(f"What happened in {reference}", tuple(_happened(of, case, entries)), reference)
    files = files_of(of.connection, case.snapshot.id or 0)
    yield Part(
        f"Files of {reference}",
        tuple(Said(one.media_type, of.rule.instead if of.rule else one.name) for one in files.values()),
        reference,
    )
    sent = messages_of(of.connection, reference)
    yield Part(f"Emails of {reference}", tuple(_email(of, one) for one in sent), reference)


def _fields(of: Gathering, case: Case) -> Iterator[Said]:
    yield Said("How it stands", case.stands)
    yield from _answers(of, case, case.definition.workflow.fields, case.snapshot.fields)


def _happened(of: Gathering, case: Case, entries: Sequence[HistoryView]) -> Iterator[Said]:
    told_by = Told(case.definition, case.reader)
    for entry in entries:
        line, form = told_by.brief(entry), case.definition.forms.get((entry.from_state, entry.name), {})
        answers = entry.payload.get("answers") or {}
        if of.rule is not None and _gives_away(of, case, entry, [form[name] for name in answers if name in form]):
            yield Said(words.moment(entry.at), of.rule.instead)
            continue
        yield Said(words.moment(entry.at), f"{line.title}, by {_who(of, entry, line.who)}")
        asked = {name: spec for name, spec in form.items() if spec.type is not FieldType.CONFIRM}
        yield from _answers(of, case, asked, answers)


def _gives_away(of: Gathering, case: Case, entry: HistoryView, answered: Sequence[FieldSpec]) -> bool:
    """Whether the name alone of what was done tells of a case that nobody outside knows of, or of somebody's safety."""
    if entry.kind == "child":
        begun = case.definition.workflow.children.get(entry.name.partition(" ")[2])
        return begun is not None and is_inward(of.keeper.site.library.current(begun.workflow))
    gives = of.rule.gives if of.rule is not None else ()
    classes = {spec.privacy for spec in answered}
    return PrivacyClass.SAFEGUARDING in classes and classes.isdisjoint(gives)


def _who(of: Gathering, entry: HistoryView, name: str) -> str:
    if of.rule is None or entry.actor_audience == "clock":
        return name
    return of.keeper.site.council.team if entry.actor_audience == STAFF else _OUTSIDE


def _answers(of: Gathering, case: Case, asked: Mapping[str, FieldSpec], answers: Mapping[str, Any]) -> Iterator[Said]:
    for name, value in answers.items():
        spec = asked.get(name)
        if spec is not None and not spec.records and value is not None:
            yield _answer(of, case, spec, value)


def _answer(of: Gathering, case: Case, spec: FieldSpec, value: Any) -> Said:
    is_theirs = may_read(case.definition, spec, case.reader)
    if of.rule is None:
        return Said(spec.label, _in_words(spec, value) if is_theirs else _FOR_OTHERS)
    is_given = is_theirs and spec.privacy in of.rule.gives and spec.type not in (FieldType.PERSON, FieldType.PEOPLE)
    return Said(spec.label, _in_words(spec, value) if is_given else of.rule.instead)


def _in_words(spec: FieldSpec, value: Any) -> str:
    return "A file" if spec.type is FieldType.FILE else words.in_words(spec, value) or ""


def _email(of: Gathering, row: Row[Any]) -> Said:
    whom = "" if of.rule else f" to {row.to_name}, {row.to_email}"
    return Said(words.moment(row.sent_at or row.queued_at), f"“{row.subject}”{whom}")
