"""What a week of a placement comes to, and since when: a change holds from its day, and what was before it stays."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

_ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Weekly:
    """The minutes and sessions of one week, whether breaks are in them, and its cost in pounds as it was written."""

    minutes: int
    sessions: int | None
    has_breaks: bool
    cost: str | None


@dataclass(frozen=True, slots=True)
class Earlier:
    """What a week came to `until` the day from which it came to something else."""

    until: date
    weekly: Weekly


@dataclass(frozen=True, slots=True)
class Agreed:
    """What was agreed of a placement: the latest goes on from where the last of the `earlier` ones ends, in order."""

    latest: Weekly
    earlier: tuple[Earlier, ...] = ()

    @property
    def since(self) -> date | None:
        """The day from which the latest holds; None where that is the first."""
        return self.earlier[-1].until if self.earlier else None

    def on(self, day: date) -> Weekly:
        """What holds on the day; the first before the placement begins as well."""
        return next((one.weekly for one in self.earlier if day < one.until), self.latest)

    def coming(self, day: date) -> Iterator[tuple[date, Weekly]]:
        """Every change after the day, with the day from which it holds."""
        return ((one.until, self.on(one.until)) for one in self.earlier if one.until > day)

    def between(self, first: date, last: date) -> Iterator[tuple[date, date, Weekly]]:
        """The stretches from one day to another, each with its first and last day and what holds in it."""
        for one in self.earlier:
            if first < one.until <= last:
                yield first, one.until - _ONE_DAY, one.weekly
                first = one.until
        yield first, last, self.on(first)

    def changed(self, now: Weekly, since: date | None, starts: date) -> "Agreed":
        """The same once this holds from the day on, whatever was agreed for later; a correction of the latest without.

        One since the placement's first day, or earlier, is all there is.
        """
        if since is None:
            return Agreed(now, _differing(self.earlier, now))
        if since <= starts:
            return Agreed(now)
        kept = [one for one in self.earlier if one.until < since]
        return Agreed(now, _differing([*kept, Earlier(since, self.on(since - _ONE_DAY))], now))

    def put_right(self, now: Weekly, since: date | None, starts: date) -> "Agreed":
        """The same as whoever sees the latest and its day has changed them: the day alone moves the latest change.

        Without a day it holds from the placement's first.
        """
        before = Agreed(self.earlier[-1].weekly, self.earlier[:-1]) if self.earlier and now == self.latest else self
        return before.changed(now, since or starts, starts)


def _differing(earlier: Sequence[Earlier], latest: Weekly) -> tuple[Earlier, ...]:
    """Those after which something else came."""
    after = [*(one.weekly for one in earlier), latest][1:]
    return tuple(one for one, following in zip(earlier, after, strict=True) if one.weekly != following)
