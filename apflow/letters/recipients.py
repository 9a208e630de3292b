"""Whom a notice goes to: by its role, as the case stands once the outcome has happened."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row

from apflow.core.days.calendar import local_date
from apflow.core.definition.by_link import ByLink
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.roles import Role
from apflow.core.firing.moves import written_to
from apflow.core.outcome import Outcome, Send
from apflow.core.people.barred import KeptFrom, is_barred, is_kept_from, is_to_decide, may_be_barred
from apflow.core.people.permission import hidden_from
from apflow.core.snapshot import Item, Officer, Snapshot
from apflow.letters.around import around_the_child
from apflow.letters.barred import kept_from_case
from apflow.letters.contexts import Recipient
from apflow.letters.covering import covering_for
from apflow.provision.drawn import WITH_PUPILS_THERE
from apflow.store.people import people
from apflow.store.records.colleagues import addresses_of
from apflow.store.records.commissioned import Commissioned

KEPT_FROM = "Somebody of this name or address must not be contacted about this pupil, here or by another placement"
AT_PROVIDER = (
    "Whoever reads this address is also somebody at the provider. Ring somebody else there, such as the designated"
    " safeguarding lead or the head, and write nothing to this address"
)
NOT_TOLD_APART = (
    "Somebody of this surname must not be contacted about this pupil, here or by another placement, and nobody has said"
    " that this is somebody else. Say so on the entry, or that they must not be contacted either"
)

NOT_SETTLED = (
    "The pupil is looked after, and nobody has said yet that this person is still written to. Settle it with the"
    " social worker, and say so on the entry, or that they must not be contacted"
)

ASKED_FIRST = (
    "The council has to look first at whether this person is written to about this pupil, and has a task to do so"
    " today. Nothing goes to them until it has said that they are, or that they must not be contacted"
)


def recipients(
    connection: Connection,
    definition: Definition,
    after: Snapshot,
    send: Send,
    read: Commissioned | None,
    invited: frozenset[str],
    now: datetime,
) -> Iterable[Recipient]:
    """Whom the notice goes to, by the case as it is once the outcome has happened; of a register, as it was `read`."""
    if definition.council.roles[send.role].mail == "works_with":
        return around_the_child(connection, definition, after, send.role, local_date(now))
    usual = _of_the_role(connection, definition, after, send, read, invited, now)
    return usual if send.also is None else _with_others(connection, definition, after, send, invited, list(usual))


def _with_others(
    connection: Connection,
    definition: Definition,
    after: Snapshot,
    send: Send,
    invited: frozenset[str],
    usual: Sequence[Recipient],
) -> Iterable[Recipient]:
    """And those of the role whom a field names, each once; who covers only where they are not among them."""
    own = [one for one in usual if not one.covering]
    written_to_already = {one.email for one in own}
    left_out = hidden_from(definition, after.fields)
    others = [
        row
        for row in people.with_role(connection, send.role)
        if row.email not in written_to_already and row.id not in left_out
    ]
    chosen = after.fields.get(send.also or "") or ()
    named = [*_those(others, chosen, definition.council.roles[send.role].audience, invited)]
    yield from (*own, *named)
    yield from (one for one in usual if one.covering and one.email not in {them.email for them in named})


def _of_the_role(
    connection: Connection,
    definition: Definition,
    after: Snapshot,
    send: Send,
    read: Commissioned | None,
    invited: frozenset[str],
    now: datetime,
) -> Iterable[Recipient]:
    role = send.role
    spec = definition.council.roles[role]
    mailbox = _mailbox(definition.council, spec)
    match spec.mail:
        case "party":
            yield from _parties(connection, definition, after, role, spec.audience)
        case "everyone":
            chosen = after.fields.get(definition.workflow.writes_to.get(role, ""))
            hidden = hidden_from(definition, after.fields)
            everybody = [row for row in people.with_role(connection, role) if row.id not in hidden]
            asked = _asked(definition, after, send, everybody)
            yield from _those(asked, chosen or None, spec.audience, invited)
        case "assigned":
            officer = _officer(connection, after)
            if officer is None:
                yield from _shared(connection, definition, after, role, mailbox)
            else:
                yield Recipient(officer.id, officer.name, officer.email, spec.audience)
                yield from covering_for(connection, definition, after, role, officer.id, local_date(now))
        case "mailbox":
            yield from _shared(connection, definition, after, role, mailbox)
        case "register" if read is not None:
            rows = read.with_pupils_there if spec.register_ == WITH_PUPILS_THERE else read.everybody
            theirs = addresses_of(connection, read.provider, send.apart_from) if send.apart_from else frozenset()
            yield from (_on_the_register(row, spec.audience, theirs) for row in rows)


def _mailbox(council: Council, role: Role) -> Recipient:
    """The one the role's mail goes to: the team's own, or another that those who hold the role read."""
    email = role.mailbox or council.mailbox
    name = council.team if email == council.mailbox else role.title
    return Recipient(None, name, email, role.audience)


def _shared(
    connection: Connection, definition: Definition, after: Snapshot, role: str, mailbox: Recipient
) -> Iterable[Recipient]:
    """The mailbox; but not of a case that is hidden from somebody who reads it.

    Then each of the others of the role is written to at their own address; where nobody is left, whoever else such a
    case could have been hidden from and is not, so that somebody always hears of it.
    """
    hidden = hidden_from(definition, after.fields)
    holders = people.with_role(connection, role) if hidden else ()
    if not any(row.id in hidden for row in holders):
        yield mailbox
        return
    fields = definition.workflow.fields
    able = (
        row
        for name in definition.workflow.hidden_from
        for row in people.with_role(connection, fields[name].chosen_from)
    )
    left = [row for row in holders if row.id not in hidden] or [row for row in able if row.id not in hidden]
    yield from (
        Recipient(row.id, row.name, row.email, mailbox.audience) for row in {row.id: row for row in left}.values()
    )


def readers_by_link(
    connection: Connection, definition: Definition, by_link: ByLink, after: Snapshot, outcome: Outcome
) -> Iterable[Recipient]:
    """Those who read the case by a link and are written to by e-mail, none of them by name.

    Of one whose name or address is that of somebody who must not be contacted, here or by another case of the pupil's,
    an officer is told in their place.
    """
    role = definition.council.roles[by_link.role]
    barred = kept_from_case(connection, definition, after)
    for item in written_to(by_link, after.items.get(by_link.of, {}).values(), outcome.entry.item):
        email = str(item.data.get(by_link.email) or "").lower()
        if item.status in by_link.by_email and (why := why_not(barred, definition, item)):
            yield Recipient(None, role.title, "", role.audience, unreached=why)
        elif item.status in by_link.by_email and email:
            yield Recipient(None, role.title, email, role.audience, item=item.key)


def why_not(barred: KeptFrom, definition: Definition, item: Item) -> str:
    """Why nothing goes to this reader, for whoever sees to it; empty where it does."""
    if not is_kept_from(barred, definition, item):
        return ""
    if is_barred(barred, definition, item.data):
        return KEPT_FROM
    if may_be_barred(barred, definition, item.data):
        return NOT_TOLD_APART
    return ASKED_FIRST if is_to_decide(barred, definition, item.data) else NOT_SETTLED


def one_of_each(everyone: Iterable[Recipient]) -> Iterable[Recipient]:
    """For whoever looks first: of those on a register one with pupils there, and one without."""
    shown = set[bool]()
    for recipient in everyone:
        if recipient.commissioner is not None:
            if bool(recipient.pupils_there) in shown:
                continue
            shown.add(bool(recipient.pupils_there))
        yield recipient


def _on_the_register(row: Row[Any], audience: str, at_provider: frozenset[str]) -> Recipient:
    is_theirs = (row.email or "").lower() in at_provider
    return Recipient(
        None,
        row.contact_name or row.name,
        "" if is_theirs else row.email or "",
        audience,
        unreached=AT_PROVIDER if is_theirs else "",
        commissioner=row.id,
        organisation=row.name,
        kind=row.kind,
        pupils_there=row.pupils_there,
    )


def _those(
    everybody: Iterable[Row[Any]], chosen: Sequence[int] | None, audience: str, invited: frozenset[str]
) -> Iterable[Recipient]:
    """Those who are chosen, and whoever was invited and is chosen no longer; without a choice, all of them."""
    for row in everybody:
        is_left_out = chosen is not None and row.id not in chosen
        if not is_left_out or row.email in invited:
            yield Recipient(row.id, row.name, row.email, audience, left_out=is_left_out)


def _officer(connection: Connection, after: Snapshot) -> Officer | None:
    """Whoever the case is with now, which may be somebody else than before; nobody who is gone."""
    if after.assigned_to is None:
        return None
    if after.officer is not None and after.officer.id == after.assigned_to:
        return after.officer
    found = people.person(connection, after.assigned_to)
    return Officer(found.id, found.name, found.email) if found is not None and found.is_active else None


def _asked(definition: Definition, after: Snapshot, send: Send, everybody: Sequence[Row[Any]]) -> Iterable[Row[Any]]:
    """Of a role those whom a deadline reminds: nobody of what they have done, or of what is another's alone."""
    if send.deadline is None:
        return everybody
    tasks = [task for task in definition.state(after.state).tasks.values() if task.for_ == send.role]
    finished = {key for task in tasks if task.each for key in after.items.get(task.each, {})}
    fields = [task.person for task in tasks if task.deadline == send.deadline]
    named = {after.fields.get(field) for field in fields if field}
    theirs = [row for row in everybody if row.id in named] if all(fields) else []
    return [row for row in theirs or everybody if str(row.id) not in finished]


def _parties(
    connection: Connection, definition: Definition, after: Snapshot, role: str, audience: str
) -> Iterable[Recipient]:
    """The outsider in the role at the address the case now has, who may be new to us."""
    for party in definition.workflow.parties:
        email = str(after.fields.get(party.email) or "").lower()
        if party.role == role and email:
            known = people.person_by_email(connection, email)
            name = str(after.fields.get(party.name) or email)
            yield Recipient(known.id if known else None, name, email, audience, is_party=True)
