"""Durable `fire` with one caller: SQLite, WAL, synchronous=FULL, one commit each."""

from bench.audit import audit
from bench.figures import Figure, Target
from bench.pairs import Pairs, in_pairs
from bench.place import Place
from bench.sample import sample_of
from bench.scenario import Found, Scenario, Size, Tick
from bench.subject import a_subject

CASES = 100
SHARE = Target(floor=0.50, want=0.70)
ADDED = Target(floor=600, want=250)


def measure(place: Place, size: Size, tick: Tick) -> Found:
    with place.sqlite("subject") as store:
        subject = a_subject(place, store, CASES)
        subject.step()
        with place.reference(sample_of(store, subject.cases[1].reference), CASES) as raw:
            pairs = in_pairs(raw.run, subject.run, pairs=size.pairs, steps=size.steps, tick=tick)
        return Found(figures(pairs), audit(store, subject.ledger))


def figures(pairs: Pairs) -> list[Figure]:
    behind = pairs.rates()
    return [
        Figure("fire, SQLite, one caller: share of raw", pairs.share(), "", SHARE, behind),
        Figure("fire, SQLite, one caller: processor time added", pairs.added(), "µs", ADDED, behind),
    ]


SCENARIO = Scenario(
    "fire",
    "durable fire, SQLite, one caller",
    {"tiny": Size(2, 10), "quick": Size(8, 150), "full": Size(30, 400)},
    measure,
)
