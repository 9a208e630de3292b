"""The door over a database of either kind, with people in it and nothing else."""

import pytest

from apflow.handler import Handler
from apflow.loader import Library
from apflow.store.driver.engine import Store
from apflow.testing import a_handler, add_people


@pytest.fixture
def door(either_store: Store, library: Library) -> Handler:
    add_people(either_store)
    return a_handler(either_store, library)
