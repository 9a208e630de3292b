"""What stands in nobody's way, and has to be put right before anybody uses it.

That is numbers that are missing or made up, and addresses that nobody reads or that others than the council do.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from apflow.core.checks.privacy import Mention
from apflow.core.definition.council import Council
from apflow.letters.notices import Notices
from apflow.loader import Library

_MADE_UP = re.compile(r"01632 ?960 ?\d{3}")  # Ofcom keeps these numbers for drama: nobody ever answers.
_NOWHERE = ".example"
_NOBODYS = re.compile(r"[\w.+-]+@[\w.-]+\.example\b")
_TO_FILL_IN = re.compile(r"\[[^\[\]]+\]")  # In square brackets, as in a letter to be completed.
_LAYOUT, _ATTENDANCE = "layout.", "attendance"
_SHOWN = 5


def remarks(
    library: Library, notices: Notices, mentions: Mapping[str, Sequence[Mention]] | None = None
) -> Iterator[str]:
    """A sentence for each way of reaching the council that whoever is asked to ring, or to write, would not find.

    `mentions` are what some notices speak of, for whoever has read them already.
    """
    council = library.council
    if not council.telephone and (asking := sorted(_asking_to_ring(library, notices, mentions or {}))):
        which = ", ".join(asking[:_SHOWN]) + (f" and {len(asking) - _SHOWN} others" if len(asking) > _SHOWN else "")
        yield (
            "council.yaml gives no `telephone`: e-mails that ask somebody to ring, some of them today and "
            f"about a child, say to write in its place ({which})."
        )
    said = {"urgent": council.urgent.says if council.urgent else "", "telephone": council.telephone or ""}
    if numbers := [number for text in said.values() for number in _MADE_UP.findall(text)]:
        yield (
            "council.yaml has telephone numbers that are made up, and that nobody answers: "
            f"{', '.join(dict.fromkeys(numbers))}. Put the council's own in their place."
        )
    if nowhere := sorted(box for box in council.mailboxes if box.endswith(_NOWHERE)):
        yield (
            f"council.yaml has addresses that are made up, and that nobody reads: {', '.join(nowhere)}. "
            "Put the council's own in their place."
        )
    if elsewhere := list(_elsewhere(council)):
        yield (
            f"council.yaml has addresses of others than {_domain(council.mailbox)}, who would read what goes to these "
            f"roles: {', '.join(elsewhere)}. See that each is meant."
        )
    yield from _in_documents(library)


def _elsewhere(council: Council) -> Iterator[str]:
    """The addresses of roles at another domain than the council's own, each with its role."""
    own = f".{_domain(council.mailbox)}"
    for name, role in council.roles.items():
        theirs = f".{_domain(role.mailbox or council.mailbox)}"
        is_own = theirs.endswith(own) or own.endswith(theirs)
        if not is_own and not theirs.endswith(_NOWHERE):
            yield f"{role.mailbox} ({name})"


def _domain(address: str) -> str:
    return address.rpartition("@")[2].lower()


def _in_documents(library: Library) -> Iterator[str]:
    """What a document for anybody to read leaves to be filled in, or says of an address that there is not."""
    for name, document in library.documents.items():
        said = [text for one in document.sections for text in (one.text, *one.points)]
        if gaps := [gap for text in said for gap in _TO_FILL_IN.findall(text)]:
            yield f"the document “{name}” leaves to be filled in: {', '.join(gaps)}. Put the council's own there."
        if made_up := [found for text in said for pattern in (_MADE_UP, _NOBODYS) for found in pattern.findall(text)]:
            yield f"the document “{name}” has what is made up, and reaches nobody: {', '.join(dict.fromkeys(made_up))}."


def _asking_to_ring(library: Library, notices: Notices, mentions: Mapping[str, Sequence[Mention]]) -> Iterator[str]:
    """The notices that speak of the telephone themselves, or by what they share, beside the layout of them all."""
    for name in notices.names():
        if name.partition("/")[0] not in {*library.sources, _ATTENDANCE}:
            continue
        said = mentions[name] if name in mentions else notices.mentions(name)
        ours = (one for one in said if not Path(one.file).name.startswith(_LAYOUT))
        if any((one.place, one.name) == ("council", "telephone") for one in ours):
            yield name
