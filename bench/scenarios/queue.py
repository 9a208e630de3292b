"""The queue page and the case page, query and page, beside 1,000,000 open tasks and beside a tenth of them."""

import random
from collections.abc import Sequence

from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.store.reading.queues import waiting_on_others
from apflow.web.lists.queue import A_PAGE, overview
from bench.browser import Browser, a_browser
from bench.figures import Target
from bench.fill import Filling, reference_of
from bench.grown import Ask, grown
from bench.place import Place, opened
from bench.policy import NOW, OFFICER
from bench.scenario import Found, Scenario, Size, Tick

TARGETS = {"queue query": Target(floor=2.0, want=1.3)}


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
        counts = (size.rows // 10, size.rows)
        told = f"{size.rows:,} open tasks: p95 over {size.rows // 10:,}"
        return Found(
            [
                grown(f"{what}, {told}", pair, size, tick, counts=counts, target=TARGETS.get(what))
                for what, pair in asked.items()
            ]
        )


def _queue(store: Store) -> Ask:
    def ask() -> object:
        with store.reading() as connection:
            return overview(connection, OFFICER, NOW), waiting_on_others(connection, OFFICER, limit=A_PAGE)

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


SCENARIO = Scenario(
    "queue",
    "queue page and case page at 1,000,000 open tasks",
    {"tiny": Size(1, 2, rows=200), "quick": Size(3, 20, rows=20_000), "full": Size(11, 60, rows=1_000_000)},
    measure,
    ticks=lambda size: size.ticks * 4 + 20,
)
