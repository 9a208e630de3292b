"""The text of one policy file, or why it is not read; never more of it than could be used."""

from pathlib import Path

from apflow.core.errors import Problem
from apflow.loader.nodes import SIZE_LIMIT


def read_text(path: Path) -> str | Problem:
    """What the file says: UTF-8, inside its folder, and an ordinary file, so that reading it comes to an end."""
    file = str(path)
    try:
        folder, real = path.parent.resolve(), path.resolve(strict=True)
        if not real.is_relative_to(folder):
            message = "this is a link that leads out of the folder; put the file itself here"
            return Problem(file, 1, 1, "outside", message)
        if not real.is_file():
            return Problem(file, 1, 1, "unreadable", "this is not a file")
        with real.open("rb") as opened:
            return opened.read(SIZE_LIMIT * 4 + 4).decode("utf-8")
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data" and error.end >= SIZE_LIMIT:
            return Problem(file, 1, 1, "too-large", f"the file is larger than {SIZE_LIMIT:,} characters")
        return Problem(file, 1, 1, "unreadable", f"the file cannot be read as UTF-8 text: {error}")
    except (OSError, RuntimeError) as error:
        return Problem(file, 1, 1, "unreadable", f"the file cannot be read: {error}")
