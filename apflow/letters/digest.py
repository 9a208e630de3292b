"""The e-mail of the day about work that is left undone: what its template may speak of."""

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from msgspec import Struct

from apflow.core.days.calendar import Calendar
from apflow.core.definition import words
from apflow.core.definition.council import Council
from apflow.core.errors import Problem
from apflow.core.standing import URGENT_UNDONE
from apflow.letters.notices import NoticeError, Notices

_NEVER = datetime.min.replace(tzinfo=UTC)
DIGEST = "nightly_check/left_undone"


class Undone(Struct, frozen=True):
    """What is left undone on one case since it was due; `is_new` is what its reader has not been told.

    It is the finding of that number. The case is one of those `called` so, and was last named to people at `named_at`.
    """

    finding: int
    reference: str
    kind: str
    said: str
    since: datetime | None
    is_new: bool
    called: str = ""
    named_at: datetime | None = None

    @property
    def is_urgent(self) -> bool:
        return self.kind == URGENT_UNDONE


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


def in_order(undone: Sequence[Undone], now: datetime) -> list[Undone]:
    """What is urgent first, by how late it is, then what is new, then what was named longest ago: of each workflow in
    turn, so that none of them hides what is late in another."""
    ranks: Counter[tuple[bool, str]] = Counter()

    def turn(one: Undone) -> int:
        ranks[one.is_new, one.called] += 1
        return ranks[one.is_new, one.called]

    others = sorted((one for one in undone if not one.is_urgent), key=lambda one: _age(one, now))
    turns = [(not one.is_new, turn(one), _age(one, now), one) for one in others]
    urgent = sorted((one for one in undone if one.is_urgent), key=lambda one: (one.since or now, one.reference))
    return [*urgent, *(one for *_, one in sorted(turns, key=lambda it: it[:3]))]


def _age(one: Undone, now: datetime) -> tuple[datetime, datetime, str]:
    return (one.named_at or _NEVER, one.since or now, one.reference)


def shown_of(undone: Sequence[Undone], shows: int, now: datetime) -> list[Undone]:
    """Those that are named: all that are urgent, and `shows` beside."""
    return in_order(undone, now)[: shows + sum(one.is_urgent for one in undone)]


def spoken_of(
    undone: Sequence[Undone], shown: Sequence[Undone], calendar: Calendar, now: datetime, due: Due | None = None
) -> Mapping[str, Any]:
    """What is `shown` of it, and how many more there are, of which workflows; and what is `due` under retention."""
    others = [one for one in undone if one not in shown]
    more_of = Counter(one.called for one in others)
    return {
        "undone": [
            {
                "reference": one.reference,
                "said": one.said,
                "late": words.left(one.since, now, calendar) if one.since else "",
                "is_urgent": one.is_urgent,
                "is_new": one.is_new,
            }
            for one in shown
        ],
        "count": len(undone),
        "urgent": sum(one.is_urgent for one in undone),
        "new": sum(one.is_new for one in undone),
        "waiting": sum(not one.is_new for one in undone),
        "more": len(others),
        "more_new": sum(one.is_new for one in others),
        "more_of": [{"called": called, "count": count} for called, count in more_of.most_common()],
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
        told: dict[str, Any] = {
            "more": more,
            "more_new": more,
            "more_of": [{"called": "Samples", "count": more}],
            "due": waiting,
        }
        counts = {
            "count": len(undone) + more,
            "urgent": min(len(undone), 1),
            "new": 1 + more,
            "waiting": max(len(undone) - 1, 0),
            **told,
        }
        said_of = {"to": {"name": "Sample Person", "audience": "staff"}, "council": about, "link": "https://x.example"}
        try:
            notices.rehearsed(DIGEST, {**said_of, "undone": undone, **counts})
        except NoticeError as error:
            file = error.file or str(notices.folder / DIGEST)
            return [Problem(file, error.line or 1, 1, "notice", error.message)]
    return []
