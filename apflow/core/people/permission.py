"""Who may see a case, who may read what on it, and who may do what to it."""

from collections.abc import Callable, Mapping, Set
from typing import Any

from msgspec import structs

from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.events import EventSpec
from apflow.core.definition.fields import FieldSpec, FieldType, PrivacyClass
from apflow.core.definition.labels import STAFF
from apflow.core.machine import START
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot


def may_see(definition: Definition, snapshot: Snapshot, actor: Actor) -> bool:
    """Whether any of the actor's roles sees this case in its present state."""
    if actor.is_clock:
        return True
    rules = definition.workflow.seen_by
    if actor.id in hidden_from(definition, snapshot.fields):
        actor = as_party_alone(definition, actor)
    return any(
        (not rules[role].states or snapshot.state in rules[role].states)
        and (not rules[role].own or _owns(definition, snapshot, role, actor))
        for role in actor.roles
        if role in rules
    )


def hidden_from(definition: Definition, fields: Mapping[str, Any]) -> frozenset[int]:
    """Whom the case is hidden from: a colleague whom it is about, say, who may be among those it is for."""
    asked = definition.workflow.hidden_from
    return frozenset(person for name in asked for person in fields.get(name) or ()) if asked else frozenset()


def as_party_alone(definition: Definition, actor: Actor) -> Actor:
    """The actor with only those roles that see nothing but cases of their own."""
    rules = definition.workflow.seen_by
    return structs.replace(actor, roles=frozenset(role for role in actor.roles if role in rules and rules[role].own))


def is_listed(definition: Definition, state: str, actor: Actor, sides: Set[str] = frozenset()) -> bool:
    """Whether a list may show the actor a case in this state, where `sides` are the roles in which they are on it."""
    rules = definition.workflow.seen_by
    return any(
        (not rules[role].states or state in rules[role].states) and (not rules[role].own or role in sides)
        for role in actor.roles
        if role in rules
    )


def may_see_collection(definition: Definition, collection: str, actor: Actor) -> bool:
    """Whether the actor sees the collection's items at all; not where they read no more what those are called by."""
    spec = definition.collection(collection)
    if actor.no_more and spec.called in hidden_of_items(definition, collection, actor):
        return False
    return not spec.seen_by or actor.is_clock or actor.has_any(spec.seen_by)


def may_fire(definition: Definition, snapshot: Snapshot, spec: EventSpec, actor: Actor) -> bool:
    """Whether the actor holds a role this event is for; a party's role counts only on its own cases."""
    by = tuple(
        role for role in spec.by if role not in spec.only or _is_named(definition, snapshot, spec.only[role], actor)
    )
    return acts_as(definition, snapshot, by, actor)


def _is_named(definition: Definition, snapshot: Snapshot, field: str, actor: Actor) -> bool:
    """Whether the field names the actor; of several people, all are meant while nobody is chosen."""
    named = snapshot.fields.get(field)
    if definition.workflow.fields[field].type is FieldType.PEOPLE:
        return not named or actor.id in named
    return named == actor.id


def acts_as(definition: Definition, snapshot: Snapshot, roles: tuple[str, ...], actor: Actor) -> bool:
    """Whether the actor holds one of the roles on this case; a party's counts only on its own."""
    held = {role for role in actor.roles if _holds_here(definition, snapshot, role, actor)}
    return not held.isdisjoint(roles)


def _holds_here(definition: Definition, snapshot: Snapshot, role: str, actor: Actor) -> bool:
    """Whether the role is theirs on this case; of two outsiders each has only their own."""
    if _is_by_link(definition, role):
        return came_by_link(definition, snapshot, actor)
    if role not in definition.party_roles or snapshot.state == START:
        return True  # Nobody is a case's party before it has begun.
    return _is_party(snapshot, role, actor)


def acting_on(definition: Definition, snapshot: Snapshot, actor: Actor) -> Actor:
    """The actor with those of their roles that count on this case: who is on one side of it reads as that side."""
    rules = definition.workflow.seen_by
    if actor.id in hidden_from(definition, snapshot.fields):
        actor = as_party_alone(definition, actor)
    counts = (
        role
        for role in actor.roles
        if _holds_here(definition, snapshot, role, actor) or (role in rules and not rules[role].own)
    )
    return structs.replace(actor, roles=frozenset(counts), no_more=_no_more(definition, snapshot.state))


def _no_more(definition: Definition, state: str) -> frozenset[tuple[str, str]]:
    """Roles, each with a class that it does not read on a case in this state, though it does in others."""
    rules = definition.workflow.seen_by.items()
    return frozenset((role, one) for role, rule in rules for one, states in rule.no_more.items() if state in states)


def _is_party(snapshot: Snapshot, role: str, actor: Actor) -> bool:
    """Whether the case names them in the role, or somebody whose colleague they are."""
    if actor.id in snapshot.colleagues.get(role, ()):
        return True
    return actor.id in snapshot.parties and snapshot.party_roles.get(role, actor.id) == actor.id


def named_for(snapshot: Snapshot, actor: Actor) -> int | None:
    """Whom the case names where the actor is there as their colleague; else the actor."""
    if actor.id in snapshot.party_roles.values():
        return actor.id
    roles = (role for role in sorted(snapshot.colleagues) if actor.id in snapshot.colleagues[role])
    return next((snapshot.party_roles[role] for role in roles), actor.id)


def came_by_link(definition: Definition, snapshot: Snapshot, actor: Actor) -> bool:
    """Whether the actor is one of those who may read this very case by a link, as it stands now."""
    spec = definition.workflow.read_by_link
    if spec is None or actor.by_link is None or actor.by_link[0] != snapshot.reference:
        return False
    item = snapshot.item(spec.of, actor.by_link[1])
    return item is not None and item.status in spec.readers


def _is_by_link(definition: Definition, role: str) -> bool:
    spec = definition.workflow.read_by_link
    return spec is not None and spec.role == role


def _owns(definition: Definition, snapshot: Snapshot, role: str, actor: Actor) -> bool:
    """Whether it is a case of their own in the role, for one of its outsiders or whoever came by a link to it."""
    if _is_by_link(definition, role):
        return came_by_link(definition, snapshot, actor)
    return _is_party(snapshot, role, actor)


def reads_pupils(council: Council, actor: Actor) -> bool:
    """Whether the actor is staff who may read what is about children, and so every pupil's record."""
    held = (council.roles[role] for role in actor.roles if role in council.roles)
    return any(role.audience == STAFF and PrivacyClass.CHILD in role.sees for role in held)


def passes_on(council: Council, actor: Actor, role: str) -> bool:
    """Whether the actor gives tasks of a role of staff to whoever holds it: their own role's, or as theirs says."""
    known = council.roles.get(role)
    held = (council.roles[one] for one in actor.roles if one in council.roles)
    is_theirs = role in actor.roles or any(role in one.passes_on for one in held)
    return is_theirs and (known is None or known.audience == STAFF)


def role_reads(council: Council, role: str, field: FieldSpec) -> bool:
    """Whether the role is told the answer to this question: its class is one the role sees, and `read` lets it."""
    known = council.roles.get(role)
    return known is not None and field.privacy in known.sees and (not field.read or role in field.read)


def may_read(definition: Definition, field: FieldSpec, actor: Actor) -> bool:
    """Whether any of the actor's roles is told the answer to this question, on a page if not in an e-mail."""
    council = definition.council
    return actor.is_clock or any(
        role_reads_on_pages(council, role, field) and (role, field.privacy) not in actor.no_more for role in actor.roles
    )


def role_reads_on_pages(council: Council, role: str, field: FieldSpec) -> bool:
    """Whether the role reads it anywhere, or is named as its reader and may see its class on pages of its own cases."""
    known = council.roles.get(role)
    is_named = known is not None and role in field.read and field.privacy in known.sees_on_pages
    return role_reads(council, role, field) or is_named


def hidden_of_items(definition: Definition, collection: str, actor: Actor) -> frozenset[str]:
    """The questions asked about the collection's items whose answers the actor is not told."""
    return not_told_of_items(definition, collection, lambda field: may_read(definition, field, actor))


def readable(definition: Definition, form: Mapping[str, FieldSpec], actor: Actor) -> dict[str, FieldSpec]:
    """Those of the questions whose answers the actor is told."""
    return {name: field for name, field in form.items() if may_read(definition, field, actor)}


def not_told_of_items(definition: Definition, collection: str, reads: Callable[[FieldSpec], bool]) -> frozenset[str]:
    """What is asked or drawn about the collection's items that is not for whoever `reads` speaks of."""
    return frozenset(name for name, field in definition.said_of_items(collection) if not reads(field))


def asked_of(form: Mapping[str, FieldSpec], actor: Actor) -> dict[str, FieldSpec]:
    """Those of the form's questions that the actor may answer; the others are not asked of them."""
    return {name: field for name, field in form.items() if not field.write or actor.has_any(field.write)}


def form_for(definition: Definition, state: str, event: str, actor: Actor) -> Mapping[str, FieldSpec]:
    """The same of an event that the state has."""
    form = definition.forms[state, event]
    return asked_of(form, actor) if definition.asked[state, event].for_some else form
