"""A sweep of due deadlines among many that are not: each with a full transition of its case, and claimed only."""

from collections.abc import Callable, Iterator
from datetime import timedelta
from itertools import islice
from pathlib import Path

from apflow.clock import machine_now
from apflow.scheduler import firing
from bench.audit import audit, still_due
from bench.claiming import claiming
from bench.figures import Figure, Target
from bench.fill import DUE_ONE_IN, Filling
from bench.pairs import Pairs, in_pairs
from bench.place import Place, opened
from bench.policy import NOW
from bench.raw import RawSqlite
from bench.sample import Sample, sample_of
from bench.scenario import Found, Scenario, Size, Tick
from bench.subject import a_subject

FIRED = Target(floor=0.3, want=0.5)
CLAIMED = Target(floor=0.5, want=0.8)
STORED_NOW = NOW.strftime("%Y-%m-%d %H:%M:%S.%f")
STORED_LEASE = (NOW + timedelta(days=30)).strftime("%Y-%m-%d %H:%M:%S.%f")


def measure(place: Place, size: Size, tick: Tick) -> Found:
    filled, _ = place.filled(Filling(size.rows), tick)
    sample = a_transition(place)
    fired, faults = fire_all(place, filled, sample, size, tick)
    claimed = claim_all(place, filled, sample, size, tick)
    of = f"{size.rows // DUE_ONE_IN:,} due of {size.rows:,}"
    figures = [
        Figure(f"timers fired, {of}: share of raw", fired.share(), "", FIRED, fired.rates()),
        Figure("timers fired: processor time added", fired.added(), "µs", None, fired.rates()),
        Figure("timers claimed and recorded: share of raw", claimed.share(), "", CLAIMED, claimed.rates()),
    ]
    return Found(figures, faults)


def a_transition(place: Place) -> Sample:
    """The rows of a transition, from a database of its own."""
    with place.sqlite("sampled") as store:
        subject = a_subject(place, store, 1)
        subject.step()
        return sample_of(store, subject.cases[0].reference)


def fire_all(place: Place, filled: Path, sample: Sample, size: Size, tick: Tick) -> tuple[Pairs, list[str]]:
    """Everything that is due, beside the same in raw SQL; what is left over is fired too, for the audit."""
    with place.copy(filled, "subject") as ours, place.copy(filled, "raw") as theirs, opened(ours) as store:
        drain = firing(place.policy.handler(store), NOW, machine_now=machine_now)
        raw = RawSqlite(theirs, sample)

        def fire(steps: int) -> None:
            _all(drain, steps)

        pairs = in_pairs(_sweeping(raw), fire, pairs=size.pairs, steps=size.steps, tick=tick)
        raw.close()
        refused = sum(not acted for acted in drain)
        faults = audit(store) + still_due(store, NOW)
        return pairs, faults + ([f"{refused} deadlines were refused"] if refused else [])


def claim_all(place: Place, filled: Path, sample: Sample, size: Size, tick: Tick) -> Pairs:
    """The same deadlines claimed and recorded as fired, and nothing done about any case."""
    with place.copy(filled, "subject") as ours, place.copy(filled, "raw") as theirs, opened(ours) as store:
        drain, raw = claiming(store, NOW), RawSqlite(theirs, sample)

        def claim(steps: int) -> None:
            _all(drain, steps)

        pairs = in_pairs(
            lambda steps: raw.claim(steps, now=STORED_NOW, until=STORED_LEASE),
            claim,
            pairs=size.pairs,
            steps=size.steps,
            tick=tick,
        )
        raw.close()
        return pairs


def _sweeping(raw: RawSqlite) -> Callable[[int], None]:
    return lambda steps: raw.sweep(steps, now=STORED_NOW)


def _all(drain: Iterator[object], steps: int) -> None:
    if sum(1 for _ in islice(drain, steps)) != steps:
        raise AssertionError("fewer deadlines were due than were to be measured")


SCENARIO = Scenario(
    "sweep",
    "timer sweep, 100,000 due of 1,000,000",
    {"tiny": Size(2, 5, rows=200), "quick": Size(6, 300, rows=20_000), "full": Size(24, 4_000, rows=1_000_000)},
    measure,
    ticks=lambda size: size.ticks * 2 + 10,
)
