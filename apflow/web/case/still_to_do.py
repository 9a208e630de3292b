"""What a provider can do while it is the council's move: read the note of a visit, and write its entry on the list."""

from collections.abc import Iterable, Sequence

from apflow.core.firing.offers import Offer
from apflow.store.reading.history import HistoryView
from apflow.web.case.opened import Opened

ENTRY = "entry"  # The form that asks what people should read about them.
RECORD_VISIT, ANSWER_NOTE = "record_visit", "answer_note"


def note_to_read(entries: Sequence[HistoryView], offers: Iterable[Offer]) -> Offer | None:
    """What says that the last note of a visit is read, while nobody has said it of that one."""
    said = [entry.name for entry in entries if entry.kind == "event" and entry.name in (RECORD_VISIT, ANSWER_NOTE)]
    is_unread = bool(said) and said[-1] == RECORD_VISIT
    return _offered(offers, ANSWER_NOTE) if is_unread else None


def entry_to_write(opened: Opened, offers: Iterable[Offer]) -> Offer | None:
    """What asks for the entry on the list, from the last step before it on, while nothing is in it."""
    workflow = opened.definition.workflow
    asked = workflow.forms.get(ENTRY, {})
    if opened.snapshot.state not in workflow.journey[-2:] or any(opened.snapshot.fields.get(name) for name in asked):
        return None
    return next((offer for offer in offers if offer.is_possible and ENTRY in offer.spec.asks), None)


def _offered(offers: Iterable[Offer], event: str) -> Offer | None:
    return next((offer for offer in offers if offer.event == event and offer.is_possible), None)
