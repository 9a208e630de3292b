"""Durable `fire` with 64 callers on SQLite, each waiting for its own synced commit, beside raw one-per-commit."""

from concurrent.futures import ThreadPoolExecutor
from functools import partial

from bench.audit import audit
from bench.figures import Figure, Target
from bench.pairs import in_pairs
from bench.place import Place
from bench.sample import sample_of
from bench.scenario import Found, Scenario, Size, Tick
from bench.subject import a_subject

CALLERS = 64
CASES = CALLERS * 2
SHARE = Target(floor=1.5, want=3.0)


def measure(place: Place, size: Size, tick: Tick) -> Found:
    with place.sqlite("subject") as store, ThreadPoolExecutor(CALLERS) as threads:
        subject = a_subject(place, store, CASES)
        subject.step()
        at_once = partial(subject.run_at_once, threads, CALLERS)
        with place.reference(sample_of(store, subject.cases[1].reference), CASES) as raw:
            pairs = in_pairs(raw.run, at_once, pairs=size.pairs, steps=size.steps, tick=tick)
        share, added = "fire, SQLite, 64 callers: share of raw", "fire, SQLite, 64 callers: processor time added"
        figures = [
            Figure(share, pairs.share(), "", SHARE, pairs.rates()),
            Figure(added, pairs.added(), "µs", None, pairs.rates()),
        ]
        return Found(figures, audit(store, subject.ledger))


SCENARIO = Scenario(
    "callers",
    "durable fire, SQLite, 64 callers",
    {"tiny": Size(2, 64), "quick": Size(6, 256), "full": Size(20, 2_560)},
    measure,
)
