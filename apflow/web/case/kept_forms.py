"""The forms of a case that its reader has begun and not sent: what was typed into them waits to be gone on with."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from litestar.datastructures import MultiDict

from apflow.core.facts import items_of
from apflow.core.firing.offers import Offer
from apflow.store.beside import KeptDraft, drafts_of
from apflow.web.case.opened import Opened


@dataclass(frozen=True, slots=True)
class KeptForm:
    """One of them, with the name of the item it is about, if any; `is_new` when it was kept a moment ago.

    While it cannot be sent it says why: something may have happened since it was begun.
    """

    label: str
    about: str
    address: str
    at: datetime
    is_new: bool
    reasons: tuple[str, ...] = ()


def kept_forms(opened: Opened, params: MultiDict[str]) -> list[KeptForm]:
    """Those of what is still offered, the last kept first; the page's own address says which was kept just now."""
    with opened.site.store.reading() as connection:
        drafts = drafts_of(connection, person=opened.actor.id or 0, reference=opened.reference)
    return [one for draft in drafts for one in _form(opened, draft, params)]


def _form(opened: Opened, draft: KeptDraft, params: MultiDict[str]) -> Iterator[KeptForm]:
    offers, about = _offers(opened, draft)
    for offer in offers:
        if offer.event == draft.event and not offer.is_past:
            address = f"/cases/{opened.reference}/do/{draft.event}"
            yield KeptForm(
                label=offer.spec.label.to(opened.audience),
                about=about,
                address=f"{address}?{urlencode({'item': draft.item})}" if draft.item else address,
                at=draft.saved_at,
                is_new=(params.get("kept", ""), params.get("item", "")) == (draft.event, draft.item),
                reasons=tuple(offer.reasons),
            )


def _offers(opened: Opened, draft: KeptDraft) -> tuple[tuple[Offer, ...], str]:
    spec = opened.spec_of(draft.event)
    if spec is None or spec.item is None or not draft.item:
        return opened.offers(), ""
    found = items_of(opened.definition, opened.snapshot, spec.item.of).get(draft.item)
    return (opened.item_offers((spec.item.of, draft.item)), str(found["label"])) if found else ((), "")
