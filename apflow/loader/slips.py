"""What a reader of YAML complains of, with what was most likely meant, in words for whoever wrote the file."""

import yaml

# A part of the complaint, and how to mend what mostly causes it.
_MENDS = (
    ("tab character", "indent with spaces, not with tabs"),
    (
        "cannot start any token",
        "indent with spaces, not with tabs, and put a text that begins with @, % or ` in quotes",
    ),
    (
        "mapping values are not allowed",
        "put a text with a colon in it in quotes, and let the keys that belong together begin below each other",
    ),
    ("',' or", "close the bracket of line {line}, or put a comma before this"),
    (
        "expected key",
        "let the keys that belong together begin below each other; where quotes end, nothing more can follow",
    ),
    ("end of stream", "close the quotes of line {line}"),
    ("<document start>", "let the first key of the file begin at the left edge, as this line does"),
    ("expected ':'", "write a colon after the key of line {line}"),
    ("'-' indicator", "let the items of a list begin below each other, each with a dash"),
    ("another document", "leave out the line of dashes: a file says one thing"),
    ("escape character", "use single quotes around a text with a backslash in it"),
    ("comment or line break", "put a text that begins with | or > in quotes"),
    ("sequence entries", "begin a list on a line of its own, or put a text that begins with a dash in quotes"),
)


def told(error: yaml.MarkedYAMLError) -> str:
    """The complaint as a sentence, and what to do where that is known."""
    complaint = error.problem or error.context or "something is wrong here"
    mark = error.context_mark or error.problem_mark
    line = mark.line + 1 if mark else 1
    mend = next((mend for part, mend in _MENDS if part in complaint), None)
    said = f"this is not readable YAML: {complaint}"
    return f"{said}; {mend.format(line=line)}" if mend else said
