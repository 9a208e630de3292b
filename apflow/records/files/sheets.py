"""A file of rows as text by heading: CSV in whatever encoding and separator, XLSX, or a ZIP with one CSV."""

import csv
import io
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time
from itertools import islice
from typing import Any
from xml.parsers import expat

import openpyxl

from apflow.core.errors import Refusal
from apflow.core.firing.typed import clean

ROW_LIMIT = 200_000
_COLUMN_LIMIT = 300
_CELLS_ALLOWED = 20_000  # In one row, which its reader makes as a whole before any of it can be left out.
_EMPTY_ROWS = 1_000
_BYTES_ALLOWED = 150 * 1024 * 1024
_FIELD_LIMIT = 100_000
_SEPARATORS = (",", ";", "\t")
_WORKBOOK = "xl/workbook.xml"
_CHUNK = 1024 * 1024
# What a spreadsheet that is not sound makes its reader raise.
_UNSOUND = (
    zipfile.BadZipFile,
    zlib.error,
    EOFError,
    NotImplementedError,
    LookupError,
    ValueError,
    TypeError,
    AttributeError,
    OSError,
    SyntaxError,  # Of XML, whichever reader of it there is.
)


class UnreadableFile(Refusal):
    """The file cannot be read."""

    code = "unreadable-file"


@dataclass(frozen=True, slots=True)
class Line:
    """One row: its number as a spreadsheet shows it, and its text by heading."""

    number: int
    cells: Mapping[str, str]


@dataclass(frozen=True)
class Sheet:
    """A file's headings as it writes them, and its rows that are not empty."""

    headings: tuple[str, ...]
    lines: tuple[Line, ...]


def read_sheet(content: bytes) -> Sheet:
    """The rows of the file; UnreadableFile with how to mend it."""
    if not content.strip():
        raise UnreadableFile("The file is empty.")
    return _sheet(_workbook(content) if content.startswith(b"PK") else _csv(content))


def _sheet(rows: Iterable[Sequence[str]]) -> Sheet:
    headings: tuple[str, ...] = ()
    lines: list[Line] = []
    for number, row in enumerate(rows, start=1):
        if not any(row):
            continue
        if not headings:
            headings = tuple(row)
            _refuse_twice(headings)
            continue
        if len(lines) == ROW_LIMIT:
            raise UnreadableFile(f"The file has more than {ROW_LIMIT:,} rows. Send it in parts.")
        cells = {heading: cell for heading, cell in zip(headings, row, strict=False) if heading}
        lines.append(Line(number, cells))
    if not lines:
        raise UnreadableFile("The file has no rows below its headings.")
    return Sheet(tuple(heading for heading in headings if heading), tuple(lines))


def _refuse_twice(headings: Sequence[str]) -> None:
    named = [heading.casefold() for heading in headings if heading]
    twice = sorted({heading for heading in headings if named.count(heading.casefold()) > 1})
    if twice:
        raise UnreadableFile(f"The file has the column “{twice[0]}” twice. Take one out, or rename it.")


def _csv(content: bytes) -> Iterator[list[str]]:
    text = _decoded(content)
    first = text[: text.find("\n")] if "\n" in text else text
    separator = max(_SEPARATORS, key=first.count)
    csv.field_size_limit(_FIELD_LIMIT)
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=separator):
            yield [_tidied(cell) for cell in row[:_COLUMN_LIMIT]]
    except csv.Error as error:
        raise UnreadableFile("The file is not a sound CSV file. Save it again from the spreadsheet as CSV.") from error


def _decoded(content: bytes) -> str:
    """UTF-8 where it is that; else windows-1252, which spreadsheets and the national extract write."""
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace")
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp1252", errors="replace")


def _workbook(content: bytes) -> Iterable[list[str]]:
    """The first sheet of a workbook, or the only CSV of an archive."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            if sum(member.file_size for member in archive.infolist()) > _BYTES_ALLOWED:
                raise UnreadableFile("The file unpacks to far more than it should. Send it in parts.")
            names = archive.namelist()
            if _WORKBOOK not in names:
                return _csv(_only_csv(archive, names))
            for name in names:
                with suppress(expat.ExpatError):  # Pictures are no XML, and sheets that are not sound are told below.
                    _refuse_endless_rows(archive, name)
        return list(_rows_of(content))
    except _UNSOUND as error:
        raise UnreadableFile("The file is damaged, or is no Excel workbook. Save it again as XLSX or CSV.") from error


def _refuse_endless_rows(archive: zipfile.ZipFile, name: str) -> None:
    cells = 0

    def begin(element: str, _attributes: Mapping[str, str]) -> None:
        nonlocal cells
        kind = element.rpartition(":")[2]
        cells = 0 if kind == "row" else cells + (kind == "c")
        if cells > _CELLS_ALLOWED:
            raise UnreadableFile(f"A row of the file has more than {_CELLS_ALLOWED:,} cells. Save it again as CSV.")

    reader = expat.ParserCreate()
    reader.StartElementHandler = begin
    with archive.open(name) as part:
        while chunk := part.read(_CHUNK):
            reader.Parse(chunk, False)
    reader.Parse(b"", True)


def _rows_of(content: bytes) -> Iterator[list[str]]:
    """The rows until a thousand empty ones: spreadsheets often say that they go on to the end of the world.

    They are read one by one, as a reader that makes one block of a sheet gives out at a cell far off in a corner.
    """
    empty = 0
    book = openpyxl.load_workbook(io.BytesIO(content), read_only=True, data_only=True)
    try:
        rows: Iterable[Any] = book.worksheets[0].iter_rows(max_col=_COLUMN_LIMIT, values_only=True)
        for row in islice(rows, ROW_LIMIT + 2):
            read = [_tidied(_text(cell)) for cell in row]
            yield read
            empty = 0 if any(read) else empty + 1
            if empty == _EMPTY_ROWS:
                return
    finally:
        book.close()


def _only_csv(archive: zipfile.ZipFile, names: Sequence[str]) -> bytes:
    found = [name for name in names if name.lower().endswith(".csv")]
    if len(found) != 1:
        raise UnreadableFile("This is no Excel workbook (XLSX), and no ZIP with one CSV file in it.")
    return archive.read(found[0])


def _text(value: Any) -> str:
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case datetime():
            return value.date().isoformat() if value.time() == time() else value.isoformat(sep=" ")
        case date():
            return value.isoformat()
        case float() if value.is_integer():
            return str(int(value))
        case _:
            return str(value)


def _tidied(text: str) -> str:
    return " ".join(clean(text).split())
