"""The columns of files to import: what they may be called, and what a cell says as an answer to a form."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from apflow.core.errors import Invalid
from apflow.records.files.sheets import Sheet, UnreadableFile

Read = Callable[[str], str]
_DATE = re.compile(r"(?P<day>\d{1,2})[-/.](?P<month>\d{1,2})[-/.](?P<year>\d{4})( 00:00(:00)?)?")
_YES, _NO = {"y", "yes", "true", "1", "x"}, {"n", "no", "false", "0"}


def as_it_is(text: str) -> str:
    return text


def as_date(text: str) -> str:
    """The ISO date in 07/09/2026, 7-9-2026 or 2026-09-07; ValueError for anything else."""
    match = _DATE.fullmatch(text)
    if match:
        return date(int(match["year"]), int(match["month"]), int(match["day"])).isoformat()
    return date.fromisoformat(text).isoformat()


def as_yes(text: str) -> str:
    """Yes or no, however it is written; ValueError for anything else."""
    said = text.casefold()
    if said not in _YES | _NO:
        raise ValueError(text)
    return "yes" if said in _YES else "no"


def one_of(options: Mapping[str, str]) -> Read:
    """The key of the option that a cell names, by its key or its words; ValueError for anything else."""
    known = {_plain(said): key for key, words in options.items() for said in (key, words)}

    def read(text: str) -> str:
        if _plain(text) not in known:
            raise ValueError(text)
        return known[_plain(text)]

    return read


_WANTED: Mapping[Read, str] = {
    as_date: "write the date as day, month and year, like 07/09/2026",
    as_yes: "write yes or no",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column: the question it answers, what it is called and may be called besides, and how its cells are read."""

    question: str
    name: str
    also: tuple[str, ...] = ()
    read: Read = as_it_is
    is_needed: bool = False
    about: str = ""

    def answer(self, text: str) -> str:
        """What the cell says; Invalid, with how to mend it, for what cannot be read."""
        try:
            return self.read(text)
        except ValueError:
            raise Invalid(
                {self.question: f"“{text}” cannot be read: {_WANTED.get(self.read) or f'write {self.about}'}"}
            ) from None


@dataclass(frozen=True)
class Matched:
    """Which of a file's headings stand for which columns, and those that stand for none."""

    headings: Mapping[str, str]
    ignored: tuple[str, ...]


def match(sheet: Sheet, columns: Sequence[Column]) -> Matched:
    """The headings found by name; UnreadableFile naming every needed column that is missing."""
    known = {_plain(heading): heading for heading in sheet.headings}
    found: dict[str, str] = {}
    for column in columns:
        names = (_plain(name) for name in (column.name, *column.also))
        heading = next((known[name] for name in names if name in known), None)
        if heading is not None:
            found[column.question] = heading
    missing = [f"“{column.name}”" for column in columns if column.is_needed and column.question not in found]
    if missing:
        one = "a column" if len(missing) == 1 else "columns"
        there_are = ", ".join(sheet.headings[:30])
        raise UnreadableFile(f"The file needs {one} called {', '.join(missing)}. Its columns are: {there_are}.")
    return Matched(found, tuple(heading for heading in sheet.headings if heading not in found.values()))


def _plain(heading: str) -> str:
    return "".join(letter for letter in heading.casefold() if letter.isalnum())
