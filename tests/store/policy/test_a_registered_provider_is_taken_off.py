"""Taking a registered provider off reaches the placements that have not begun there, as a removal does."""

from typing import Any

import pytest
from sqlalchemy import select

from apflow.core.errors import Blocked
from apflow.core.snapshot import Snapshot
from apflow.handler import Handler
from apflow.rounds.signals import hear_all
from apflow.store.cases.loading import load_case
from apflow.store.records.sites import sites_of
from apflow.store.tables.messages import messages
from apflow.testing import MONDAY, OLIVE
from tests.placing import a_pupil_of, a_school_with_an_account, prepare, refer
from tests.registered import a_register, asked_for_there, found_by, reached

WHY = "Its head told us."


def case_of(handler: Handler, reference: str) -> Snapshot:
    with handler.store.reading() as connection:
        case = load_case(connection, reference)
    assert case is not None
    return case


def told(handler: Handler, reference: str) -> list[Any]:
    query = select(messages).where(messages.c.case_id == case_of(handler, reference).id)
    with handler.store.reading() as connection:
        return [row for row in connection.execute(query) if row.notice == "placement/chosen_no_longer"]


def work(handler: Handler, reference: str) -> list[str]:
    names = ("none_begins_there", "signal_refused")
    return [task.name for task in case_of(handler, reference).tasks if task.name in names]


def test_those_who_prepare_a_placement_there_are_told_without_a_reason_and_an_officer_settles_it(
    handler: Handler,
) -> None:
    a_register(handler)
    hill = a_school_with_an_account(handler, "Hill School", "999901", "sally@hill-school.example")
    reference = reached(handler, found_by(handler, hill))
    with handler.store.reading() as connection:
        (site,) = sites_of(connection, case_of(handler, reference).id or 0)
    pip, ros, wren = (a_pupil_of(handler, "Hill School", name) for name in ("Pip", "Ros", "Wren"))
    said = {"pupil": pip, "site": site.id, "kind": "alongside"}
    draft = handler.open_case("placement", "refer_a_pupil", said, actor=hill, now=MONDAY).reference
    agreed, begun = (refer(handler, hill, pupil, site.id) for pupil in (ros, wren))
    for one in (agreed, begun):
        prepare(handler, one, hill, provider=asked_for_there(handler))
    handler.fire(begun, "start_placement", {}, actor=hill, now=MONDAY)

    handler.fire(reference, "take_off", {"closed_because": WHY}, actor=OLIVE, now=MONDAY)
    hear_all(handler, machine_now=lambda: MONDAY)

    assert [len(told(handler, one)) for one in (draft, agreed, begun)] == [1, 1, 0]
    assert not any(word in row.text for row in told(handler, agreed) for word in (WHY, "Ros"))
    assert [work(handler, one) for one in (draft, agreed, begun)] == [[], ["none_begins_there"], []]
    assert work(handler, reference) == []
    with pytest.raises(Blocked):
        handler.fire(agreed, "start_placement", {}, actor=hill, now=MONDAY)
