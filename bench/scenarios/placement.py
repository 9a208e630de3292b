"""A command on a placement, by the council's own policy, beside few pupils and beside many."""

from bench.figures import Figure, Target
from bench.pairs import Spread, in_pairs
from bench.place import Place
from bench.placed import Placed, a_council, among_copies
from bench.scenario import Found, Scenario, Size, Tick

SHARE = Target(floor=0.75, want=0.9)  # Our own way of saying that it keeps its speed, and how long it may take.
TIME = Target(floor=2.0, want=1.0)


def measure(place: Place, size: Size, tick: Tick) -> Found:
    alone, among = place.folder / "council", place.folder / "council-among-many"
    a_council(alone)
    among_copies(alone, among, size.rows)
    few, many = Placed(alone), Placed(among)
    pairs = in_pairs(few.run, many.run, pairs=size.pairs, steps=size.steps, tick=tick)
    name = f"command on a placement, {size.rows:,} pupils"
    taken = Spread.of([turn.processor * 1e3 for turn in pairs.subject])
    figures = [
        Figure(f"{name}: share of its speed with few", pairs.share(), "", SHARE, pairs.rates()),
        Figure(f"{name}: processor time", taken, "ms", TIME, pairs.rates()),
    ]
    faults = [fault for one in (few, many) for fault in one.faults()]
    for one in (few, many):
        one.site.store.close()
    return Found(figures, faults)


SCENARIO = Scenario(
    "placement",
    "a command on a placement, with 10,000 pupils on record",
    {"tiny": Size(2, 4, rows=20), "quick": Size(6, 20, rows=1_000), "full": Size(24, 60, rows=10_000)},
    measure,
)
