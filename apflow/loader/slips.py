"""What a reader of YAML complains of, with what was most likely meant, in words for whoever wrote the file."""

from contextlib import suppress
from typing import Any

import yaml
from yamlcore import CCoreLoader

# A part of the complaint, and how to mend what mostly causes it.
_MENDS = (
    ("tab character", "indent with spaces, not with tabs"),
    (
        "cannot start any token",
        "indent with spaces, not with tabs, and put a text that begins with @, % or ` in quotes",
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


def told(error: yaml.MarkedYAMLError, text: str) -> str:
    """The complaint as a sentence, and what to do where that is known."""
    complaint = error.problem or error.context or "something is wrong here"
    mark = error.context_mark or error.problem_mark
    line = mark.line + 1 if mark else 1
    mend = _of_a_colon(error, text) or _of_quotes(error, text)
    mend = mend or next((mend.format(line=line) for part, mend in _MENDS if part in complaint), None)
    said = f"this is not readable YAML: {complaint}"
    return f"{said}; {mend}" if mend else said


def _of_a_colon(error: yaml.MarkedYAMLError, text: str) -> str | None:
    """What to do about a colon where there can be none: in a text, or of a key that the line above took in."""
    if error.problem_mark is None or "mapping values are not allowed" not in (error.problem or ""):
        return None
    lines = text.splitlines()[: error.problem_mark.line + 1]
    key = lines.pop()[: error.problem_mark.column]
    above = [number for number, line in enumerate(lines, 1) if line.strip()]
    if ":" in key or not above:
        return "put a text with a colon in it in quotes"
    if ":" in lines[above[-1] - 1]:
        return f"let this line begin below the key of line {above[-1]}, or put a text with a colon in it in quotes"
    return f"write a colon after the key of line {above[-1]}"


def _of_quotes(error: yaml.MarkedYAMLError, text: str) -> str | None:
    """What to do where quotes that nobody closed take in all that follows, up to the next ones."""
    quoted: Any = None
    with suppress(yaml.YAMLError):
        for event in yaml.parse(text, Loader=CCoreLoader):
            if isinstance(event, yaml.ScalarEvent) and event.style in ("'", '"'):
                quoted = event
    if quoted is None or error.problem_mark is None:
        return None
    begins, ends = quoted.start_mark.line, quoted.end_mark.line
    mend = f"the quotes that begin on line {begins + 1} end only here; close them where their text ends"
    return mend if begins < ends == error.problem_mark.line else None
