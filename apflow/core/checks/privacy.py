"""What would reach somebody who may not read it: in an e-mail, its subject, an invitation or a reason."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from apflow.core.checks.findings import Finding, Path, Subject, copyable, copyable_with
from apflow.core.definition.compiled import Definition
from apflow.core.definition.conditions import All, Condition, Every
from apflow.core.definition.events import CLOCK, EventSpec, NoticeUse
from apflow.core.definition.fields import OF_PEOPLE, FieldSpec
from apflow.core.definition.labels import STAFF, Label
from apflow.core.definition.workflow import Workflow
from apflow.core.outcome import Send
from apflow.core.people.permission import role_reads, role_reads_on_pages

_PLACEHOLDER = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class Mention:
    """One place of a template that speaks of a value: `fields`, `answers`, `case` and so on or, of an item, `item`.

    Without a `name` it may speak of any of them; without a place the name is not known at all.
    """

    place: str
    name: str | None
    file: str
    line: int
    in_subject: bool = False


@dataclass(frozen=True, slots=True)
class Leak:
    """A line of a template that says what one of the roles it is sent to may not read."""

    file: str
    line: int
    message: str


def check_privacy(subject: Subject) -> Iterator[Finding]:
    """Invitations and reasons that say too much, and texts that would show a placeholder as it is written."""
    for path, name, event in subject.events():
        for role, use in event.notify.items():
            yield from _invitation((*path, "notify", role, "invite"), subject, role, use)
        yield from _reasons(subject, path, event)
        yield from _days(subject, path, name, event)
        yield from _lists_of_people(subject, path, name, event)
        yield from _copies(subject, path, event)
        yield from _plain((*path, "label"), name, event.label)
    for name, state in subject.workflow.states.items():
        yield from _plain(("states", name, "label"), name, state.label)
        for key, task in state.tasks.items():
            yield from _plain(("states", name, "tasks", key, "title"), key, task.title)
    for name, guard in subject.workflow.guards.items():
        yield from _plain(("guards", name, "reason"), name, guard.reason.replace("{which}", ""))


def leaks(
    definition: Definition, sends: Iterable[tuple[str, str, Send]], mentions: Mapping[str, Sequence[Mention]]
) -> Iterator[Leak]:
    """Every leak of the notices; `sends` are the state, event and role of each, `mentions` what each speaks of."""
    watching = [role for role, seen in definition.workflow.seen_by.items() if definition.audience(role) == STAFF]
    for state, event, send in sends:
        form = definition.forms.get((state, event), {})
        for mention in mentions.get(send.notice, ()):
            goes = f'this goes to "{send.role}" ("{event}" in "{state}")'
            for what in _unread(definition, form, mention, send.role):
                yield Leak(mention.file, mention.line, f"{what}, and {goes}, which may not read that")
            if (stands := _unseen(definition, state, event, mention, send.role)) is not None:
                message = f'"case.state" says “{stands}”, and {goes}, which does not see the case as it then stands'
                yield Leak(mention.file, mention.line, message)
            for role in watching if mention.in_subject else ():
                for what in _unread(definition, form, mention, role):
                    message = f'{what}; a subject is shown in the case\'s history, and "{role}" may not read that'
                    yield Leak(mention.file, mention.line, message)


def _unread(definition: Definition, form: Mapping[str, FieldSpec], mention: Mention, role: str) -> Iterator[str]:
    """What the mention may say that the role may not read, as a sentence begins."""
    workflow = definition.workflow
    match mention.place:
        case "fields":
            yield from _unread_of(definition, "fields", workflow.fields, mention.name, role)
        case "case" if mention.name not in (None, "title"):
            return
        case "case":
            yield from _unread_of(definition, "fields", workflow.fields, workflow.called, role)
        case "answers":
            yield from _unread_of(definition, "answers", form, mention.name, role)
        case "item" if mention.name == "reason":
            asked = _asked_of_items(definition, "reason")
            yield from (_said("reason", spec) for spec in asked if not role_reads(definition.council, role, spec))
        case "items":
            names = [mention.name] if mention.name else list(workflow.collections)
            seen = {name: workflow.collections[name].seen_by for name in names if name in workflow.collections}
            yield from (f'"items.{name}" are not for everybody' for name, by in seen.items() if by and role not in by)


def _unseen(definition: Definition, state: str, event: str, mention: Mention, role: str) -> str | None:
    """Where the mention says that the case stands, in the words of a role that does not see it there.

    Those who work with a pupil see no case, and may be told in words that a state has for people outside.
    """
    if mention.place != "case" or mention.name not in (None, "state"):
        return None
    spec = definition.events[state].get(event)
    stands = (spec.to if spec else None) or state
    seen, label = definition.workflow.seen_by.get(role), definition.state(stands).label
    if seen is not None and (not seen.states or stands in seen.states):
        return None
    works_with = definition.council.roles[role].mail == "works_with"
    audience = definition.audience(role)
    return None if works_with and audience != STAFF and label.provider else label.to(audience)


def _unread_of(
    definition: Definition, place: str, asked: Mapping[str, FieldSpec], name: str | None, role: str
) -> Iterator[str]:
    meant = asked if name is None else {name: asked[name]} if name in asked else {}
    for key, spec in meant.items():
        if not role_reads(definition.council, role, spec):
            yield _said(f"{place}.{key}", spec)


def _said(name: str, spec: FieldSpec) -> str:
    only = f", for {', '.join(spec.read)} only" if spec.read else ""
    return f'"{name}" is {spec.privacy}{only}'


def _asked_of_items(definition: Definition, question: str) -> list[FieldSpec]:
    """The question as each event on an item asks it; what one of them keeps to some roles, no other gives away."""
    forms = definition.forms.items()
    return [
        form[question] for (state, event), form in forms if definition.events[state][event].item if question in form
    ]


def _invitation(path: Path, subject: Subject, role: str, use: NoticeUse) -> Iterator[Finding]:
    if use.invite is None:
        return
    council, workflow, invite = subject.definition.council, subject.workflow, use.invite
    carried = {"on": invite.on, "at": invite.at, "place": invite.place}
    carried |= {"title": workflow.called} if "{case}" in invite.title else {}
    for key, name in carried.items():
        spec = workflow.fields.get(name or "")
        if spec is not None and role in council.roles and not role_reads(council, role, spec):
            message = f'{_said(name or "", spec)}, and the invitation goes to "{role}", which may not read that'
            yield Finding((*path, key), "not-theirs-to-read", message)
    yield from _plain((*path, "title"), "invite", invite.title.replace("{case}", ""))


def _days(subject: Subject, path: Path, name: str, event: EventSpec) -> Iterator[Finding]:
    """A day that comes too early is refused with the one it may not come before, which the case may have already."""
    definition, fields = subject.definition, subject.workflow.fields
    forms = [form for (_, asked_by), form in definition.forms.items() if asked_by == name]
    told = {other for form in forms for spec in form.values() for other in spec.not_before if other not in form}
    for other in sorted(told & fields.keys()):
        for role in (role for role in event.by if role in definition.council.roles):
            if not role_reads_on_pages(definition.council, role, fields[other]):
                message = f'{_said(other, fields[other])}, and a refusal of an earlier day would tell it to "{role}"'
                yield Finding(path, "not-theirs-to-read", message, at_key=True)


def _reasons(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    """A reason lists items by name, to whoever may do the event: they must be items that they see."""
    workflow = subject.workflow
    for number, name in enumerate(event.requires):
        guard = workflow.guards.get(name)
        if guard is None or "{which}" not in guard.reason:
            continue
        for collection in dict.fromkeys(_listed(guard.when)):
            seen_by = workflow.collections[collection].seen_by if collection in workflow.collections else ()
            for role in event.by if seen_by else ():
                if role not in seen_by and role in subject.definition.council.roles:
                    message = f'the reason lists items of "{collection}", which "{role}" does not see'
                    yield Finding((*path, "requires", number), "reason-says-too-much", message)


def _lists_of_people(subject: Subject, path: Path, name: str, event: EventSpec) -> Iterator[Finding]:
    """To choose a person is to be shown the names of all there are, which are for staff alone."""
    definition = subject.definition
    forms = [definition.forms[state, name] for state, events in definition.events.items() if events.get(name) is event]
    asked = {key: spec for form in forms[:1] for key, spec in form.items() if spec.type in OF_PEOPLE}
    for number, role in enumerate(event.by):
        if role == CLOCK or definition.audience(role) == STAFF:
            continue
        for key, spec in asked.items():
            if not spec.write or role in spec.write:
                message = (
                    f'to choose "{key}", "{role}" would be shown the names of everybody who is "{spec.role}"; '
                    "ask only staff (write: …), or take the name as text"
                )
                yield Finding((*path, "by", number), "shows-names", message)


def _copies(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    """Another case keeps what is copied into it no more openly than this case does."""
    workflows, children = subject.workflows or {}, subject.workflow.children
    for kind, copied in event.begins.items():
        child = workflows.get(children[kind].workflow) if kind in children else None
        yield from _copied(subject, (*path, "begins", kind), copied, copyable(subject, event, kind), child)
    for kind, signalling in event.signals.items():
        child = workflows.get(children[kind].workflow) if kind in children else None
        place = (*path, "signals", kind, "with")
        yield from _copied(subject, place, signalling.with_, copyable_with(subject, event, ""), child)
    for name, calling in event.calls.items():
        known, there = copyable_with(subject, event, name), workflows.get(calling.workflow)
        yield from _copied(subject, (*path, "calls", name, "with"), calling.with_, known, there)


def _copied(
    subject: Subject,
    path: Path,
    copied: Mapping[str, str],
    known: Mapping[str, FieldSpec],
    other: Workflow | None,
) -> Iterator[Finding]:
    council = subject.definition.council
    for theirs, ours in copied.items():
        there, here = other.fields.get(theirs) if other else None, known.get(ours)
        open_to = [role for role in council.roles if there and role_reads(council, role, there)]
        for role in (role for role in open_to if here and not role_reads(council, role, here)):
            message = f'"{role}" may not read "{ours}" here, and would as "{theirs}" in the other case'
            yield Finding((*path, theirs), "copied-too-openly", message)


def _listed(condition: Condition) -> Iterator[str]:
    match condition:
        case Every():
            yield condition.every
        case All():
            yield from (name for part in condition.all for name in _listed(part))


def _plain(path: Path, name: str, text: str | Label) -> Iterator[Finding]:
    """A finding for braces in words that are shown as they stand: no value is ever put into them."""
    texts = [text] if isinstance(text, str) else [text.staff, text.provider or ""]
    for found in (match[0] for one in texts for match in _PLACEHOLDER.finditer(one)):
        message = f'"{name}" would show {found} as it is written: no value is put into these words'
        yield Finding(path, "not-filled-in", message)
