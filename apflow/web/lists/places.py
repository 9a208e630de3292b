"""A place in the order of work as an address carries it."""

from datetime import UTC, datetime, timedelta

from apflow.store.reading.work_rows import Place

PATTERN = r"^([0-9]{1,17})?-[0-9]{1,9}$"
_SINCE = datetime(1970, 1, 1, tzinfo=UTC)
_STEP = timedelta(microseconds=1)


def to_text(place: Place) -> str:
    """The place in a form that needs no quoting."""
    due = "" if place.due_at is None else str((place.due_at - _SINCE) // _STEP)
    return f"{due}-{place.task}"


def from_text(text: str) -> Place | None:
    """The place; None when the text is none, so that a list then begins at its beginning."""
    due, _, task = text.partition("-")
    if not (task.isascii() and task.isdecimal() and len(task) < 10 and len(due) < 18):
        return None
    if not due:
        return Place(None, int(task))
    return Place(_SINCE + int(due) * _STEP, int(task)) if due.isascii() and due.isdecimal() else None
