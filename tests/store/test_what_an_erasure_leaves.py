"""Of the rows about a child an erasure leaves what is counted, by name, and no other column, whenever it was added."""

import pytest
from sqlalchemy import Column, Date, MetaData, String, Table

from apflow.store.records.retention import COUNTED, emptied
from apflow.store.tables import metadata


def test_a_column_that_is_added_later_goes_with_an_erasure() -> None:
    later = Table("pupils", MetaData(), Column("born", Date()), Column("called_at_home", String()))

    assert emptied(later) == {"called_at_home": None}


@pytest.mark.parametrize("name", COUNTED)
def test_each_column_that_is_counted_is_there(name: str) -> None:
    assert COUNTED[name] <= set(metadata.tables[name].c.keys())
