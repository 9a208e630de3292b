"""The page of a case with a long history, and its timeline, beside a case with a short one."""

from datetime import timedelta

from bench.audit import audit
from bench.browser import Browser, a_browser
from bench.figures import Target
from bench.grown import Ask, grown
from bench.place import Place
from bench.policy import DESKS, MOVES, NOW, OFFICER, begin_case, look
from bench.scenario import Found, Scenario, Size, Tick
from bench.subject import Subject, a_subject

MINUTE = timedelta(minutes=1)
SHORT = 60  # More than a page shows, so that both pages show as much.
GROWN = Target(floor=2.0, want=1.3)  # Our own way of saying that the page does not grow.


def measure(place: Place, size: Size, tick: Tick) -> Found:
    with place.sqlite("history") as store:
        subject = a_subject(place, store)
        short, long = (_with_entries(subject, count) for count in (SHORT, size.rows))
        faults = audit(store, subject.ledger)
        store.close()
        with a_browser(place, place.file("history")) as browser:
            asked = {
                "case page": tuple(_page(browser, f"/cases/{one}") for one in (short, long)),
                "timeline": tuple(_page(browser, f"/cases/{one}/timeline") for one in (short, long)),
            }
            return Found(
                [
                    grown(
                        f"{what}, {size.rows:,} entries: p95 over {SHORT}",
                        (pair[0], pair[1]),
                        size,
                        tick,
                        counts=(SHORT, size.rows),
                        target=GROWN,
                    )
                    for what, pair in asked.items()
                ],
                faults,
            )


def _with_entries(subject: Subject, count: int) -> str:
    """A case that has been handed to and fro, once a minute until now; its reference."""
    begun = NOW - count * MINUTE
    reference = begin_case(subject.handler, begun)
    for turn in range(count - 1):
        number = subject.ledger.number()
        event, at = MOVES[DESKS[turn % 2]], begun + (turn + 1) * MINUTE
        answers = {**look(number), "looked_on": begun.date().isoformat()}
        saved = subject.handler.fire(reference, event, answers, actor=OFFICER, now=at)
        subject.ledger.acknowledge(number, saved)
    return reference


def _page(browser: Browser, address: str) -> Ask:
    return lambda: browser.get(address)


SCENARIO = Scenario(
    "history",
    "the page of a case and its timeline, with thousands of entries beside some",
    {"tiny": Size(1, 2, rows=80), "quick": Size(3, 20, rows=1_000), "full": Size(11, 60, rows=5_000)},
    measure,
    ticks=lambda size: size.ticks * 2,
)
