"""What is wrong with the public list: above all, what it would show that is not for everybody to read."""

from collections.abc import Iterator

from apflow.core.checks.findings import Finding, Subject, each_known, known, known_key
from apflow.core.definition.fields import FieldType, PrivacyClass
from apflow.core.definition.workflow import Checked, PublicList

_CHOSEN = (FieldType.CHOICE, FieldType.MANY)


def check_public_list(subject: Subject) -> Iterator[Finding]:
    """Every finding about the public list; nothing where there is none."""
    public_list = subject.workflow.public_list
    if public_list is None:
        return
    for state in public_list.states:
        yield from known_key(("public_list", "states", state), "state", subject.workflow.states)
        if state in subject.workflow.states and subject.workflow.states[state].final:
            message = f'cases end in "{state}", and a case that has ended is never on the list'
            yield Finding(("public_list", "states", state), "ended-not-listed", message, at_key=True)
    yield from _shown(subject, public_list)
    for key in ("filters", "searched"):
        yield from each_known(("public_list", key), "field", getattr(public_list, key), public_list.shows)
    yield from _chosen(subject, public_list)
    if public_list.checked is not None:
        yield from _checked(subject, public_list.checked)


def _shown(subject: Subject, public_list: PublicList) -> Iterator[Finding]:
    for name in public_list.shows:
        path = ("public_list", "shows", name)
        yield from known_key(path, "field", subject.workflow.fields)
        field = subject.workflow.fields.get(name)
        if field is not None and (field.privacy is not PrivacyClass.PUBLIC or field.read):
            whose = f"is for {', '.join(field.read)} only" if field.read else f"is {field.privacy}"
            yield Finding(path, "not-public", f'"{name}" {whose}, and anybody can read this list', at_key=True)


def _chosen(subject: Subject, public_list: PublicList) -> Iterator[Finding]:
    fields = {name: field for name in public_list.shows if (field := subject.workflow.fields.get(name))}
    for number, name in enumerate(public_list.filters):
        if name in fields and fields[name].type not in _CHOSEN:
            message = f'"{name}" is not chosen from options, so there is nothing to filter by'
            yield Finding(("public_list", "filters", number), "nothing-to-filter-by", message)
    for name, words in public_list.words.items():
        yield from known_key(("public_list", "words", name), "field", public_list.shows)
        for answer in words if name in fields else ():
            yield from known_key(("public_list", "words", name, answer), "option", fields[name].options)


def _checked(subject: Subject, checked: Checked) -> Iterator[Finding]:
    path = ("public_list", "checked")
    yield from known((*path, "collection"), "collection", checked.collection, subject.workflow.collections)
    collection = subject.workflow.collections.get(checked.collection)
    if collection is None:
        return
    yield from each_known((*path, "statuses"), "status", checked.statuses, collection.statuses)
    if collection.catalogue is None:
        message = f'the items of "{checked.collection}" are people, and anybody can read this list'
        yield Finding((*path, "collection"), "not-public", message)
