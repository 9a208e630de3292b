"""The public list: only what may be shown, by an index, and quickly however many cases there are."""

from sqlalchemy import select

from apflow.handler import Handler
from apflow.store.reading.listed import Wanted, checked_of, listed, listed_one
from apflow.store.tables.cases import cases
from apflow.testing import MONDAY
from tests.brought import bring_to
from tests.store.effort import steps

WANTED = Wanted("provider", ("approved",), ("organisation", "urn"), "evidence", ("accepted",))


def test_it_has_the_cases_in_the_states_with_the_fields_asked_for_and_no_others(handler: Handler) -> None:
    reference = bring_to(handler, "approved")
    bring_to(handler, "visit", organisation="Not Yet")

    with handler.store.reading() as connection:
        (row,) = listed(connection, WANTED)
        accepted = checked_of(connection, WANTED, row.id)
        case_id = connection.execute(select(cases.c.id).where(cases.c.reference == reference)).scalar_one()

        assert (row.id, row.state, row.fields) == (case_id, "approved", {"organisation": "Made Up Farm"})
        assert row.checked == len(accepted) > 20
        assert row.last_checked_at == MONDAY
        assert listed_one(connection, WANTED, row.id) == row
        assert listed_one(connection, WANTED, row.id + 1) is None


def test_cases_that_are_not_on_the_list_make_it_no_slower(handler: Handler) -> None:
    if not handler.store.is_sqlite:
        return  # The steps of the other database cannot be counted.
    bring_to(handler, "approved")
    few = steps(handler.store, lambda: _read(handler))

    with handler.store.writing() as connection:
        row = connection.execute(select(cases)).mappings().one()
        like = {name: value for name, value in row.items() if name != "id"} | {"state": "enquiry"}
        connection.execute(cases.insert(), [{**like, "reference": f"AP-{number}"} for number in range(300)])

    assert steps(handler.store, lambda: _read(handler)) <= few + 20


def _read(handler: Handler) -> None:
    with handler.store.reading() as connection:
        assert len(listed(connection, WANTED)) == 1
