"""Invoices of a time beside what was agreed: what to look at, and what each commissioner was sent and paid."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Request, Response, get

from apflow.core.definition.labels import STAFF
from apflow.provision.invoicing import Agreed, Beside, Invoice, to_look_at
from apflow.records.figures.invoicing import agreed_for, every_invoice
from apflow.store.reading.invoices import WORKFLOW
from apflow.web.concurrency import threaded
from apflow.web.lists.files import AskedFor, Table, files_of
from apflow.web.lists.saved import listed_as
from apflow.web.lists.view import View
from apflow.web.records.asked_time import AskedTime, asked_time
from apflow.web.records.recording import Keeping, keeping
from apflow.web.render import page

_ADDRESS = "/invoices"
_TOTALS = f"{_ADDRESS}/totals"
_HEADINGS = ("Reference", "Number", "Provider", "Commissioner", "From", "Until", "How it stands", "Amount in pounds")
_OF_MONEY = ("Credited in pounds", "Owed in pounds", "Agreed in pounds", "Owed less agreed in pounds")
_OF_PAYING = ("To be settled by", "Paid in pounds", "Paid on")
_OF_SESSIONS = ("School days", "Sessions attended", "Sessions absent", "To look at")
_OF_TOTALS = (
    "Commissioner",
    "Provider",
    "Invoices",
    "Withdrawn",
    "Owed in pounds",
    "Paid in pounds",
    "Unpaid in pounds",
)


@dataclass(frozen=True, slots=True)
class Line:
    """One invoice with how it stands, what was agreed, and what does not fit."""

    invoice: Invoice
    state: str
    agreed: Agreed | None
    to_look_at: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Total:
    """What one commissioner was sent by one provider, or by all of them."""

    commissioner: str
    provider: str
    count: int
    withdrawn: int
    owed: Decimal
    paid: Decimal

    @property
    def unpaid(self) -> Decimal:
        return self.owed - self.paid


@get(_ADDRESS, include_in_schema=False)
@threaded
def show(request: Request[Any, Any, Any]) -> Response[Any]:
    """Those of which some day lies in the time asked for."""
    keeper = keeping(request)
    asked = asked_time(request, keeper)
    lines = _lines(keeper, asked)
    totals = totals_of(lines)
    return page(
        request,
        "records/invoices.html",
        asked=asked,
        lines=lines,
        totals=totals,
        **listed_as(request, View(_ADDRESS, len(lines), asked.query)),
        view_of_totals=View(_TOTALS, len(totals), asked.query),
        status=422 if asked.error else 200,
    )


def _lines(keeper: Keeping, asked: AskedTime) -> list[Line]:
    site = keeper.site
    if WORKFLOW not in site.library.sources:
        return []
    states = site.library.current(WORKFLOW).workflow.states
    with site.store.reading() as connection:
        every = every_invoice(connection)
        asked_for = [one for one in every if _lies_in(one, asked.first, asked.last)]
        agreed = agreed_for(connection, site.library, asked_for)
    beside, found = Beside(every), []
    for one in asked_for:
        label = states[one.state].label.to(STAFF) if one.state in states else one.state
        to_see = to_look_at(one, beside.those(one), agreed.get(one.reference))
        found.append(Line(one, label, agreed.get(one.reference), tuple(to_see)))
    keeper.note("List of invoices", [line.invoice.pupil for line in found if line.invoice.pupil])
    return found


def _lies_in(invoice: Invoice, first: date, last: date) -> bool:
    return invoice.first is not None and invoice.last is not None and invoice.first <= last and first <= invoice.last


def totals_of(lines: Sequence[Line]) -> list[Total]:
    """By commissioner and provider, each commissioner's sum after its providers, and the sum of all last."""
    found: list[Total] = []
    for commissioner in sorted({line.invoice.commissioner for line in lines}, key=str.casefold):
        theirs = [line.invoice for line in lines if line.invoice.commissioner == commissioner]
        for provider in sorted({one.provider for one in theirs}, key=str.casefold):
            found.append(_total(commissioner, provider, (one for one in theirs if one.provider == provider)))
        found.append(_total(commissioner, "All providers", theirs))
    return [*found, _total("All commissioners", "All providers", (line.invoice for line in lines))] if found else []


def _total(commissioner: str, provider: str, of: Iterable[Invoice]) -> Total:
    every = list(of)
    return Total(
        commissioner,
        provider,
        len(every),
        sum(one.is_withdrawn for one in every),
        sum((one.owed for one in every), Decimal()),
        sum((one.paid for one in every if one.paid is not None), Decimal()),
    )


def _table(asked_for: AskedFor) -> Table:
    """Each invoice."""
    keeper = keeping(asked_for.request)
    asked = asked_time(asked_for.request, keeper)
    rows = [_cells(line) for line in _lines(keeper, asked)]
    headings = (*_HEADINGS, *_OF_MONEY, *_OF_PAYING, *_OF_SESSIONS)
    return Table(f"invoices-{asked.stem}", "Invoices", headings, rows)


def _table_of_totals(asked_for: AskedFor) -> Table:
    keeper = keeping(asked_for.request)
    asked = asked_time(asked_for.request, keeper)
    rows = [
        [one.commissioner, one.provider, one.count, one.withdrawn, one.owed, one.paid, one.unpaid]
        for one in totals_of(_lines(keeper, asked))
    ]
    return Table(f"invoice-totals-{asked.stem}", "Totals of invoices", _OF_TOTALS, rows)


def _cells(line: Line) -> list[Any]:
    one, agreed = line.invoice, line.agreed
    cost = agreed.cost if agreed else None
    sessions = (agreed.school_days, agreed.attended, agreed.absent) if agreed else (None, None, None)
    told = [one.reference, one.number, one.provider, one.commissioner, one.first, one.last, line.state, one.amount]
    of_money = [one.credited, one.owed, cost, one.owed - cost if cost is not None else None]
    return [*told, *of_money, one.pay_by, one.paid, one.paid_on, *sessions, " ".join(line.to_look_at)]


ROUTES = [show, *files_of(_ADDRESS, _table), *files_of(_TOTALS, _table_of_totals)]
