"""Whatever rings deadlines lets cases hear each other too, each thing as of its own time."""

from datetime import timedelta
from pathlib import Path

import pytest

from apflow.handler import Handler
from apflow.scheduler import fire_due
from apflow.store.cases.loading import load_case
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, OLIVE, a_handler, add_people, library_from
from tests.loader.family import a_family_folder

FARM = {"organisation": "Made Up Farm", "contact_name": "Pat Provider", "contact_email": "pat@made-up-farm.example"}
MUCH_LATER = MONDAY + timedelta(weeks=10)


@pytest.fixture
def handler(store: Store, tmp_path: Path) -> Handler:
    add_people(store)
    return a_handler(store, library_from(a_family_folder(tmp_path)))


def test_after_an_outage_a_child_begins_lapses_and_moves_its_parent_before_the_parent_is_late(handler: Handler) -> None:
    reference = handler.open_case("provider", "add", FARM, actor=OLIVE, now=MONDAY).reference
    handler.fire(reference, "plan", {"concern": "No first aider."}, actor=OLIVE, now=MONDAY)

    assert fire_due(handler, MUCH_LATER, machine_now=lambda: MONDAY) == 1

    with handler.store.reading() as connection:
        parent = load_case(connection, reference)
        assert parent is not None
        plan = load_case(connection, parent.children[0].reference)
    assert plan is not None
    assert (plan.state, parent.state) == ("failed", "removed")
    assert plan.entered_at == parent.entered_at < MUCH_LATER
