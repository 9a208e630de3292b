"""A council's folder of policy as one value: its workflows, catalogues, calendar and settings."""

import hashlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from apflow.core.calendar import Calendar
from apflow.core.checks import Finding, check_catalogue, check_council, check_definition
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.workflow import Workflow
from apflow.core.errors import DefinitionError, Problem
from apflow.loader.files import read_text
from apflow.loader.holidays import build_calendar
from apflow.loader.nodes import Document, read_document
from apflow.loader.shapes import read_shape

_Kind = type[Council] | type[Workflow] | type[Catalogue]
_KINDS: Mapping[str, _Kind] = {"council": Council, "workflow": Workflow, "catalogue": Catalogue}


@dataclass(frozen=True)
class Source:
    """One workflow file as it stands: its exact text, and the digest cases pin."""

    file: str
    text: str
    digest: str
    workflow: Workflow


@dataclass(frozen=True)
class Library:
    """Everything the council's policy says today; `edition` is its number when it has been published."""

    council: Council
    calendar: Calendar
    catalogues: Mapping[str, Catalogue]
    sources: Mapping[str, Source]
    edition: int | None = None
    _pinned: dict[str, Definition] = field(default_factory=dict, compare=False, repr=False)

    def current(self, workflow: str) -> Definition:
        """The workflow as new cases start under it."""
        source = self.sources[workflow]
        return self.pinned(source.digest, source.text)

    def pinned(self, digest: str, text: str) -> Definition:
        """The workflow of this exact text, with today's council settings; read once and shared."""
        if digest not in self._pinned:
            document = read_document(f"workflow {digest[:12]}", text)
            workflow = read_shape(Workflow, document)
            if workflow is None or document.problems:
                raise DefinitionError(document.problems)
            self._pinned[digest] = Definition(workflow, self.council, self.calendar, self.catalogues, digest)
        return self._pinned[digest]

    def knows(self, digest: str) -> bool:
        """Whether a pinned text has been read already."""
        return digest in self._pinned


@dataclass
class _Reading:
    """A folder half read: what could be made of each file, and the problems so far."""

    documents: dict[str, Document] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    councils: dict[str, Council] = field(default_factory=dict)
    catalogues: dict[str, Catalogue] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)


def load_library(folder: Path, notices: frozenset[str] | None = None) -> Library:
    """Read and check the folder; DefinitionError with every problem in it at once."""
    reading = _read(folder)
    problems = _all_problems(folder, reading, notices)
    if problems:
        raise DefinitionError(problems)
    return _library(reading)


def library_of(texts: Mapping[str, str]) -> Library:
    """The library of files that were checked when they were published; DefinitionError when they cannot be read now."""
    return _library(_read_texts(texts))


def read_library(folder: Path) -> Library:
    """The library of a folder that has just been checked; DefinitionError when it cannot be read."""
    return _library(_read(folder))


def _library(reading: _Reading) -> Library:
    if reading.problems or len(reading.councils) != 1:
        raise DefinitionError(reading.problems)
    (council,) = reading.councils.values()
    sources = {
        workflow.workflow: Source(file, reading.texts[file], digest_of(reading.texts[file]), workflow)
        for file, workflow in reading.workflows.items()
    }
    catalogues = {catalogue.catalogue: catalogue for catalogue in reading.catalogues.values()}
    return Library(council, build_calendar(council), catalogues, sources)


def find_problems(folder: Path, notices: frozenset[str] | None = None) -> list[Problem]:
    """Every problem of the folder, in file order; `notices` are the templates there are, as `workflow/notice`."""
    return _all_problems(folder, _read(folder), notices)


def problems_of(texts: Mapping[str, str], notices: frozenset[str] | None = None) -> list[Problem]:
    """Every problem of files that are at hand as texts, by the names they have there."""
    return _all_problems(Path(), _read_texts(texts), notices)


def digest_of(text: str) -> str:
    """The content hash that a case pins."""
    return hashlib.sha256(text.encode()).hexdigest()


def _read_texts(texts: Mapping[str, str]) -> _Reading:
    reading = _Reading()
    for file, text in sorted(texts.items()):
        _read_text(reading, file, text)
    return reading


def _read(folder: Path) -> _Reading:
    reading = _Reading()
    for path in sorted(folder.glob("*.yaml")):
        _read_file(reading, path)
    for path in sorted(folder.glob("*.yml")):
        message = "only files named .yaml are read; rename this one"
        reading.problems.append(Problem(str(path), 1, 1, "file-name", message))
    return reading


def _read_file(reading: _Reading, path: Path) -> None:
    file = str(path)
    text = read_text(path)
    if isinstance(text, Problem):
        reading.problems.append(text)
        return
    _read_text(reading, file, text)


def _read_text(reading: _Reading, file: str, text: str) -> None:
    document = read_document(file, text)
    reading.documents[file], reading.texts[file] = document, text
    kind = next((kind for kind in _KINDS if isinstance(document.value, dict) and kind in document.value), None)
    if kind is None and not document.problems:
        message = "a file starts with council:, workflow: or catalogue:"
        document.problems.append(document.problem((), "unknown-file", message))
    shape: _Kind | None = _KINDS.get(kind or "")
    match read_shape(shape, document) if shape else None:
        case Council() as council:
            reading.councils[file] = council
        case Catalogue() as catalogue:
            reading.catalogues[file] = catalogue
        case Workflow() as workflow:
            reading.workflows[file] = workflow
    reading.problems += document.problems


def _all_problems(folder: Path, reading: _Reading, notices: frozenset[str] | None) -> list[Problem]:
    problems = list(reading.problems)
    if len(reading.councils) != 1 and not problems:
        message = "there must be exactly one file that starts with council:"
        problems.append(Problem(str(folder), 1, 1, "council", message))
    if len(reading.councils) == 1:
        problems += _checked(reading, notices)
    return sorted(set(problems))


def _checked(reading: _Reading, notices: frozenset[str] | None) -> list[Problem]:
    ((file, council),) = reading.councils.items()
    catalogues = {catalogue.catalogue: catalogue for catalogue in reading.catalogues.values()}
    problems = _placed(reading.documents[file], check_council(council))
    named = {workflow.workflow: workflow for workflow in reading.workflows.values()}
    for name, workflow in reading.workflows.items():
        definition = Definition(workflow, council, build_calendar(council), catalogues)
        problems += _placed(reading.documents[name], check_definition(definition, notices, named))
    for name, catalogue in reading.catalogues.items():
        problems += _placed(reading.documents[name], check_catalogue(catalogue))
    workflows = {file: workflow.workflow for file, workflow in reading.workflows.items()}
    problems += _given_twice(reading, "workflow", workflows)
    problems += _given_twice(reading, "catalogue", {file: made.catalogue for file, made in reading.catalogues.items()})
    return problems


def _given_twice(reading: _Reading, what: str, names: Mapping[str, str]) -> Iterator[Problem]:
    """A problem for each file whose name another file has already: only one of them could be used."""
    first: dict[str, str] = {}
    for file, name in names.items():
        if first.setdefault(name, file) != file:
            message = f'there is a {what} called "{name}" already, in {Path(first[name]).name}'
            yield reading.documents[file].problem((what,), f"duplicate-{what}", message)


def _placed(document: Document, findings: list[Finding]) -> list[Problem]:
    return [
        document.problem(found.path, found.code, found.message, at_key=found.at_key, suggestion=found.suggestion)
        for found in findings
    ]
