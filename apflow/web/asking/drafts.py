"""First drafts: what was said of the items of a collection, line by line, or by whom, for a person to change."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.definition.words import in_words
from apflow.core.facts import items_of
from apflow.core.people.permission import hidden_of_items, readable
from apflow.web.case.item_views import item_views
from apflow.web.case.opened import Opened


def drafted(opened: Opened, form: Mapping[str, FieldSpec]) -> dict[str, Any]:
    """The draft of each question that has one; nothing is drafted of items that nobody has touched."""
    drafts = {name: _draft(opened, spec) for name, spec in form.items()}
    return {name: draft for name, draft in drafts.items() if draft}


def _draft(opened: Opened, spec: FieldSpec) -> str | list[int]:
    """Of several people, those who have an item of their own there; else lines of text."""
    if spec.type is FieldType.PEOPLE:
        return [int(key) for source in spec.drafted_from for key in opened.snapshot.items.get(source, {})]
    return "\n".join(_all_lines(opened, spec.drafted_from))


def _all_lines(opened: Opened, sources: Iterable[str]) -> Iterator[str]:
    for source in sources:
        yield from (
            _lines(opened, source) if source in opened.definition.workflow.collections else _answer(opened, source)
        )


def _answer(opened: Opened, field: str) -> Iterator[str]:
    """What is kept in a field, under the label it was asked by."""
    told = readable(opened.definition, opened.definition.workflow.fields, opened.actor)
    said = in_words(told.get(field), opened.snapshot.fields.get(field), opened.names) if field in told else None
    if said:
        yield f"{told[field].label} {said}" if told[field].label.endswith("?") else f"{told[field].label}: {said}"


def _lines(opened: Opened, collection: str) -> Iterator[str]:
    """One line for each item: what it is called, how it stands, and what was said here in words of one's own."""
    definition, touched = opened.definition, opened.snapshot.items.get(collection, {})
    kept, texts = definition.collection(collection), _texts(opened, collection)
    for key, item in items_of(definition, opened.snapshot, collection).items():
        if key in touched and item["status"] != kept.starts:
            status = kept.statuses[item["status"]].label.staff.lower()
            said = " ".join(str(item[name]) for name in texts if item.get(name))
            aside = item_views(opened, key).aside if collection in definition.of_cases else ()
            apart = f" Took no part, having declared an interest: {', '.join(aside)}." if aside else ""
            yield f"{item['label']}: {status}.{f' {said}' if said else ''}{apart}"


def _texts(opened: Opened, collection: str) -> list[str]:
    """The questions about the items whose answers are words, as far as the writer may read them."""
    definition, hidden = opened.definition, hidden_of_items(opened.definition, collection, opened.actor)
    asked: dict[str, Any] = {
        name: spec
        for (state, event), form in definition.forms.items()
        if (item := definition.events[state][event].item) is not None and item.of == collection
        for name, spec in form.items()
    }
    return [name for name, spec in asked.items() if spec.type is FieldType.LONG_TEXT and name not in hidden]
