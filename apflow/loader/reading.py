"""A folder of policy as it is read: what could be made of each file, what is wrong with it, and its library."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from apflow.core.checks import (
    Checked,
    Finding,
    Followed,
    Subject,
    check_catalogue,
    check_council,
    check_subject,
    follow,
)
from apflow.core.checks.findings import meant, nearest
from apflow.core.days.calendar import Calendar
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.document import PublicDocument
from apflow.core.definition.workflow import Workflow
from apflow.core.errors import DefinitionError, Problem
from apflow.loader.files import read_text
from apflow.loader.holidays import build_calendar
from apflow.loader.library import Library, Source, digest_of
from apflow.loader.nodes import Document, read_document
from apflow.loader.schema import KINDS
from apflow.loader.shapes import read_shape
from apflow.provision.coding import Attendance, check_attendance
from apflow.provision.drawn import PROFESSIONALS, REGISTERS, SOURCES, TRUE_OF_PUPILS
from apflow.provision.law import Registration, check_registration
from apflow.provision.named_clocks import CLOCKS
from apflow.provision.returns import Returns, check_returns

_FROM_OTHER_FILES = {"unknown-catalogue", "unknown-item"}  # A file would be blamed for one that cannot be read.


@dataclass
class Reading:
    """A folder as it was read, once for all that is asked of it: what could be made of each file, and its problems.

    `notices` are the templates there are, as `workflow/notice`; None leaves them unchecked. `follow` is how a workflow
    is followed once nothing stands in the way.
    """

    folder: Path
    notices: frozenset[str] | None = None
    documents: dict[str, Document] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    councils: dict[str, Council] = field(default_factory=dict)
    catalogues: dict[str, Catalogue] = field(default_factory=dict)
    workflows: dict[str, Workflow] = field(default_factory=dict)
    registrations: dict[str, Registration] = field(default_factory=dict)
    attendances: dict[str, Attendance] = field(default_factory=dict)
    returns: dict[str, Returns] = field(default_factory=dict)
    public: dict[str, PublicDocument] = field(default_factory=dict)
    unreadable: list[Problem] = field(default_factory=list)
    checked: dict[str, Checked] = field(default_factory=dict)
    follow: Callable[[Subject], Followed] = follow

    def check(self, file: str) -> Checked:
        """What a check of the workflow of this file comes to; worked out once."""
        if file not in self.checked:
            self.checked[file] = check_subject(self.subjects[file], self.follow)
        return self.checked[file]

    @cached_property
    def problems(self) -> list[Problem]:
        """Every problem, in file order."""
        problems = list(self.unreadable)
        if len(self.councils) != 1 and not problems:
            message = "there must be exactly one file that starts with council:"
            problems.append(Problem(str(self.folder), 1, 1, "council", message))
        if len(self.councils) == 1:
            problems += _checked(self)
        return sorted(set(problems))

    @cached_property
    def library(self) -> Library:
        """What the folder says, whatever its checks found; DefinitionError when some of it cannot be read."""
        if self.unreadable or len(self.councils) != 1:
            raise DefinitionError(self.unreadable)
        definitions = {file: subject.definition for file, subject in self.subjects.items()}
        sources = {
            made.name: Source(file, self.texts[file], made.digest, made.workflow) for file, made in definitions.items()
        }
        pinned = {made.digest: made for made in definitions.values()}
        registration = next(iter(self.registrations.values()), None)
        return Library(
            self._council,
            self._calendar,
            self._catalogues,
            sources,
            registration=registration,
            attendance=next(iter(self.attendances.values()), None),
            returns=next(iter(self.returns.values()), None),
            documents={document.document: document for document in self.public.values()},
            _pinned=pinned,
        )

    @cached_property
    def subjects(self) -> Mapping[str, Subject]:
        """Each workflow, by its file, as it is checked and followed; there must be one council.

        What passes between them is left unchecked while one cannot be read: the others would be blamed for its mistake.
        """
        named = None if self.unreadable else {workflow.workflow: workflow for workflow in self.workflows.values()}
        return {file: Subject(self._definition(file), self.notices, named) for file in self.workflows}

    def _definition(self, file: str) -> Definition:
        digest = digest_of(self.texts[file])
        return Definition(
            self.workflows[file], self._council, self._calendar, self._catalogues, digest, SOURCES, CLOCKS
        )

    @property
    def _council(self) -> Council:
        (council,) = self.councils.values()
        return council

    @cached_property
    def _calendar(self) -> Calendar:
        return build_calendar(self._council)

    @cached_property
    def _catalogues(self) -> Mapping[str, Catalogue]:
        return {catalogue.catalogue: catalogue for catalogue in self.catalogues.values()}


def load_library(folder: Path, notices: frozenset[str] | None = None) -> Library:
    """Read and check the folder; DefinitionError with every problem in it at once."""
    reading = read_folder(folder, notices)
    if reading.problems:
        raise DefinitionError(reading.problems)
    return reading.library


def library_of(texts: Mapping[str, str]) -> Library:
    """The library of files that were checked when they were published; DefinitionError when they cannot be read now."""
    return read_texts(texts).library


def read_library(folder: Path) -> Library:
    """The library of a folder that has just been checked; DefinitionError when it cannot be read."""
    return read_folder(folder).library


def find_problems(folder: Path, notices: frozenset[str] | None = None) -> list[Problem]:
    """Every problem of the folder, in file order; `notices` are the templates there are, as `workflow/notice`."""
    return read_folder(folder, notices).problems


def problems_of(texts: Mapping[str, str], notices: frozenset[str] | None = None) -> list[Problem]:
    """Every problem of files that are at hand as texts, by the names they have there."""
    return read_texts(texts, notices).problems


def read_texts(texts: Mapping[str, str], notices: frozenset[str] | None = None) -> Reading:
    """Read policy files that are at hand as texts, such as those of an edition; nothing is raised."""
    reading = Reading(Path(), notices)
    for file, text in sorted(texts.items()):
        _read_text(reading, file, text)
    return reading


def read_folder(folder: Path, notices: frozenset[str] | None = None) -> Reading:
    """Read a folder of policy files; whatever is wrong with them is in the reading, never raised."""
    reading = Reading(folder, notices)
    for path in sorted(folder.glob("*.yaml")):
        _read_file(reading, path)
    for path in sorted(folder.glob("*.yml")):
        message = "only files named .yaml are read; rename this one"
        reading.unreadable.append(Problem(str(path), 1, 1, "file-name", message))
    return reading


def _read_file(reading: Reading, path: Path) -> None:
    file = str(path)
    text = read_text(path)
    if isinstance(text, Problem):
        reading.unreadable.append(text)
        return
    _read_text(reading, file, text)


def _read_text(reading: Reading, file: str, text: str) -> None:
    document = read_document(file, text)
    reading.documents[file], reading.texts[file] = document, text
    kind = next((kind for kind in KINDS if isinstance(document.value, dict) and kind in document.value), None)
    if kind is None and not document.problems:
        near = nearest(str(next(iter(document.value), "")), KINDS) if isinstance(document.value, dict) else None
        *most, last = (f"{name}:" for name in KINDS)
        message = f"a file starts with {', '.join(most)} or {last}{meant(near)}"
        document.problems.append(document.problem((), "unknown-file", message, suggestion=near))
    shape = KINDS.get(kind or "")
    match read_shape(shape, document) if shape else None:
        case Council() as council:
            reading.councils[file] = council
        case Catalogue() as catalogue:
            reading.catalogues[file] = catalogue
        case Workflow() as workflow:
            reading.workflows[file] = workflow
        case Registration() as registration:
            reading.registrations[file] = registration
        case Attendance() as attendance:
            reading.attendances[file] = attendance
        case Returns() as returns:
            reading.returns[file] = returns
        case PublicDocument() as public:
            reading.public[file] = public
    reading.unreadable += document.problems


def _checked(reading: Reading) -> list[Problem]:
    ((file, council),) = reading.councils.items()
    named = None if reading.unreadable else {workflow.workflow: workflow for workflow in reading.workflows.values()}
    of_council = check_council(council, REGISTERS, PROFESSIONALS, TRUE_OF_PUPILS, named)
    problems = _placed(reading.documents[file], of_council)
    for name in reading.workflows:
        problems += _placed(reading.documents[name], reading.check(name).found)
    for name, catalogue in reading.catalogues.items():
        problems += _placed(reading.documents[name], check_catalogue(catalogue))
    for name, registration in reading.registrations.items():
        problems += _placed(reading.documents[name], list(check_registration(registration)))
    for name, attendance in reading.attendances.items():
        around = [role for role, spec in council.roles.items() if spec.mail == "works_with"]
        problems += _placed(reading.documents[name], list(check_attendance(attendance, around)))
    for name, returns in reading.returns.items():
        problems += _placed(reading.documents[name], list(check_returns(returns, named)))
    if reading.unreadable:
        problems = [problem for problem in problems if problem.code not in _FROM_OTHER_FILES]
    for what, names in _names(reading).items():
        problems += _given_twice(reading, what, names)
    return problems


def _names(reading: Reading) -> Mapping[str, Mapping[str, str]]:
    """What each file is called, by its kind: of some kinds there is only one, whatever it is called."""
    return {
        "workflow": {file: made.workflow for file, made in reading.workflows.items()},
        "catalogue": {file: made.catalogue for file, made in reading.catalogues.items()},
        "registration": dict.fromkeys(reading.registrations, "registration"),
        "attendance": dict.fromkeys(reading.attendances, "attendance"),
        "returns": dict.fromkeys(reading.returns, "returns"),
        "document": {file: made.document for file, made in reading.public.items()},
    }


def _given_twice(reading: Reading, what: str, names: Mapping[str, str]) -> Iterator[Problem]:
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
