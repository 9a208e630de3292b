"""Telling whoever a school or a provider is written to from now on who went on acting for it beside them."""

from collections.abc import Sequence

from sqlalchemy import Connection

from apflow.clock import machine_now
from apflow.records.letters import To, Writing
from apflow.records.people.colleagues import LIST, Organisation, of_person
from apflow.store.cases.unit import Unit
from apflow.store.people.sign_in import lasting_link, queue_letter
from apflow.store.records.carried import carried_between
from apflow.store.records.colleagues import named_on
from apflow.store.records.sites import PROVIDERS

INHERITED = "colleagues/inherited"


def tell_who_comes(connection: Connection, writing: Writing, comes: Organisation, who: Sequence[str]) -> None:
    """Say who acts for them already, and lead to where they can end it; nothing where that is nobody.

    An edition that was published without this letter does not send it.
    """
    if not who or comes.person is None or INHERITED not in writing.letters.notices.names():
        return
    token = lasting_link(connection, comes.person, machine_now(), next_path=LIST, lasts=writing.council.ways_in.link)
    to = To(comes.name, comes.email, comes.person)
    letter = writing.write(INHERITED, to, f"/continue/{token}", organisation=comes.called, who=list(who))
    queue_letter(connection, dict(letter))


def tell_new_contacts(connection: Connection, writing: Writing, unit: Unit) -> None:
    """The same to everybody whom a provider's own case names now, as saved, in place of somebody else."""
    case_id = unit.snapshot.id
    if case_id is None or unit.definition.name not in PROVIDERS:
        return
    for role in {party.role for party in unit.parties} & unit.snapshot.party_roles.keys():
        named = named_on(connection, case_id, role)
        comes = of_person(connection, named.id, role) if named is not None else None
        if comes is not None and comes.person is not None:
            was = unit.snapshot.party_roles[role]
            who = carried_between(connection, was, comes.person, role, unit.outcome.entry.at)
            tell_who_comes(connection, writing, comes, who)
