"""Durable `fire` on PostgreSQL with one caller and with eight, beside one caller of raw SQL and of ours.

The eight are in two processes, as those of `apflow serve --only web` would be on two cores.
"""

from bench.audit import audit
from bench.crowd import a_crowd
from bench.figures import Figure, Target
from bench.pairs import in_pairs
from bench.place import Place
from bench.postgres import a_database, a_server, driver_address
from bench.raw_postgres import RawPostgres
from bench.sample import sample_of
from bench.scenario import Found, Scenario, Size, Tick
from bench.subject import a_subject

PROCESSES, CALLERS = 2, 4
CASES = 104
LONGER = (
    4  # Each turn of the eight: beginning and ending one, when not all of them are at work, counts for little then.
)
ONE = Target(floor=0.5, want=0.8)
EIGHT = Target(floor=1.2, want=2.0)


def measure(place: Place, size: Size, tick: Tick) -> Found:
    with (
        a_server(place) as server,
        a_database(server, "subject") as store,
        a_database(server, "reference") as other,
    ):
        subject = a_subject(place, store, CASES)
        subject.step()
        raw = RawPostgres(driver_address(other), sample_of(store, subject.cases[1].reference))
        raw.seed(CASES)
        one = in_pairs(raw.run, subject.run, pairs=size.pairs, steps=size.steps, tick=tick)
        with a_crowd(store.url, place.policy_folder, subject.ledger, PROCESSES, CALLERS, CASES // PROCESSES) as crowd:
            of_raw = in_pairs(raw.run, crowd.run, pairs=size.pairs, steps=size.steps * LONGER, tick=tick)
            of_one = in_pairs(subject.run, crowd.run, pairs=size.pairs, steps=size.steps * LONGER, tick=tick)
        raw.close()
        figures = [
            Figure("fire, PostgreSQL, one caller: share of raw", one.share(), "", ONE, one.rates()),
            Figure("fire, PostgreSQL, one caller: processor time added", one.added(), "µs", None, one.rates()),
            Figure("fire, PostgreSQL, eight callers: share of one caller", of_one.share(), "", EIGHT, of_one.rates()),
            Figure("fire, PostgreSQL, eight callers: share of raw one", of_raw.share(), "", EIGHT, of_raw.rates()),
        ]
        return Found(figures, audit(store, subject.ledger))


SCENARIO = Scenario(
    "postgresql",
    "durable fire, PostgreSQL, one caller and eight",
    {"tiny": Size(2, 16), "quick": Size(6, 104), "full": Size(24, 400)},
    measure,
    ticks=lambda size: size.ticks * 3,
)
