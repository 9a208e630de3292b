"""A replay in the very moment in which a deadline is due: it has not fired yet, and so nothing has gone otherwise."""

from datetime import datetime

from apflow.foresight.replaying import Replayed, replay
from apflow.handler import Handler
from apflow.loader import Library
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.testing import a_handler
from tests.brought import bring_to


def replayed(handler: Handler, until: datetime) -> Replayed:
    with handler.store.reading() as connection:
        return replay(handler, connection, handler.library, "provider", until, lambda each: each)


def test_the_case_comes_out_as_recorded_before_it_fires_and_after(store: Store, library: Library) -> None:
    handler = a_handler(store, library)
    reference = bring_to(handler, "gathering_evidence")
    with store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    due = case.deadlines["evidence_due"].next_at
    assert due is not None

    before = replayed(handler, due)
    fire_due(handler, due, machine_now=lambda: due)
    after = replayed(handler, due)

    assert [(one.verdict, one.why) for one in (*before.cases, *after.cases)] == [("same", ""), ("same", "")]
