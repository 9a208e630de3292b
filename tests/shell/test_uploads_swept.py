"""Files nobody refers to are swept; whatever step a crash comes between, nothing that is referred to is missing."""

import os
from datetime import timedelta

import pytest

from apflow.core.errors import Invalid
from apflow.core.people.actor import Actor
from apflow.handler import Handler
from apflow.store import beside
from apflow.store.driver.engine import Store
from apflow.testing import MONDAY, PAT, add_people
from apflow.uploads import Staged, Uploads
from tests.brought import bring_to
from tests.files import a_pdf
from tests.shell.files import files_in, take

A_DAY_AND_MORE = timedelta(hours=25)
A_MONTH_AND_MORE = timedelta(days=31)


def recorded(uploads: Uploads, store: Store, *, age: timedelta, sender: Actor | None = None) -> Staged:
    """A file staged so long ago, its row recorded and nothing referring to it."""
    staged = take(uploads, a_pdf(), "policy.pdf")
    with store.writing() as connection:
        beside.stage_upload(connection, staged.row(staged_by=sender.id if sender else None, staged_at=MONDAY - age))
    make_older(uploads, staged.id, age)
    return staged


def make_older(uploads: Uploads, upload: str, age: timedelta) -> None:
    (path,) = uploads.folder.rglob(upload)
    written = (MONDAY - age).timestamp()
    os.utime(path, (written, written))


def known(store: Store) -> set[str]:
    with store.reading() as connection:
        return beside.known_uploads(connection)


def test_a_file_no_case_refers_to_is_swept_after_a_day(uploads: Uploads, store: Store) -> None:
    recorded(uploads, store, age=A_DAY_AND_MORE)

    assert uploads.sweep(store, MONDAY) == 1

    assert known(store) == set()
    assert not files_in(uploads)


def test_a_file_staged_today_is_left_for_its_form_to_be_sent(uploads: Uploads, store: Store) -> None:
    staged = recorded(uploads, store, age=timedelta(hours=23))

    assert uploads.sweep(store, MONDAY) == 0

    assert known(store) == {path.name for path in files_in(uploads)} == {staged.id}


def test_a_file_a_case_refers_to_is_never_swept(uploads: Uploads, store: Store, handler: Handler) -> None:
    add_people(store)
    reference = bring_to(handler, "gathering_evidence")
    staged = recorded(uploads, store, age=timedelta(days=900), sender=PAT)
    supplied = {"file": staged.id, "expires_on": "2027-06-30"}
    handler.fire(reference, "supply", supplied, actor=PAT, now=MONDAY, item="public_liability")

    assert uploads.sweep(store, MONDAY) == 0

    assert known(store) == {path.name for path in files_in(uploads)} == {staged.id}


def test_a_file_swept_while_its_form_was_open_must_be_chosen_again(
    uploads: Uploads, store: Store, handler: Handler
) -> None:
    add_people(store)
    reference = bring_to(handler, "gathering_evidence")
    staged = recorded(uploads, store, age=A_DAY_AND_MORE, sender=PAT)
    supplied = {"file": staged.id, "expires_on": "2027-06-30"}
    uploads.sweep(store, MONDAY)

    with pytest.raises(Invalid) as refusal:
        handler.fire(reference, "supply", supplied, actor=PAT, now=MONDAY, item="public_liability")

    assert "Choose it again" in refusal.value.errors["file"]


def test_a_crash_before_the_row_leaves_bytes_that_are_swept(uploads: Uploads, store: Store) -> None:
    staged = take(uploads, a_pdf(), "policy.pdf")
    make_older(uploads, staged.id, A_MONTH_AND_MORE)

    assert uploads.sweep(store, MONDAY) == 1
    assert not files_in(uploads)


def test_what_was_sent_since_a_copy_is_there_for_whoever_went_back_to_it_and_goes_forward_again(
    uploads: Uploads, store: Store
) -> None:
    sent_since = take(uploads, a_pdf(), "policy.pdf")  # Of which the older database knows nothing.
    make_older(uploads, sent_since.id, timedelta(days=29))

    assert uploads.sweep(store, MONDAY) == 0
    assert [path.name for path in files_in(uploads)] == [sent_since.id]


def test_a_crash_before_the_row_leaves_new_bytes_alone(uploads: Uploads, store: Store) -> None:
    staged = take(uploads, a_pdf(), "policy.pdf")
    make_older(uploads, staged.id, timedelta(hours=1))

    assert uploads.sweep(store, MONDAY) == 0
    assert [path.name for path in files_in(uploads)] == [staged.id]


def test_a_crash_while_staging_leaves_a_part_that_is_swept(uploads: Uploads, store: Store) -> None:
    staging = uploads.staging()
    staging.write(a_pdf())
    make_older(uploads, staging.id, A_MONTH_AND_MORE)

    assert uploads.sweep(store, MONDAY) == 1
    assert not files_in(uploads)
    staging.__exit__(None, None, None)


def test_a_crash_between_row_and_bytes_of_a_sweep_is_made_good_by_the_next(uploads: Uploads, store: Store) -> None:
    recorded(uploads, store, age=A_MONTH_AND_MORE)
    with store.writing() as connection:
        beside.forget_orphans(connection, MONDAY)

    assert uploads.sweep(store, MONDAY) == 1
    assert not files_in(uploads)


def test_what_else_lies_in_the_folder_is_not_touched(uploads: Uploads, store: Store) -> None:
    note = uploads.folder / "ab" / "README"
    note.parent.mkdir(parents=True)
    note.write_text("Backed up every night.")
    os.utime(note, (0, 0))

    assert uploads.sweep(store, MONDAY) == 0
    assert files_in(uploads) == [note]
