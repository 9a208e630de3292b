"""Telling of what attendance shows: a task on the provider's case, and letters, once each."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import structlog
from sqlalchemy import Connection, Row

from apflow.beyond.keys import Key
from apflow.core.errors import Refusal
from apflow.handler import Handler
from apflow.records.letters import Writing
from apflow.records.people.let_in import let_schools_in
from apflow.store.people.sign_in import queue_letter

log = structlog.get_logger()


def raise_task(
    handler: Handler, writing: Writing, reference: str, alert: str, note: str, key: str, path: str, also: str = ""
) -> Sequence[Mapping[str, Any]]:
    """A task on the provider's case; where its workflow knows none, a letter to the team in its place.

    `also` is said in the task alone.
    """
    before, see, page = note.rpartition(" See ")
    try:
        handler.alert(reference, alert, f"{before}{also}{see}{page}", now=writing.now, key=Key(key))
    except Refusal as refusal:
        log.warning("attendance could not be raised as a task", case=reference, reason=refusal.code)
        return [writing.letter("to_look_into", writing.team, path, what=before)]
    return []


def tell_once(
    handler: Handler,
    writing: Writing,
    letters: Sequence[Mapping[str, Any]],
    note: Callable[[Connection], bool],
    *,
    let_in: Iterable[Row[Any]] = (),
) -> bool:
    """Queue the letters with the note that they are; whoever else does the same at this moment does it alone.

    `note` says whether it is new; the schools of the placements in `let_in` get an account to read it with.
    """

    def work(connection: Connection) -> bool:
        is_new = note(connection)
        let_schools_in(connection, writing.council, let_in, writing.now)
        for letter in letters if is_new else ():
            queue_letter(connection, dict(letter))
        return is_new

    return handler.store.write(work)
