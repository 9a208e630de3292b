"""The nightly check: every case looked at once a night, by one process, and what was found known until it is mended.

What a person can put right becomes a case of the workflow `finding`, one for each thing however many nights it stands;
the rest is in the log and the metrics, for whoever looks after the system.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import Connection

from apflow.beyond.keys import Key
from apflow.core.days.calendar import LONDON
from apflow.core.definition.nightly import NightlyCheck
from apflow.core.errors import Refusal
from apflow.core.people.actor import Actor
from apflow.core.standing import FOR_PEOPLE, LEFT_UNDONE, RETENTION_DUE, URGENT_UNDONE
from apflow.handler import Handler
from apflow.rounds.otherwise import COUNTED_OTHERWISE
from apflow.rounds.putting_right import put_right
from apflow.rounds.verifying import Found, looking
from apflow.store import findings as kept
from apflow.store.cases.loading import hold_to_stay
from apflow.store.driver.leases import ClaimLost
from apflow.store.findings import ABOUT, BETWEEN, WORKFLOW, Check, Noted
from apflow.store.people import people
from apflow.store.reading.hidden import hidden_from_somebody, people_kept_from

_FOUND, _MENDED = "found", "mended"
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
# As for registration lights: the clock answers no questions, so apflow begins and ends these under its own name.
_FOR_THE_OFFICERS = Actor(None, "apflow", frozenset({"officer"}))
log = structlog.get_logger()


def what_words(kind: str) -> str:
    """A kind of finding as people would say it."""
    return _WHAT.get(kind, kind.replace("_", " ").capitalize())


def checking(
    handler: Handler, policy_now: Callable[[], datetime], machine_now: Callable[[], datetime]
) -> Iterator[int]:
    """Look at every case if this night nobody has, saying after each look at how many; whoever stops asking stops it.

    A check that broke off is done again from the start by whoever comes next, which changes nothing it has noted.
    """
    spec, now = handler.library.council.nightly_check, policy_now()
    if spec is None:
        return
    check = kept.claim_night(handler.store, night_of(spec.at, now), now, machine_now())
    if check is None:
        return
    try:
        yield from _checked(handler, spec, check, now, machine_now)
    except ClaimLost:
        log.warning("nightly check was taken up by another process")


def night_of(at: time, now: datetime) -> date:
    """The day of the latest time that a check was due at."""
    local = now.astimezone(LONDON)
    return local.date() if local.time() >= at else local.date() - timedelta(days=1)


def _checked(
    handler: Handler, spec: NightlyCheck, check: Check, now: datetime, machine_now: Callable[[], datetime]
) -> Iterator[int]:
    looked_at = 0
    for look in looking(handler, now):
        with handler.store.writing() as connection:
            kept.hold_night(connection, check, machine_now())
            new = kept.note_findings(connection, check, _noted(look.found), now)
        _alert(new)
        put_right(handler, look.found, now)
        looked_at += look.cases
        yield look.cases
    with handler.store.writing() as connection:
        kept.hold_night(connection, check, machine_now())
        mended = kept.mend_unseen(connection, check, now)
    _raise(handler, spec, now)
    _hide(handler, now)
    _settle(handler, now)
    with handler.store.writing() as connection:
        kept.hold_night(connection, check, machine_now())
        kept.end_check(connection, check, looked_at, now)
        standing = sum(kept.standing_by_kind(connection).values())
    log.info("nightly check", cases=looked_at, standing=standing, mended=mended)


def _noted(found: Iterable[Found]) -> list[Noted]:
    """One for each kind and case, however many tasks of it, say, are for nobody."""
    said: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        said.setdefault((one.kind, one.about), []).append(one)
    return [_as_one(kind, about, all_of_it) for (kind, about), all_of_it in said.items()]


def _as_one(kind: str, about: str, found: Sequence[Found]) -> Noted:
    said = BETWEEN.join(dict.fromkeys(one.said for one in found))
    since = min((one.since for one in found if one.since is not None), default=None)
    return Noted(kind, about, said, found[0].workflow, since)


def _alert(new: Iterable[Noted]) -> None:
    """Whoever reads the log is told of each thing once; it names the case and no person."""
    for one in new:
        tell = log.info if one.kind in FOR_PEOPLE else log.error
        tell("found at night", kind=one.kind, about=one.about, said=one.said)


def _raise(handler: Handler, spec: NightlyCheck, now: datetime) -> None:
    if not spec.raises or WORKFLOW not in handler.library.sources:
        return
    with handler.store.reading() as connection:
        waiting = [row for kind in spec.raises for row in kept.without_task(connection, kind, WORKFLOW, spec.at_most)]
        hidden = {row.about: _to_hide(handler, connection, row.about) for row in waiting}
    starts = handler.library.current(WORKFLOW).workflow.start
    for row in waiting:
        said = f"{row.said[:1].upper()}{row.said[1:]}."
        answers = {
            "what": f"{what_words(row.kind)}: {row.about}",
            ABOUT: row.about,
            "said": said,
            **hidden[row.about],
        }
        key = Key(f"finding-{row.id}-{row.task_case or ''}")  # So that one begun before a crash is not begun again.
        try:
            start = row.kind if row.kind in starts else _FOUND
            saved = handler.open_case(WORKFLOW, start, answers, actor=_FOR_THE_OFFICERS, now=now, key=key)
        except Refusal as refusal:  # Another edition asks for more, perhaps; the next night tries again.
            log.warning("finding could not be raised", about=row.about, reason=refusal.code)
            continue
        with handler.store.writing() as connection:
            kept.has_task(connection, row.id, saved.reference)


def _to_hide(handler: Handler, connection: Connection, reference: str) -> Mapping[str, Sequence[int]]:
    """Answers by which what is begun about a case is hidden from whoever the case itself is, as far as they see it."""
    workflow, kept = handler.library.current(WORKFLOW).workflow, people_kept_from(connection, reference)
    if not kept:
        return {}
    able = people.holding(connection, [workflow.fields[name].chosen_from for name in workflow.hidden_from])
    theirs = {name: sorted(kept & able[workflow.fields[name].chosen_from].keys()) for name in workflow.hidden_from}
    return {name: those for name, those in theirs.items() if those}


def _hide(handler: Handler, now: datetime) -> None:
    """Hide what asks for something of a case from whomever the case is hidden from: those who have another role than
    can be chosen, and where the case was hidden while this was raised."""
    with handler.store.reading() as connection:
        references = hidden_from_somebody(connection)
    for reference in references:
        with handler.store.writing() as connection:
            hold_to_stay(connection, reference)
            handler.hide_within(connection, reference, people_kept_from(connection, reference), now)


def _settle(handler: Handler, now: datetime) -> None:
    """End what asks for things that have been mended; one that somebody ended before needs no more."""
    with handler.store.reading() as connection:
        waiting = kept.unsettled(connection)
    for row in waiting:
        try:
            handler.fire(row.task_case, _MENDED, {}, actor=_FOR_THE_OFFICERS, now=now)
        except Refusal as refusal:
            log.info("finding was ended before", case=row.task_case, reason=refusal.code)
        with handler.store.writing() as connection:
            kept.settle(connection, row.id)
