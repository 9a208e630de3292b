"""Somebody's own part of a case that is taken back is gone from the database, and from nobody else's."""

from sqlalchemy import select

from apflow.handler import Handler
from apflow.store.driver.engine import Store
from apflow.store.tables.cases import case_items
from apflow.testing import MAGDA, MONDAY, OLIVE, PAVEL, POPPY, add_people
from tests.brought import bring_to
from tests.store.witness import case_of, faults


def test_one_members_part_is_gone_and_the_others_stay(store: Store, handler: Handler) -> None:
    add_people(store)
    reference, other = bring_to(handler, "panel"), bring_to(handler, "panel")
    for application in (reference, other):
        for member in (PAVEL, POPPY):
            said = {"member": member.id, "conflict": "A cousin works there."}
            handler.fire(application, "record_conflict", said, actor=OLIVE, now=MONDAY)

    taken_back = {"member": PAVEL.id, "why": "It was somebody else."}
    handler.fire(reference, "take_back_conflict", taken_back, actor=MAGDA, now=MONDAY)

    assert set(case_of(store, reference).items["panel_views"]) == {str(POPPY.id)}
    with store.reading() as connection:
        kept = connection.execute(select(case_items.c.key).where(case_items.c.collection == "panel_views")).scalars()
        assert sorted(kept) == sorted(str(member.id) for member in (PAVEL, POPPY, POPPY))
    assert faults(store) == []
