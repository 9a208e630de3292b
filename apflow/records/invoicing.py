"""What placements came to in the time of their invoices, from the records as they are."""

from collections.abc import Sequence

from sqlalchemy import Connection

from apflow.loader import Library
from apflow.provision.invoicing import Agreed, Invoice, invoice_of
from apflow.records.provision import provided_between
from apflow.store.reading.invoices import invoices


def every_invoice(connection: Connection) -> Sequence[Invoice]:
    """All of them, in the order in which they came."""
    return [invoice_of(row) for row in invoices(connection)]


def agreed_for(connection: Connection, library: Library, invoice: Invoice) -> Agreed | None:
    """What was agreed and attended on the school days of its time; None where its placement is not known or not on."""
    if invoice.placement is None or invoice.first is None or invoice.last is None or invoice.last < invoice.first:
        return None
    found = provided_between(connection, library, invoice.first, invoice.last, only=invoice.placement)
    if not found:
        return None
    (one,) = found
    days = sum(end - start for start, end in one.days)
    return Agreed(one.cost_provided, days, one.attended, one.absent)
