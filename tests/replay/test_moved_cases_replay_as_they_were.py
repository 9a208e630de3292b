"""The demo's cases, moved to another version and gone on under it: each history comes out as it was, text by text."""

import shutil
from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from apflow.demo.build import Stage, pass_time
from apflow.demo.clock import DemoDays
from apflow.demo.run import DATABASE, demo_site
from apflow.foresight.replaying import Replayed, in_sum, replay
from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.store.reading.past import references_of
from apflow.testing import MAGDA, a_handler
from apflow.versions.moving import Move, moved, moved_back, to_move, version_to
from apflow.web.site import Site
from tests.versions import everywhere, longer_everywhere

BACK_AGAIN = 5
MONTH = timedelta(days=30)


@pytest.fixture(scope="module")
def moved_demo(demo_made: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Site, datetime]]:
    """A demo in which every open case was moved to longer deadlines, some of them back, and a month has passed."""
    folder = Path(shutil.copytree(demo_made, tmp_path_factory.mktemp("moved") / "council"))
    made = demo_site(folder, "http://testserver.local", DemoDays(Store(f"sqlite:///{folder / DATABASE}")))
    now = made.now()
    pass_time(Stage(made, now), now)  # What has come due since it was made: at nine reminders go.
    later = a_handler(made.store, longer_everywhere(made.library))
    for workflow in later.library.sources:
        move = Move(version_to(later, workflow, None), MAGDA, now)
        told = [one.reference for one in moved(later, move, to_move(later, move.to)) if one.how == "moved"]
        back = moved_back(later, MAGDA, now, told[:BACK_AGAIN] if len(told) > BACK_AGAIN else [])
        assert {one.how for one in back} <= {"back"}
    pass_time(Stage(replace(made, handler=later), now), now + MONTH)
    yield made, now + MONTH
    made.store.close()


def replayed(site: Site, until: datetime, library: Library, *workflows: str) -> Replayed:
    """Every case of these workflows until then, as it would have gone with the policy of this library."""
    handler = a_handler(site.store, library)
    with site.store.reading() as connection:
        found = [
            replay(handler, connection, library, workflow, until, lambda each: each)
            for workflow in workflows
            if references_of(connection, workflow)
        ]
    return replace(found[-1], cases=tuple(case for one in found for case in one.cases))


def test_each_comes_out_as_it_was_and_would_not_have_gone_otherwise_after_its_move(
    moved_demo: tuple[Site, datetime],
) -> None:
    site, until = moved_demo

    found = replayed(site, until, longer_everywhere(site.library), *site.library.sources)

    moved_on = [case for case in found.cases if case.since]
    assert [case.why for case in found.cases if case.verdict == "unknown"] == []
    assert len(moved_on) > 30
    assert {case.verdict for case in moved_on} == {"same"}


def test_with_the_rules_of_before_some_would_have_gone_otherwise_but_not_until_they_were_moved(
    moved_demo: tuple[Site, datetime],
) -> None:
    site, until = moved_demo

    found = replayed(site, until, everywhere(site.library), "provider")

    otherwise = [case for case in found.cases if case.since and case.verdict != "same"]
    assert {"unknown", "impossible"}.isdisjoint(found.verdicts)
    assert otherwise
    assert all(case.since <= one.was for case in otherwise for one in case.differences if case.since and one.was)
    assert any(line.endswith("the changed file counts only from then on.") for line in in_sum(found))
