"""What a notice may speak of: what is known of the case in words, as far as the role it goes to may read it."""

from collections.abc import Mapping
from datetime import date, datetime
from functools import partial
from typing import Any

from msgspec import Struct

from apflow.core.days.calendar import LONDON, local_date
from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.fields import FieldSpec
from apflow.core.definition.labels import STAFF
from apflow.core.facts import items_of
from apflow.core.firing.overrides import in_words
from apflow.core.outcome import Entry, Outcome, Send
from apflow.core.people.actor import Actor
from apflow.core.people.permission import may_read, not_told_of_items, role_reads
from apflow.core.snapshot import RunningDeadline, Snapshot
from apflow.letters.lazily import Lazily

# Whatever else a template may speak of are the names of the workflow's own fields, answers and collections.
SPOKEN_OF: Mapping[str, tuple[str, ...]] = {
    "to": ("name", "audience", "organisation", "kind", "pupils_there", "left_out"),
    "case": ("reference", "title", "state"),
    "deadline": ("label", "on", "time", "left"),
    "override": ("guard", "by", "until", "reason"),
    "council": ("name", "short_name", "team", "mailbox", "telephone", "review_by", "review_within"),
}
OF_AN_ITEM = ("label", "status", "status_label", "reason", "required", "section_label", "expires_on", "days_left")


class Recipient(Struct, frozen=True):
    """One person or mailbox a message is for; `id` is None for a mailbox and for a party about to be added.

    Somebody on a register of records has the number of theirs, its `kind` and how many of their pupils are `there`.
    `left_out` is whoever was invited to a meeting, and is not among those invited any longer. Whoever reads the case by
    a link of their own is the `item` of that key, and is not called by their name, which may be a child's as well.
    `unreached` is why nothing is sent to somebody who should hear of it, for an officer to tell them otherwise.
    `covering` says for whom somebody is written to who covers for them, and is told what they may read themselves.
    """

    id: int | None
    name: str
    email: str
    audience: str
    is_party: bool = False
    commissioner: int | None = None
    organisation: str = ""
    kind: str = ""
    pupils_there: int = 0
    left_out: bool = False
    item: str = ""
    unreached: str = ""
    covering: str = ""
    reads_as: Actor | None = None

    @property
    def greeted(self) -> str:
        """The name after Dear, and why it comes to somebody whose case it is not."""
        return f"{self.name} ({self.covering})" if self.covering else self.name


def context_of(
    definition: Definition,
    after: Snapshot,
    outcome: Outcome,
    send: Send,
    recipient: Recipient,
    link: str,
    now: datetime,
    *,
    names: words.Names = words.NO_NAMES,
    reader: Actor | None = None,
) -> dict[str, Any]:
    """What a template may speak of: words only, never rows, so that rendering needs no database."""
    fields = definition.workflow.fields
    form = definition.forms.get((outcome.entry.from_state, outcome.entry.name), {})

    def in_words(asked: Mapping[str, FieldSpec], answers: Mapping[str, Any], name: str) -> str | None:
        spec = asked[name]
        return words.in_words(spec, answers.get(name), names) if _tells(definition, send.role, reader, spec) else None

    return {
        "to": {
            "name": recipient.greeted,
            "audience": recipient.audience,
            "organisation": recipient.organisation,
            "kind": recipient.kind,
            "pupils_there": recipient.pupils_there,
            "left_out": recipient.left_out,
        },
        "case": {
            "reference": after.reference,
            "title": definition.title_of(after.fields),
            "state": definition.state(after.state).label.to(recipient.audience),
        },
        "fields": Lazily(fields, partial(in_words, fields, after.fields)),
        "answers": Lazily(form, partial(in_words, form, outcome.entry.answers)),
        "deadline": _deadline(definition, after, send, now),
        "override": _override(outcome.entry, recipient),
        "items": Lazily(
            definition.workflow.collections,
            partial(_items, definition, after, send.role, recipient.audience, now),
        ),
        "council": _council(definition.council),
        "link": link,
    }


def _council(council: Council) -> dict[str, str | None]:
    review = council.review_of_decisions
    return {
        "name": council.council,
        "short_name": council.short_name,
        "team": council.team,
        "mailbox": council.mailbox,
        "telephone": council.telephone,
        "review_by": review.by if review else "",
        "review_within": str(review.within) if review else "",
    }


def _override(entry: Entry, recipient: Recipient) -> dict[str, str] | None:
    """The guard that was set aside, by whom and until when; why is for staff."""
    if entry.kind != "override" or not entry.set_aside:
        return None
    ((guard, one),) = entry.set_aside.items()
    reason = one.reason if recipient.audience == STAFF else ""
    return {"guard": in_words(guard), "by": one.by, "until": words.day(one.until), "reason": reason}


def told(
    definition: Definition, role: str, reader: Actor | None, form: Mapping[str, FieldSpec], answers: Mapping[str, Any]
) -> dict[str, Any]:
    """The answers that a message to this role may have in it."""
    return {
        name: value for name, value in answers.items() if name in form and _tells(definition, role, reader, form[name])
    }


def _tells(definition: Definition, role: str, reader: Actor | None, spec: FieldSpec) -> bool:
    return role_reads(definition.council, role, spec) and (reader is None or may_read(definition, spec, reader))


def spoken_of(definition: Definition, after: Snapshot, send: Send) -> RunningDeadline | None:
    """The deadline that a notice speaks of: the one that sends it, the one it is about, or the state's first."""
    own = (name for name in definition.state(after.state).deadlines if name in after.deadlines)
    return after.deadlines.get(send.deadline or send.about or next(own, ""))


def _deadline(definition: Definition, after: Snapshot, send: Send, now: datetime) -> dict[str, str] | None:
    running = spoken_of(definition, after, send)
    if running is None:
        return None
    spec, due_at = definition.deadlines[after.state][running.name], send.due_at or running.due_at
    in_london = due_at.astimezone(LONDON)
    return {
        "label": spec.label,
        "on": words.day(in_london.date()),
        "time": words.clock(in_london.time()),
        "left": words.left(due_at, now, definition.calendar, running.within.unit),
    }


def _items(
    definition: Definition, after: Snapshot, role: str, audience: str, now: datetime, collection: str
) -> list[dict[str, Any]]:
    """The items of a collection as the role may be told of them; none of one that it does not see at all."""
    seen_by = definition.workflow.collections[collection].seen_by
    if seen_by and role not in seen_by:
        return []
    hidden = not_told_of_items(definition, collection, lambda field: role_reads(definition.council, role, field))
    found = items_of(definition, after, collection).values()
    shown = ({name: value for name, value in facts.items() if name not in hidden} for facts in found)
    return [_item(definition, collection, facts, audience, local_date(now)) for facts in shown]


def _item(
    definition: Definition, collection: str, facts: Mapping[str, Any], audience: str, today: date
) -> dict[str, Any]:
    """One of them; `days_left` is how many until it runs out, below 0 once it has, None if it never does."""
    spec = definition.collection(collection)
    known = spec.statuses.get(facts["status"])
    catalogue = definition.catalogues.get(spec.catalogue or "")
    expires_on = date.fromisoformat(facts["expires_on"]) if facts.get("expires_on") else None
    return {
        "label": facts["label"],
        "status": facts["status"],
        "status_label": known.label.to(audience) if known else "",
        "reason": facts.get("reason"),
        "required": facts.get("required", False),
        "expires_on": words.day(expires_on) if expires_on else "",
        "days_left": (expires_on - today).days if expires_on else None,
        "section_label": catalogue.sections.get(facts.get("section", ""), "") if catalogue else "",
    }
