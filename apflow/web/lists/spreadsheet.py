"""Rows as a CSV file or a workbook, which a spreadsheet opens without running anything in it."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from copy import copy
from datetime import date
from decimal import Decimal
from typing import Any

from litestar import Response
from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Alignment, Font
from openpyxl.utils import get_column_letter

_STARTS_A_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UTF8_MARK = "\ufeff"  # Without it Excel takes the file for another encoding.
_WIDEST, _NARROWEST = 60, 10
_MOST_IN_A_CELL = 32_767
XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
Cells = Sequence[Any]


def csv_of(headings: Sequence[str], rows: Iterable[Cells]) -> str:
    """The rows under their headings; text that a spreadsheet would take for a formula is marked, a number is none."""
    file = io.StringIO()
    writer = csv.writer(file)
    writer.writerow(headings)
    writer.writerows([as_text(cell) if isinstance(cell, str) else plain(cell) for cell in row] for row in rows)
    return _UTF8_MARK + file.getvalue()


def as_text(cell: str) -> str:
    """The cell with an apostrophe before it when a spreadsheet would calculate it."""
    return f"'{cell}" if cell.lstrip(" ").startswith(_STARTS_A_FORMULA) else cell


def workbook_of(title: str, headings: Sequence[str], rows: Iterable[Cells]) -> bytes:
    """One sheet of a workbook: numbers and dates as such, and all text as text, whatever it begins with."""
    book = Workbook(write_only=True)
    sheet = book.create_sheet(title[:31])
    every = [headings, *rows]
    sheet.freeze_panes = "A2"
    for number, column in enumerate(zip(*every, strict=True), start=1):
        longest = max(len(plain(cell)) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = max(_NARROWEST, min(_WIDEST, longest + 2))
    texts = _Texts(sheet)
    sheet.append([_styled(texts.cell(heading), Font(bold=True)) for heading in headings])
    for row in every[1:]:
        sheet.append([*_cells(texts, row)])
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def plain(cell: Any) -> str:
    """One cell as text: a date as 2026-11-28, nothing where there is nothing."""
    if cell is None:
        return ""
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def file_of(body: bytes, name: str, media_type: str) -> Response[Any]:
    """The answer that a browser saves under this name."""
    headers = {"content-disposition": f'attachment; filename="{name}"', "cache-control": "no-store"}
    return Response(body, media_type=media_type, headers=headers)


def table_file(stem: str, ending: str, title: str, headings: Sequence[str], rows: Sequence[Cells]) -> Response[Any]:
    """The rows as the kind of file that its ending says, `csv` or `xlsx`."""
    if ending == "xlsx":
        return file_of(workbook_of(title, headings, rows), f"{stem}.xlsx", XLSX)
    body = csv_of(headings, rows)
    return file_of(body.encode(), f"{stem}.csv", "text/csv")


class _Texts:
    """Cells of text on one sheet. To make anew for each how it looks would take as long as all the rest."""

    def __init__(self, sheet: Any) -> None:
        self._sheet = sheet
        self._looks = {is_long: self._look(is_long=is_long) for is_long in (False, True)}

    def _look(self, *, is_long: bool) -> Any:
        cell = WriteOnlyCell(self._sheet, "")
        cell.quotePrefix = True
        cell.alignment = Alignment(vertical="top", wrap_text=is_long)
        return cell._style

    def cell(self, text: str) -> Any:
        """Never a formula: the type is said, and a spreadsheet in which it is edited keeps to it."""
        cell = WriteOnlyCell(self._sheet, ILLEGAL_CHARACTERS_RE.sub("", text)[:_MOST_IN_A_CELL])
        cell.data_type = "s"
        cell._style = copy(self._looks[len(text) > _WIDEST])
        return cell


def _cells(texts: _Texts, row: Cells) -> Iterator[Any]:
    for cell in row:
        yield cell if cell is None or isinstance(cell, int | Decimal | date) else texts.cell(str(cell))


def _styled(cell: Any, font: Font) -> Any:
    cell.font = font
    return cell
