"""Some of a case's history as staff read it: so many entries, however many there are before and after."""

from dataclasses import dataclass
from datetime import timedelta

from apflow.core.facts import items_of
from apflow.store.outbox import messages_between
from apflow.store.reading.files import files_named
from apflow.store.reading.history import newest_of
from apflow.web.case.mails import mails_by_version
from apflow.web.case.opened import Opened
from apflow.web.case.timeline import Line, Told, files_in
from apflow.web.case.unseen import seen_by

A_PAGE = 50
LATE = timedelta(days=7)  # That what the clock does is done after it was due, at most, for its e-mails to be found.


@dataclass(frozen=True, slots=True)
class Some:
    """Lines, newest first; and the versions to ask for what was before the first of them and after the last.

    `earlier` and `newer` go into the address of the page before and after: an entry is on one page, whatever is added
    meanwhile. A page has fewer lines than it could when some of them are not for the reader.
    """

    lines: tuple[Line, ...]
    earlier: int | None
    newer: int | None


def happened(opened: Opened, *, before: int | None = None, limit: int, seen: int | None = None) -> Some:
    """The newest of the history before a version, in words; what came after `seen` is marked as new."""
    with opened.site.store.reading() as connection:
        entries = newest_of(connection, opened.reference, before=before, limit=limit)
        shown = seen_by(opened, entries)
        case_id = opened.snapshot.id or 0
        files = files_named(connection, case_id, files_in(opened.definition, shown))
        times = [entry.at for entry in shown]
        messages = messages_between(connection, case_id, min(times), max(times) + LATE) if times else ()
    mails = mails_by_version(shown, messages)
    names = opened.names_in(shown)
    told = Told(
        opened.definition, opened.actor, files=files, mails=mails, seen=seen, names=names, labels=_labels(opened)
    )
    earlier = entries[-1].version if entries and entries[-1].version > 1 else None
    newest = entries[0].version if entries else 0
    return Some(tuple(told.lines(shown)), earlier, newest + limit + 1 if newest < opened.snapshot.version else None)


def _labels(opened: Opened) -> dict[tuple[str, str], str]:
    """What items are called that were added: numbered ones, and other cases."""
    added = [
        name for name, spec in opened.definition.workflow.collections.items() if spec.keyed_by in ("number", "case")
    ]
    return {
        (name, key): str(facts["label"])
        for name in added
        for key, facts in items_of(opened.definition, opened.snapshot, name).items()
    }
