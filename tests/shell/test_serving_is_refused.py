"""What `apflow serve` refuses to begin with, in a sentence that says how to mend it."""

import socket
from pathlib import Path

import pytest

from apflow.settings import Settings
from apflow.store.driver.engine import Store
from apflow.testing import a_staged_file
from tests.lending import LIBBY, a_council, add_libby, environment
from tests.shell.commands import apflow


@pytest.fixture
def council(tmp_path: Path) -> Settings:
    """A council with a small policy of its own."""
    return a_council(tmp_path / "council")


def test_a_port_that_is_taken_is_told_in_a_sentence_and_nothing_is_said_to_be_served(
    council: Settings, tmp_path: Path
) -> None:
    apflow("publish", "--yes", folder=tmp_path, **environment(council))

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        refused = apflow("serve", "--host", "127.0.0.1", "--port", str(port), folder=tmp_path, **environment(council))

    assert refused.returncode == 1
    assert f"Nothing can be answered at port {port} of 127.0.0.1: Address already in use." in refused.stderr
    assert "Serving" not in refused.output


def test_serving_beside_an_empty_folder_of_files_is_refused_where_people_have_sent_some(
    council: Settings, tmp_path: Path
) -> None:
    apflow("publish", "--yes", folder=tmp_path, **environment(council))
    store = Store(council.database)
    add_libby(store)
    a_staged_file(store, LIBBY)
    store.close()

    refused = apflow("serve", folder=tmp_path, **environment(council))

    assert refused.returncode == 1
    assert "None of the 1 files that people sent is in" in refused.stderr
    assert "make an empty file called .apflow there" in refused.stderr
