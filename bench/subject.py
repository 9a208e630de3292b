"""apflow itself, through its one door: full semantics, nothing left out and nothing prepared."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field

from apflow.handler import Handler
from apflow.store.driver.engine import Store
from bench.ledger import Ledger
from bench.place import Place
from bench.policy import DESKS, MOVES, NOW, OFFICER, begin_case, look


@dataclass
class Case:
    """One case as its caller knows it."""

    reference: str
    desk: int = 0


@dataclass
class Subject:
    """Cases of the bench's workflow in one database, which callers hand to and fro."""

    store: Store
    handler: Handler
    ledger: Ledger = field(default_factory=Ledger)
    cases: list[Case] = field(default_factory=list)
    _turn: int = 0

    def begin(self, count: int) -> None:
        """Open so many cases."""
        self.cases += [Case(begin_case(self.handler)) for _ in range(count)]

    def step(self) -> None:
        """One transition of the case whose turn it is."""
        self._turn += 1
        self.fire(self.cases[self._turn % len(self.cases)])

    def run(self, steps: int) -> None:
        """So many transitions by one caller."""
        for _ in range(steps):
            self.step()

    def run_at_once(self, threads: ThreadPoolExecutor, callers: int, steps: int) -> None:
        """So many transitions by several callers, each waiting for its own commit and with cases of its own."""

        def call(caller: int) -> None:
            mine = self.cases[caller::callers]
            for number in range(steps // callers):
                self.fire(mine[number % len(mine)])

        list(threads.map(call, range(callers)))

    def fire(self, case: Case) -> None:
        """Hand one case on, and note that this was acknowledged."""
        number = self.ledger.number()
        event = MOVES[DESKS[case.desk]]
        saved = self.handler.fire(case.reference, event, look(number), actor=OFFICER, now=NOW)
        case.desk = 1 - case.desk
        self.ledger.acknowledge(number, saved)


def a_subject(place: Place, store: Store, cases: int = 0) -> Subject:
    """apflow on this database, with so many cases begun."""
    subject = Subject(store, place.policy.handler(store))
    subject.begin(cases)
    return subject
