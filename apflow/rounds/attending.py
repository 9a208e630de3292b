"""Raising what attendance shows as a task on the provider's case."""

from collections.abc import Mapping, Sequence
from typing import Any

import structlog

from apflow.beyond.keys import Key
from apflow.core.errors import Refusal
from apflow.handler import Handler
from apflow.records.absences import Writing

log = structlog.get_logger()


def raise_task(
    handler: Handler, writing: Writing, reference: str, alert: str, note: str, key: str, path: str
) -> Sequence[Mapping[str, Any]]:
    """A task on the provider's case; where its workflow knows none, a letter to the team in its place."""
    try:
        handler.alert(reference, alert, note, now=writing.now, key=Key(key))
    except Refusal as refusal:
        log.warning("attendance could not be raised as a task", case=reference, reason=refusal.code)
        return [writing.letter("to_look_into", writing.team, path, what=note.rpartition(" See ")[0])]
    return []
