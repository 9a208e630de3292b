"""Putting right what the night has found and a recount mends: through the one door, a commit for each case."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import structlog

from apflow.handler import Handler
from apflow.rounds.acting import for_the_staff
from apflow.rounds.otherwise import COUNTED_OTHERWISE
from apflow.rounds.verifying import Found
from apflow.versions.recounted import recounted

log = structlog.get_logger()


def put_right(handler: Handler, found: Iterable[Found], now: datetime) -> None:
    """Count anew the deadlines that are counted from another day than their case says; its history says why."""
    of_each: dict[str, list[Found]] = defaultdict(list)
    for one in found:
        if one.kind == COUNTED_OTHERWISE:
            of_each[one.about].append(one)
    apflow = for_the_staff(handler.library.council)
    for reference, its in of_each.items():
        note = " ".join(f"{one.said[:1].upper()}{one.said[1:]}: it is counted anew." for one in its)
        names = frozenset(one.deadline for one in its)
        if recounted(handler, reference, note, actor=apflow, now=now, spans=frozenset(), deadlines=names):
            log.info("deadlines counted anew by what their case says", case=reference, deadlines=sorted(names))
