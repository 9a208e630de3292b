"""Sums of money: kept as text, "1234.50", so that no penny is lost to a fraction; shown as £1,234.50."""

import re
from decimal import Decimal

_WRITTEN = re.compile(r"£?([0-9]{1,9}|[0-9]{1,3}(,[0-9]{3}){1,2})(\.[0-9]{2})?")


def read(text: str) -> str | None:
    """Pounds and pence as they are kept, of what a person wrote; None when it is not a sum in pounds."""
    written = "".join(text.split())
    if not _WRITTEN.fullmatch(written):
        return None
    return f"{Decimal(written.lstrip('£').replace(',', '')):.2f}"


def in_words(kept: object) -> str:
    """The sum as people read it; whole pounds keep their pence, so that a column of sums lines up."""
    amount = as_number(kept)
    return str(kept) if amount is None else f"£{amount:,.2f}"


def as_number(kept: object) -> Decimal | None:
    """The sum to compare with; None for what is not one as it is kept."""
    return Decimal(kept) if isinstance(kept, str) and re.fullmatch(r"[0-9]{1,9}\.[0-9]{2}", kept) else None
