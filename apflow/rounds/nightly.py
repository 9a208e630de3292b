"""The nightly check: every case looked at once a night, by one process, and what was found known until it is mended.

What a person can put right becomes a case of the workflow `finding`, one for each thing however many nights it stands;
the rest is in the log and the metrics, for whoever looks after the system.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, time, timedelta

import structlog

from apflow.core.days.calendar import LONDON
from apflow.core.definition.nightly import NightlyCheck
from apflow.core.standing import FOR_PEOPLE
from apflow.handler import Handler
from apflow.rounds.asking import hide_as_hidden, raise_found, say_more, settle
from apflow.rounds.putting_right import put_right
from apflow.rounds.verifying import Found, looking
from apflow.store import findings as kept
from apflow.store.driver.leases import ClaimLost
from apflow.store.findings import Check, Noted
from apflow.store.parts import Part, said_of

log = structlog.get_logger()


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
            new = kept.note_findings(connection, check, _noted(look.found, now), now)
        _alert(new)
        put_right(handler, look.found, now)
        looked_at += look.cases
        yield look.cases
    with handler.store.writing() as connection:
        kept.hold_night(connection, check, machine_now())
        mended = kept.mend_unseen(connection, check, now)
    raise_found(handler, spec, now)
    say_more(handler, now)
    hide_as_hidden(handler, now)
    settle(handler, now)
    with handler.store.writing() as connection:
        kept.hold_night(connection, check, machine_now())
        kept.end_check(connection, check, looked_at, now)
        standing = sum(kept.standing_by_kind(connection).values())
    log.info("nightly check", cases=looked_at, standing=standing, mended=mended)


def _noted(found: Iterable[Found], now: datetime) -> list[Noted]:
    """One for each kind and case, however many tasks of it, say, are for nobody."""
    each: dict[tuple[str, str], list[Found]] = {}
    for one in found:
        each.setdefault((one.kind, one.about), []).append(one)
    return [_as_one(kind, about, all_of_it, now) for (kind, about), all_of_it in each.items()]


def _as_one(kind: str, about: str, found: Sequence[Found], now: datetime) -> Noted:
    parts = [
        Part(f"task {one.task}" if one.task else one.said, one.said, now, title=one.title, since=one.since)
        for one in found
    ]
    return Noted(kind, about, list({part.key: part for part in parts}.values()), found[0].workflow)


def _alert(new: Iterable[Noted]) -> None:
    """Whoever reads the log is told of each thing once; it names the case and no person."""
    for one in new:
        tell = log.info if one.kind in FOR_PEOPLE else log.error
        tell("found at night", kind=one.kind, about=one.about, said=said_of(one.parts))
