"""What is wrong with the records that a case offers, takes from, and keeps."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key
from apflow.core.definition.fields import FieldSpec, FieldType


def check_kept(subject: Subject) -> Iterator[Finding]:
    """Every finding about questions of type record, what fields take from them, and the record the case keeps."""
    for name, spec in subject.workflow.fields.items():
        yield from _chosen(subject, ("fields", name), spec)
        yield from _taken(subject, ("fields", name, "taken_from"), spec)
    yield from _kept(subject)
    for path, _, event in subject.events():
        if event.keeps and subject.workflow.keeps is None:
            message = "this case keeps no record; say which, and what of the case it is made from (keeps: …)"
            yield Finding((*path, "keeps"), "keeps-nothing", message, True)
        if event.keeps and path[0] == "start":
            message = "the record belongs to the case, which is not there before it has begun; keep it later"
            yield Finding((*path, "keeps"), "keeps-nothing", message, True)


def _chosen(subject: Subject, path: Path, spec: FieldSpec) -> Iterator[Finding]:
    if (spec.type is FieldType.RECORD) is (spec.records is None):
        message = (
            "a question of type record says which records there are to choose from (records: …), and no other does"
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
    for theirs, ours in kept.as_.items():
        yield from known(("keeps", "as", theirs), "field", ours, workflow.fields)
    for role, states in kept.pupil_seen_by.items():
        yield from known_key(("keeps", "pupil_seen_by", role), "role", workflow.seen_by)
        yield from each_known(("keeps", "pupil_seen_by", role), "state", states, workflow.states)
