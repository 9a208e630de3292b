"""What is wrong with dates that clocks count out, with flags, and with whose school days a case goes by."""

from collections.abc import Iterator

from apflow.core.checks.condition import Vocabulary, check_condition
from apflow.core.checks.findings import Finding, Path, Subject, each_known, known, known_key
from apflow.core.definition.clocks import Clock, Counted
from apflow.core.definition.conditions import facts_read
from apflow.core.definition.fields import FieldType, Form
from apflow.core.definition.workflow import Flag
from apflow.core.people.permission import role_reads_on_pages

_COUNTED_FROM = (FieldType.DATE, FieldType.NUMBER)


def check_counted(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about fields that are counted or numbers of others, and the school that a case goes by."""
    fields = subject.workflow.fields
    for name, counted in subject.definition.counted.items():
        path = ("fields", name, "counted")
        if fields[name].type is not FieldType.DATE:
            yield Finding(("fields", name, "type"), "not-a-date", f'"{name}" is counted, so it is of type: date')
        yield from known((*path, "clock"), "clock", counted.clock, subject.definition.clocks)
        if counted.when is not None:
            yield from check_condition(words, (*path, "when"), counted.when)
        clock = subject.definition.clocks.get(counted.clock)
        if clock is not None:
            yield from _counted(subject, path, clock, counted)
    for name, of in subject.definition.numbers.items():
        chosen = (other for other, spec in fields.items() if spec.type is FieldType.MANY)
        yield from known(("fields", name, "number_of"), "field", of, chosen)
    yield from _asked(subject)
    if subject.workflow.school_days_of is not None:
        numbers = (name for name, spec in fields.items() if spec.type is FieldType.NUMBER)
        yield from known(("school_days_of",), "field", subject.workflow.school_days_of, numbers)


def check_flags(subject: Subject, words: Vocabulary) -> Iterator[Finding]:
    """Every finding about what is shown while a condition holds."""
    for name, flag in subject.workflow.flags.items():
        path = ("flags", name)
        yield from check_condition(words, (*path, "when"), flag.when)
        yield from each_known((*path, "seen_by"), "role", flag.seen_by, subject.workflow.seen_by)
        yield from _says_too_much(subject, path, flag)


def _counted(subject: Subject, path: Path, clock: Clock, counted: Counted) -> Iterator[Finding]:
    fields = subject.workflow.fields
    for theirs, ours in counted.from_.items():
        yield from known_key((*path, "from", theirs), "input", (*clock.needs, *clock.may))
        yield from known((*path, "from", theirs), "field", ours, fields)
        if ours in fields and fields[ours].type not in _COUNTED_FROM:
            message = f'"{ours}" is no date or number to count from'
            yield Finding((*path, "from", theirs), "not-a-date", message)
    missing = [name for name in clock.needs if name not in counted.from_]
    if missing:
        message = f'"{counted.clock}" counts from {", ".join(missing)} as well; say which field that is (from: …)'
        yield Finding((*path, "from"), "never-counted", message, True)
    if counted.span.unit is not clock.unit:
        message = f'"{counted.clock}" counts in {clock.unit}s, and this is {counted.span}'
        yield Finding((*path, "span"), "other-unit", message)


def _asked(subject: Subject) -> Iterator[Finding]:
    """What is counted is not asked for as well: the answer would be written over."""
    forms: list[tuple[Path, Form]] = [(("forms", name), form) for name, form in subject.workflow.forms.items()]
    forms += [((*path, "form"), event.form) for path, _, event in subject.events()]
    for path, form in forms:
        for name in (subject.definition.counted.keys() | subject.definition.numbers.keys()) & form.keys():
            message = f'"{name}" is counted from other fields, so nobody is asked for it'
            yield Finding((*path, name), "counted-and-asked", message, True)


def _says_too_much(subject: Subject, path: Path, flag: Flag) -> Iterator[Finding]:
    """A flag tells whoever sees it something of each field it looks at."""
    fields, council = subject.workflow.fields, subject.definition.council
    for role in flag.seen_by or tuple(subject.workflow.seen_by):
        for fact in sorted({*facts_read(flag.when)} & fields.keys()):
            if role in council.roles and not role_reads_on_pages(council, role, fields[fact]):
                message = (
                    f'it says something of "{fact}", which "{role}" may not read; name those it is for (seen_by: …)'
                )
                yield Finding((*path, "when"), "flag-says-too-much", message)
