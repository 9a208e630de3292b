"""What happened to cases, as an event log says it: who by role, what by the policy's words, and nothing that was said.

People and cases have pseudonyms that only the one export knows, unless names are asked for: what is not read from the
database here cannot be told.
"""

import hashlib
import hmac
import secrets
from collections.abc import Collection, Iterator, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct
from sqlalchemy import Row

from apflow.core.definition.compiled import Definition
from apflow.core.people.actor import CLOCK, PUBLIC
from apflow.handler import Handler
from apflow.store.reading.event_log import cases_with_history


class LoggedItem(Struct, frozen=True):
    """An item of a catalogue that an event acted on, such as a paper; it has no other that people could be told by."""

    id: str
    collection: str
    key: str


class LoggedEvent(Struct, frozen=True):
    """One entry of a case's history. `by` is the role, `who` the pseudonym of whoever did it."""

    id: str
    at: datetime
    kind: str
    name: str
    by: str
    who: str
    from_state: str
    to_state: str
    item: LoggedItem | None = None


class LoggedCase(Struct, frozen=True):
    """One case with its events, oldest first; and the case that began it, as a `kind`, if that is exported too."""

    id: str
    workflow: str
    events: tuple[LoggedEvent, ...]
    title: str = ""
    parent: str = ""
    kind: str = ""


class Names(Struct, frozen=True):
    """How cases and people are called in one export: under their names, or under pseudonyms made with its own key."""

    key: bytes | None

    def case(self, workflow: str, reference: str) -> str:
        return reference if self.key is None else f"{workflow}-{self._pseudonym(reference)}"

    def person(self, role: str, row: Row[Any]) -> str:
        if row.actor_id is None:
            return role
        return str(row.actor_name) if self.key is None else f"{role}-{self._pseudonym(f'person {row.actor_id}')}"

    def title(self, title: str) -> str:
        return title if self.key is None else ""

    def _pseudonym(self, of: str) -> str:
        assert self.key is not None
        return hmac.new(self.key, of.encode(), hashlib.sha256).hexdigest()[:12]


PLAIN = Names(None)


def pseudonyms() -> Names:
    """Pseudonyms that nobody can trace, not even from one export to the next."""
    return Names(secrets.token_bytes(32))


def event_log(
    handler: Handler, names: Names, *, workflows: Sequence[str] = (), kinds: Collection[str] = ()
) -> Iterator[LoggedCase]:
    """Every case of these workflows, or of all, with its events of these kinds, or of all."""
    known = {name: handler.library.current(name) for name in handler.library.sources}
    for case, entries in cases_with_history(handler.store, [*(workflows or known)]):
        definition, called = known.get(case.workflow), names.case(case.workflow, case.reference)
        has_parent = case.parent and (not workflows or case.parent_workflow in workflows)
        chosen = [row for row in entries if not kinds or row.kind in kinds]
        yield LoggedCase(
            id=called,
            workflow=case.workflow,
            events=tuple(_event(definition, names, called, row) for row in chosen),
            title=names.title(case.title),
            parent=names.case(case.parent_workflow, case.parent) if has_parent else "",
            kind=case.kind or "",
        )


def _event(definition: Definition | None, names: Names, case: str, row: Row[Any]) -> LoggedEvent:
    by = _role(definition, row)
    return LoggedEvent(
        id=f"{case}/{row.version}",
        at=row.at,
        kind=row.kind,
        name=row.name,
        by=by,
        who=names.person(by, row),
        from_state=row.from_state,
        to_state=row.to_state,
        item=_item(definition, case, row.item),
    )


def _role(definition: Definition | None, row: Row[Any]) -> str:
    """The role in which it was done: of somebody's several the one that it is for; of nobody known, their side."""
    meant = _by(definition, row)
    held: list[str] = sorted(row.roles or ())
    if held:
        return next((role for role in held if role in meant), held[0])
    is_public = row.actor_audience != CLOCK and PUBLIC in meant
    return PUBLIC if is_public else str(row.actor_audience)


def _by(definition: Definition | None, row: Row[Any]) -> Sequence[str]:
    if definition is None or row.kind != "event":
        return ()
    spec = definition.events.get(row.from_state, {}).get(row.name)
    return spec.by if spec else ()


def _item(definition: Definition | None, case: str, item: Sequence[str] | None) -> LoggedItem | None:
    if definition is None or not item or item[0] not in definition.workflow.collections:
        return None
    collection, key = item[0], item[1]
    if key not in definition.catalogue_of(collection):
        return None
    return LoggedItem(f"{case}/{collection}/{key}", collection, key)
