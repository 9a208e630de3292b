"""HTTP end to end, signed in: the case's page, and an event's POST over one that does nothing plus `fire`."""

import json
import secrets
import statistics
from collections.abc import Callable
from dataclasses import dataclass

from apflow.store.cases.unit import Saved
from apflow.store.driver.engine import Store
from bench.audit import audit
from bench.browser import Browser, a_browser
from bench.figures import Figure, Target
from bench.ledger import Ledger
from bench.pairs import Spread
from bench.place import Place, opened
from bench.policy import DESKS, MOVES, NOW, note
from bench.scenario import Found, Scenario, Size, Tick
from bench.subject import a_subject

ADDED = Target(floor=2.0, want=0.7)
Do = Callable[[], object]
ENTRIES = 12  # in the history of the case whose page is read
NUMBERED_FROM = 1_000_000  # The server counts its own commands from 0.


@dataclass
class Form:
    """A case that is handed to and fro by its form, as an officer's browser sends it."""

    browser: Browser
    reference: str
    ledger: Ledger
    version: int = 1

    def send(self) -> None:
        number = self.ledger.number()
        event = MOVES[DESKS[(self.version - 1) % 2]]
        day = {"looked_on-day": str(NOW.day), "looked_on-month": str(NOW.month), "looked_on-year": str(NOW.year)}
        seen = {"seen": str(self.version), "key": secrets.token_hex(16), "step": "send"}
        fields = {"found": "in_order", "note": note(number), **day, **seen}
        self.browser.post(f"/cases/{self.reference}/do/{event}", fields)
        self.version += 1
        self.ledger.acknowledge(number, Saved(self.reference, self.version))


def measure(place: Place, size: Size, tick: Tick) -> Found:
    with place.sqlite("web") as store:
        subject = a_subject(place, store, 2)
        handed, read = (case.reference for case in subject.cases)
        ledger = subject.ledger
        ledger.skip_to(NUMBERED_FROM)
        for _ in range(ENTRIES - 1):
            subject.fire(subject.cases[1])
        with a_browser(place, place.file("web")) as browser:
            figures = _figures(browser, Form(browser, handed, ledger), read, size, tick)
            told = json.loads(browser.get("/bench/acknowledged"))
        ledger.acknowledged |= {int(number): Saved(*saved) for number, saved in told.items()}
        return Found(figures, _audited(place, store, ledger))


def _audited(place: Place, store: Store, ledger: Ledger) -> list[str]:
    """Counted in a connection made after the server is gone."""
    store.close()
    with opened(place.file("web")) as again:
        return audit(again, ledger)


def _figures(browser: Browser, form: Form, read: str, size: Size, tick: Tick) -> list[Figure]:
    steps = size.steps
    doing: dict[str, Do] = {
        "nothing": _times(steps, lambda: browser.post("/bench/nothing", {"note": note(0)})),
        "fire": lambda: browser.post(f"/bench/fire?steps={steps}", expect=204),
        "event": _times(steps, form.send),
        "page": _times(steps, lambda: browser.get(f"/cases/{read}")),
        "work": _times(steps, lambda: browser.get("/work")),
    }
    for do in doing.values():
        do()
    walls: dict[str, list[float]] = {name: [] for name in doing}
    processors: dict[str, list[float]] = {name: [] for name in doing}
    for _ in range(size.pairs):
        for name, do in doing.items():
            wall, processor = browser.taken_by(do)
            walls[name].append(wall / steps * 1e3)
            processors[name].append(processor / steps * 1e3)
            tick()
    both = zip(processors["event"], processors["nothing"], processors["fire"], strict=True)
    added = Spread.of([event - nothing - fire for event, nothing, fire in both])
    behind = {f"{name} processor ms": round(statistics.median(times), 3) for name, times in processors.items()}
    return [
        Figure("HTTP event POST: processor time over a no-op POST plus fire", added, "ms", ADDED, behind),
        Figure("HTTP event POST, one browser", Spread.of(walls["event"]), "ms"),
        Figure("HTTP page of a case, one browser", Spread.of(walls["page"]), "ms"),
        Figure("HTTP page of my work, one browser", Spread.of(walls["work"]), "ms"),
    ]


def _times(steps: int, do: Do) -> Do:
    def repeat() -> None:
        for _ in range(steps):
            do()

    return repeat


SCENARIO = Scenario(
    "web",
    "HTTP end to end, signed in",
    {"tiny": Size(1, 2), "quick": Size(4, 25), "full": Size(15, 100)},
    measure,
    ticks=lambda size: size.pairs * 5,
)
