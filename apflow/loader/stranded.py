"""Which states a folder takes away although cases may be in them: told beside what is live, or was before."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from apflow.core.checks.stranded import Whereabouts, stranded, wherever
from apflow.core.errors import Problem
from apflow.loader.library import Library, Source
from apflow.loader.nodes import read_document
from apflow.loader.reading import read_library


def stranded_since(folder: Path, live: Path) -> list[Problem]:
    """A problem for each state of the folder `live` whose cases would have nowhere to go; both have been checked."""
    library, before = read_library(folder), read_library(live)
    return [*_since(library, before)]


def stranded_in(source: Source, places: Iterable[Whereabouts]) -> Iterator[Problem]:
    """A problem in the workflow's own file for each of the places whose cases would have nowhere to go."""
    document = read_document(source.file, source.text)
    for found in stranded(source.workflow, places):
        yield document.problem(found.path, found.code, found.message, at_key=found.at_key)


def _since(library: Library, before: Library) -> Iterator[Problem]:
    for name, source in library.sources.items():
        if name in before.sources:
            yield from stranded_in(source, wherever(before.sources[name].workflow))
