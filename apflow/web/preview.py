"""The e-mails that a command would send, shown before it is given."""

import re
from dataclasses import dataclass

from apflow.core.outcome import Outcome
from apflow.web.opened import Opened

_PERSONAL_LINK = re.compile(r"https?://\S+/continue/\S+")


@dataclass(frozen=True, slots=True)
class Preview:
    """One e-mail as it would go: to whom, and what it says."""

    name: str
    email: str
    subject: str
    text: str
    has_invitation: bool


def letters_of(opened: Opened, outcome: Outcome) -> list[Preview]:
    """Every e-mail of the outcome, rendered and then let go; its one-use links are left out."""
    letters = opened.site.handler.letters
    with opened.site.store.reading() as connection:
        batch = letters.write(connection, opened.definition, opened.snapshot, outcome, opened.now, reader=opened.actor)
    return [
        Preview(
            name=row["to_name"],
            email=row["to_email"],
            subject=row["subject"],
            text=_PERSONAL_LINK.sub("(their own link)", row["text"]),
            has_invitation=row["invitation"] is not None,
        )
        for row in batch.messages
    ]
