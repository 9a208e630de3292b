"""A council's folder of policy as one value: its workflows, catalogues, calendar and settings."""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field

from apflow.core.days.calendar import Calendar
from apflow.core.definition.catalogue import Catalogue
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Council
from apflow.core.definition.document import PublicDocument
from apflow.core.definition.workflow import Workflow
from apflow.core.errors import DefinitionError
from apflow.loader.nodes import read_document
from apflow.loader.shapes import read_shape
from apflow.provision.coding import Attendance
from apflow.provision.drawn import SOURCES
from apflow.provision.law import Registration
from apflow.provision.named_clocks import CLOCKS
from apflow.provision.returns import Returns


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
    registration: Registration | None = None
    attendance: Attendance | None = None
    returns: Returns | None = None
    documents: Mapping[str, PublicDocument] = field(default_factory=dict)
    _pinned: dict[str, Definition] = field(default_factory=dict, compare=False, repr=False)

    def current(self, workflow: str) -> Definition:
        """The workflow as new cases start under it."""
        source = self.sources[workflow]
        return self.pinned(source.digest, source.text)

    def pinned(self, digest: str, text: str) -> Definition:
        """The workflow of this exact text, with today's council settings; read once and shared."""
        if digest not in self._pinned:
            workflow = workflow_as_kept(f"workflow {digest[:12]}", text)
            self._pinned[digest] = Definition(
                workflow, self.council, self.calendar, self.catalogues, digest, SOURCES, CLOCKS
            )
        return self._pinned[digest]

    def knows(self, digest: str) -> bool:
        """Whether a pinned text has been read already."""
        return digest in self._pinned


def workflow_as_kept(called: str, text: str) -> Workflow:
    """What a text says that cases keep to; DefinitionError, with `called` for a file, when it cannot be read."""
    document = read_document(called, text)
    workflow = read_shape(Workflow, document)
    if workflow is None or document.problems:
        raise DefinitionError(document.problems)
    return workflow


def digest_of(text: str) -> str:
    """The content hash that a case pins."""
    return hashlib.sha256(text.encode()).hexdigest()
