"""`fire` with many cases in the database beside `fire` with none."""

import random

from bench.audit import audit
from bench.figures import Figure, Target
from bench.fill import Filling, reference_of
from bench.pairs import in_pairs
from bench.place import Place, opened
from bench.scenario import Found, Scenario, Size, Tick
from bench.subject import Case, a_subject

CASES = 100
SHARE = Target(floor=0.75, want=0.9)


def measure(place: Place, size: Size, tick: Tick) -> Found:
    filled, _ = place.filled(Filling(size.rows, with_letters=True), tick)
    with place.sqlite("empty") as few, place.copy(filled, "full") as file, opened(file) as many:
        alone, among = a_subject(place, few, CASES), a_subject(place, many)
        chosen = random.Random(1).sample(range(size.rows), min(1_000, size.rows))
        among.cases = [Case(reference_of(number)) for number in chosen]
        pairs = in_pairs(alone.run, among.run, pairs=size.pairs, steps=size.steps, tick=tick)
        name = f"fire, SQLite, {size.rows:,} cases"
        figures = [
            Figure(f"{name}: share of none", pairs.share(), "", SHARE, pairs.rates()),
            Figure(f"{name}: processor time added", pairs.added(), "µs", None, pairs.rates()),
        ]
        return Found(figures, audit(few, alone.ledger) + audit(many, among.ledger))


SCENARIO = Scenario(
    "growth",
    "durable fire, SQLite, 300,000 cases in the database",
    {"tiny": Size(2, 8, rows=60), "quick": Size(6, 100, rows=20_000), "full": Size(24, 400, rows=300_000)},
    measure,
    ticks=lambda size: size.ticks + 10,
)
