"""`python -m tests.permissions` writes docs/who-may-open-what.md as the site answers today, for somebody to read."""

import tempfile
from pathlib import Path

from apflow.demo.run import make
from tests.permissions.table import WRITTEN, asked_everything, served_in_memory, written

with tempfile.TemporaryDirectory() as folder:
    council = Path(folder) / "council"
    make(council, "http://testserver.local")
    with served_in_memory(council) as asking:
        WRITTEN.write_text(written(asked_everything(asking)), encoding="utf-8")
