"""Other versions of the shipped policy, as texts that differ from it here and there."""

from dataclasses import replace

from apflow.loader import Library, Source
from apflow.loader.library import digest_of

CHECKING = "The evidence should be checked\n        within: 10 working days"
SENDING = "Documents should be sent\n        within: 30 working days"
LADDER = "remind: {at: [10 working days left, 3 working days left], who: provider, notice: evidence_reminder}"
NEXT = ("title: The approved provider list\nversion: 1", "title: The approved provider list\nversion: 2")


def changed(library: Library, *differences: tuple[str, str], workflow: str = "provider") -> Library:
    """The library with each first of these words replaced, everywhere in that workflow; cases keep to the old text."""
    source = library.sources[workflow]
    text = source.text
    for was, now in (NEXT, *differences) if workflow == "provider" else differences:
        assert was in text, was
        text = text.replace(was, now)
    digest = digest_of(text)
    made = library.pinned(digest, text)
    sources = {**library.sources, workflow: Source(source.file, text, digest, made.workflow)}
    return replace(library, sources=sources, edition=None)
