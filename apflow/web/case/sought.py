"""What else a search among cases looks at: a whole reference, and the outsiders that cases name."""

import re

from msgspec import structs

from apflow.core.definition.compiled import Definition
from apflow.core.errors import NotFound
from apflow.core.people.actor import Actor
from apflow.core.people.permission import readable
from apflow.store.reading.named import Side
from apflow.web.case.opened import open_case
from apflow.web.site import Site

_REFERENCE = re.compile(r"([A-Z]{2,4})([A-Z0-9]{4})([A-Z0-9]{4})")


def case_called(site: Site, actor: Actor, text: str) -> str | None:
    """The reference that was typed, in whatever letters and with or without its dashes, if they may see that case."""
    found = _REFERENCE.fullmatch(re.sub(r"[\s\u2010-\u2015-]", "", text).upper())
    if found is None:
        return None
    reference = "-".join(found.groups())
    try:
        open_case(site, actor, reference)
    except NotFound:
        return None
    return reference


def sides_told(definition: Definition, actor: Actor) -> tuple[Side, ...]:
    """The outsiders of whom the actor reads who they are, on every case of the workflow that they see."""
    rules = definition.workflow.seen_by
    everywhere = frozenset(role for role in actor.roles if role in rules and not rules[role].own)
    told = readable(definition, definition.workflow.fields, structs.replace(actor, roles=everywhere))
    return tuple(
        Side(party.role, party.email, (party.acts_for or "") if party.acts_for in told else "")
        for party in definition.workflow.parties
        if {party.name, party.email} <= set(told)
    )
