"""Reading workflow folders: YAML text in, a checked Library or problems with file:line:column out."""

from apflow.loader.library import (
    Library,
    Source,
    find_problems,
    library_of,
    load_library,
    problems_of,
    read_library,
)

__all__ = ["Library", "Source", "find_problems", "library_of", "load_library", "problems_of", "read_library"]
