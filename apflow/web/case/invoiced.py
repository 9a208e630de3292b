"""An invoice's page beside what was agreed and attended, for whoever settles it, queries it or sees to it."""

from typing import Any

from apflow.core.definition.labels import STAFF
from apflow.provision.invoicing import Invoice, to_look_at
from apflow.records.figures.invoicing import agreed_for, every_invoice
from apflow.store.reading.invoices import WORKFLOW
from apflow.web.case.opened import Opened
from apflow.web.looks import note_looks


def compared(opened: Opened) -> dict[str, Any]:
    """What its page shows of that; nothing of any other case."""
    if opened.definition.name != WORKFLOW:
        return {"invoice": None}
    with opened.site.store.reading() as connection:
        every = every_invoice(connection, provider=opened.snapshot.fields.get("organisation", ""))
        invoice = next((one for one in every if one.reference == opened.reference), None)
        if invoice is None:
            return {"invoice": None}
        theirs = every if opened.audience == STAFF else [one for one in every if _is_between_them(one, invoice)]
        agreed = agreed_for(connection, opened.site.library, [invoice]).get(invoice.reference)
    note_looks(opened.site, opened.actor, f"Invoice {opened.reference}", [invoice.pupil] if invoice.pupil else [])
    return {"invoice": invoice, "agreed": agreed, "to_look_at": to_look_at(invoice, theirs, agreed)}


def _is_between_them(one: Invoice, other: Invoice) -> bool:
    """Whether both sides know of the one as they do of the other."""
    return (one.provider, one.commissioner, one.written_to) == (other.provider, other.commissioner, other.written_to)
