"""Whether whoever reads a case has signed what they can sign, and whether that has changed since somebody did."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from apflow.core.firing.offers import Offer
from apflow.store.people.reader_links import signed_of
from apflow.store.reading.history import HistoryView, history_of
from apflow.web.case.emptied import emptied_by
from apflow.web.case.opened import Opened
from apflow.web.case.timeline import Line, Told, left_unchanged


@dataclass(frozen=True, slots=True)
class ChangedSince:
    """What was done since a document was signed, and which of its answers that changed or, as said there, took out."""

    done: Line
    answers: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Signature:
    """A document, and who signed it when: for the reader's side, unless it `has_changed` since and is signed anew."""

    event: str
    title: str
    by: str
    at: datetime
    has_changed: bool
    changes: tuple[ChangedSince, ...] = ()


def to_sign(offers: Iterable[Offer]) -> list[Offer]:
    """What waits for the reader's signature, whoever else the case waits for."""
    return [offer for offer in offers if offer.is_possible and offer.spec.signs and offer.spec.emphasis == "main"]


def signatures_of(connection: Connection, opened: Opened, offers: Iterable[Offer]) -> list[Signature]:
    """One for each document that the reader may sign here and that somebody has signed; their own side's if it has."""
    found = (_signature(connection, opened, offer) for offer in offers if offer.spec.signs)
    return [one for one in found if one is not None]


def _signature(connection: Connection, opened: Opened, offer: Offer) -> Signature | None:
    name = offer.spec.signs or ""
    title = opened.definition.workflow.documents[name].title
    own = opened.snapshot.item(*offer.item) if offer.item else None
    if own is not None and own.changed_at is not None:
        by = str(own.data.get("signed_as") or own.data.get("label"))
        return Signature(offer.event, title, by, own.changed_at, has_changed=False)
    counting = opened.snapshot.items.get(offer.spec.item.of, {}) if offer.spec.item else {}
    earlier = signed_of(connection, opened.snapshot.id or 0, name)[len(counting) :]  # Those are under what it is now.
    if not earlier:
        return None
    since = history_of(connection, opened.reference, after=earlier[0].version)
    changes = tuple(_changes(opened, offer, since))
    return Signature(offer.event, title, earlier[0].signed_by, earlier[0].signed_at, has_changed=True, changes=changes)


def _changes(opened: Opened, offer: Offer, since: Iterable[HistoryView]) -> Iterator[ChangedSince]:
    """Those after which no signature stood, the oldest first."""
    definition, told = opened.definition, Told(opened.definition, opened.actor, opened.audience)
    signed, shown = definition.signed_fields(offer.spec), opened.shown
    for entry in since:
        spec = definition.events.get(entry.from_state, {}).get(entry.name)
        if entry.kind != "event" or spec is None or offer.spec.item is None or offer.spec.item.of not in spec.clears:
            continue
        if "clears" in spec.if_changed and left_unchanged(definition, entry):
            continue
        changed, emptied = entry.payload.get("changed") or {}, emptied_by(entry)
        labels = (
            f"{spec.label} (taken out)" if name in emptied else spec.label
            for name, spec in shown.items()
            if name in signed & changed.keys()
        )
        yield ChangedSince(told.brief(entry), tuple(labels))
