"""What the policy's owners ask of their files: what is assumed, and whether the calendar will last."""

from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path

from apflow.core.checks import claims
from apflow.core.definition.base import Claim
from apflow.core.definition.catalogue import CatalogueItem
from apflow.core.definition.compiled import Definition
from apflow.core.definition.council import Role
from apflow.core.definition.timing import DeadlineSpec, Extension, GuardSpec, TaskSpec
from apflow.core.errors import Problem
from apflow.loader.library import Library, load_library
from apflow.loader.nodes import Document, read_document
from apflow.loader.nodes import Path as Place

_MARGIN = timedelta(days=180)


def assumptions(folder: Path) -> list[str]:
    """Every assumption as `file:line: what the policy says: what is assumed`, in file order."""
    library = load_library(folder)
    return [line for file in sorted(folder.glob("*.yaml")) for line in _assumed_in(library, file)]


def calendar_problems(folder: Path, today: date) -> list[Problem]:
    """A problem when a deadline set up to half a year from `today` could fall beyond the holidays that are known."""
    library = load_library(folder)
    needed = today + _MARGIN
    if library.calendar.known_until >= needed:
        return []
    file = next(str(path) for path in sorted(folder.glob("*.yaml")) if "council:" in path.read_text(encoding="utf-8"))
    message = (
        f"holidays are known until {library.calendar.known_until:%d %B %Y}, but deadlines set from "
        f"{today:%d %B %Y} can run until {needed:%d %B %Y}; upgrade govuk-bank-holidays"
    )
    return [Problem(file, 1, 1, "calendar-ends", message)]


def _assumed_in(library: Library, file: Path) -> list[str]:
    document = read_document(str(file), file.read_text(encoding="utf-8"))
    found = [
        (document.keys.get(place, (1, 1))[0], f"{_said(claim)}: {claim.assumed}")
        for place, claim in _claims_of(library, document)
        if claim.assumed
    ]
    return [f"{file}:{line}: {sentence}" for line, sentence in sorted(found)]


def _said(claim: Claim) -> str:
    """What the policy says, as the team would say it."""
    match claim:
        case DeadlineSpec():
            return f"{claim.label} within {claim.within}"
        case TaskSpec():
            return f"{claim.title}, within {claim.due}" if claim.due else claim.title
        case Extension():
            return f"More time: {claim.by}, at most {claim.at_most} times"
        case GuardSpec():
            return claim.reason.removesuffix(".")
        case CatalogueItem():
            return claim.label
        case Role():
            return claim.title
        case _:
            return "Working days and hours"


def _claims_of(library: Library, document: Document) -> Iterator[tuple[Place, Claim]]:
    named = document.value
    if "workflow" in named:
        definition: Definition = library.current(named["workflow"])
        yield from claims(definition)
    elif "council" in named:
        yield ("calendar",), library.council.calendar
        yield from ((("roles", name), role) for name, role in library.council.roles.items())
    else:
        yield from ((("items", key), item) for key, item in library.catalogues[named["catalogue"]].items.items())
