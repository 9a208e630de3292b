"""The e-mails that a command would send, shown before it is given."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from apflow.beyond.cases import told_units
from apflow.beyond.reaching import register_for
from apflow.core.outcome import Outcome
from apflow.letters.messages import FOR_READERS
from apflow.store.records.commissioned import Commissioned
from apflow.web.case.opened import Opened

_PERSONAL_LINK = re.compile(r"https?://\S+/(?:continue|for-parents)/\S+")
_OF_A_READER = f"{FOR_READERS}/"


@dataclass(frozen=True, slots=True)
class Preview:
    """One e-mail as it would go: to whom, and what it says; or `why_not`, where it does not."""

    name: str
    email: str
    subject: str
    text: str
    has_invitation: bool
    why_not: str = ""


def _called(row: Mapping[str, Any], read: Commissioned | None) -> str:
    """Whom the e-mail goes to; of those on a register, which all have one alike, how many there are."""
    if read is None or row["to_commissioner"] is None:
        return str(row["to_name"])
    with_pupils = len(read.with_pupils_there)
    if row["pupils_there"]:
        return f"{row['to_name']}, one of {with_pupils:,} with pupils there"
    return f"{row['to_name']}, one of {len(read.everybody) - with_pupils:,} others"


def letters_of(opened: Opened, outcome: Outcome) -> list[Preview]:
    """Every e-mail of the outcome, rendered and then let go; its one-use links are left out.

    Those that cases send which are told as well come after its own; where one of them refuses, so does this.
    """
    handler, now = opened.site.handler, opened.now
    with opened.site.store.reading() as connection:
        told = told_units(
            connection,
            opened.snapshot,
            outcome,
            now,
            definition_of=handler.definition_of,
            decided=handler.decided,
        )
        said = [(opened.definition, opened.snapshot, outcome)]
        said += [(unit.definition, unit.snapshot, unit.outcome) for unit in told]
        reads = [register_for(connection, *one, opened.world.today) for one in said]
        batches = [
            handler.letters.write(connection, *one, now, read=read, reader=opened.actor)
            for one, read in zip(said, reads, strict=True)
        ]
    return [
        Preview(
            name=_called(row, read),
            email="" if row["status"] == "failed" or _OF_A_READER in row["text"] else row["to_email"],
            subject=row["subject"],
            text=_PERSONAL_LINK.sub("(their own link)", row["text"]),
            has_invitation=row["invitation"] is not None,
            why_not=row["error"] if row["status"] == "failed" else "",
        )
        for batch, read in zip(batches, reads, strict=True)
        for row in batch.messages
    ]
