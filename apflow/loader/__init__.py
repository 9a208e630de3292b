"""Reading workflow folders: YAML text in, a checked Library or problems with file:line:column out."""

from apflow.loader.library import Library, Source
from apflow.loader.reading import (
    Reading,
    find_problems,
    library_of,
    load_library,
    problems_of,
    read_folder,
    read_library,
    read_texts,
)

__all__ = [
    "Library",
    "Reading",
    "Source",
    "find_problems",
    "library_of",
    "load_library",
    "problems_of",
    "read_folder",
    "read_library",
    "read_texts",
]
