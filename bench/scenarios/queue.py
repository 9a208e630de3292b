"""The queue page and the case page, query and page, beside 1,000,000 open tasks and beside a tenth of them."""

import random
import statistics
import time
from collections.abc import Callable, Sequence

from apflow.store.cases import load_case
from apflow.store.engine import Store
from apflow.store.queues import waiting_on_others, work_of
from bench.browser import Browser, a_browser
from bench.figures import Figure, Target
from bench.fill import Filling, reference_of
from bench.pairs import Spread
from bench.place import Place, opened
from bench.policy import OFFICER
from bench.scenario import Found, Scenario, Size, Tick

FEWEST, ROUND_SECONDS = 3, 4.0
GROWN = Target(floor=2.0, want=1.3)
Ask = Callable[[], object]


def measure(place: Place, size: Size, tick: Tick) -> Found:
    few, _ = place.filled(Filling(size.rows // 10), tick)
    many, _ = place.filled(Filling(size.rows), tick)
    with (
        place.copy(few, "few") as a_few,
        place.copy(many, "many") as a_lot,
        opened(a_few) as small,
        opened(a_lot) as large,
        a_browser(place, a_few) as on_few,
        a_browser(place, a_lot) as on_many,
    ):
        few_cases, many_cases = _references(size.rows // 10), _references(size.rows)
        asked: dict[str, tuple[Ask, Ask]] = {
            "queue query": (_queue(small), _queue(large)),
            "case query": (_case(small, few_cases), _case(large, many_cases)),
            "queue page": (_page(on_few, ["/work"]), _page(on_many, ["/work"])),
            "case page": (_page(on_few, _addresses(few_cases)), _page(on_many, _addresses(many_cases))),
        }
        return Found([_figure(what, pair, size, tick) for what, pair in asked.items()])


def _figure(what: str, pair: tuple[Ask, Ask], size: Size, tick: Tick) -> Figure:
    """How much longer the slow ones take beside many: the 95th percentile, round by round, either first in turn."""
    for ask in pair:
        ask()
    slowest: tuple[list[float], list[float]] = ([], [])
    for number in range(size.pairs):
        for side in (0, 1) if number % 2 == 0 else (1, 0):
            slowest[side].append(_slowest(_times(pair[side], size.steps)))
            tick()
    grown = Spread.of([many / few for few, many in zip(*slowest, strict=True)])
    counts = (size.rows // 10, size.rows)
    behind = {
        f"p95 ms at {rows:,}": round(statistics.median(side) * 1e3, 3)
        for rows, side in zip(counts, slowest, strict=True)
    }
    target = GROWN if what == "queue query" else None
    return Figure(f"{what}, {counts[1]:,} open tasks: p95 over {counts[0]:,}", grown, "", target, behind)


def _queue(store: Store) -> Ask:
    def ask() -> object:
        with store.reading() as connection:
            return work_of(connection, OFFICER), waiting_on_others(connection, OFFICER)

    return ask


def _case(store: Store, references: Sequence[str]) -> Ask:
    chosen = iter(references)

    def ask() -> object:
        with store.reading() as connection:
            return load_case(connection, next(chosen))

    return ask


def _page(browser: Browser, addresses: Sequence[str]) -> Ask:
    turn = iter(range(10**9))
    return lambda: browser.get(addresses[next(turn) % len(addresses)])


def _references(rows: int) -> list[str]:
    """Some cases in no order, so many that none comes twice in a hurry."""
    choose = random.Random(1)
    return [reference_of(choose.randrange(rows)) for _ in range(20_000)]


def _addresses(references: Sequence[str]) -> list[str]:
    return [f"/cases/{reference}" for reference in references]


def _times(ask: Ask, steps: int) -> list[float]:
    """Seconds of each; fewer of them when they are slow, so that a bad query is found out within the hour."""
    times: list[float] = []
    while len(times) < steps and (len(times) < FEWEST or sum(times) < ROUND_SECONDS):
        begun = time.perf_counter()
        ask()
        times.append(time.perf_counter() - begun)
    return times


def _slowest(times: Sequence[float]) -> float:
    """The 95th percentile."""
    return statistics.quantiles(times, n=20, method="inclusive")[-1]


SCENARIO = Scenario(
    "queue",
    "queue page and case page at 1,000,000 open tasks",
    {"tiny": Size(1, 2, rows=200), "quick": Size(3, 20, rows=20_000), "full": Size(11, 60, rows=1_000_000)},
    measure,
    ticks=lambda size: size.ticks * 4 + 20,
)
