"""The judge sees each way in which those who read by a link can lead nowhere."""

from pathlib import Path
from shutil import copytree

import pytest

from apflow.settings import shipped
from tests.loader.folder import rewrite
from tests.mutants.judge import judge


@pytest.mark.parametrize(
    ("line", "other", "kind"),
    [
        ("  role: parent\n", "  role: officer\n", "role officer"),
        ("  of: parents\n", "  of: nowhere\n", "collection nowhere"),
        ("  by_email: by_email\n", "  by_email: by_pigeon\n", "status by_pigeon"),
        ("  email: parent_email\n", "  email: parent_name\n", "question parent_name"),
        ("  address: parent_address\n", "  address: nowhere\n", "question nowhere"),
        ("  letter: letter_to_post\n", "  letter: nothing\n", "alert nothing"),
        ("  document: for_parents\n", "  document: nothing\n", "document nothing"),
    ],
)
def test_a_name_of_read_by_link_leads_nowhere(line: str, other: str, kind: str, tmp_path: Path) -> None:
    folder = copytree(shipped("workflows"), tmp_path / "workflows")
    rewrite(folder / "placement.yaml", (line, other))

    said = judge(folder, shipped("notifications"))

    assert f"read_by_link speaks of the {kind}, which there is not" in said
