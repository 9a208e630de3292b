"""What somebody else has changed since a form was shown: whoever left an answer as it was does not undo it."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from apflow.core.definition.fields import FieldType
from apflow.core.people.permission import readable
from apflow.core.snapshot import Change
from apflow.store.reading.history import history_of
from apflow.web.asking.drafts import drafted
from apflow.web.asking.filling import Filling
from apflow.web.forms import as_typed


def with_what_changed(filling: Filling) -> Filling:
    """The form with each answer that came back as it was shown, and has been changed since, as it is now."""
    opened = filling.opened
    if filling.seen >= opened.snapshot.version or filling.spec.proposal:
        return filling
    shown, since = _before_and_since(filling)
    left = {
        name for name in _prefilled(filling) & since if as_typed(filling.answers.get(name)) == as_typed(shown.get(name))
    }
    now = {name: opened.snapshot.fields[name] for name in left if opened.snapshot.fields.get(name) is not None}
    return replace(filling, answers={name: said for name, said in filling.answers.items() if name not in left} | now)


def behind_drafts(filling: Filling, since: Iterable[Change]) -> set[int]:
    """The versions that changed an item from which a text was drafted that its writer has made their own since."""
    fresh = drafted(filling.opened, filling.form)
    own = {
        name
        for name, spec in filling.form.items()
        if spec.type is FieldType.LONG_TEXT and as_typed(filling.answers.get(name)) != as_typed(fresh.get(name))
    }
    sources = {source for name in own for source in filling.form[name].drafted_from}
    return {change.version for change in since if change.item is not None and change.item[0] in sources}


def _before_and_since(filling: Filling) -> tuple[Mapping[str, Any], set[str]]:
    """What the case said when the form was shown, and which of it has been changed since."""
    opened = filling.opened
    before: dict[str, Any] = {}
    since: set[str] = set()
    with opened.site.store.reading() as connection:
        for entry in history_of(connection, opened.reference, after=0):
            changed = entry.payload.get("changed") or {}
            if entry.version <= filling.seen:
                before |= changed
            else:
                since |= changed.keys()
    return before, since


def _prefilled(filling: Filling) -> set[str]:
    """The questions that open with what the case says: its fields that their reader may know, but for files."""
    opened = filling.opened
    fields = opened.definition.workflow.fields
    asked = {name: spec for name, spec in filling.form.items() if name in fields and not spec.asked_anew}
    told = readable(opened.definition, asked, opened.actor)
    return {name for name, spec in told.items() if spec.type is not FieldType.FILE}
