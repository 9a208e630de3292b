"""What is wrong with a definition before it runs: references that lead nowhere, cases that could be forgotten.

Findings carry the path of the offending key; the loader turns it into file:line:column.
"""

import difflib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from apflow.core.definition.base import Claim
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.fields import FieldUse, Form
from apflow.core.definition.timing import DeadlineSpec, TaskSpec
from apflow.core.definition.workflow import CLOCK, AllExcept, EventSpec, StateSpec
from apflow.core.guards import facts_read
from apflow.core.machine import START

Path = tuple[str | int, ...]

ITEM_FACTS = frozenset({"key", "label", "section", "required", "not_applicable", "expiry", "status"})
COUNCIL_FACTS = frozenset({"council.applications_open"})


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing wrong, at a path inside the file; `at_key` points at the key rather than its value."""

    path: Path
    code: str
    message: str
    at_key: bool = False


def check_council(council: Council) -> list[Finding]:
    """What is wrong with the council's settings."""
    found = [
        Finding(("roles", name, "mailbox"), "no-mailbox", f'mail for "{name}" goes to a mailbox, but none is given', True)
        for name, role in council.roles.items()
        if role.mail in ("assigned", "mailbox") and not role.mailbox
    ]
    found += [
        Finding(("applications", "closed_periods", n), "backwards", "this period ends before it starts")
        for n, period in enumerate(council.applications.closed_periods)
        if period.until < period.start
    ]
    found += [
        _unclaimed(("roles", name)) for name, role in council.roles.items() if not (role.source or role.assumed)
    ]
    return found


def check_definition(definition: Definition, notices: frozenset[str] | None) -> list[Finding]:
    """Every problem of one workflow; `notices` names the templates there are, or None to leave them unchecked."""
    checker = _Checker(definition, notices)
    return [*checker.all()]


def claims(definition: Definition) -> Iterator[tuple[Path, Claim]]:
    """Every piece of the workflow that must be sourced or owned up to as assumed, with its path."""
    workflow = definition.workflow
    yield from ((("guards", name), guard) for name, guard in workflow.guards.items())
    yield from ((("alerts", name), alert) for name, alert in workflow.alerts.items())
    for path, _, event in _events(definition):
        if event.extends:
            yield (*path, "extends"), event.extends
    for name, state in workflow.states.items():
        yield from ((("states", name, "deadlines", key), spec) for key, spec in state.deadlines.items())
        yield from ((("states", name, "tasks", key), spec) for key, spec in state.tasks.items())


def _events(definition: Definition) -> Iterator[tuple[Path, str, EventSpec]]:
    workflow = definition.workflow
    yield from ((("start", name), name, event) for name, event in workflow.start.items())
    yield from ((("events", name), name, event) for name, event in workflow.events.items())
    for state, spec in workflow.states.items():
        yield from ((("states", state, "events", name), name, event) for name, event in spec.events.items())


def _unclaimed(path: Path) -> Finding:
    message = "say where this comes from (source: …), or own up to it (assumed: …)"
    return Finding(path, "unsourced", message, at_key=True)


class _Checker:
    """Walks one definition; each method yields the findings of one concern."""

    def __init__(self, definition: Definition, notices: frozenset[str] | None) -> None:
        self.definition = definition
        self.workflow = definition.workflow
        self.notices = notices
        self.roles = {*definition.council.roles, CLOCK}

    def all(self) -> Iterator[Finding]:
        yield from self._heading()
        yield from self._collections()
        yield from self._guards()
        yield from self._forms()
        for path, name, event in _events(self.definition):
            yield from self._event(path, name, event)
        for name, state in self.workflow.states.items():
            yield from self._state(("states", name), name, state)
        yield from self._reachable()
        yield from (_unclaimed(path) for path, claim in claims(self.definition) if not (claim.source or claim.assumed))

    def _known(self, path: Path, what: str, word: str, known: Iterable[str]) -> Iterator[Finding]:
        names = list(known)
        if word not in names:
            near = difflib.get_close_matches(word, names, n=1, cutoff=0.6)
            hint = f'; did you mean "{near[0]}"?' if near else ""
            yield Finding(path, f"unknown-{what}", f'there is no {what} called "{word}"{hint}')

    def _each_known(self, path: Path, what: str, words: Iterable[str], known: Iterable[str]) -> Iterator[Finding]:
        names = list(known)
        for word in words:
            yield from self._known(path, what, word, names)

    def _heading(self) -> Iterator[Finding]:
        fields, party = self.workflow.fields, self.workflow.party
        yield from self._known(("called",), "field", self.workflow.called, fields)
        yield from self._known(("party", "role"), "role", party.role, self.roles)
        yield from self._each_known(("party",), "field", (party.name, party.email), fields)
        yield from self._each_known(("journey",), "state", self.workflow.journey, self.workflow.states)
        for role, seen in self.workflow.seen_by.items():
            yield from self._known(("seen_by", role), "role", role, self.roles)
            yield from self._each_known(("seen_by", role), "state", seen.states, self.workflow.states)
        if START in self.workflow.states:
            yield Finding(("states", START), "reserved", f'"{START}" is where every case begins; use another name', True)

    def _collections(self) -> Iterator[Finding]:
        for name, spec in self.workflow.collections.items():
            path = ("collections", name)
            if spec.catalogue:
                yield from self._known((*path, "catalogue"), "catalogue", spec.catalogue, self.definition.catalogues)
            if (spec.catalogue is None) == (spec.keyed_by is None):
                yield Finding(path, "collection", "give either catalogue: or keyed_by:, so that its items are known", True)
            if spec.starts:
                yield from self._known((*path, "starts"), "status", spec.starts, spec.statuses)
            yield from self._each_known((*path, "seen_by"), "role", spec.seen_by, self.roles)

    def _guards(self) -> Iterator[Finding]:
        for name, guard in self.workflow.guards.items():
            for fact in facts_read(guard.when):
                yield from self._fact(("guards", name, "when"), fact)

    def _fact(self, path: Path, fact: str) -> Iterator[Finding]:
        place, dot, rest = fact.partition(".")
        if fact == "today" or (dot and place == "answer"):
            return
        if dot and place == "item":
            yield from self._known(path, "fact", rest, self._item_facts())
        elif dot:
            yield from self._known(path, "fact", fact, COUNCIL_FACTS)
        else:
            yield from self._known(path, "field", fact, self.workflow.fields)

    def _item_facts(self) -> set[str]:
        asked = {
            name
            for (state, event), form in self.definition.forms.items()
            if self.definition.events[state][event].item
            for name in form
        }
        return ITEM_FACTS | asked | {"agency", "expires_on"}

    def _forms(self) -> Iterator[Finding]:
        for name, form in self.workflow.forms.items():
            yield from self._form(("forms", name), form)

    def _form(self, path: Path, form: Form) -> Iterator[Finding]:
        for name, entry in form.items():
            if isinstance(entry, FieldUse):
                yield from self._known((*path, name), "field", name, self.workflow.fields)
            if entry.asked_if is not None:
                for fact in facts_read(entry.asked_if):
                    yield from self._fact((*path, name, "asked_if"), fact)

    def _event(self, path: Path, name: str, event: EventSpec) -> Iterator[Finding]:
        states = self.workflow.states
        yield from self._each_known((*path, "by"), "role", event.by, self.roles)
        yield from self._each_known((*path, "requires"), "guard", event.requires, self.workflow.guards)
        yield from self._each_known((*path, "asks"), "form", event.asks, self.workflow.forms)
        yield from self._each_known((*path, "clears"), "collection", event.clears, self.workflow.collections)
        yield from self._each_known((*path, "opens"), "alert", event.opens, self.workflow.alerts)
        yield from self._form((*path, "form"), event.form)
        if event.to:
            yield from self._known((*path, "to"), "state", event.to, states)
        elif path[0] == "start":
            yield Finding(path, "no-state", "an event that starts a case says which state it leads to (to: …)", True)
        named = event.from_.all_except if isinstance(event.from_, AllExcept) else event.from_
        yield from self._each_known((*path, "from"), "state", named, states)
        if path[0] == "events" and not self.definition.sources(event):
            yield Finding(path, "never-open", f'"{name}" is possible in no state; say from which (from: …)', True)
        yield from self._item(path, event)
        for role, use in event.notify.items():
            yield from self._known((*path, "notify", role), "role", role, self.roles)
            yield from self._notice((*path, "notify", role), use.notice)
            if use.about and event.to in states:
                yield from self._known((*path, "notify", role, "about"), "deadline", use.about, states[event.to].deadlines)

    def _item(self, path: Path, event: EventSpec) -> Iterator[Finding]:
        if event.item is None:
            return
        yield from self._known((*path, "item", "of"), "collection", event.item.of, self.workflow.collections)
        if event.item.of in self.workflow.collections:
            statuses = self.workflow.collections[event.item.of].statuses
            yield from self._known((*path, "item", "to"), "status", event.item.to, statuses)
            yield from self._each_known((*path, "item", "from"), "status", event.item.from_, {**statuses, "none": None})

    def _notice(self, path: Path, notice: str) -> Iterator[Finding]:
        if self.notices is None:
            return
        mine = f"{self.workflow.workflow}/"
        known = [name.removeprefix(mine) for name in self.notices if name.startswith(mine)]
        yield from self._known(path, "notice", notice, known)

    def _state(self, path: Path, name: str, state: StateSpec) -> Iterator[Finding]:
        if state.awaiting:
            yield from self._known((*path, "awaiting"), "role", state.awaiting, self.roles)
        for key, deadline in state.deadlines.items():
            yield from self._deadline((*path, "deadlines", key), name, deadline)
        for key, task in state.tasks.items():
            yield from self._task((*path, "tasks", key), name, state, task)
        for key, event in state.events.items():
            if event.extends:
                yield from self._known(
                    (*path, "events", key, "extends", "deadline"), "deadline", event.extends.deadline, state.deadlines
                )
        yield from self._forgotten(path, name, state)

    def _deadline(self, path: Path, state: str, spec: DeadlineSpec) -> Iterator[Finding]:
        if spec.of:
            yield from self._known((*path, "of"), "field", spec.of, self.workflow.fields)
        for reminder in spec.remind:
            yield from self._known((*path, "remind"), "role", reminder.who, self.roles)
            yield from self._notice((*path, "remind"), reminder.notice)
        if spec.then.event:
            offered = self.definition.events[state]
            yield from self._known((*path, "then", "event"), "event", spec.then.event, offered)
            if spec.then.event in offered and CLOCK not in offered[spec.then.event].by:
                yield Finding((*path, "then", "event"), "not-the-clock", f'"{spec.then.event}" is not by: clock')
        if spec.then.escalate:
            yield from self._known((*path, "then", "escalate"), "role", spec.then.escalate, self.roles)
        if spec.then.notice:
            yield from self._notice((*path, "then", "notice"), spec.then.notice)

    def _task(self, path: Path, name: str, state: StateSpec, spec: TaskSpec) -> Iterator[Finding]:
        yield from self._known((*path, "for"), "role", spec.for_, self.roles)
        yield from self._each_known((*path, "done_by"), "event", spec.done_by, self.definition.events[name])
        if spec.deadline:
            yield from self._known((*path, "deadline"), "deadline", spec.deadline, state.deadlines)
        if spec.each:
            yield from self._known((*path, "each"), "collection", spec.each, self.workflow.collections)

    def _forgotten(self, path: Path, name: str, state: StateSpec) -> Iterator[Finding]:
        offered = self.definition.events[name]
        if state.final:
            if offered or state.deadlines or state.tasks:
                yield Finding(path, "final-but-open", f'"{name}" is final, so nothing can be done or due in it', True)
            return
        leaves = [event for event in offered.values() if event.to and set(event.by) != {CLOCK}]
        if not leaves:
            yield Finding(path, "dead-end", f'nobody can move a case out of "{name}"; add an event or final: true', True)
        if not state.deadlines:
            yield Finding(path, "no-deadline", f'no deadline runs in "{name}", so a case there could be forgotten', True)
        if state.awaiting is None:
            yield Finding(path, "no-one-awaited", f'"{name}" does not say whose move it is (awaiting: …)', True)

    def _reachable(self) -> Iterator[Finding]:
        reached, frontier = set[str](), [START]
        while frontier:
            state = frontier.pop()
            onward = {event.to for event in self.definition.events.get(state, {}).values() if event.to}
            frontier += onward - reached
            reached |= onward
        for name in self.workflow.states:
            if name not in reached:
                yield Finding(("states", name), "unreachable", f'no event leads to "{name}"', True)

