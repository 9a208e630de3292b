"""The demo's own live cases moved to another version: as explained, whole, and as if nothing had been moved after."""

import re
import signal
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.people.actor import Actor
from apflow.demo.build import Stage, pass_time
from apflow.demo.cast import MAGDA
from apflow.demo.run import demo_site
from apflow.rounds.verifying import verified
from apflow.store.driver.engine import Store
from apflow.store.people.people import person_by_email
from apflow.store.tables.cases import cases
from apflow.store.tables.history import history
from apflow.store.tables.messages import messages
from apflow.testing import a_handler
from apflow.versions.moving import Move, explained, moved, to_move, version_to
from apflow.web.site import Site
from tests.store.crashes.test_a_killed_move import mover
from tests.store.population import populate
from tests.store.witness import faults
from tests.versions import renamed_here_and_there

AS_BEFORE = {"looking_at_it": "checking_evidence", "looked_at_by": "check_due"}
DAYS, TIMES = 30, 21
COPY = re.compile(r"(?<=-.{4}-.{4})-\d+$")
Went = Mapping[str, Counter[tuple[Any, ...]]]


@dataclass
class Council:
    """A demo's population, how it stood at `now`, and the policy that it can be moved to."""

    site: Site
    now: datetime
    versions: Mapping[str, int]

    @property
    def later(self) -> Site:
        library = renamed_here_and_there(self.site.library)
        return replace(self.site, library=library, handler=a_handler(self.site.store, library))

    @property
    def moves(self) -> Iterator[Move]:
        with self.site.store.reading() as connection:
            magda = person_by_email(connection, MAGDA.email)
        assert magda is not None
        actor = Actor(magda.id, magda.name, frozenset(magda.roles))
        for workflow in self.later.library.sources:
            yield Move(version_to(self.later.handler, workflow, None), actor, self.now)


@pytest.fixture
def unmoved(demo: Path) -> Iterator[Council]:
    """The demo itself."""
    site = demo_site(demo, "http://testserver.local")
    yield council_in(site, site.store, site.now())
    site.store.close()


def council_in(site: Site, store: Store, now: datetime) -> Council:
    with store.reading() as connection:
        stand = connection.execute(select(cases.c.reference, cases.c.version)).all()
    own = replace(site, store=store, handler=a_handler(store, site.library))
    return Council(own, now, {row.reference: row.version for row in stand})


def many(unmoved: Council, store: Store, demo: Path, times: int) -> Council:
    """The same population in another database, so many times over."""
    populate(store, demo, times)
    return council_in(unmoved.site, store, unmoved.now)


def goes_on(council: Council, site: Site, days: int) -> Went:
    """What then happens to each case and is written about it, under the names of before; and to how many new ones."""
    pass_time(Stage(site, council.now), council.now + timedelta(days=days))
    went: dict[str, Counter[tuple[Any, ...]]] = defaultdict(Counter)
    with site.store.reading() as connection:
        for row in connection.execute(select(cases.c.reference, history).join(history)):
            if row.kind != "version" and row.version > council.versions.get(row.reference, 0):
                names = (AS_BEFORE.get(name, name) for name in (row.name, row.from_state, row.to_state))
                went[_of(council, row)][(row.kind, *names, row.actor_name, row.at)] += 1
        since = select(cases.c.reference, messages).join(messages).where(messages.c.queued_at >= council.now)
        for row in connection.execute(since):
            went[_of(council, row)][row.notice, row.to_email, row.queued_at, row.status] += 1
    return went


def _of(council: Council, row: Any) -> str:
    return str(row.reference) if row.reference in council.versions else "new"


def elsewhere(council: Council) -> list[str]:
    """The open cases that keep to the old text."""
    return [one for move in council.moves for one in to_move(council.later.handler, move.to)]


def as_explained(council: Council) -> int:
    """Move all of them, and hold what is said against what was said before; how many there were."""
    count = 0
    for move in council.moves:
        references = to_move(council.later.handler, move.to)
        before = list(explained(council.later.handler, move, references))
        assert list(moved(council.later.handler, move, references)) == before
        assert {told.how for told in before} <= {"moved"}
        count += len(before)
    return count


def test_every_live_case_of_the_demo_is_moved_as_explained_and_then_goes_on_as_it_would_have(
    store: Store, demo: Path, unmoved: Council
) -> None:
    council = many(unmoved, store, demo, 1)
    live = elsewhere(council)

    assert as_explained(council) == len(live) > 40

    assert elsewhere(council) == []
    assert goes_on(council, council.later, DAYS) == goes_on(unmoved, unmoved.site, DAYS)
    assert list(verified(council.later.handler, council.now + timedelta(days=DAYS))) == []


@pytest.mark.slow
@pytest.mark.timeout(1800)
def test_a_thousand_of_them_are_too_though_the_process_that_moves_them_is_killed_half_way(
    store: Store, url: str, demo: Path, unmoved: Council
) -> None:
    council = many(unmoved, store, demo, TIMES)
    live = elsewhere(council)
    assert len(live) > 1000

    with mover(url, council.now.isoformat(), *council.site.library.sources) as move:
        for steps in (1000, 3000):
            assert move(steps) == -signal.SIGKILL
            each_is_whole(council)
    left = elsewhere(council)
    assert 0 < len(left) < len(live)
    assert as_explained(council) == len(left)

    assert elsewhere(council) == []
    each_is_whole(council)
    assert moved_once(council) == set(live)
    went, alone = goes_on(council, council.later, DAYS), goes_on(unmoved, unmoved.site, DAYS)
    for reference in council.versions:
        assert went[reference] == alone[COPY.sub("", reference)], reference
    assert list(verified(council.later.handler, council.now + timedelta(days=DAYS))) == []


def each_is_whole(council: Council) -> None:
    """Every case is on the one version, as it was, or on the other with one entry more."""
    assert faults(council.site.store) == []
    old = {source.digest for source in council.site.library.sources.values()}
    with council.site.store.reading() as connection:
        for row in connection.execute(select(cases)):
            assert row.version == council.versions[row.reference] + (row.digest not in old)


def moved_once(council: Council) -> set[str]:
    with council.site.store.reading() as connection:
        rows = connection.scalars(select(cases.c.reference).join(history).where(history.c.kind == "version")).all()
    assert len(rows) == len(set(rows))
    return set(rows)
