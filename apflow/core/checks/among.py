"""What is wrong with deadlines that are counted from dates of items, and with items that are numbered as they come."""

from collections.abc import Iterator

from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.findings import Finding, Path, Subject, asked_of_items, known
from apflow.core.definition.events import UNTOUCHED
from apflow.core.definition.fields import FieldType
from apflow.core.definition.timing import Among
from apflow.core.facts import CHANGED_ON

_EXPIRES = "expires_on"  # Worked out of what a catalogue says, where it is not asked.


def check_among(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about dates of items, and about what names or adds them."""
    for path, _, spec in subject.deadlines():
        if spec.among is not None and spec.of is not None:
            yield from _among(subject, words, path, spec.of, spec.among)
    yield from _only_adds(subject)
    for name, kept in subject.workflow.collections.items():
        adds = any(
            event.item is not None and event.item.of == name and UNTOUCHED in event.item.from_
            for _, _, event in subject.events()
        )
        source = subject.definition.records.get(kept.drawn_from or "")
        draws = any(name in event.draws for _, _, event in subject.events())
        if kept.keyed_by in ("number", "case") and not adds:
            message = "no event adds an item here; let one act on an item: {of: …, from: none, to: …}"
            yield Finding(("collections", name), "never-added", message, True)
        if source is not None and source.by_event and not draws:
            message = f"no event draws an item here; let one do it (draws: {name})"
            yield Finding(("collections", name), "never-added", message, True)
        if kept.called is not None:
            yield from known(
                ("collections", name, "called"), "question", kept.called, asked_of_items(subject.definition, name)
            )


def _among(subject: Subject, words: Vocabulary, path: Path, of: str, among: Among) -> Iterator[Finding]:
    collections = subject.workflow.collections
    yield from known((*path, "among", "items"), "collection", among.items, collections)
    if among.items not in collections:
        return
    asked = asked_of_items(subject.definition, among.items)
    yield from known((*path, "of"), "question", of, {*asked, _EXPIRES, CHANGED_ON})
    if of in asked and asked[of].type is not FieldType.DATE:
        message = f'"{of}" is no date to count from; name a question of type: date'
        yield Finding((*path, "of"), "not-a-date", message)
    if among.where is not None:
        yield from check_condition(words, (*path, "among", "where"), among.where, among.items)


def _only_adds(subject: Subject) -> Iterator[Finding]:
    """An event that adds an item never acts on one that is there, though it says how such a one may stand."""
    collections = subject.workflow.collections
    for path, _, event in subject.events():
        kept = collections.get(event.item.of) if event.item else None
        if event.item and kept and kept.keyed_by == "number" and UNTOUCHED in event.item.from_ and event.item.from_[1:]:
            message = "this adds an item each time, and never acts on one that is there; give that an event of its own"
            yield Finding((*path, "item", "from"), "only-adds", message)
