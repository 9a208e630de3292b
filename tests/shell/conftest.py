"""What tests of the shell may ask for: a folder for the files people send."""

from pathlib import Path

import pytest

from apflow.uploads import Uploads


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads")
