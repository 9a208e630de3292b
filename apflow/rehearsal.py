"""Rendering every notice with made-up data before any is needed, so that a slip in a template stops nobody's work."""

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from apflow.core import deadlines
from apflow.core.actor import THE_CLOCK
from apflow.core.definition.compiled import Definition
from apflow.core.definition.fields import FieldSpec, FieldType
from apflow.core.errors import Problem
from apflow.core.machine import START
from apflow.core.outcome import Entry, Outcome, Send
from apflow.core.snapshot import Snapshot
from apflow.letters import Recipient, context_of
from apflow.loader import Library, find_problems, load_library
from apflow.notices import NoticeError, Notices

_NOW = datetime(2026, 11, 2, 10, tzinfo=UTC)
_SAMPLES: Mapping[FieldType, Any] = {
    FieldType.EMAIL: "name@sample.example",
    FieldType.DATE: "2026-12-11",
    FieldType.TIME: "10:30",
    FieldType.NUMBER: 3,
    FieldType.YES_NO: True,
    FieldType.CONFIRM: True,
}


def check_folder(folder: Path, notices: Notices) -> list[Problem]:
    """Every problem of the workflow files and, once they have none, of the notices they send."""
    problems = find_problems(folder, notices.names())
    return problems or rehearse(load_library(folder), notices)


def rehearse(library: Library, notices: Notices) -> list[Problem]:
    """A problem for each notice that cannot be rendered, with all optional answers given or with none."""
    found: dict[str, Problem] = {}
    for name in library.sources:
        definition = library.current(name)
        for state, event, send in _sends(definition):
            for fullness in (_everything, _nothing_optional):
                context = _context(definition, state, event, send, fullness)
                try:
                    notices.render(f"{name}/{send.notice}", context)
                except NoticeError as error:
                    file = str(notices.folder / f"{name}/{send.notice}")
                    found[send.notice] = Problem(file, error.line or 1, 1, "notice", error.message)
    return sorted(found.values())


def _sends(definition: Definition) -> Iterator[tuple[str, str, Send]]:
    """Each notice with the state and event (or deadline) that sends it."""
    for state, events in definition.events.items():
        for name, event in events.items():
            yield from ((state, name, Send(use.notice, role, about=use.about)) for role, use in event.notify.items())
    for state, spec in definition.workflow.states.items():
        for name, deadline in spec.deadlines.items():
            for ladder in deadline.remind:
                yield state, name, Send(ladder.notice, ladder.who, deadline=name)
            if deadline.then.notice:
                yield state, name, Send(deadline.then.notice, deadline.then.escalate or "", deadline=name)


def _everything(form: Mapping[str, FieldSpec]) -> dict[str, Any]:
    return {name: _sample(spec) for name, spec in form.items()}


def _nothing_optional(form: Mapping[str, FieldSpec]) -> dict[str, Any]:
    asked = {name: spec for name, spec in form.items() if not spec.optional and spec.asked_if is None}
    return _everything(asked)


def _sample(spec: FieldSpec) -> Any:
    if spec.options:
        first = next(iter(spec.options))
        return [first] if spec.type is FieldType.MANY else first
    return _SAMPLES.get(spec.type, "Sample")


def _context(definition: Definition, state: str, event: str, send: Send, fullness: Any) -> dict[str, Any]:
    spec = definition.events[state].get(event)
    to_state = (spec.to if spec else None) or state
    answers = fullness(definition.forms.get((state, event), {}))
    entry = Entry("event", event, THE_CLOCK, _NOW, state, to_state, answers)
    fields = fullness(definition.workflow.fields)
    outcome = Outcome(to_state, _NOW, fields, entry)
    running = {
        name: deadlines.start(name, rule, _NOW, definition.calendar, _NOW)
        for name, rule in (definition.state(to_state).deadlines.items() if to_state != START else ())
    }
    after = Snapshot(
        None, "XX-0000-0000", definition.name, "", to_state, _NOW, 1, fields, deadlines=running, changed_at=_NOW
    )
    recipient = Recipient(None, "Sample Person", "sample@person.example", definition.audience(send.role))
    return context_of(definition, after, outcome, send, recipient, "https://council.example/cases/XX-0000-0000", _NOW)
