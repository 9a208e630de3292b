"""What is wrong with events: who may, what they ask, where they lead, and whom they tell."""

from collections.abc import Iterator, Mapping

from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key, questions_of
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.events import CLOCK, UNTOUCHED, AllExcept, EventSpec, NoticeUse
from apflow.core.definition.fields import OF_PEOPLE, FieldSpec, FieldType, FieldUse, Form
from apflow.core.work import NOT_REACHED

_CHOOSES = (FieldType.CHOICE, FieldType.MANY)


def check_events(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about every event of the workflow."""
    for path, name, event in subject.events():
        yield from _leads(subject, path, name, event)
        yield from _allows(subject, path, event)
        yield from _asks(subject, words, path, event)
        yield from _acts(subject, path, event)
        yield from _tells(subject, path, event)


def check_form(subject: Subject, words: Vocabulary, path: Path, form: Form) -> Iterator[Finding]:
    """Questions that use a field there is not, cannot be answered, or depend on what cannot be."""
    for name, entry in form.items():
        if isinstance(entry, FieldUse):
            yield from known_key((*path, name), "field", subject.workflow.fields)
        yield from check_question((*path, name), entry)
        if entry.drafted_from:
            place, there_are = (
                (*path, name, "drafted_from"),
                {**subject.workflow.collections, **subject.workflow.fields},
            )
            yield from each_known(place, "collection", entry.drafted_from, there_are)
        if entry.asked_if is not None:
            yield from check_condition(words, (*path, name, "asked_if"), entry.asked_if)


def check_question(path: Path, question: FieldSpec | FieldUse) -> Iterator[Finding]:
    """A choice of nothing."""
    if isinstance(question, FieldSpec) and question.type in _CHOOSES and not question.options:
        yield Finding(path, "no-options", "there is nothing to choose from; list the options (options: …)", True)


def _leads(subject: Subject, path: Path, name: str, event: EventSpec) -> Iterator[Finding]:
    states = subject.workflow.states
    if event.to:
        yield from known((*path, "to"), "state", event.to, states)
    elif path[0] == "start":
        yield Finding(path, "no-state", "an event that starts a case says which state it leads to (to: …)", True)
    if isinstance(event.from_, AllExcept):
        yield from each_known((*path, "from", "all_except"), "state", event.from_.all_except, states)
    else:
        yield from each_known((*path, "from"), "state", event.from_, states)
    if path[0] == "events" and not subject.definition.sources(event):
        yield Finding(path, "never-open", f'"{name}" is possible in no state; say from which (from: …)', True)
    if path[0] != "events" and event.from_:
        message = f'"{name}" stands under one state and is possible there only; leave out from:'
        yield Finding((*path, "from"), "from-twice", message, True)


def _allows(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    if event.urgent and subject.definition.council.urgent is None:
        message = "council.yaml does not say what to do when it is urgent; add urgent: there, or leave this out"
        yield Finding((*path, "urgent"), "not-urgent", message)
    if not event.by:
        yield Finding((*path, "by"), "nobody-may", "nobody may do this; say who (by: …), or leave the event out")
    yield from each_known((*path, "by"), "role", event.by, subject.roles)
    for role, field in event.only.items():
        persons = [name for name, spec in subject.workflow.fields.items() if spec.type in OF_PEOPLE]
        yield from known_key((*path, "only", role), "role", event.by)
        yield from known((*path, "only", role), "field", field, persons)
    yield from each_known((*path, "requires"), "guard", event.requires, subject.workflow.guards)
    asked = _asked(subject, event)
    if event.in_confidence is not None:
        yield from known((*path, "in_confidence", "without"), "question", event.in_confidence.without, asked)
        those = event.in_confidence.known_to
        yield from each_known((*path, "in_confidence", "known_to"), "role", those, subject.workflow.seen_by)
    for number, name in enumerate(event.requires):
        guard = subject.workflow.guards.get(name)
        read = facts_read(guard.when) if guard else ()
        for fact in (fact.removeprefix("answer.") for fact in read if fact.startswith("answer.")):
            if fact not in asked:
                message = f'"{name}" reads the answer to "{fact}", which this event does not ask'
                yield Finding((*path, "requires", number), "not-asked", message)


def _asked(subject: Subject, event: EventSpec) -> Mapping[str, FieldSpec | FieldUse]:
    shared = subject.workflow.forms
    return {name: entry for form in event.asks for name, entry in shared.get(form, {}).items()} | dict(event.form)


def _asks(subject: Subject, words: Vocabulary, path: Path, event: EventSpec) -> Iterator[Finding]:
    yield from each_known((*path, "asks"), "form", event.asks, subject.workflow.forms)
    yield from check_form(subject, words, (*path, "form"), event.form)
    # What begins a child gets copied answers, and so does what another case tells this one.
    is_given = path[0] == "start" or subject.workflows is None or path[-1] in subject.told_by_cases
    if CLOCK in event.by and not is_given and _asked(subject, event):
        yield Finding(path, "clock-asked", "the clock can answer no questions; leave out the form, or by: clock", True)


def _acts(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    yield from each_known((*path, "clears"), "collection", event.clears, subject.workflow.collections)
    yield from each_known((*path, "opens"), "alert", event.opens, subject.workflow.alerts)
    yield from each_known((*path, "draws"), "collection", event.draws, subject.workflow.collections)
    for number, name in enumerate(event.draws):
        source = subject.definition.records.get(subject.definition.source_name(name))
        if name in subject.workflow.collections and (source is None or not source.by_event):
            message = f'the items of "{name}" are not drawn by events; give it drawn_from: and a source that is'
            yield Finding((*path, "draws", number), "not-drawn", message)
    if event.item is None:
        return
    yield from known((*path, "item", "of"), "collection", event.item.of, subject.workflow.collections)
    if event.item.of in subject.workflow.collections:
        statuses = subject.workflow.collections[event.item.of].statuses
        is_own = subject.workflow.collections[event.item.of].keyed_by == "actor"
        there_are = [*statuses, UNTOUCHED] if is_own else statuses
        yield from known((*path, "item", "to"), "status", event.item.to, there_are)
        yield from each_known((*path, "item", "from"), "status", event.item.from_, [*statuses, UNTOUCHED])
    if event.item.whose is not None:
        kept = subject.workflow.collections.get(event.item.of)
        asked = questions_of(subject.workflow, event).items() if kept and kept.keyed_by == "actor" else ()
        people = [name for name, spec in asked if spec.type is FieldType.PERSON]
        yield from known((*path, "item", "whose"), "field", event.item.whose, people)
    if event.item.side is not None:
        kept = subject.workflow.collections.get(event.item.of)
        parties = subject.workflow.party_roles if kept and kept.keyed_by == "actor" else ()
        yield from known((*path, "item", "side"), "role", event.item.side, parties)
    if event.item.adds_to is not None:
        asked = questions_of(subject.workflow, event).items()
        texts = [name for name, spec in asked if spec.type is FieldType.LONG_TEXT]
        yield from known((*path, "item", "adds_to"), "field", event.item.adds_to, texts)


def _tells(subject: Subject, path: Path, event: EventSpec) -> Iterator[Finding]:
    for role, use in event.notify.items():
        place = (*path, "notify", role)
        yield from known_key(place, "role", subject.definition.council.roles)
        yield from subject.notice((*place, "notice"), use.notice)
        known_role = subject.definition.council.roles.get(role)
        if known_role is not None and known_role.mail == "register" and NOT_REACHED not in subject.workflow.alerts:
            message = f"nobody would hear of those whom this does not reach; add alerts: {{{NOT_REACHED}: …}}"
            yield Finding(place, "unreached-unheard", message, True)
        yield from _invites(subject, (*place, "invite"), use)
        if use.apart_from is not None:
            yield from known((*place, "apart_from"), "role", use.apart_from, subject.definition.council.roles)
        if use.also is not None:
            several = (name for name, spec in subject.workflow.fields.items() if spec.type is FieldType.PEOPLE)
            yield from known((*place, "also"), "field", use.also, several)
        if use.about and event.to and event.to in subject.workflow.states:
            yield from _speaks_of(subject, (*place, "about"), use.about, event.to)


def _speaks_of(subject: Subject, path: Path, deadline: str, entered: str) -> Iterator[Finding]:
    """A notice speaks of a deadline that runs in the state which its event leads to."""
    deadlines = subject.definition.deadlines
    elsewhere = [state for state, running in deadlines.items() if deadline in running]
    if deadline in deadlines[entered] or not elsewhere:
        yield from known(path, "deadline", deadline, deadlines[entered])
        return
    message = (
        f'"{deadline}" does not run in "{entered}", which this leads to; speak of a deadline that does, '
        f'or send this from the event that leads to "{elsewhere[0]}"'
    )
    yield Finding(path, "unknown-deadline", message)


def _invites(subject: Subject, path: Path, use: NoticeUse) -> Iterator[Finding]:
    if use.invite is None:
        return
    for key, field in (("on", use.invite.on), ("at", use.invite.at), ("place", use.invite.place)):
        if field is not None:
            yield from known((*path, key), "field", field, subject.workflow.fields)
