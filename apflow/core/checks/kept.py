"""What is wrong with the records that a case offers, takes from, and keeps."""

from collections.abc import Iterator, Mapping

from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key
from apflow.core.definition.base import Names
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import OF_RECORDS, FieldSpec
from apflow.core.definition.records import SITES, Kept, Paused
from apflow.core.machine import START


def check_kept(subject: Subject) -> Iterator[Finding]:
    """Every finding about questions of type record, what fields take from them, and the record the case keeps."""
    for name, spec in subject.workflow.fields.items():
        yield from _chosen(subject, ("fields", name), spec)
        yield from _taken(subject, ("fields", name, "taken_from"), spec)
    yield from _kept(subject)
    yield from _about(subject)
    for path, name, event in subject.events():
        yield from _keeping(subject, path, event)
        yield from _typed(subject, path, name)


def _keeping(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    kept, begins = subject.workflow.keeps, path[0] == START
    if not event.keeps:
        return
    if kept is None:
        message = "this case keeps no record; say which, and what of the case it is made from (keeps: …)"
        yield Finding((*path, "keeps"), "keeps-nothing", message, True)
    elif kept.records == SITES and not begins:
        message = "its site is written as the case begins; after that it is changed on its own page"
        yield Finding((*path, "keeps"), "keeps-nothing", message, True)
    elif kept.records != SITES and begins:
        message = "the record belongs to the case, which is not there before it has begun; keep it later"
        yield Finding((*path, "keeps"), "keeps-nothing", message, True)


def _typed(subject: Subject, path: Path, name: str) -> Iterator[Finding]:
    """What is looked up by a number that is typed is asked as a case begins, and not again."""
    forms = subject.definition.forms.items()
    later = [form for (state, known), form in forms if known == name and state != START and path[0] != START]
    for question, spec in (later[0] if later else {}).items():
        source = subject.definition.records.get(spec.records or "")
        if source is not None and source.typed:
            message = f'"{question}" is looked up by a number that is typed, which is asked only as a case begins'
            yield Finding(path, "no-records", message, True)


def _chosen(subject: Subject, path: Path, spec: FieldSpec) -> Iterator[Finding]:
    if (spec.type in OF_RECORDS) is (spec.records is None):
        message = (
            "a question of type record or records says which there are to choose from (records: …), and no other does"
        )
        yield Finding(path, "no-records", message, True)
    if spec.records is not None:
        yield from known((*path, "records"), "source", spec.records, subject.sources("chosen"))


def _taken(subject: Subject, path: Path, spec: FieldSpec) -> Iterator[Finding]:
    if spec.taken_from is None:
        return
    question, _, fact = spec.taken_from.partition(".")
    records = {name: field.records for name, field in subject.workflow.fields.items() if field.records}
    yield from known(path, "field", question, records)
    source = subject.definition.records.get(records.get(question) or "")
    if source is not None:
        yield from known(path, "fact", fact, source.facts)


def _kept(subject: Subject) -> Iterator[Finding]:
    workflow, kept = subject.workflow, subject.workflow.keeps
    if kept is None:
        return
    if kept.records == SITES and "urn" not in kept.as_:
        message = "say from which field its URN is (urn: …), by which the national register is asked of it"
        yield Finding(("keeps", "as"), "keeps-nothing", message, True)
    for theirs, ours in kept.as_.items():
        yield from known(("keeps", "as", theirs), "field", ours, workflow.fields)
    yield from _pupil_seen(subject, "keeps", kept.pupil_seen_by)
    if kept.paused is not None:
        yield from _paused(subject, kept, kept.paused)


def _about(subject: Subject) -> Iterator[Finding]:
    about = subject.workflow.about_placement
    if about is None:
        return
    yield from known(("about_placement", "number"), "field", about.number, subject.workflow.fields)
    yield from _pupil_seen(subject, "about_placement", about.pupil_seen_by)


def _pupil_seen(subject: Subject, key: str, seen_by: Mapping[str, Names]) -> Iterator[Finding]:
    for role, states in seen_by.items():
        yield from known_key((key, "pupil_seen_by", role), "role", subject.workflow.seen_by)
        yield from each_known((key, "pupil_seen_by", role), "state", states, subject.workflow.states)


def _paused(subject: Subject, kept: Kept, paused: Paused) -> Iterator[Finding]:
    """Only placements pause, in states that there are, and no state both begins a pause and ends it."""
    path, states = ("keeps", "paused"), subject.workflow.states
    if kept.records == SITES:
        yield Finding(path, "keeps-nothing", "only a placement can be paused; a site is not", True)
    yield from each_known((*path, "begins_in"), "state", paused.begins_in, states)
    yield from each_known((*path, "ends_in"), "state", paused.ends_in, states)
    for number, state in enumerate(paused.ends_in):
        if state in paused.begins_in:
            message = f'a pause begins in "{state}", so it cannot end there'
            yield Finding((*path, "ends_in", number), "keeps-nothing", message)
