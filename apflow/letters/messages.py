"""From an outcome's notices to messages: who each goes to, what each says, one recipient a message."""

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from msgspec import Struct, structs
from sqlalchemy import Connection

from apflow.clock import machine_now
from apflow.core.days.calendar import local_date
from apflow.core.deadlines.changes import Changes
from apflow.core.definition import words
from apflow.core.definition.asked import NOTHING_ASKED
from apflow.core.definition.by_link import in_days
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.labels import STAFF
from apflow.core.outcome import Outcome, Send
from apflow.core.people.actor import Actor
from apflow.core.snapshot import Snapshot
from apflow.letters.contexts import Recipient, context_of, spoken_of, told
from apflow.letters.invitations import invitation, uid_of
from apflow.letters.notices import Notices
from apflow.letters.recipients import one_of_each, readers_by_link, recipients
from apflow.letters.unwritten import written
from apflow.store.outbox import invited_to
from apflow.store.people import people
from apflow.store.people.sign_in import hashed
from apflow.store.records.commissioned import Commissioned

PUBLIC_LIST = "/approved-list"
FOR_READERS = "/for-parents"
NO_ADDRESS = "We have no email address for them."


class Batch(Struct, frozen=True):
    """The rows one command adds to the outbox, the one-use links its messages carry, and the links of `readers`."""

    messages: list[Mapping[str, Any]] = []
    links: list[Mapping[str, Any]] = []
    readers: list[Mapping[str, Any]] = []


@dataclass(frozen=True)
class Letters:
    """Writes messages: with the council's templates, from its address, linking to where it is served."""

    notices: Notices
    base_url: str
    mail_from: str

    def write(
        self,
        connection: Connection,
        definition: Definition,
        snapshot: Snapshot,
        outcome: Outcome,
        now: datetime,
        *,
        read: Commissioned | None = None,
        reader: Actor | None = None,
        only: str = "",
    ) -> Batch:
        """Every message of the outcome, rendered for each of its recipients; or for a `reader` who looks at them first.

        With `only` those to this address.

        A message has nothing in it that its recipient's role, or the reader before them, may not read. Whoever is on
        the register of commissioners is as they were `read` for the decision.
        """
        batch = Batch()
        if not outcome.sends:
            return batch
        after = case_after(snapshot, outcome)
        names = people.names(connection, _people_in(definition, outcome))
        for send in outcome.sends:
            invited = _invited(connection, snapshot, send)
            everyone = _everyone(connection, definition, after, outcome, send, read, invited, now)
            everyone = [one for one in everyone if one.email == only] if only else everyone
            for recipient in everyone if reader is None else one_of_each(everyone):
                one = _for_their_calendar(send, recipient, invited)
                self._add(
                    batch,
                    definition,
                    after,
                    outcome,
                    one,
                    recipient,
                    now,
                    names=names,
                    reader=reader or recipient.reads_as,
                )
        return batch

    def _add(
        self,
        batch: Batch,
        definition: Definition,
        after: Snapshot,
        outcome: Outcome,
        send: Send,
        recipient: Recipient,
        now: datetime,
        *,
        names: words.Names,
        reader: Actor | None,
    ) -> None:
        links, readers = len(batch.links), len(batch.readers)
        link = self._link(batch, definition, after.reference, recipient, now)
        context = context_of(definition, after, outcome, send, recipient, link, now, names=names, reader=reader)
        said = written(self.notices, f"{definition.name}/{send.notice}", context, after.reference)
        if said.slip is not None:
            del batch.links[links:], batch.readers[readers:]  # Nobody is given one that could not be written.
        error = said.slip if recipient.email else recipient.unreached or NO_ADDRESS
        batch.messages.append(
            {
                "notice": f"{definition.name}/{send.notice}",
                "deadline": send.deadline,
                "message_id": message_id(self.mail_from),
                "to_person": recipient.id,
                "to_name": recipient.name,
                "to_email": recipient.email,
                "to_commissioner": recipient.commissioner,
                "pupils_there": None if recipient.commissioner is None else recipient.pupils_there,
                "subject": said.rendered.subject,
                "text": said.rendered.text,
                "html": said.rendered.html,
                "invitation": None if said.slip else self._invitation(definition, after, send, recipient, now),
                "status": "failed" if error else "queued",
                "error": error,
                "queued_at": now,
                "next_at": goes_at(definition, after, outcome, send, now)
                + _time_to_undo(definition.council, outcome, recipient),
                "together": recipient.audience if waits_for_others(definition, send, recipient) else None,
                "of_version": None,
            }
        )

    def _link(self, batch: Batch, definition: Definition, reference: str, recipient: Recipient, now: datetime) -> str:
        """Where the message leads: for an outsider a page whose button signs them in, once."""
        if (by_link := definition.workflow.read_by_link) is not None and recipient.item:
            token, link = reader_link(recipient.item, in_days(by_link.link_lasts), now)
            batch.readers.append(link)
            return f"{self.base_url}{FOR_READERS}/{token}"
        if recipient.commissioner is not None:
            return f"{self.base_url}{PUBLIC_LIST}"  # They have no account here, and see nothing of the case.
        page = f"/cases/{reference}"
        if not recipient.is_party:
            return f"{self.base_url}{page}"
        way, link = party_link(definition.council, recipient.id, page)
        batch.links.append({**link, "to_email": recipient.email})
        return f"{self.base_url}{way}"

    def _invitation(
        self, definition: Definition, after: Snapshot, send: Send, recipient: Recipient, now: datetime
    ) -> str | None:
        if send.invite is None:
            return None
        fields = definition.workflow.fields
        return invitation(
            send.invite,
            told(definition, send.role, None, fields, after.fields),
            reference=after.reference,
            title=definition.title_of(after.fields),
            sequence=after.version,
            organiser=self.mail_from,
            attendee=recipient.email,
            length=definition.council.meeting_length,
            now=now,
        )


def _invited(connection: Connection, snapshot: Snapshot, send: Send) -> frozenset[str]:
    """The addresses that are invited to the meeting already, if it is about one."""
    if send.invite is None:
        return frozenset()
    return invited_to(connection, snapshot.id, uid_of(snapshot.reference, send.invite))


def _everyone(
    connection: Connection,
    definition: Definition,
    after: Snapshot,
    outcome: Outcome,
    send: Send,
    read: Commissioned | None,
    invited: frozenset[str],
    now: datetime,
) -> Iterable[Recipient]:
    """Everybody whom this notice is for, or of them those for whom it is news."""
    if (by_link := definition.workflow.read_by_link) is not None and by_link.role == send.role:
        everyone = readers_by_link(connection, definition, by_link, after, outcome)
    else:
        everyone = recipients(connection, definition, after, send, read, invited, now)
    return [one for one in everyone if one.left_out or _is_news(send, one, invited)] if send.only_news else everyone


def party_link(council: Council, person: int | None, page: str) -> tuple[str, dict[str, Any]]:
    """A new way for an outsider to a page, whose button signs them in once, and the row that will know it."""
    token, issued = secrets.token_urlsafe(24), machine_now()
    row = {"token_hash": hashed(token), "person_id": person, "next_path": page}
    return f"/continue/{token}", {**row, "created_at": issued, "expires_at": issued + council.ways_in.link}


def reader_link(key: str, days: int, now: datetime) -> tuple[str, dict[str, Any]]:
    """A new token for the reader who is this item, and the row that will know it; its case is added with the commit."""
    token = secrets.token_urlsafe(24)
    return token, code_link(token, key, days, now)


def code_link(code: str, key: str, days: int, now: datetime) -> dict[str, Any]:
    """The row that knows a token or a code of the reader who is this item, for so many days."""
    expires_at = machine_now() + timedelta(days=days)
    return {"token_hash": hashed(code), "key": key, "made_at": now, "expires_at": expires_at}


def message_id(mail_from: str) -> str:
    """A new Message-ID, kept however often the message is tried."""
    return f"<{secrets.token_hex(16)}@{mail_from.partition('@')[2]}>"


def case_after(snapshot: Snapshot, outcome: Outcome) -> Snapshot:
    """The case as the outcome will leave it, for its messages to speak of."""
    changes = Changes(outcome.started, outcome.altered, outcome.stopped)
    running = changes.running(snapshot.deadlines).items()
    return Snapshot(
        snapshot.id,
        snapshot.reference,
        snapshot.workflow,
        snapshot.digest,
        outcome.state,
        outcome.entered_at,
        snapshot.version + 1,
        outcome.fields,
        items=outcome.items_left(snapshot),
        deadlines={name: deadline for name, deadline in running if not deadline.is_unwanted},
        parties=snapshot.parties,
        party_roles=snapshot.party_roles,
        colleagues=snapshot.colleagues,
        assigned_to=outcome.assigned_to,
        officer=snapshot.officer,
    )


def _time_to_undo(council: Council, outcome: Outcome, recipient: Recipient) -> timedelta:
    """How long it waits to be taken back: to somebody outside, by what one of the staff did."""
    undo = council.undo_sending
    if undo is None or recipient.audience == STAFF or not council.is_staff(outcome.entry.actor.roles):
        return timedelta(0)
    return timedelta(seconds=undo.seconds)


def goes_at(definition: Definition, after: Snapshot, outcome: Outcome, send: Send, now: datetime) -> datetime:
    """When it goes: at once, or in the morning where the clock sends it while nobody is there and it can wait.

    What it speaks of is not due by then.
    """
    reminders, calendar = definition.council.reminders, definition.calendar
    waits = () if reminders is None else reminders.in_the_morning.get(definition.name, ())
    if send.notice not in waits or not outcome.entry.actor.is_clock or calendar.is_at_work(now):
        return now
    morning, running = calendar.next_morning(now), spoken_of(definition, after, send)
    is_due = running is not None and now < running.due_at and local_date(running.due_at) <= local_date(morning)
    return now if is_due else morning


def waits_for_others(definition: Definition, send: Send, recipient: Recipient) -> bool:
    """Whether it can go in one e-mail with others: to staff, or to an outsider who can sign in."""
    reminders = definition.council.reminders
    if reminders is None or not reminders.in_one_email or not send.together:
        return False
    return recipient.audience == STAFF or (recipient.is_party and recipient.id is not None)


def _is_news(send: Send, recipient: Recipient, invited: frozenset[str]) -> bool:
    """Whether it invites them for the first time, or takes back an invitation that they have."""
    takes_back = send.invite is not None and send.invite.cancel
    return (recipient.email in invited) is takes_back


def _for_their_calendar(send: Send, recipient: Recipient, invited: frozenset[str]) -> Send:
    """What the message does to the recipient's calendar: what nobody was invited to, nobody takes out of one.

    Who covers is told and not invited: when they cover no more, nobody would take it out of their calendar.
    """
    if send.invite is None:
        return send
    if recipient.covering:
        return structs.replace(send, invite=None)
    if recipient.left_out:
        return structs.replace(send, invite=send.invite.model_copy(update={"cancel": True}))
    return structs.replace(send, invite=None) if send.invite.cancel and recipient.email not in invited else send


def _people_in(definition: Definition, outcome: Outcome) -> set[int]:
    asked = definition.asked.get((outcome.entry.from_state, outcome.entry.name), NOTHING_ASKED)
    named = words.people_named(definition.people, outcome.fields)
    return named | words.people_named(asked.people, outcome.entry.answers)
