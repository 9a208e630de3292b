"""Importing a file whole or not at all: what each kind of file has for columns, and what would come of a file.

A look and the import are the same work in the same transaction; after a look, or when any row is wrong, it is undone.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from apflow.core.errors import Invalid, NotFound, Stale
from apflow.records.attendance.school_years import YEAR_COLUMNS
from apflow.records.door import By, Handed, may_keep
from apflow.records.files.columns import Column, Matched, match
from apflow.records.files.sheets import Line, Sheet, UnreadableFile, read_sheet
from apflow.records.importing.besides import wrong_with_placement, wrong_with_school, wrong_with_site
from apflow.records.importing.register import REGISTER_COLUMNS, take_register
from apflow.records.importing.rows import (
    PLACEMENT_COLUMNS,
    SCHOOL_COLUMNS,
    SITE_COLUMNS,
    Rows,
    placement_row,
    school_row,
    site_row,
    year_row,
)
from apflow.store.cases.unit import Conflict
from apflow.store.driver.engine import Store

SHORT = 5_000


@dataclass(frozen=True, slots=True)
class Bad:
    """One thing wrong with one row, by the heading of the column where there is one."""

    number: int
    heading: str
    message: str


@dataclass
class Report:
    """What came of a file, or would: rows by what was done, all that is wrong, and the cases that go with it."""

    rows: int
    ignored: tuple[str, ...] = ()
    done: dict[str, int] = field(default_factory=lambda: {"added": 0, "changed": 0, "same": 0})
    bad: list[Bad] = field(default_factory=list)
    gone: int = 0
    handed: list[Handed] = field(default_factory=list)

    @property
    def bad_rows(self) -> int:
        return len({bad.number for bad in self.bad})

    @property
    def changes_nothing(self) -> bool:
        return not (self.done["added"] or self.done["changed"] or self.gone)

    @property
    def counts(self) -> dict[str, int]:
        return {**self.done, "gone": self.gone}


RowOf = Callable[[Connection, Mapping[str, str], Rows], str]
Besides = Callable[[Connection, Mapping[str, str], Rows], dict[str, str]]


@dataclass(frozen=True)
class FileKind:
    """One kind of file: its columns, what is done with a row, and what else is wrong with a row that is wrong.

    The register is taken as a whole.
    """

    title: str
    about: str
    columns: tuple[Column, ...]
    row: RowOf | None = None
    besides: Besides | None = None


FILES: Mapping[str, FileKind] = {
    "schools": FileKind(
        "Schools and other commissioners",
        "One row for each. Known ones are found by URN, else by name.",
        SCHOOL_COLUMNS,
        school_row,
        wrong_with_school,
    ),
    "years": FileKind(
        "Schools’ own term dates and INSET days",
        "One row for each school and school year. A school without one keeps the council’s.",
        YEAR_COLUMNS,
        year_row,
    ),
    "sites": FileKind(
        "Providers’ sites and opening hours",
        "One row for each site of a provider that has a case here.",
        SITE_COLUMNS,
        site_row,
        wrong_with_site,
    ),
    "placements": FileKind(
        "Placements with their pupils",
        "One row for each placement. Pupils are found by UPN, else by name and date of birth, and added when new.",
        PLACEMENT_COLUMNS,
        placement_row,
        wrong_with_placement,
    ),
    "register": FileKind(
        "The national register of establishments",
        "The extract of all establishments (edubasealldata) as it is downloaded, as CSV or in its ZIP. "
        "It takes the place of the one imported before.",
        REGISTER_COLUMNS,
    ),
}


class _Undone(Exception):
    """Nothing of this is kept."""


def look(store: Store, kind: FileKind, content: bytes, by: By) -> Report:
    """What would come of the file; UnreadableFile when it cannot be read or lacks a column."""
    return _run(store, kind, content, by, keep=False)


def bring_in(store: Store, kind: FileKind, content: bytes, by: By) -> Report:
    """Import the file in one transaction; a report with anything bad says that nothing was imported."""
    return _run(store, kind, content, by, keep=True)


def _run(store: Store, kind: FileKind, content: bytes, by: By, *, keep: bool) -> Report:
    if not may_keep(by.council, by.actor):
        raise NotFound
    sheet = read_sheet(content)
    matched = match(sheet, kind.columns)
    report = Report(len(sheet.lines), matched.ignored)
    try:
        with store.writing() as connection:
            _take(connection, kind, sheet, matched, by, report)
            if report.bad or not keep:
                raise _Undone
    except _Undone:
        pass
    except (IntegrityError, Conflict) as error:
        raise Stale from error  # As of a record that is changed by hand: looking again finds what somebody else did.
    return report


def _take(connection: Connection, kind: FileKind, sheet: Sheet, matched: Matched, by: By, report: Report) -> None:
    if kind.row is None:
        wrong = take_register(connection, sheet, matched, report.done)
        report.gone = report.done.pop("gone")
        report.bad += [Bad(number, heading, message) for number, heading, message in wrong]
        return
    if len(sheet.lines) > SHORT:
        raise UnreadableFile(f"The file has more than {SHORT:,} rows. Send it in parts.")
    rows = Rows(replace(by, named={}, handed=report.handed))
    for line in sheet.lines:
        rows.number = line.number
        said, errors = _said(kind, line, matched)
        try:
            if errors:
                raise Invalid(errors)
            report.done[kind.row(connection, said, rows)] += 1
        except Invalid as refusal:
            besides = kind.besides(connection, said, rows) if kind.besides else {}
            report.bad += _wrong(line, {**besides, **refusal.errors}, kind, matched)


def _said(kind: FileKind, line: Line, matched: Matched) -> tuple[dict[str, str], dict[str, str]]:
    """What the row says, by question, as far as it can be read, and why not; an empty cell says nothing."""
    said: dict[str, str] = {}
    errors: dict[str, str] = {}
    for column in kind.columns:
        text = line.cells.get(matched.headings.get(column.question, ""), "")
        if not text:
            if column.is_needed:
                errors[column.question] = "this cell is empty, and is needed"
            continue
        try:
            said[column.question] = column.answer(text)
        except Invalid as refusal:
            errors |= refusal.errors
    return said, errors


def _wrong(line: Line, errors: Mapping[str, str], kind: FileKind, matched: Matched) -> Iterator[Bad]:
    order = {column.question: place for place, column in enumerate(kind.columns)}
    for question, message in sorted(errors.items(), key=lambda one: order.get(one[0], len(order))):
        heading = matched.headings.get(question) or next(
            (column.name for column in kind.columns if column.question == question), ""
        )
        yield Bad(line.number, heading, message)


def counted(counts: Mapping[str, int]) -> str:
    """A report's counts in one line: "3 new, 1 changed, 20 the same"."""
    words = {"added": "new", "changed": "changed", "same": "the same", "gone": "no longer in the file"}
    return ", ".join(f"{counts[name]:,} {word}" for name, word in words.items() if name != "gone" or counts["gone"])
