"""Files of rows, however a spreadsheet saved them, and those that are not read."""

import io
import zipfile
from datetime import date, datetime
from typing import Any

import openpyxl
import pytest

from apflow.records.files import sheets
from apflow.records.files.sheets import Sheet, UnreadableFile, read_sheet


def a_workbook(*rows: list[Any]) -> bytes:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active
    for row in rows:
        book.active.append(row)
    book.save(file)
    return file.getvalue()


def a_zip(**files: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name.replace("__", "."), content)
    return file.getvalue()


def cells(sheet: Sheet) -> list[tuple[int, list[str]]]:
    return [(line.number, list(line.cells.values())) for line in sheet.lines]


@pytest.mark.parametrize(
    "content",
    [
        "Name,Town\nHill,Zoë’s End\n".encode(),
        "\ufeffName;Town\r\nHill;Zoë’s End\r\n".encode(),
        "Name\tTown\nHill\tZoë’s End".encode("utf-16"),
        "Name,Town\nHill,Zoë’s End\n".encode("cp1252"),
        '"Name","Town"\n" Hill ","Zoë’s  End"\n'.encode(),
        a_zip(edubase__csv="Name,Town\nHill,Zoë’s End\n".encode("cp1252"), readme__txt=b"x"),
        a_workbook(["Name", "Town"], ["Hill", "Zoë’s End"]),
    ],
)
def test_the_same_rows_are_read_however_they_were_saved(content: bytes) -> None:
    sheet = read_sheet(content)

    assert sheet.headings == ("Name", "Town")
    assert cells(sheet) == [(2, ["Hill", "Zoë’s End"])]


def test_rows_keep_the_number_a_spreadsheet_shows_and_empty_ones_are_passed_over() -> None:
    assert cells(read_sheet(b"\nName,Town\n,\nHill,Bath\n\nVale,Radstock\n")) == [
        (4, ["Hill", "Bath"]),
        (6, ["Vale", "Radstock"]),
    ]


def test_what_a_workbook_holds_becomes_text_as_it_is_shown() -> None:
    sheet = read_sheet(
        a_workbook(["A", "B", "C", "D", "E"], [datetime(2026, 9, 7), date(2026, 9, 7), 999901.0, 7.5, True])
    )

    assert cells(sheet)[0][1] == ["2026-09-07", "2026-09-07", "999901", "7.5", "yes"]


def test_a_cell_far_off_in_a_corner_does_no_harm() -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    assert book.active
    book.active["A1"], book.active["A2"], book.active["XFD1048576"] = "Name", "Hill", "x"
    book.save(file)

    sheet = read_sheet(file.getvalue())

    assert sheet.headings == ("Name",)
    assert [(line.number, line.cells["Name"]) for line in sheet.lines] == [(2, "Hill")]


def with_sheet(content: bytes, sheet: bytes) -> bytes:
    """The same workbook with this in place of its sheet."""
    file = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as archive, zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as other:
        for name in archive.namelist():
            other.writestr(name, sheet if name.endswith("sheet1.xml") else archive.read(name))
    return file.getvalue()


@pytest.mark.parametrize("prefix", ["", "x:"])
def test_a_row_that_goes_on_without_end_is_refused_before_it_is_made(prefix: str) -> None:
    named = f'xmlns{":x" if prefix else ""}="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    row = f"<{prefix}row>{f'<{prefix}c/>' * 30_000}</{prefix}row>"
    sheet = f"<{prefix}worksheet {named}><{prefix}sheetData>{row}</{prefix}sheetData></{prefix}worksheet>"

    with pytest.raises(UnreadableFile, match=r"more than 20,000 cells\. Save it again as CSV"):
        read_sheet(with_sheet(a_workbook(["Name"], ["Hill"]), sheet.encode()))


def test_a_sheet_that_is_no_sound_xml_is_refused_in_words() -> None:
    with pytest.raises(UnreadableFile, match="damaged"):
        read_sheet(with_sheet(a_workbook(["Name"], ["Hill"]), b"<worksheet><sheetData><row>"))


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "The file is empty."),
        (b" \n ", "The file is empty."),
        (b"Name,Town\n", "no rows below its headings"),
        (b"Name,NAME\nHill,Vale\n", "has the column “NAME” twice"),
        (b"PK\x03\x04 not really", "damaged"),
        (a_zip(a__csv=b"x", b__csv=b"y"), "no ZIP with one CSV file"),
        (a_zip(a__txt=b"x"), "no ZIP with one CSV file"),
        (a_zip(xl__xml=b"x") + b"junk", "no ZIP with one CSV file"),
        (a_zip(**{"xl/workbook__xml": b"<broken"}), "damaged"),
        (b'Name\n"' + b"x" * 200_000 + b'"', "not a sound CSV file"),
    ],
)
def test_a_file_that_is_not_read_says_why(content: bytes, said: str) -> None:
    with pytest.raises(UnreadableFile, match=said):
        read_sheet(content)


def test_a_file_that_unpacks_too_far_is_refused_before_it_is_unpacked() -> None:
    with pytest.raises(UnreadableFile, match="unpacks to far more"):
        read_sheet(a_zip(a__csv=b"0" * (sheets._BYTES_ALLOWED + 1)))
