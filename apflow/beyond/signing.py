"""Signing a document of a case: what it says at that moment is kept, and its hash is in the history for good."""

import hashlib
import json
from collections.abc import Mapping
from typing import Any

from msgspec import structs

from apflow.core.definition import words
from apflow.core.definition.compiled import Definition
from apflow.core.definition.made import MadeDocument
from apflow.core.outcome import Outcome
from apflow.core.snapshot import Snapshot
from apflow.loader import Library


def with_signature(
    library: Library, definition: Definition, snapshot: Snapshot, outcome: Outcome
) -> tuple[Outcome, Mapping[str, Any] | None]:
    """The outcome with the hash of what it signs in its history, and the row to keep; as it was where nothing is."""
    if outcome.signs is None:
        return outcome, None
    said = as_signed(said_in_agreement(library, definition, snapshot.reference, outcome.signs, outcome.fields))
    digest = hashlib.sha256(said.encode()).hexdigest()
    entry = structs.replace(outcome.entry, note=f"What was signed has the SHA-256 {digest}.")
    row = {
        "name": outcome.signs,
        "sha256": digest,
        "said": said,
        "signed_by": str(entry.answers.get("signed_as") or entry.actor.name)[:120],
        "signed_at": entry.at,
    }
    return structs.replace(outcome, entry=entry), row


def said_in_agreement(
    library: Library, definition: Definition, reference: str, name: str, fields: Mapping[str, Any]
) -> dict[str, Any]:
    """What a document that is signed says: the same to every signer, as none may sign what they may not read."""
    made, asked = definition.workflow.documents[name], definition.workflow.fields
    said = words.all_in_words(asked, fields, words.NO_NAMES)
    sections = [
        {
            "heading": section.heading,
            "text": section.text,
            "facts": [
                {"label": made.words.get(one, asked[one].label), "words": said[one]}
                for one in section.shows
                if said.get(one)
            ],
            "entries": [],
        }
        for section in made.sections
    ]
    return {
        "title": made.title,
        "reference": reference,
        "council": f"{definition.council.council}, {definition.council.team}",
        "sections": [section for section in sections if section["facts"]],
        "terms": terms_of(library, made),
    }


def as_signed(said: Mapping[str, Any]) -> str:
    """The one way in which it is written down, so that the same words have the same hash."""
    return json.dumps(said, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def terms_of(library: Library, made: MadeDocument) -> list[dict[str, Any]]:
    """The council's own text that goes with the document; headings with nothing but blanks to fill in are left out."""
    known = library.documents.get(made.terms or "")
    sections = known.sections if known else ()
    return [
        {"heading": section.heading, "text": section.text, "points": list(section.points)}
        for section in sections
        if section.points
    ]
