"""Rows as a CSV file that a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Sequence

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UTF8_MARK = "\ufeff"  # Without it Excel takes the file for another encoding.


def csv_of(headings: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """The rows under their headings; what a spreadsheet would take for a formula is marked as text."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(headings)
    writer.writerows([as_text(cell) for cell in row] for row in rows)
    return _UTF8_MARK + file.getvalue()


def as_text(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet would calculate it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell
