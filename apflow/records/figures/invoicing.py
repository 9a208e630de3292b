"""What placements came to in the time of their invoices, from the records as they are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import date

from sqlalchemy import Connection

from apflow.loader import Library
from apflow.provision.invoicing import Agreed, Invoice, invoice_of
from apflow.records.figures.provision import provided_between
from apflow.store.reading.invoices import invoices


def every_invoice(connection: Connection, *, provider: str | None = None) -> Sequence[Invoice]:
    """All of them, or those from one provider by its name, in the order in which they came."""
    return [invoice_of(row) for row in invoices(connection, provider=provider)]


def agreed_for(connection: Connection, library: Library, invoices: Iterable[Invoice]) -> dict[str, Agreed]:
    """What was agreed and attended on the school days of each one's time, by its reference, read once for each time.

    One is left out whose placement is not known, or did not run.
    """
    for_times: defaultdict[tuple[date, date], list[Invoice]] = defaultdict(list)
    for one in invoices:
        if one.placement is not None and one.first is not None and one.last is not None and one.first <= one.last:
            for_times[one.first, one.last].append(one)
    found = {}
    for (first, last), together in for_times.items():
        numbers = [one.placement for one in together if one.placement is not None]
        provided = {one.placement: one for one in provided_between(connection, library, first, last, only=numbers)}
        for one in together:
            if (ran := provided.get(one.placement or 0)) is not None:
                days = sum(end - start for start, end in ran.days)
                found[one.reference] = Agreed(ran.cost_provided, days, ran.attended, ran.absent)
    return found
