"""Letting a case say what it says of a provider, or a school, as that says it now: its new contact, or its new name."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec.structs import replace

from apflow.core.commands import HandOver, Rename
from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotOpen
from apflow.core.firing.telling import sends_of
from apflow.core.outcome import Entry, Outcome, Send, unmoved
from apflow.core.snapshot import Snapshot

HANDED_OVER = "changed who_acts"
RENAMED = "changed name"
NAME = "provider"  # What the record of a provider that was chosen says it is called.
CONTACT = ("contact_name", "contact_email")  # What the record of a provider that was chosen says of its contact.


def hand_over(definition: Definition, snapshot: Snapshot, command: HandOver, now: datetime) -> Outcome:
    """Who acts is somebody else; NotOpen where the case names nobody of the kind.

    What they would sign is signed anew, and the other side hears what it does when staff change the same by hand.
    """
    names = contact_fields(definition, command.role)
    if names is None:
        raise NotOpen("This case names nobody who is written to there.")
    said = dict(zip(names, (command.name, command.email), strict=True))
    changed = {name: value for name, value in said.items() if value != snapshot.fields.get(name)}
    return _said_otherwise(definition, snapshot, command, HANDED_OVER, changed, names, now)


def rename(definition: Definition, snapshot: Snapshot, command: Rename, now: datetime) -> Outcome:
    """Whom the case is about is called otherwise; NotOpen where it says the name before nowhere."""
    changed = dict.fromkeys(saying_name(definition, snapshot, command), command.name)
    if not changed:
        raise NotOpen("This case does not say that name.")
    return _said_otherwise(definition, snapshot, command, RENAMED, changed, changed, now)


def saying_name(definition: Definition, snapshot: Snapshot, command: Rename) -> Sequence[str]:
    """The fields with the name before: what the case is called or acts for, what a record said, or what was copied."""
    acts_for = {party.acts_for for party in definition.workflow.parties if party.role == command.role}
    taken = {name for name, (_, fact) in definition.taken.items() if fact == NAME}
    fields = {definition.workflow.called, *acts_for, *taken, *command.copied}
    return sorted(name for name in fields if name and snapshot.fields.get(name) == command.was)


def _said_otherwise(
    definition: Definition,
    snapshot: Snapshot,
    command: HandOver | Rename,
    entry_name: str,
    changed: Mapping[str, Any],
    names: Iterable[str],
    now: datetime,
) -> Outcome:
    """The case with what it says now; signatures that can still be given under `names` are void."""
    cleared = tuple(_signed_anew(definition, snapshot, names))
    entry = Entry(
        "task", entry_name, command.actor, now, snapshot.state, snapshot.state, changed=changed, note=command.note
    )
    return replace(
        unmoved(snapshot, entry),
        fields={name: value for name, value in {**snapshot.fields, **changed}.items() if value is not None},
        cleared=cleared,
        sends=tuple(_told(definition, snapshot, command.role)) if cleared else (),
    )


def contact_fields(definition: Definition, role: str) -> tuple[str, str] | None:
    """The fields with the name and the address of who acts in the role, or else of the contact of a chosen provider."""
    for party in definition.workflow.parties:
        if party.role == role:
            return party.name, party.email
    by_fact = {fact: name for name, (_, fact) in definition.taken.items()}
    name, email = (by_fact.get(fact) for fact in CONTACT)
    return (name, email) if name and email else None


def with_who_acts(
    definition: Definition, parent: Snapshot, child: Definition, kind: str, copied: Mapping[str, Any]
) -> Mapping[str, Any]:
    """What was copied for a child, with whom its parent names by now: that may be another since it was asked for."""
    begun = [spec.begins[kind] for one in definition.events.values() for spec in one.values() if kind in spec.begins]
    named = dict[str, Any]()
    for name in {name for party in child.workflow.parties for name in (party.name, party.email)}:
        sources = {theirs.get(name) for theirs in begun}
        if len(sources) == 1 and (ours := sources.pop() or "") in definition.workflow.fields:
            named[name] = parent.fields.get(ours)
    return {name: value for name, value in {**copied, **named}.items() if value is not None}


def _signed_anew(definition: Definition, snapshot: Snapshot, names: Iterable[str]) -> Iterator[str]:
    """The collections of signatures, where one can sign still, under what names who has changed."""
    for spec in definition.events[snapshot.state].values():
        names_them = not definition.signed_fields(spec).isdisjoint(names)
        if spec.item and names_them and snapshot.items.get(spec.item.of):
            yield spec.item.of


def _told(definition: Definition, snapshot: Snapshot, role: str) -> Iterator[Send]:
    """What the case's own event for another who acts writes to others."""
    _, email = contact_fields(definition, role) or ("", "")
    for event, spec in definition.events[snapshot.state].items():
        if spec.to is None and email in definition.forms[snapshot.state, event]:
            yield from (send for send in sends_of(spec) if send.role != role)
