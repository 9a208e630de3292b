"""An invoice beside what was agreed and what was done: what somebody should see before it is paid. Pure."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from apflow.core import money
from apflow.core.definition.words import short_day

WITHDRAWN = "withdrawn"
_PAID = ("paid", "settled")


@dataclass(frozen=True, slots=True)
class Invoice:
    """One invoice: from whom to whom, for which days of which placement, over how much, and what was paid of it.

    Of parents with a personal budget all that `commissioner` says is that: `written_to` tells them apart.
    """

    reference: str
    state: str
    number: str
    provider: str
    commissioner: str
    first: date | None
    last: date | None
    amount: Decimal
    pay_by: date | None
    paid: Decimal | None = None
    paid_on: date | None = None
    credited: Decimal = Decimal()
    placement: int | None = None
    pupil: int | None = None
    starts: date | None = None
    ends: date | None = None
    written_to: str = ""

    @property
    def is_withdrawn(self) -> bool:
        return self.state == WITHDRAWN

    @property
    def numbered(self) -> tuple[str, str]:
        """Whose it is, and its number however it was typed: nobody gives a number twice."""
        return self.provider, self.number.casefold().strip()

    @property
    def owed(self) -> Decimal:
        """What it comes to, less what was credited; nothing once it is withdrawn."""
        return Decimal() if self.is_withdrawn else self.amount - self.credited


@dataclass(frozen=True, slots=True)
class Agreed:
    """What the placement came to in the time of the invoice; no `cost` where none is on record for some of it."""

    cost: Decimal | None
    school_days: int
    attended: int
    absent: int


class Beside:
    """Many invoices by what shows that two are for one thing, so that none is looked for among all the others."""

    def __init__(self, every: Iterable[Invoice]) -> None:
        self._numbered: defaultdict[tuple[str, str], list[Invoice]] = defaultdict(list)
        self._placed: defaultdict[int, list[Invoice]] = defaultdict(list)
        for one in every:
            self._numbered[one.numbered].append(one)
            if one.placement is not None:
                self._placed[one.placement].append(one)

    def those(self, invoice: Invoice) -> Sequence[Invoice]:
        """Those with its number from its provider, and those for its placement; itself among them."""
        numbered = self._numbered.get(invoice.numbered, [])
        placed = self._placed.get(invoice.placement, []) if invoice.placement is not None else []
        return [*numbered, *(one for one in placed if one.numbered != invoice.numbered)]


def invoice_of(row: Any) -> Invoice:
    """One as the store reads it."""
    said: Mapping[str, Any] = row.fields
    is_paid = row.state in _PAID  # What was paid stays said where that was taken back.
    return Invoice(
        reference=row.reference,
        state=row.state,
        number=str(said.get("invoice_number", "")),
        provider=str(said.get("organisation", "")),
        commissioner=str(said.get("commissioner", "")),
        first=_day(said.get("period_from")),
        last=_day(said.get("period_until")),
        amount=money.as_number(said.get("amount")) or Decimal(),
        pay_by=_day(said.get("pay_by")),
        paid=money.as_number(said.get("paid")) if is_paid else None,
        paid_on=_day(said.get("paid_on")) if is_paid else None,
        credited=money.as_number(said.get("credited")) or Decimal(),
        placement=row.placement,
        pupil=row.pupil_id,
        starts=row.starts_on,
        ends=row.ends_on,
        written_to=str(said.get("your_email", "")),
    )


def to_look_at(invoice: Invoice, every: Iterable[Invoice], agreed: Agreed | None) -> list[str]:
    """What does not fit, each in a sentence; nothing of one that is withdrawn."""
    if invoice.is_withdrawn:
        return []
    others = [one for one in every if one.reference != invoice.reference and not one.is_withdrawn]
    return [*_twice(invoice, others), *_outside(invoice), *_beyond(invoice), *_against(invoice, agreed)]


def _twice(invoice: Invoice, others: Sequence[Invoice]) -> Iterator[str]:
    for one in others:
        if one.numbered == invoice.numbered:
            yield f"{one.reference} from {one.provider} has the same number, {one.number}."
        elif invoice.placement is not None and one.placement == invoice.placement and _overlap(one, invoice):
            yield f"Invoice {one.number} ({one.reference}) is for some of the same days of this placement."


def _overlap(one: Invoice, other: Invoice) -> bool:
    if one.first is None or one.last is None or other.first is None or other.last is None:
        return False
    return one.first <= other.last and other.first <= one.last


def _outside(invoice: Invoice) -> Iterator[str]:
    """Days on which nobody was placed there."""
    if invoice.first and invoice.starts and invoice.first < invoice.starts:
        yield f"It is for days before the placement's first day, {short_day(invoice.starts)}."
    if invoice.last and invoice.ends and invoice.last > invoice.ends:
        yield f"It is for days after the placement's last day, {short_day(invoice.ends)}."


def _beyond(invoice: Invoice) -> Iterator[str]:
    """Sums that go beyond what it came to."""
    if invoice.credited > invoice.amount:
        yield "More is credited than it came to."
    if invoice.paid is not None and invoice.paid > invoice.owed:
        yield f"£{invoice.paid - invoice.owed:,.2f} more was paid than is owed."


def _against(invoice: Invoice, agreed: Agreed | None) -> Iterator[str]:
    if agreed is None:
        return
    if agreed.school_days and not agreed.attended + agreed.absent:
        yield "No session of this time is marked as attended, or as an absence."
    elif agreed.school_days and not agreed.attended:
        yield "Nobody was there at any session of this time that was marked."
    if agreed.cost is not None and invoice.owed != agreed.cost:
        difference = invoice.owed - agreed.cost
        how = "more" if difference > 0 else "less"
        yield f"It is £{abs(difference):,.2f} {how} than what was agreed comes to for the school days of this time."


def _day(text: Any) -> date | None:
    return date.fromisoformat(text) if text else None
