"""`apflow verify` of the files that people sent: gone, cut short, or another than the one that was sent."""

from pathlib import Path

import pytest

from apflow.handler import Handler
from apflow.rounds.files_there import files_missing
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, PAT, a_handler, add_people
from apflow.uploads.folder import Uploads
from tests.brought import bring_to
from tests.files import a_pdf
from tests.quality import do

SENT = a_pdf()
NAMES_A_CHILD = "Pip Sparrow.pdf"


@pytest.fixture
def uploads(tmp_path: Path) -> Uploads:
    return Uploads(tmp_path / "uploads")


@pytest.fixture
def handler(store: Store) -> Handler:
    add_people(store)
    return a_handler(store)


@pytest.fixture
def sent(handler: Handler, uploads: Uploads) -> tuple[str, Path]:
    """The case that one real file was sent for, and where its bytes are; all the others have a row alone."""
    reference = bring_to(handler, "gathering_evidence")
    staged = uploads.take([SENT], NAMES_A_CHILD)
    row = {name: getattr(staged, name) for name in ("id", "name", "media_type", "size", "sha256")}
    with handler.store.writing() as connection:
        beside.stage_upload(connection, {**row, "staged_by": PAT.id, "staged_at": MONDAY})
    do(handler, reference, "supply", PAT, now=MONDAY, item="public_liability", file=staged.id, expires_on="2027-11-02")
    return reference, next(path for path in uploads.folder.glob("*/*") if path.name == staged.id)


def told(handler: Handler, uploads: Uploads, *, is_read: bool = False) -> list[str]:
    return [str(found) for found in files_missing(handler.store, uploads, is_read=is_read)]


def test_a_file_that_is_as_it_was_sent_is_not_spoken_of(
    handler: Handler, uploads: Uploads, sent: tuple[str, Path]
) -> None:
    assert told(handler, uploads) == []
    assert told(handler, uploads, is_read=True) == []


def test_one_that_is_gone_is_told_by_its_case_and_not_by_its_name(
    handler: Handler, uploads: Uploads, sent: tuple[str, Path]
) -> None:
    reference, path = sent
    path.unlink()

    (said,) = told(handler, uploads)
    assert said.startswith(f"{reference}: the file {path.name[:12]}, sent on 2 November 2026")
    assert said.endswith("is not in the uploads folder")
    assert "Pip" not in said


def test_one_that_was_cut_short_is_not_the_one_that_was_sent(
    handler: Handler, uploads: Uploads, sent: tuple[str, Path]
) -> None:
    sent[1].write_bytes(SENT[:-1])

    assert [said.rpartition(", ")[2] for said in told(handler, uploads)] == ["is not the one that was sent"]


def test_another_of_the_same_size_is_found_by_reading_it(
    handler: Handler, uploads: Uploads, sent: tuple[str, Path]
) -> None:
    sent[1].write_bytes(SENT.replace(b"200 200", b"200 201"))

    assert told(handler, uploads) == []
    assert [said.rpartition(", ")[2] for said in told(handler, uploads, is_read=True)] == [
        "is not the one that was sent"
    ]


def test_one_that_nobody_has_handed_in_yet_is_nobody_s_loss(handler: Handler, uploads: Uploads) -> None:
    with handler.store.writing() as connection:
        row = {"id": "f" * 32, "name": "a.pdf", "media_type": "application/pdf", "size": 9, "sha256": "0" * 64}
        beside.stage_upload(connection, {**row, "staged_by": None, "staged_at": MONDAY})

    assert told(handler, uploads) == []
