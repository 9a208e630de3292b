"""What a case says of itself as a document, as far as whoever opens it may read it."""

from typing import Any

from apflow.core import words
from apflow.core.definition.linked import Printed
from apflow.core.permission import readable
from apflow.web.opened import Opened
from apflow.web.sets import Entry, sets_of


def printed_of(opened: Opened) -> Printed | None:
    """The document that can be had of the case where it stands now, if one can."""
    printed = opened.definition.workflow.printed
    return printed if printed and opened.snapshot.state in printed.while_in else None


def said_in(opened: Opened, printed: Printed) -> dict[str, Any]:
    """Everything the layout shows; nothing in it is markup."""
    council, definition = opened.site.council, opened.definition
    fields = readable(definition, definition.workflow.fields, opened.actor)
    said = words.all_in_words(fields, opened.snapshot.fields, opened.names)
    shown = [name for name in printed.shows if said.get(name)]
    listed = [one for one in sets_of(opened) if one.name in printed.lists]
    return {
        "title": printed.title,
        "meeting": opened.title,
        "council": f"{council.council}, {council.team}",
        "marking": f"{opened.reference}. In confidence.",
        "state": definition.state(opened.snapshot.state).label.staff,
        "facts": [{"label": fields[name].label, "words": said[name]} for name in shown],
        "lists": [{"label": one.label, "entries": [_entry(entry) for entry in one.entries]} for one in listed],
    }


def _entry(entry: Entry) -> dict[str, Any]:
    said = [{"label": one.label, "words": one.words} for one in entry.said if one.words]
    return {"label": entry.label, "status": entry.status, "said": said}
