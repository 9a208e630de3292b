"""Asking somebody to see to what the nightly check found: a case for each thing, told of more of it, ended once mended.

What somebody has said to leave is asked for no more, and only that: what is found later is asked for anew.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Row

from apflow.beyond.keys import Key
from apflow.core.definition.nightly import NightlyCheck
from apflow.core.errors import Refusal
from apflow.core.standing import LEFT_UNDONE, RETENTION_DUE, URGENT_UNDONE
from apflow.handler import Handler
from apflow.rounds.acting import for_the_staff
from apflow.rounds.otherwise import COUNTED_OTHERWISE
from apflow.store import findings as kept
from apflow.store.cases.loading import hold_to_stay
from apflow.store.findings import ABOUT, WORKFLOW
from apflow.store.parts import Part, news, said_of, standing
from apflow.store.people import people
from apflow.store.reading.hidden import hidden_from_somebody, people_kept_from

_FOUND, _MENDED, _MORE_FOUND = "found", "mended", "more_found"
_SAID, _NEW = "said", "new"
_WHAT = {
    "nobody_can_act": "Nobody can move a case on",
    "nothing_brings_it_up": "Nothing brings a case up again",
    "nobody_for_a_task": "A task is for a role that nobody has",
    "left_open": "A case has ended with work left open",
    URGENT_UNDONE: "Urgent work is left undone",
    LEFT_UNDONE: "Work is left undone",
    "no_such_state": "A case is in a state that its policy has not",
    "no_such_deadline": "A deadline runs that its policy has not",
    COUNTED_OTHERWISE: "A deadline is counted from another day than its case says",
    "history": "The history of a case is not as it was written",
    "text": "A workflow text is not as it was published",
    "late_deadline": "A deadline is late",
    "stuck_message": "An email is stuck",
    "unheard_signal": "A case has not heard another",
    "task_without_case": "A task has no case",
    RETENTION_DUE: "Somebody is to decide what is erased",
}
log = structlog.get_logger()


def what_words(kind: str) -> str:
    """A kind of finding as people would say it."""
    return _WHAT.get(kind, kind.replace("_", " ").capitalize())


def raise_found(handler: Handler, spec: NightlyCheck, now: datetime) -> None:
    """Begin a case for each thing that is nobody's work yet, of the kinds that are to be somebody's."""
    if not spec.raises or WORKFLOW not in handler.library.sources:
        return
    with handler.store.reading() as connection:
        waiting = [row for kind in spec.raises for row in kept.without_task(connection, kind, WORKFLOW, spec.at_most)]
        hidden = {row.about: _to_hide(handler, connection, row.about) for row in waiting}
    starts = handler.library.current(WORKFLOW).workflow.start
    for row in waiting:
        answers = {
            "what": f"{what_words(row.kind)}: {row.about}",
            ABOUT: row.about,
            _SAID: _in_full(handler, _SAID, standing(row)),
            **hidden[row.about],
        }
        key = Key(f"finding-{row.id}-{row.task_case or ''}")  # So that one begun before a crash is not begun again.
        try:
            start = row.kind if row.kind in starts else _FOUND
            saved = handler.open_case(
                WORKFLOW, start, answers, actor=for_the_staff(handler.library.council), now=now, key=key
            )
        except Refusal as refusal:  # Another edition asks for more, perhaps; the next night tries again.
            log.warning("finding could not be raised", about=row.about, reason=refusal.code)
            continue
        _note_asked(handler, row, saved.reference, now)


def say_more(handler: Handler, now: datetime) -> None:
    """Say on each case that asks for something urgent what has come to it. Where a case keeps to an edition that hears
    nothing of it, the e-mail of the day does."""
    if WORKFLOW not in handler.library.sources:
        return
    with handler.store.reading() as connection:
        rows = [row for row in kept.asked_for(connection) if row.kind == URGENT_UNDONE]
    for row in rows:
        if not (more := news(row, row.asked_at or row.found_at)):
            continue
        answers = {_SAID: _in_full(handler, _SAID, standing(row)), _NEW: _in_full(handler, _NEW, more)}
        key = Key(f"finding-{row.id}-{row.task_case}-{max(one.found_at for one in more):%Y%m%d%H%M%S}")
        try:
            handler.fire(
                row.task_case, _MORE_FOUND, answers, actor=for_the_staff(handler.library.council), now=now, key=key
            )
        except Refusal as refusal:
            log.warning("finding could not be told more", case=row.task_case, reason=refusal.code)
            continue
        _note_asked(handler, row, row.task_case, now)


def _in_full(handler: Handler, field: str, parts: Sequence[Part]) -> str:
    """The sentences as an answer, whole ones as far as it may be long."""
    spec = handler.library.current(WORKFLOW).workflow.fields.get(field)
    at_most = spec.max_length - 1 if spec is not None and spec.max_length else None
    said = said_of(parts, at_most)
    return f"{said[:1].upper()}{said[1:]}."


def _note_asked(handler: Handler, row: Row[Any], reference: str, now: datetime) -> None:
    with handler.store.writing() as connection:
        kept.has_task(connection, row.id, reference, now)


def _to_hide(handler: Handler, connection: Connection, reference: str) -> Mapping[str, Sequence[int]]:
    """Answers by which what is begun about a case is hidden from whoever the case itself is, as far as they see it."""
    workflow, kept = handler.library.current(WORKFLOW).workflow, people_kept_from(connection, reference)
    if not kept:
        return {}
    able = people.holding(connection, [workflow.fields[name].chosen_from for name in workflow.hidden_from])
    theirs = {name: sorted(kept & able[workflow.fields[name].chosen_from].keys()) for name in workflow.hidden_from}
    return {name: those for name, those in theirs.items() if those}


def hide_as_hidden(handler: Handler, now: datetime) -> None:
    """Hide what asks for something of a case from whomever the case is hidden from: those who have another role than
    can be chosen, and where the case was hidden while this was raised."""
    with handler.store.reading() as connection:
        references = hidden_from_somebody(connection)
    for reference in references:
        with handler.store.writing() as connection:
            hold_to_stay(connection, reference)
            handler.hide_within(connection, reference, people_kept_from(connection, reference), now)


def settle(handler: Handler, now: datetime) -> None:
    """End what asks for things that have been mended, or of which all that stands was left before; one that somebody
    ended needs no more."""
    with handler.store.reading() as connection:
        mended = kept.unsettled(connection)
        left = [row for row in kept.asked_for(connection) if not standing(row)]
    for row in (*mended, *left):
        try:
            handler.fire(row.task_case, _MENDED, {}, actor=for_the_staff(handler.library.council), now=now)
        except Refusal as refusal:
            log.info("finding was ended before", case=row.task_case, reason=refusal.code)
    for row in mended:
        with handler.store.writing() as connection:
            kept.settle(connection, row.id)
