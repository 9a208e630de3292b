"""The e-mail of the day about work that is left undone: what its template may speak of."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from msgspec import Struct

from apflow.core.days.calendar import Calendar
from apflow.core.definition import words
from apflow.core.definition.council import Council
from apflow.core.errors import Problem
from apflow.core.standing import URGENT_UNDONE
from apflow.letters.notices import NoticeError, Notices

DIGEST = "nightly_check/left_undone"


class Undone(Struct, frozen=True):
    """What is left undone on one case since it was due; `is_new` is what its reader has not been told."""

    reference: str
    kind: str
    said: str
    since: datetime | None
    is_new: bool


class Due(Struct, frozen=True):
    """How many records of pupils and closed cases wait for a decision on erasing them, and how many of them are new.

    It calls for an e-mail where it is time to say so.
    """

    records: int
    cases: int
    new: int
    calls_for_it: bool = True

    @property
    def said(self) -> Mapping[str, int]:
        count = self.records + self.cases
        return {"records": self.records, "cases": self.cases, "count": count, "new": self.new}


def spoken_of(
    undone: Sequence[Undone], shows: int, calendar: Calendar, now: datetime, due: Due | None = None
) -> Mapping[str, Any]:
    """The worst `shows` of it, what is urgent first and then by how late it is, and how many more there are; and what
    is `due` under retention."""
    worst = sorted(undone, key=lambda one: (one.kind != URGENT_UNDONE, one.since or now, one.reference))
    shown, others = worst[:shows], worst[shows:]
    return {
        "undone": [
            {
                "reference": one.reference,
                "said": one.said,
                "late": words.left(one.since, now, calendar) if one.since else "",
                "is_urgent": one.kind == URGENT_UNDONE,
                "is_new": one.is_new,
            }
            for one in shown
        ],
        "count": len(undone),
        "new": sum(one.is_new for one in undone),
        "waiting": sum(not one.is_new for one in undone),
        "more": len(others),
        "more_new": sum(one.is_new for one in others),
        "due": due.said if due is not None else None,
    }


def rehearse_digest(council: Council, notices: Notices) -> list[Problem]:
    """Why the e-mail could not be written, with nothing, one thing or more left undone: it is not there, or has a
    slip."""
    if council.nightly_check is None or council.nightly_check.digest is None:
        return []
    if DIGEST not in notices.names():
        said = f"there is no {DIGEST}, by which nightly_check.digest in council.yaml is told"
        return [Problem(str(notices.folder / DIGEST), 1, 1, "unknown-notice", said)]
    about: dict[str, Any] = {"name": council.council, "short_name": council.short_name, "team": council.team}
    about |= {"mailbox": council.mailbox, "telephone": council.telephone}
    one = {"reference": "XX-0000-0000", "said": "Sample", "late": "overdue", "is_urgent": True, "is_new": True}
    due = Due(1, 2, 1).said
    several = [one, one | {"is_urgent": False, "is_new": False}]
    for undone, more, waiting in (([one], 0, None), (several, 1, None), (several, 1, due), ([], 0, due)):
        told = {"more": more, "more_new": more, "due": waiting}
        counts = {"count": len(undone) + more, "new": 1 + more, "waiting": max(len(undone) - 1, 0), **told}
        said_of = {"to": {"name": "Sample Person", "audience": "staff"}, "council": about, "link": "https://x.example"}
        try:
            notices.as_written(DIGEST, {**said_of, "undone": undone, **counts})
        except NoticeError as error:
            file = error.file or str(notices.folder / DIGEST)
            return [Problem(file, error.line or 1, 1, "notice", error.message)]
    return []
