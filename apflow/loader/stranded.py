"""What a folder takes away although cases may need it, states and items: told beside what is live, or was before."""

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from apflow.core.checks.stranded import Whereabouts, lost, stranded, wherever
from apflow.core.definition.catalogue import Catalogue
from apflow.core.errors import Problem
from apflow.loader.library import Library, Source
from apflow.loader.nodes import read_document
from apflow.loader.reading import Reading, read_library


def stranded_since(folder: Path, live: Path) -> list[Problem]:
    """A problem for each state of the folder `live` whose cases would have nowhere to go; both have been checked."""
    library, before = read_library(folder), read_library(live)
    return [*_since(library, before)]


def stranded_in(source: Source, places: Iterable[Whereabouts]) -> Iterator[Problem]:
    """A problem in the workflow's own file for each of the places whose cases would have nowhere to go."""
    document = read_document(source.file, source.text)
    for found in stranded(source.workflow, places):
        yield document.problem(found.path, found.code, found.message, at_key=found.at_key)


def lost_in(
    reading: Reading, before: Mapping[str, Catalogue], cases: Mapping[tuple[str, str], int]
) -> Iterator[Problem]:
    """A problem in its catalogue's own file for each item that is gone, by how many open `cases` hold it."""
    for file, catalogue in reading.catalogues.items():
        for (name, key), count in cases.items():
            if name == catalogue.catalogue:
                found = lost(before[name], catalogue, key, count)
                yield reading.documents[file].problem(
                    found.path, found.code, found.message, at_key=found.at_key, suggestion=found.suggestion
                )


def _since(library: Library, before: Library) -> Iterator[Problem]:
    for name, source in library.sources.items():
        if name in before.sources:
            yield from stranded_in(source, wherever(before.sources[name].workflow))
