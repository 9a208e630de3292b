"""What is wrong with who is asked a question, and who reads the answer."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Path, Subject, each_known, known
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.events import CLOCK, EventSpec
from apflow.core.definition.fields import OF_PEOPLE, FieldSpec, FieldType, FieldUse, Form
from apflow.core.machine import START


def check_fields(subject: Subject) -> Iterator[Finding]:
    """Every finding about the roles of questions, wherever they stand."""
    for path, question in _questions(subject):
        yield from _roles(subject, path, question)
        if question.apart_from is not None:
            yield from _apart(subject, path, question.apart_from)
    yield from _of_no_day(subject)
    yield from _time_of_no_day(subject)
    yield from _names_of_the_case(subject)
    for path, name, event in subject.events():
        yield from _asked_of_nobody(subject, path, name, event)
        yield from _guards_left_unanswered(subject, path, name, event)


def _questions(subject: Subject) -> Iterator[tuple[Path, FieldSpec]]:
    yield from ((path, entry) for path, entry in _entries(subject) if isinstance(entry, FieldSpec))


def _entries(subject: Subject) -> Iterator[tuple[Path, FieldSpec | FieldUse]]:
    workflow = subject.workflow
    yield from ((("fields", name), field) for name, field in workflow.fields.items())
    forms: list[tuple[Path, Form]] = [(("forms", name), form) for name, form in workflow.forms.items()]
    forms += [((*path, "form"), event.form) for path, _, event in subject.events()]
    for path, form in forms:
        yield from (((*path, name), entry) for name, entry in form.items())


def _roles(subject: Subject, path: Path, question: FieldSpec) -> Iterator[Finding]:
    roles = subject.definition.council.roles
    yield from each_known((*path, "read"), "role", question.read, (*roles, CLOCK))  # By the clock: shown to nobody.
    yield from each_known((*path, "write"), "role", question.write, roles)
    if question.role is not None:
        yield from known((*path, "role"), "role", question.role, roles)
    if question.type in OF_PEOPLE and question.role is None:
        message = "say whom there is to choose from: the people of which role (role: …)"
        yield Finding(path, "no-people", message, True)
    for number, role in enumerate(question.read):
        if role in roles and question.privacy not in (*roles[role].sees, *roles[role].sees_on_pages):
            message = (
                f'"{role}" never reads what is {question.privacy}; council.yaml says what it sees (roles, sees: …)'
            )
            yield Finding((*path, "read", number), "never-read", message)


def _apart(subject: Subject, path: Path, other: str) -> Iterator[Finding]:
    """Whoever is asked the question must be asked the other one beside it, or nothing would keep the two apart."""
    name = path[-1]
    for form in subject.definition.forms.values():
        beside = form.get(other)
        if name in form and (beside is None or beside.type is not FieldType.PEOPLE):
            message = f'"{name}" is asked where no question of several people called "{other}" is asked beside it'
            yield Finding((*path, "apart_from"), "apart-from-nobody", message)
            return


def _of_no_day(subject: Subject) -> Iterator[Finding]:
    """What a day may not come before is a day too: one that is asked beside it, or that the case has."""
    days = {name for name, field in subject.workflow.fields.items() if field.type is FieldType.DATE}
    for path, entry in ((path, entry) for path, entry in _entries(subject) if entry.not_before):
        name = path[-1]
        beside = [form for form in subject.definition.forms.values() if name in form]
        asked = [{one for one, spec in form.items() if spec.type is FieldType.DATE} for form in beside]
        there_are = days.union(set.intersection(*asked)) if asked else days
        yield from each_known((*path, "not_before"), "field", entry.not_before or (), sorted(there_are - {str(name)}))


def _time_of_no_day(subject: Subject) -> Iterator[Finding]:
    """A time is of a day that the case has too, if it is the case's, or that is asked beside it."""
    fields = subject.workflow.fields
    for path, question in _questions(subject):
        if question.of_day is not None:
            beside = [form for form in subject.definition.forms.values() if path[-1] in form]
            asked = fields if path[0] == "fields" else {name: spec for form in beside for name, spec in form.items()}
            days = sorted(name for name, spec in asked.items() if spec.type is FieldType.DATE)
            yield from known((*path, "of_day"), "field", question.of_day, days)


def _names_of_the_case(subject: Subject) -> Iterator[Finding]:
    """What names the case stands on every page and in every subject line: whoever sees the case must read it."""
    workflow, roles = subject.workflow, subject.definition.council.roles
    field = workflow.fields.get(workflow.called)
    if field is None:
        return
    for role in workflow.seen_by:
        if role in roles and (field.privacy not in roles[role].sees or (field.read and role not in field.read)):
            message = (
                f'a case is called by its "{workflow.called}", and "{role}" sees cases but may not read that field'
            )
            yield Finding(("called",), "name-not-read", message)


def _asked_of_nobody(subject: Subject, path: Path, name: str, event: EventSpec) -> Iterator[Finding]:
    for question, field in _form(subject, path, name).items():
        if field.write and not set(field.write) & set(event.by):
            message = f'"{question}" is never asked: nobody who may do this may answer it (write: …)'
            yield Finding(path, "asked-of-nobody", message, True)


def _guards_left_unanswered(subject: Subject, path: Path, name: str, event: EventSpec) -> Iterator[Finding]:
    form = _form(subject, path, name)
    for number, required in enumerate(event.requires):
        guard = subject.workflow.guards.get(required)
        facts = facts_read(guard.when) if guard else ()
        read = {fact.removeprefix("answer.") for fact in facts if fact.startswith("answer.")}
        for question in sorted(read & form.keys()):
            may_answer = form[question].write or event.by
            for role in (role for role in event.by if role != CLOCK and role not in may_answer):
                message = f'"{required}" reads the answer to "{question}", which is not asked of "{role}" (write: …)'
                yield Finding((*path, "requires", number), "not-asked-of", message)


def _form(subject: Subject, path: Path, name: str) -> dict[str, FieldSpec]:
    """The event's questions, as the first state that offers it asks them."""
    states = [START] if path[0] == "start" else [str(path[1])] if path[0] == "states" else subject.definition.events
    forms = subject.definition.forms
    return dict(next((forms[state, name] for state in states if (state, name) in forms), {}))
