"""A case of the tests that is written down as another was once brought somewhere is as if it were brought there."""

import shutil
from collections import Counter
from pathlib import Path

from apflow import testing
from apflow.store.driver.engine import Store
from apflow.store.reading.history import broken_chains
from apflow.testing import a_handler, leave
from tests.brought import bring_to
from tests.store.witness import case_of, rows


def how_many(store: Store) -> Counter[str]:
    return Counter({table: len(found) for table, found in rows(store).items()})


def test_it_has_all_the_rows_and_goes_on(store: Store, migrated_file: Path, tmp_path: Path) -> None:
    usual, before = (Store(f"sqlite:///{shutil.copy(migrated_file, tmp_path / name)}") for name in ("a.db", "b.db"))
    testing.bring_to(a_handler(usual), "checking_evidence")
    bring_to(a_handler(before), "checking_evidence")

    reference = bring_to(a_handler(store), "checking_evidence")

    assert how_many(store) == how_many(usual)
    leave(a_handler(store), reference, "checking_evidence")
    assert case_of(store, reference).state == "panel"
    with store.reading() as connection:
        assert list(broken_chains(connection)) == []
    usual.close()
    before.close()


def test_where_there_is_a_case_already_another_is_brought_there(store: Store) -> None:
    testing.enquire(a_handler(store), contact_email="other@elsewhere.example")

    reference = bring_to(a_handler(store), "gathering_evidence")

    assert case_of(store, reference).id == 2
