"""From one day of a provider's attendance to the others: the day before on which somebody comes, the week, the gaps."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import Connection

from apflow.provision.sessions import week_of
from apflow.store.records.attendance import Attending
from apflow.web.records.attending import Attends
from apflow.web.records.to_attend import has_begun, still_open

_A_DAY, _A_SUMMER = timedelta(days=1), timedelta(weeks=10)
_MOST = 10


@dataclass(frozen=True, slots=True)
class OtherDays:
    """`week` and `unmarked` have with each day how many of its sessions nobody has marked.

    `unmarked` has the oldest of the days, `count` the sessions of them all, `more` how many days are left out.
    """

    before: date
    after: date
    week: Sequence[tuple[date, int]]
    unmarked: Sequence[tuple[date, int]]
    count: int
    more: int


def other_days(who: Attends, connection: Connection, case_id: int, day: date) -> OtherDays:
    """Days on which no plan names a session are passed over; where none does for a whole summer, none is."""
    of = Attending(day - _A_SUMMER, who.today, case_id=case_id)
    planned = sorted(who.coding.planned_days(connection, of))
    left = who.coding.unmarked(connection, still_open(who, case_id=case_id))
    counts = Counter(one.day for one in left if has_begun(who, one))
    others = sorted((one, count) for one, count in counts.items() if one != day)
    return OtherDays(
        before=max((one for one in planned if one < day), default=day - _A_DAY),
        after=min((one for one in planned if one > day), default=min(day + _A_DAY, who.today)),
        week=[(one, counts[one]) for one in week_of(day) if one in planned],
        unmarked=others[:_MOST],
        count=sum(count for _, count in others),
        more=len(others[_MOST:]),
    )
