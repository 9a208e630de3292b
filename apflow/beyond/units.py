"""What goes into a unit of work beside what was decided: whom the case is about, its draft, a new reference."""

import re
import secrets
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from apflow.core.commands import Command, Fire, WithAnswers
from apflow.core.definition.asked import NOTHING_ASKED, Asked
from apflow.core.definition.compiled import Definition
from apflow.core.machine import START
from apflow.core.snapshot import Snapshot
from apflow.store.cases.unit import PartyDetails

_ID = re.compile("[0-9a-f]{32}")
_REFERENCE_ALPHABET = "23456789BCDFGHJKLMNPQRSTVWXZ"  # No vowels, so no words; no 0/O or 1/I to mistake.


def unborn(definition: Definition, now: datetime) -> Snapshot:
    """A case before its first event, under a reference of its own."""
    reference = f"{definition.workflow.reference}-{_random(4)}-{_random(4)}"
    return Snapshot(None, reference, definition.name, definition.digest, START, now, 0, fields={}, changed_at=now)


def parties_of(definition: Definition, snapshot: Snapshot, fields: Mapping[str, Any]) -> tuple[PartyDetails, ...]:
    """The outsiders to link to the case, where their address is new to it, or there is none any more."""
    return tuple(
        PartyDetails(spec.role, str(fields.get(spec.name) or email or "")[:120], (email or "").lower())
        for spec in definition.parties
        if (email := fields.get(spec.email)) != snapshot.fields.get(spec.email)
    )


def possible_ids(definition: Definition, snapshot: Snapshot, command: Command) -> list[str]:
    """Those of the answers that could be an upload's id, which has 32 hexadecimal digits."""
    if not isinstance(command, WithAnswers):
        return []
    given = (command.answers.get(name) for name in _asked(definition, snapshot, command).files)
    return [value for value in given if isinstance(value, str) and _ID.fullmatch(value)]


def is_screened(definition: Definition, snapshot: Snapshot, command: Command) -> bool:
    """Whether somebody answers a question whose answer may say of no pupil who it is; the clock copies what was."""
    if not isinstance(command, WithAnswers) or command.actor.is_clock:
        return False
    return any(command.answers.get(name) for name in _asked(definition, snapshot, command).screened)


def _asked(definition: Definition, snapshot: Snapshot, command: WithAnswers) -> Asked:
    return definition.asked.get((snapshot.state, command.event), NOTHING_ASKED)


def draft_of(command: Command) -> tuple[int, str, str] | None:
    if isinstance(command, Fire) and command.actor.id is not None:
        return command.actor.id, command.event, command.item or ""
    return None


def _random(length: int) -> str:
    return "".join(secrets.choice(_REFERENCE_ALPHABET) for _ in range(length))
